//! The files of a workspace, made of the answers alone: the same answers give the same bytes.

mod attribute;
mod kind;
mod sample;

use super::Error;
use super::answers::{Answers, Kind, Source};
use super::field::Field;
use super::merge::Files;
use super::names::module;

pub(super) use kind::{conversion, joined};

/// The file that holds a version of a kind.
pub(super) fn code_path(kind: &Kind, version: &str) -> String {
    format!("src/{version}/{}.rs", module(&kind.kind))
}

/// The sample of a version of a kind.
pub(super) fn sample_path(kind: &Kind, version: &str) -> String {
    format!("manifests/{version}/{}.yaml", module(&kind.kind))
}

/// Every file by its path from the root. Files of versions that were made of a user's code are taken from `copied` as they are.
///
/// # Errors
/// When the answers are wrong.
pub fn render(answers: &Answers, copied: &Files) -> Result<Files, Error> {
    answers.check()?;
    let mut files = Files::new();
    let name = ("name", answers.name.as_str());
    let group = ("group", answers.group.as_str());
    let mut put = |path: &str, text: String| files.insert(path.to_owned(), text);
    let (k1s, k1s_gen) = dependencies(&answers.k1s);
    put("Cargo.toml", fill(include_str!("templates/Cargo.toml.tmpl"), &[name, ("k1s", &k1s)]));
    put(".gitignore", include_str!("templates/gitignore.tmpl").to_owned());
    put(
        ".github/workflows/ci.yml",
        fill(include_str!("templates/ci.yml.tmpl"), &[name, ("k1s_gen", &k1s_gen)]),
    );
    let variable = answers.name.to_uppercase().replace('-', "_");
    let kinds = lines(answers, |kind, version| {
        let stored = if version == kind.hub() { "" } else { ", converted to the stored one" };
        format!("- [`{}`]({}) {version}{stored}\n", kind.kind, code_path(kind, version))
    });
    let readme = [name, group, ("variable", variable.as_str()), ("kinds", kinds.as_str())];
    put("README.md", fill(include_str!("templates/README.md.tmpl"), &readme));
    let versions: String = answers.versions().iter().map(|version| format!("pub mod {version};\n")).collect();
    put("src/lib.rs", fill(include_str!("templates/lib.rs.tmpl"), &[group, ("versions", &versions)]));
    let library = answers.name.replace('-', "_");
    let kinds = lines(answers, |kind, version| {
        format!("    let app = app.resource::<{library}::{version}::{}>();\n", kind.kind)
    });
    put("src/main.rs", fill(include_str!("templates/main.rs.tmpl"), &[name, ("kinds", &kinds)]));
    let samples = lines(answers, |kind, version| {
        let named = format!("{}.{version}.{}", kind.kind.to_lowercase(), answers.group);
        attribute::pair(&format!("{named:?}"), &format!("{:?}", kind.sample_name(version)))
    });
    put("tests/program.rs", fill(include_str!("templates/program.rs.tmpl"), &[name, ("samples", &samples)]));
    for version in answers.versions() {
        put(&format!("src/{version}/mod.rs"), version_module(answers, version));
    }
    for kind in &answers.kinds {
        let fields: Vec<Field> =
            kind.fields.iter().map(|text| Field::parse(text)).collect::<Result<_, _>>()?;
        put(&code_path(kind, kind.hub()), kind::code(answers, kind, &fields));
        put(&sample_path(kind, kind.hub()), sample::manifest(answers, kind, &fields));
        for version in kind.versions.iter().skip(1) {
            for path in [code_path(kind, version), sample_path(kind, version)] {
                if let Some(text) = copied.get(&path) {
                    put(&path, text.clone());
                }
            }
        }
    }
    Ok(files)
}

/// A line for every version of every kind.
fn lines(answers: &Answers, line: impl Fn(&Kind, &str) -> String) -> String {
    answers.kinds.iter().flat_map(|kind| kind.versions.iter().map(|version| line(kind, version))).collect()
}

/// What `k1s-runtime` is in Cargo.toml, and what `cargo install` is told.
fn dependencies(source: &Source) -> (String, String) {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    match source {
        Source::Version(version) => (quoted(version), format!("k1s-gen --version {version}")),
        Source::Path(path) => {
            let runtime = path.join("k1s-runtime").to_string_lossy().into_owned();
            let generator = path.join("k1s-gen").to_string_lossy().replace('\'', "'\\''");
            (format!("{{ path = {} }}", quoted(&runtime)), format!("--path '{generator}'"))
        }
    }
}

fn version_module(answers: &Answers, version: &str) -> String {
    let has = |kind: &&Kind| kind.versions.iter().any(|other| other == version);
    let mut modules: Vec<String> = answers.kinds.iter().filter(has).map(|kind| module(&kind.kind)).collect();
    modules.sort_unstable();
    let each = |line: fn(&String) -> String| modules.iter().map(line).collect::<String>();
    let (own, exports) =
        (each(|name| format!("mod {name};\n")), each(|name| format!("pub use {name}::*;\n")));
    let values = [("version", version), ("modules", own.as_str()), ("exports", exports.as_str())];
    fill(include_str!("templates/version.rs.tmpl"), &values)
}

/// A template with `{{name}}` replaced by its value; values are not looked into.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        out.push_str(before);
        out.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}
