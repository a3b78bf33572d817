//! Root attributes: names as Kubernetes takes them, paths that lead somewhere, attributes that agree.

use darling::error::Accumulator;
use proc_macro2::Span;

use super::keywords::check_rule;
use super::{one_of, path, refuse};
use crate::kind::Kind;
use crate::model::ResourceModel;
use crate::parse::{PairArgs, ScaleArgs, Text};

/// Longest DNS label.
pub(super) const LABEL_MAX: usize = 63;
/// Longest DNS subdomain.
const SUBDOMAIN_MAX: usize = 253;
/// Most selectable fields that an API server takes.
const SELECTABLE_MAX: usize = 8;

/// Checks the root attributes of a kind.
pub(crate) fn check(model: &ResourceModel, errors: &mut Accumulator) {
    names(model, errors);
    let args = &model.args;
    if let Some(scope) = &args.scope {
        one_of(errors, "scope", scope, &["Namespaced", "Cluster"]);
    }
    for column in &args.print_column {
        if column.name.trim().is_empty() {
            refuse(errors, column.name.span(), "a column needs a name");
        }
        let types = ["integer", "number", "string", "boolean", "date"];
        let known = one_of(errors, "type", &column.type_, &types);
        if let Some((field, true)) = path::check(&column.json_path, model, errors)
            && known
            && !shows(&field.kind, &column.type_)
        {
            let (name, kind, type_) = (&field.name, field.kind.name(), column.type_.as_str());
            refuse(
                errors,
                column.type_.span(),
                format!("the column is of type `{type_}`, and `{name}` is {kind}"),
            );
        }
    }
    for field in &args.selectable_field {
        selectable(field, model, errors);
    }
    if let Some(extra) = args.selectable_field.get(SELECTABLE_MAX) {
        refuse(errors, extra.span(), format!("a kind has at most {SELECTABLE_MAX} selectable fields"));
    }
    for index in &args.index {
        path::check(index, model, errors);
    }
    for rule in &args.validation {
        check_rule(rule, errors);
        if let Some(field_path) = &rule.field_path {
            path::check(field_path, model, errors);
        }
    }
    if let Some(scale) = &args.scale {
        check_scale(scale, model, errors);
    }
    if let Some(storage) = args.storage.as_ref().filter(|storage| ***storage)
        && args.skip.is_present()
    {
        refuse(errors, storage.span(), "a version that is skipped cannot be the stored one");
    }
    if let Some(hub) = args.hub.as_ref().filter(|_| args.skip.is_present()) {
        refuse(errors, hub.span(), "a version that is skipped has no hub: no object is ever converted to it");
    }
    if let (Some(given), None) = (&args.status_subresource, &args.status) {
        refuse(errors, given.span(), "there is no status to serve: add `status = \"...\"`");
    }
    if let Some(list_kind) = args.list_kind.as_ref().filter(|name| !is_kind(name)) {
        let message =
            format!("`{}` is no kind of a list: it must be in CamelCase, as `ItemList`", list_kind.as_str());
        refuse(errors, list_kind.span(), message);
    }
    for pair in &args.annotation {
        qualified(&pair.key, "an annotation", errors);
    }
    for pair in &args.label {
        label(pair, errors);
    }
}

fn names(model: &ResourceModel, errors: &mut Accumulator) {
    let args = &model.args;
    if let Some(group) = &args.group
        && !(is_subdomain(group) && group.contains('.'))
    {
        let message = format!(
            "`{}` is no API group: it must be a DNS name with a dot, as `inventory.example.com`",
            group.as_str()
        );
        refuse(errors, group.span(), message);
    }
    if let Some(version) = args.version.as_ref().filter(|version| !is_version(version)) {
        let message = format!(
            "`{}` is no API version: it must be like `v1`, `v1beta2` or `v1alpha1`",
            version.as_str()
        );
        refuse(errors, version.span(), message);
    }
    if let Some(kind) = args.kind.as_ref().filter(|kind| !is_kind(kind)) {
        let message = format!("`{}` is no kind: it must be in CamelCase, as `Item`", kind.as_str());
        refuse(errors, kind.span(), message);
    }
    let named = [("plural", &args.plural), ("singular", &args.singular)];
    let named = named.into_iter().filter_map(|(attribute, given)| Some((attribute, given.as_ref()?)));
    let short = args.short_name.iter().map(|name| ("short_name", name));
    let categories = args.category.iter().map(|name| ("category", name));
    for (attribute, name) in named.chain(short).chain(categories) {
        if !is_label(name) {
            let lower = name.to_lowercase();
            let hint = if is_label(&lower) { format!(". Did you mean `{lower}`?") } else { String::new() };
            let message = format!(
                "`{attribute}` must be lower case letters, digits and `-`, starting with a letter, not `{}`{hint}",
                name.as_str()
            );
            refuse(errors, name.span(), message);
        }
    }
}

