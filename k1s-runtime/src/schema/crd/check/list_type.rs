//! `x-kubernetes-list-type`, its keys, and `x-kubernetes-map-type`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::api::field::{FieldError, Path};

use super::super::super::MAX_DEPTH;
use super::names::not_supported;
use super::text;

pub(super) fn check(
    schema: &Map<String, Value>,
    path: &Path<'_>,
    depth: usize,
    errors: &mut Vec<FieldError>,
) {
    if depth > MAX_DEPTH {
        return;
    }
    check_map_type(schema, path, errors);
    check_list_type(schema, path, errors);
    let properties = path.field("properties");
    for (name, child) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if let Value::Object(child) = child {
            check(child, &properties.key(name), depth + 1, errors);
        }
    }
    for keyword in ["additionalProperties", "items"] {
        if let Some(Value::Object(child)) = schema.get(keyword) {
            check(child, &path.field(keyword), depth + 1, errors);
        }
    }
}

fn word<'s>(schema: &'s Map<String, Value>, keyword: &str) -> &'s str {
    schema.get(keyword).map(text).unwrap_or_default()
}

fn wrong_type(found: &str, at: &Path<'_>, detail: &str, errors: &mut Vec<FieldError>) {
    let at = at.field("type").to_string();
    errors.push(match found {
        "" => FieldError::required(at, detail),
        found => FieldError::invalid(at, found, detail),
    });
}

fn check_map_type(schema: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let keyword = "x-kubernetes-map-type";
    let Some(found) = schema.get(keyword).and_then(Value::as_str) else { return };
    if word(schema, "type") != "object" {
        wrong_type(
            word(schema, "type"),
            path,
            "must be object if x-kubernetes-map-type is specified",
            errors,
        );
    }
    if !matches!(found, "atomic" | "granular") {
        errors.push(not_supported(path.field(keyword).to_string(), found, &["atomic", "granular"]));
    }
}

fn check_list_type(schema: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let keyword = "x-kubernetes-list-type";
    let list_type = schema.get(keyword).and_then(Value::as_str);
    let keys = schema.get("x-kubernetes-list-map-keys").and_then(Value::as_array);
    let keys = keys.map(Vec::as_slice).unwrap_or_default();
    if let Some(found) = list_type {
        if word(schema, "type") != "array" {
            wrong_type(
                word(schema, "type"),
                path,
                "must be array if x-kubernetes-list-type is specified",
                errors,
            );
        }
        if !matches!(found, "atomic" | "set" | "map") {
            errors.push(not_supported(path.field(keyword).to_string(), found, &["atomic", "set", "map"]));
        }
    }
    if !keys.is_empty() && list_type != Some("map") {
        let detail = "must be map if x-kubernetes-list-map-keys is non-empty";
        let at = path.field(keyword).to_string();
        errors.push(match list_type {
            None => FieldError::required(at, detail),
            Some(other) => FieldError::invalid(at, other, detail),
        });
    }
    let items = schema.get("items").and_then(Value::as_object);
    match (list_type, items) {
        (Some("map"), items) => check_map_list(keys, items, path, errors),
        (Some("set"), Some(items)) => check_set(items, &path.field("items"), errors),
        _ => {}
    }
}

fn check_set(items: &Map<String, Value>, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    if items.get("nullable") == Some(&Value::Bool(true)) {
        let detail = "cannot be nullable when x-kubernetes-list-type is set";
        errors.push(FieldError::forbidden(at.field("nullable").to_string(), detail));
    }
    let (keyword, detail) = match word(items, "type") {
        "array" => {
            ("x-kubernetes-list-type", "must be atomic as item of a list with x-kubernetes-list-type=set")
        }
        "object" => {
            ("x-kubernetes-map-type", "must be atomic as item of a list with x-kubernetes-list-type=set")
        }
        _ => return,
    };
    match items.get(keyword).and_then(Value::as_str) {
        Some("atomic") => {}
        None if keyword == "x-kubernetes-list-type" => {}
        None => errors.push(FieldError::required(at.field(keyword).to_string(), detail)),
        Some(other) => errors.push(FieldError::invalid(at.field(keyword).to_string(), other, detail)),
    }
}

fn check_map_list(
    keys: &[Value],
    items: Option<&Map<String, Value>>,
    path: &Path<'_>,
    errors: &mut Vec<FieldError>,
) {
    let keys_at = path.field("x-kubernetes-list-map-keys");
    if keys.is_empty() {
        let detail = "must not be empty if x-kubernetes-list-type is map";
        errors.push(FieldError::required(keys_at.to_string(), detail));
    }
    let at = path.field("items");
    let Some(items) = items else {
        return errors.push(FieldError::required(
            at.to_string(),
            "must have a schema if x-kubernetes-list-type is map",
        ));
    };
    if word(items, "type") != "object" {
        let detail = "must be object if parent array's x-kubernetes-list-type is map";
        errors.push(FieldError::invalid(at.field("type").to_string(), word(items, "type"), detail));
    }
    if items.get("nullable") == Some(&Value::Bool(true)) {
        let detail = "cannot be nullable when x-kubernetes-list-type is map";
        errors.push(FieldError::forbidden(at.field("nullable").to_string(), detail));
    }
    let required = items.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let properties = at.field("properties");
    let mut seen = HashSet::new();
    for (index, key) in keys.iter().enumerate() {
        let name = text(key);
        if !seen.insert(key) {
            let error = FieldError::new(
                crate::api::field::ErrorType::Duplicate,
                keys_at.index(index).to_string(),
                name,
                "",
            );
            errors.push(error);
            continue;
        }
        let at = properties.key(name);
        let Some(property) = items.get("properties").and_then(|properties| properties.get(name)) else {
            let detail = "entries must all be names of item properties";
            errors.push(FieldError::invalid(keys_at.to_string(), Value::from(keys.to_vec()), detail));
            continue;
        };
        if matches!(text(&property["type"]), "array" | "object") {
            let detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
            errors.push(FieldError::invalid(at.field("type").to_string(), text(&property["type"]), detail));
        }
        if property["default"].is_null() && !required.contains(key) {
            let detail = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
            errors.push(FieldError::required(at.field("default").to_string(), detail));
        }
    }
}
