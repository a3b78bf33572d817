//! Keywords that no CustomResourceDefinition may use, or not like that.

use k1s_cel::functions::regex;
use serde_json::{Map, Value};

use crate::api::field::{FieldError, Path};

use super::super::super::MAX_DEPTH;
use super::names::not_supported;
use super::{rules, text};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
const UNSUPPORTED: [&str; 6] =
    ["$ref", "additionalItems", "definitions", "dependencies", "id", "patternProperties"];

pub(super) fn check(
    schema: &Map<String, Value>,
    path: &Path<'_>,
    root: bool,
    depth: usize,
    errors: &mut Vec<FieldError>,
) {
    if depth > MAX_DEPTH {
        return errors.push(FieldError::forbidden(path.to_string(), "the schema is nested too deep"));
    }
    if root && mentions(schema, 0, &|schema| schema.get("$schema").is_some_and(is_set)) {
        errors.push(FieldError::invalid(path.to_string(), "", "OpenAPIV3Schema 'schema' is not supported"));
    }
    for keyword in UNSUPPORTED {
        if schema.get(keyword).is_some_and(is_set) {
            let at = path.field(keyword).to_string();
            errors.push(FieldError::forbidden(at, format!("{keyword} is not supported")));
        }
    }
    check_type(schema, path, root, errors);
    check_flags(schema, path, errors);
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && let Err(wrong) = regex::compile(pattern)
    {
        let detail = format!("must be a valid regular expression, but isn't: {wrong}");
        errors.push(FieldError::invalid(path.field("pattern").to_string(), pattern, detail));
    }
    check_below(schema, path, depth + 1, errors);
    rules::check_form(schema, path, errors);
}

fn is_set(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn check_type(schema: &Map<String, Value>, path: &Path<'_>, root: bool, errors: &mut Vec<FieldError>) {
    match schema.get("type").map(text).unwrap_or_default() {
        "" => {}
        "null" => {
            let detail = "type cannot be set to null, use nullable as an alternative";
            errors.push(FieldError::forbidden(path.field("type").to_string(), detail));
        }
        known if TYPES.contains(&known) => {}
        other => errors.push(not_supported(path.field("type").to_string(), other, &TYPES)),
    }
    if root && schema.get("nullable") == Some(&Value::Bool(true)) {
        let at = path.field("nullable").to_string();
        errors.push(FieldError::forbidden(at, "nullable cannot be true at the root"));
    }
}

fn check_flags(schema: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
        let detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        errors.push(FieldError::forbidden(path.field("uniqueItems").to_string(), detail));
    }
    let preserve = "x-kubernetes-preserve-unknown-fields";
    if schema.get(preserve) == Some(&Value::Bool(false)) {
        let at = path.field(preserve).to_string();
        errors.push(FieldError::invalid(at, Value::Bool(false), "must be true or undefined"));
    }
    let has_fields = schema.get("properties").is_some_and(is_set);
    let has_values = matches!(schema.get("additionalProperties"), Some(Value::Object(_) | Value::Bool(true)));
    if has_fields && has_values {
        let detail = "additionalProperties and properties are mutual exclusive";
        errors.push(FieldError::forbidden(path.field("additionalProperties").to_string(), detail));
    }
    if schema.get("items").is_some_and(Value::is_array) {
        let detail = "items must be a schema object and not an array";
        errors.push(FieldError::forbidden(path.field("items").to_string(), detail));
    }
}

fn check_below(schema: &Map<String, Value>, path: &Path<'_>, depth: usize, errors: &mut Vec<FieldError>) {
    let properties = path.field("properties");
    for (name, child) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if let Value::Object(child) = child {
            check(child, &properties.key(name), false, depth, errors);
        }
    }
    for keyword in ["additionalProperties", "items", "not"] {
        if let Some(Value::Object(child)) = schema.get(keyword) {
            check(child, &path.field(keyword), false, depth, errors);
        }
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let at = path.field(keyword);
        for (index, child) in schema.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate()
        {
            if let Value::Object(child) = child {
                check(child, &at.index(index), false, depth, errors);
            }
        }
    }
}

/// Whether the API server can read a schema as a structural one. If not, it looks at its keywords only.
pub(super) fn is_readable(schema: &Map<String, Value>) -> bool {
    let is_foreign = |schema: &Map<String, Value>| {
        ["$schema"].iter().chain(&UNSUPPORTED).any(|keyword| schema.get(*keyword).is_some_and(is_set))
            || schema.get("items").is_some_and(Value::is_array)
    };
    !mentions(schema, 0, &is_foreign)
}

/// Whether a schema or one within it is such.
fn mentions(
    schema: &Map<String, Value>,
    depth: usize,
    is_such: &dyn Fn(&Map<String, Value>) -> bool,
) -> bool {
    if is_such(schema) {
        return true;
    }
    let below = |child: &Value| match child {
        Value::Object(child) if depth < MAX_DEPTH => mentions(child, depth + 1, is_such),
        _ => false,
    };
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let branches =
        ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array());
    ["additionalProperties", "items", "not"].into_iter().filter_map(|keyword| schema.get(keyword)).any(below)
        || properties.map(|(_, child)| child).any(below)
        || branches.flatten().any(below)
}