/// Whether a column of a type can show a field.
fn shows(kind: &Kind, column: &str) -> bool {
    match kind {
        Kind::Integer(_) => matches!(column, "integer" | "number" | "string"),
        Kind::Number => matches!(column, "number" | "string"),
        Kind::Boolean => matches!(column, "boolean" | "string"),
        Kind::String => matches!(column, "string" | "date"),
        Kind::List(_) | Kind::Map | Kind::Object | Kind::Unknown => {
            matches!(column, "string") || *kind == Kind::Unknown
        }
    }
}

fn selectable(given: &Text, model: &ResourceModel, errors: &mut Accumulator) {
    if !path::is_plain(given) && given.starts_with('.') {
        refuse(errors, given.span(), "a selectable field is a plain path, as `.spec.category`");
        return;
    }
    if given.starts_with(".metadata") {
        refuse(errors, given.span(), "fields of `metadata` cannot be made selectable");
        return;
    }
    let Some((field, true)) = path::check(given, model, errors) else { return };
    if matches!(field.kind, Kind::List(_) | Kind::Map | Kind::Number) {
        let message = format!(
            "a selectable field is a string, an integer or a bool, and `{}` is {}",
            field.name,
            field.kind.name()
        );
        refuse(errors, given.span(), message);
    }
}

fn check_scale(scale: &ScaleArgs, model: &ResourceModel, errors: &mut Accumulator) {
    let mut below = |given: &Text, roots: &[&str], name: &str| {
        if !path::is_plain(given) || !roots.iter().any(|root| given.starts_with(root)) {
            let roots = roots.iter().map(|root| format!("`{root}`")).collect::<Vec<_>>().join(" or ");
            refuse(errors, given.span(), format!("`{name}` must be a plain path below {roots}"));
        } else {
            path::check(given, model, errors);
        }
    };
    below(&scale.spec_replicas_path, &[".spec."], "spec_replicas_path");
    below(&scale.status_replicas_path, &[".status."], "status_replicas_path");
    if let Some(selector) = &scale.label_selector_path {
        below(selector, &[".spec.", ".status."], "label_selector_path");
    }
}

fn label(pair: &PairArgs, errors: &mut Accumulator) {
    qualified(&pair.key, "a label", errors);
    if !pair.value.is_empty() && !is_name_part(&pair.value) {
        let message = "a label's value is at most 63 letters, digits, `-`, `_` and `.`, and starts and ends with a letter or digit";
        refuse(errors, pair.value.span(), message);
    }
}

fn qualified(key: &Text, what: &str, errors: &mut Accumulator) {
    let span: Span = key.span();
    let (prefix, name) =
        key.rsplit_once('/').map_or((None, key.as_str()), |(prefix, name)| (Some(prefix), name));
    if prefix.is_some_and(|prefix| !is_subdomain(prefix)) || !is_name_part(name) {
        refuse(
            errors,
            span,
            format!("`{}` is no key of {what}: it must be like `example.com/name`", key.as_str()),
        );
    }
}

pub(super) fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.len() <= LABEL_MAX
        && text.bytes().all(inner)
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.ends_with('-')
}

pub(super) fn is_subdomain(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(inner) && !part.starts_with('-') && !part.ends_with('-')
    };
    text.len() <= SUBDOMAIN_MAX && text.split('.').all(part)
}

fn is_name_part(text: &str) -> bool {
    let edge = |letter: char| letter.is_ascii_alphanumeric();
    text.len() <= LABEL_MAX
        && text.starts_with(edge)
        && text.ends_with(edge)
        && text.chars().all(|letter| edge(letter) || "-_.".contains(letter))
}

fn is_kind(text: &str) -> bool {
    text.len() <= LABEL_MAX
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `v1`, `v2beta1`, `v1alpha3`.
pub(super) fn is_version(text: &str) -> bool {
    let number = |text: &str| {
        !text.is_empty() && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some(rest) = text.strip_prefix('v') else { return false };
    match rest.split_once("alpha").or_else(|| rest.split_once("beta")) {
        Some((major, minor)) => number(major) && number(minor),
        None => number(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_like_kubernetes() {
        assert!(["v1", "v10", "v1alpha1", "v2beta3"].into_iter().all(is_version));
        assert!(
            ["1", "v0", "v1alpha", "v1gamma1", "V1", "v01", ""].into_iter().all(|text| !is_version(text))
        );
    }

    #[test]
    fn names_are_dns_names() {
        assert!(is_label("items") && !is_label("Items") && !is_label("-a") && !is_label(""));
        assert!(is_subdomain("a.example.com") && !is_subdomain("a..b") && !is_subdomain("A.b"));
        assert!(is_kind("Item") && !is_kind("item") && !is_kind("Item_Spec"));
    }
}
