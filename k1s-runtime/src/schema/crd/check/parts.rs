//! What stands in a version, or in one place if all versions have the same: schema, subresources, columns, selectable fields.

use serde_json::Value;

use crate::api::field::{FieldError, Path};

use super::{
    columns, convertible, defaults, keywords, places, props, root, rules, selectable, structural, text,
};

/// Checks what a version has for itself.
pub(super) fn check_version(
    spec: &Value,
    old: Option<&Value>,
    index: usize,
    at: &Path<'_>,
    errors: &mut Vec<FieldError>,
) {
    let version = &spec["versions"][index];
    let own = |field: &str| if is_shared(spec, field) { &Value::Null } else { &version[field] };
    let schema = &own("schema")["openAPIV3Schema"];
    let limits = Limits { has_status: has_status(version), is_unchanged: is_unchanged(version, old) };
    check_schema(schema, limits, &at.field("schema"), errors);
    check_scale(&own("subresources")["scale"], &at.field("subresources"), errors);
    columns::check(own("additionalPrinterColumns"), &at.field("additionalPrinterColumns"), errors);
    let why = "may only be set when `version.schema.openAPIV3Schema` is not included";
    check_selectable(own("selectableFields"), schema, why, &at.field("selectableFields"), errors);
}

/// Checks what all versions have in common.
pub(super) fn check_shared(spec: &Value, old: Option<&Value>, errors: &mut Vec<FieldError>) {
    let at = Path::ROOT.field("spec");
    let first = &spec["versions"][0];
    let shared = |field: &str| if is_shared(spec, field) { &first[field] } else { &Value::Null };
    let limits = Limits {
        has_status: spec["versions"].as_array().into_iter().flatten().any(has_status),
        is_unchanged: is_unchanged(first, old),
    };
    let schema = &shared("schema")["openAPIV3Schema"];
    check_schema(schema, limits, &at.field("validation"), errors);
    check_scale(&shared("subresources")["scale"], &at.field("subresources"), errors);
    columns::check(shared("additionalPrinterColumns"), &at.field("additionalPrinterColumns"), errors);
    let why = "may only be set when validations.schema is included";
    check_selectable(shared("selectableFields"), schema, why, &at.field("selectableFields"), errors);
}

fn is_shared(spec: &Value, field: &str) -> bool {
    places(spec, field).first().is_some_and(|place| place.shared)
}

fn has_status(version: &Value) -> bool {
    version["subresources"]["status"].is_object()
}

/// Whether a version has the schema that it had before.
fn is_unchanged(version: &Value, old: Option<&Value>) -> bool {
    let mut before = old.into_iter().flat_map(|old| old["versions"].as_array().into_iter().flatten());
    before.any(|old| old["name"] == version["name"] && old["schema"] == version["schema"])
}

/// What a schema's surroundings mean for it.
#[derive(Clone, Copy)]
struct Limits {
    /// Whether the status has an endpoint of its own.
    has_status: bool,
    /// Whether the version had the schema before: then its expressions may be as expensive as they are.
    is_unchanged: bool,
}

fn check_schema(schema: &Value, limits: Limits, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    let Value::Object(schema) = schema else { return };
    let path = at.field("openAPIV3Schema");
    let before = errors.len();
    if limits.has_status {
        root::check(schema, &path, errors);
    }
    if props::flag(schema, "nullable") {
        let at = path.field("nullable").to_string();
        errors.push(FieldError::forbidden(at, "nullable cannot be true at the root"));
    }
    let fault = convertible::fault(schema);
    let mut has_types = false;
    if fault.is_none() {
        let mut faults = structural::check(schema, &path);
        if faults.is_empty() {
            defaults::check(schema, &path, &mut faults);
            has_types = faults.is_empty();
        }
        errors.extend(faults);
    }
    let mut found = Vec::new();
    keywords::check(schema, &path, &mut found);
    if has_types {
        found.extend(rules::check_expressions(schema, &path, &found, !limits.is_unchanged));
    }
    errors.extend(found);
    if let (true, Some(fault)) = (errors.len() == before, fault) {
        errors.push(FieldError::invalid(path.to_string(), "", fault));
    }
}

fn check_selectable(
    fields: &Value,
    schema: &Value,
    without_schema: &str,
    at: &Path<'_>,
    errors: &mut Vec<FieldError>,
) {
    match (fields.as_array().map(Vec::as_slice).unwrap_or_default(), schema.as_object()) {
        ([], _) => {}
        (_, None) => errors.push(FieldError::invalid(at.to_string(), "", without_schema)),
        (fields, Some(schema)) => selectable::check(fields, schema, at, errors),
    }
}

fn check_scale(scale: &Value, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    if !scale.is_object() {
        return;
    }
    let at = at.field("scale");
    for (field, prefixes, detail) in [
        ("specReplicasPath", &[".spec."][..], "should be a json path under .spec"),
        ("statusReplicasPath", &[".status."], "should be a json path under .status"),
        ("labelSelectorPath", &[".spec.", ".status."], "should be a json path under either .spec or .status"),
    ] {
        let at = at.field(field);
        let path = text(&scale[field]);
        if path.is_empty() {
            if field != "labelSelectorPath" {
                errors.push(FieldError::required(at.to_string(), ""));
            }
        } else if !path.starts_with('.') {
            errors.push(FieldError::invalid(at.to_string(), path, columns::NOT_SIMPLE));
        } else if !prefixes.iter().any(|prefix| path.starts_with(prefix)) {
            errors.push(FieldError::invalid(at.to_string(), path, detail));
        }
    }
}
