//! A new version of a kind, made of the kind's code as it is now: with what the user has changed in it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use syn::spanned::Spanned;
use syn::{Fields, File, Item, ItemStruct, UseTree};

use super::Error;
use super::answers::Kind;
use super::names::module;
use super::render::{code_path, conversion, fill, joined};

/// What every version imports anyway.
const OWN: &[&str] = &["Resource", "Schema", "Serialize", "Deserialize"];

static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[A-Za-z_][A-Za-z0-9_]*").ok());

/// The code of a version, made of the code of the stored one.
pub(super) fn version_of(kind: &Kind, version: &str, code: &str) -> Result<String, Error> {
    let path = code_path(kind, kind.hub());
    let file = syn::parse_file(code).map_err(|error| {
        let place = error.span().start();
        refuse(
            format!("{path}:{}:{}", place.line, place.column + 1),
            error.to_string(),
            "mend the code first",
        )
    })?;
    let spec = format!("{}Spec", kind.kind);
    let found = file.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == spec => Some(item),
        _ => None,
    });
    let hint = "the other versions are made of the stored one, which k1s-gen looks for there";
    let item = found.ok_or_else(|| refuse(path.clone(), format!("there is no `struct {spec}`"), hint))?;
    let place = item.ident.span().start();
    let at = format!("{path}:{}:{}", place.line, place.column + 1);
    if !item.generics.params.is_empty() {
        return Err(refuse(
            at,
            format!("`{spec}` has parameters"),
            "write the version by hand, as docs/versions.md shows",
        ));
    }
    let fields = field_names(item).ok_or_else(|| {
        refuse(
            at.clone(),
            format!("`{spec}` has no named fields"),
            "write the version by hand, as docs/versions.md shows",
        )
    })?;
    let text = code.get(item.span().byte_range()).unwrap_or_default();
    let hub_version = kind.hub();
    let text = versioned(text, hub_version, version, &kind.kind).ok_or_else(|| {
        refuse(
            at,
            format!("`{spec}` has no `version = {hub_version:?}` in its attribute"),
            "restore `#[resource(version = …)]`",
        )
    })?;
    let used = words(&text);
    let functions = copied_functions(&file, code, &used);
    let (old, new) = if fields.is_empty() { ("_old", "_new") } else { ("old", "new") };
    let values = [
        ("kind", kind.kind.as_str()),
        ("version", version),
        ("hub", hub_version),
        ("module", &module(&kind.kind)),
        ("imports", &imports(&file, kind, &(&used | &words(&functions)))),
        ("struct", &text),
        ("functions", &functions),
        ("old", old),
        ("new", new),
        ("upwards", &conversion(&fields, old)),
        ("downwards", &conversion(&fields, new)),
    ];
    Ok(fill(include_str!("templates/copy.rs.tmpl"), &values))
}

/// The sample of a version, made of the stored version's.
pub(super) fn sample_of(kind: &Kind, version: &str, group: &str, sample: &str) -> String {
    let stored = format!("apiVersion: {group}/{}", kind.hub());
    let renamed = format!("name: {}", kind.sample_name(version));
    let mut named = false;
    let mut lines = sample.lines().map(|line| {
        if line.trim_end() == stored {
            return format!("apiVersion: {group}/{version}\n");
        }
        // The first one is the object's own, in `metadata`.
        if !named
            && let Some((indent, _)) =
                line.split_once("name: ").filter(|(indent, _)| indent.trim().is_empty())
        {
            named = true;
            return format!("{indent}{renamed}\n");
        }
        format!("{line}\n")
    });
    lines.by_ref().collect()
}

fn refuse(path: String, message: String, hint: &str) -> Error {
    Error::Code { path, message, hint: hint.to_owned() }
}

fn field_names(item: &ItemStruct) -> Option<Vec<String>> {
    match &item.fields {
        Fields::Named(fields) => Some(
            fields.named.iter().filter_map(|field| field.ident.as_ref()).map(ToString::to_string).collect(),
        ),
        _ => None,
    }
}

/// The struct with another version, and with the stored one as its hub.
fn versioned(text: &str, stored: &str, version: &str, kind: &str) -> Option<String> {
    let pattern = Regex::new(&format!(r#"([\s(])version\s*=\s*"{}""#, regex::escape(stored))).ok()?;
    let found = pattern.captures(text)?;
    let (whole, before) = (found.get(0)?, found.get(1)?.as_str());
    let separator = if before == "(" { ", " } else { ",\n    " };
    let (head, tail) = (text.get(..whole.start())?, text.get(whole.end()..)?);
    // One version says that it is the stored one at most, and this one does not.
    let tail = Regex::new(r",\s*storage\s*([,)])").ok()?.replace(tail, "$1");
    Some(format!(
        "{head}{before}version = \"{version}\"{separator}hub = {stored}::{kind}{separator}storage = false{tail}"
    ))
}

fn words(text: &str) -> BTreeSet<String> {
    // Words of comments do no harm but for imports that are not needed.
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let found = |line| WORD.as_ref().into_iter().flat_map(move |word: &Regex| word.find_iter(line));
    code.flat_map(found).map(|word| word.as_str().to_owned()).collect()
}

/// Functions that attributes name, as `#[serde(default = "one")]` does.
fn copied_functions(file: &File, code: &str, used: &BTreeSet<String>) -> String {
    let functions = file.items.iter().filter_map(|item| match item {
        Item::Fn(item) if used.contains(&item.sig.ident.to_string()) => code.get(item.span().byte_range()),
        _ => None,
    });
    functions.map(|text| format!("\n{text}\n")).collect()
}

fn imports(file: &File, kind: &Kind, used: &BTreeSet<String>) -> String {
    let mut lines = vec![
        format!("use crate::{};\n", kind.hub()),
        "use k1s_runtime::Resource;\n".to_owned(),
        "use serde::{Deserialize, Serialize};\n".to_owned(),
    ];
    let mut standard = Vec::new();
    for item in &file.items {
        if let Item::Use(item) = item {
            let mut leaves = Vec::new();
            flatten(&item.tree, "", &mut leaves);
            for (path, name) in leaves {
                if !used.contains(&name) || OWN.contains(&name.as_str()) {
                    continue;
                }
                let group = if path.starts_with("std::") { &mut standard } else { &mut lines };
                group.push(format!("use {path};\n"));
            }
        }
    }
    let spec = format!("{}Spec", kind.kind);
    let mut shared: Vec<String> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            Item::Type(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .filter(|name| *name != spec && used.contains(name))
        .collect();
    shared.sort_unstable();
    lines.sort_unstable();
    standard.sort_unstable();
    let mut out = standard.concat();
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&lines.concat());
    if !shared.is_empty() {
        out.push_str(&format!("\n{}", joined(&format!("crate::{}", kind.hub()), &shared)));
    }
    out
}

/// The full paths of what a `use` brings, with the names that it gets.
fn flatten(tree: &UseTree, before: &str, out: &mut Vec<(String, String)>) {
    match tree {
        UseTree::Path(path) => flatten(&path.tree, &format!("{before}{}::", path.ident), out),
        UseTree::Name(name) => out.push((format!("{before}{}", name.ident), name.ident.to_string())),
        UseTree::Rename(name) => {
            out.push((format!("{before}{} as {}", name.ident, name.rename), name.rename.to_string()));
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, out)),
        UseTree::Glob(_) => {}
    }
}
