//! `spec` as a whole: group, scope, and the order in which its parts are looked at.

use serde_json::Value;

use crate::api::field::{FieldError, Path};
use crate::api::names as rules;

use super::super::parts::CrdParts;
use super::names::not_supported;
use super::props::{branches, child, given, named};
use super::{conversion, names, parts, places, text, versions};

/// `old` is the spec that this one takes the place of.
pub(super) fn check(spec: &Value, old: Option<&Value>, errors: &mut Vec<FieldError>) {
    check_group(text(&spec["group"]), errors);
    match text(&spec["scope"]) {
        "" => errors.push(FieldError::required("spec.scope", "")),
        "Cluster" | "Namespaced" => {}
        other => errors.push(not_supported("spec.scope", other, &["Cluster", "Namespaced"])),
    }
    check_schemas_are_there(spec, errors);
    let preserves = spec["preserveUnknownFields"] == true;
    if preserves && has_defaults(spec) {
        let detail = "must be false in order to use defaults in the schema";
        errors.push(FieldError::invalid("spec.preserveUnknownFields", Value::Bool(true), detail));
    }
    versions::check(spec, old, errors);
    names::check(&spec["names"], errors);
    parts::check_shared(spec, old, errors);
    let strategy = text(&spec["conversion"]["strategy"]);
    if preserves && spec["conversion"].is_object() && strategy != "None" {
        let detail = "must be None if spec.preserveUnknownFields is true";
        errors.push(FieldError::invalid("spec.conversion.strategy", strategy, detail));
    }
    conversion::check(&spec["conversion"], errors);
}

/// What names stored objects does not change.
pub(super) fn check_unchanged(spec: &Value, old: &Value, errors: &mut Vec<FieldError>) {
    for pointer in ["/scope", "/names/kind", "/group", "/names/plural"] {
        let value = spec.pointer(pointer).unwrap_or(&Value::Null);
        if Some(value) != old.pointer(pointer) {
            let field = format!("spec{}", pointer.replace('/', "."));
            errors.push(FieldError::invalid(field, text(value), "field is immutable"));
        }
    }
}

/// Pruning cannot be switched off as a whole any more.
pub(super) fn check_preserve(crd: CrdParts<'_>, errors: &mut Vec<FieldError>) {
    if crd.spec["preserveUnknownFields"] == true {
        let detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
        errors.push(FieldError::invalid("spec.preserveUnknownFields", Value::Bool(true), detail));
    }
}

fn check_group(group: &str, errors: &mut Vec<FieldError>) {
    let wrong = rules::dns1123_subdomain(group);
    if group.is_empty() {
        errors.push(FieldError::required("spec.group", ""));
    } else if !wrong.is_empty() {
        errors.push(FieldError::invalid("spec.group", group, wrong.join(",")));
    } else if !group.contains('.') {
        errors.push(FieldError::invalid("spec.group", group, "should be a domain with at least one dot"));
    }
}

fn check_schemas_are_there(spec: &Value, errors: &mut Vec<FieldError>) {
    let shared = places(spec, "schema").into_iter().any(|place| {
        let schema = &place.value["openAPIV3Schema"];
        place.shared && schema.is_object()
    });
    if shared {
        return;
    }
    let list = Path::ROOT.field("spec");
    let list = list.field("versions");
    for (index, version) in spec["versions"].as_array().into_iter().flatten().enumerate() {
        if !version["schema"]["openAPIV3Schema"].is_object() {
            let (at, schema) = (list.index(index), "schema.openAPIV3Schema");
            errors.push(FieldError::required(at.field(schema).to_string(), ""));
        }
    }
}

fn has_defaults(spec: &Value) -> bool {
    let versions = spec["versions"].as_array().into_iter().flatten();
    versions
        .filter_map(|version| version["schema"]["openAPIV3Schema"].as_object())
        .any(|schema| mentions_default(schema, 0))
}

fn mentions_default(schema: &super::props::Schema, depth: usize) -> bool {
    if depth > super::super::super::MAX_DEPTH {
        return false;
    }
    let below = |child| mentions_default(child, depth + 1);
    given(schema, "default").is_some()
        || ["items", "not", "additionalProperties"]
            .into_iter()
            .filter_map(|keyword| child(schema, keyword))
            .any(below)
        || ["allOf", "anyOf", "oneOf"]
            .into_iter()
            .any(|keyword| branches(schema, keyword).any(|(_, branch)| below(branch)))
        || named(schema, "properties").any(|(_, property)| below(property))
}
