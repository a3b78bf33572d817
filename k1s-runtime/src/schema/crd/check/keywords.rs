//! Keywords that no CustomResourceDefinition may use, or not like that: the rules that hold for a schema wherever it stands,
//! in branches too.

use serde_json::Value;

use crate::api::field::{BadValue, FieldError, Path};

use super::super::super::MAX_DEPTH;
use super::names::not_supported;
use super::props::{EMBEDDED, PRESERVE, Schema, branches, child, flag, given, is_set, list, named, word};
use super::{list_type, rules};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Where we are, as far as rules depend on it.
#[derive(Clone, Copy)]
struct Place<'p> {
    root: bool,
    /// Why defaults are refused here.
    no_defaults: Option<&'p str>,
    /// Whether a resource's `apiVersion`, `kind` or `metadata` is what we are in.
    resource_field: bool,
    depth: usize,
}

impl Place<'_> {
    /// A schema below that nothing special is known of.
    fn below(self) -> Self {
        Self { root: false, depth: self.depth + 1, ..self }
    }
}

pub(super) fn check(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let root = Place { root: true, no_defaults: None, resource_field: false, depth: 0 };
    walk(schema, path, root, errors);
}

fn walk(schema: &Schema, path: &Path<'_>, place: Place<'_>, errors: &mut Vec<FieldError>) {
    if place.depth > MAX_DEPTH {
        return;
    }
    check_own(schema, path, place, errors);
    if flag(schema, "uniqueItems") {
        let detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        errors.push(FieldError::forbidden(path.field("uniqueItems").to_string(), detail));
    }
    if let Some(values) = given(schema, "additionalProperties") {
        let at = path.field("additionalProperties");
        if named(schema, "properties").next().is_some() && *values != true {
            let detail = "additionalProperties and properties are mutual exclusive";
            errors.push(FieldError::forbidden(at.to_string(), detail));
        }
        if let Value::Object(values) = values {
            let no_defaults = match place.resource_field {
                true => Some("inside additionalProperties applying to object metadata"),
                false => place.no_defaults,
            };
            walk(values, &at, Place { no_defaults, ..place.below() }, errors);
        }
    }
    walk_properties(schema, path, place, errors);
    walk_branches(schema, path, place, errors);
    if flag_is_false(schema, PRESERVE) {
        let at = path.field(PRESERVE).to_string();
        errors.push(FieldError::invalid(at, Value::Bool(false), "must be true or undefined"));
    }
    list_type::check(schema, path, errors);
    rules::check_form(schema, path, errors);
}

fn flag_is_false(schema: &Schema, keyword: &str) -> bool {
    schema.get(keyword) == Some(&Value::Bool(false))
}

/// What a schema may not say itself.
fn check_own(schema: &Schema, path: &Path<'_>, place: Place<'_>, errors: &mut Vec<FieldError>) {
    let found = word(schema, "type");
    if !found.is_empty() && !TYPES.contains(&found) {
        errors.push(not_supported(path.field("type").to_string(), found, &TYPES));
    }
    let mut forbidden = |field: &str, detail: &str| {
        errors.push(FieldError::forbidden(path.field(field).to_string(), detail));
    };
    if let (Some(reason), Some(_)) = (place.no_defaults, given(schema, "default")) {
        forbidden("default", &format!("must not be set {reason}"));
    }
    for (keyword, used) in [
        ("id", !word(schema, "id").is_empty()),
        ("additionalItems", given(schema, "additionalItems").is_some()),
        ("patternProperties", given(schema, "patternProperties").is_some_and(is_set)),
        ("definitions", given(schema, "definitions").is_some_and(is_set)),
        ("dependencies", given(schema, "dependencies").is_some()),
        ("$ref", given(schema, "$ref").is_some()),
    ] {
        if used {
            forbidden(keyword, &format!("{keyword} is not supported"));
        }
    }
    if found == "null" {
        forbidden("type", "type cannot be set to null, use nullable as an alternative");
    }
    if !list(schema, "items").is_empty() {
        forbidden("items", "items must be a schema object and not an array");
    }
    if place.resource_field && flag(schema, EMBEDDED) {
        forbidden(EMBEDDED, "must not be used inside of resource meta");
    }
}

fn walk_properties(schema: &Schema, path: &Path<'_>, place: Place<'_>, errors: &mut Vec<FieldError>) {
    let properties = path.field("properties");
    for (name, property) in named(schema, "properties") {
        let mut below = place.below();
        let reason = format!("in top-level {name}");
        let resource_field = matches!(name.as_str(), "metadata" | "kind" | "apiVersion");
        if resource_field && (place.root || flag(schema, EMBEDDED)) {
            below.resource_field = true;
            if place.root {
                below.no_defaults = Some(&reason);
            }
        }
        walk(property, &properties.key(name), below, errors);
    }
}

fn walk_branches(schema: &Schema, path: &Path<'_>, place: Place<'_>, errors: &mut Vec<FieldError>) {
    if let Some(branch) = child(schema, "not") {
        walk(branch, &path.field("not"), place.below(), errors);
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let at = path.field(keyword);
        for (index, branch) in branches(schema, keyword) {
            walk(branch, &at.index(index), place.below(), errors);
        }
    }
    let definitions = path.field("definitions");
    for (name, definition) in named(schema, "definitions") {
        walk(definition, &definitions.key(name), place.below(), errors);
    }
    let items = path.field("items");
    if let Some(item) = child(schema, "items") {
        walk(item, &items, place.below(), errors);
    }
    for (index, item) in branches(schema, "items") {
        walk(item, &items.index(index), place.below(), errors);
    }
    let dependencies = path.field("dependencies");
    for (name, dependency) in named(schema, "dependencies") {
        walk(dependency, &dependencies.key(name), place.below(), errors);
    }
}

/// The value that a message shows of a keyword that is a pointer in Go.
pub(super) fn pointee(value: Option<&Value>) -> BadValue {
    value.filter(|value| !value.is_null()).map_or(BadValue::Null, |value| BadValue::Value(value.clone()))
}
