//! `x-kubernetes-list-type`, its keys, and `x-kubernetes-map-type`.

use std::collections::HashSet;

use serde_json::Value;

use crate::api::field::{BadValue, FieldError, Path};

use super::internal;
use super::keywords::pointee;
use super::names::not_supported;
use super::props::{LIST_MAP_KEYS, LIST_TYPE, MAP_TYPE, Schema, child, flag, given, list, word};
use super::text;

/// Checks one schema; those below it are the caller's.
pub(super) fn check(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    check_map_type(schema, path, errors);
    check_list_type(schema, path, errors);
    check_keys(schema, path, errors);
    if word(schema, LIST_TYPE) == "map" {
        check_map_list(schema, path, errors);
    }
    if let (kind @ ("set" | "map"), Some(items)) = (word(schema, LIST_TYPE), child(schema, "items")) {
        check_items(kind, list(schema, LIST_MAP_KEYS), items, &path.field("items"), errors);
    }
}

fn wrong_type(found: &str, at: &Path<'_>, detail: &str, errors: &mut Vec<FieldError>) {
    let at = at.field("type").to_string();
    errors.push(match found {
        "" => FieldError::required(at, detail),
        found => FieldError::invalid(at, found, detail),
    });
}

fn check_map_type(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let Some(found) = given(schema, MAP_TYPE).map(text) else { return };
    if word(schema, "type") != "object" {
        let detail = "must be object if x-kubernetes-map-type is specified";
        wrong_type(word(schema, "type"), path, detail, errors);
    }
    if !matches!(found, "atomic" | "granular") {
        errors.push(not_supported(path.field(MAP_TYPE).to_string(), found, &["atomic", "granular"]));
    }
}

fn check_list_type(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let Some(found) = given(schema, LIST_TYPE).map(text) else { return };
    if word(schema, "type") != "array" {
        let detail = "must be array if x-kubernetes-list-type is specified";
        wrong_type(word(schema, "type"), path, detail, errors);
    } else if let ("set", Some(items)) = (found, child(schema, "items")) {
        check_set(items, &path.field("items"), errors);
    }
    if !matches!(found, "atomic" | "set" | "map") {
        errors.push(not_supported(path.field(LIST_TYPE).to_string(), found, &["atomic", "set", "map"]));
    }
}

/// Items of a set are compared whole, so they must be atomic. Lists are unless they say otherwise, objects are not.
fn check_set(items: &Schema, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    let list_type = given(items, LIST_TYPE);
    let (keyword, is_atomic) = match word(items, "type") {
        "array" => (LIST_TYPE, list_type.is_none_or(|value| value == "atomic")),
        "object" => (MAP_TYPE, word(items, MAP_TYPE) == "atomic"),
        _ => return,
    };
    if !is_atomic {
        // The server shows the list type in both messages; objects have none.
        let detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
        errors.push(FieldError::invalid(at.field(keyword).to_string(), pointee(list_type), detail));
    }
}

fn check_keys(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    if list(schema, LIST_MAP_KEYS).is_empty() {
        return;
    }
    let detail = "must be map if x-kubernetes-list-map-keys is non-empty";
    let at = path.field(LIST_TYPE).to_string();
    match given(schema, LIST_TYPE).map(text) {
        Some("map") => {}
        None => errors.push(FieldError::required(at, detail)),
        Some(other) => errors.push(FieldError::invalid(at, other, detail)),
    }
}

fn check_map_list(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let keys = list(schema, LIST_MAP_KEYS);
    let keys_at = path.field(LIST_MAP_KEYS);
    if keys.is_empty() {
        let detail = "must not be empty if x-kubernetes-list-type is map";
        errors.push(FieldError::required(keys_at.to_string(), detail));
    }
    let at = path.field("items");
    let items = match given(schema, "items") {
        Some(Value::Object(items)) => items,
        Some(other) => {
            let detail = "must only have a single schema if x-kubernetes-list-type is map";
            let shown = BadValue::Verbatim(internal::items(other));
            return errors.push(FieldError::invalid(at.to_string(), shown, detail));
        }
        None => {
            let detail = "must have a schema if x-kubernetes-list-type is map";
            return errors.push(FieldError::required(at.to_string(), detail));
        }
    };
    if word(items, "type") != "object" {
        let detail = "must be object if parent array's x-kubernetes-list-type is map";
        let found = word(items, "type");
        return errors.push(FieldError::invalid(at.field("type").to_string(), found, detail));
    }
    let properties = at.field("properties");
    let mut seen = HashSet::new();
    for key in keys {
        let name = text(key);
        match child(items, "properties").and_then(|properties| child(properties, name)) {
            Some(property) if matches!(word(property, "type"), "array" | "object") => {
                // What is shown is the type of the item, not the key's.
                let detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
                let at = properties.key(name).field("type").to_string();
                errors.push(FieldError::invalid(at, word(items, "type"), detail));
            }
            Some(_) => {}
            None => {
                let detail = "entries must all be names of item properties";
                errors.push(FieldError::invalid(keys_at.to_string(), Value::from(keys), detail));
            }
        }
        if !seen.insert(name) {
            let detail = "must not contain duplicate entries";
            errors.push(FieldError::invalid(keys_at.to_string(), Value::from(keys), detail));
        }
    }
}

/// What identifies an item must be there: items and keys are not null, and keys are required or have a default.
fn check_items(kind: &str, keys: &[Value], items: &Schema, at: &Path<'_>, errors: &mut Vec<FieldError>) {
    if flag(items, "nullable") {
        let detail = format!("cannot be nullable when x-kubernetes-list-type is {kind}");
        errors.push(FieldError::forbidden(at.field("nullable").to_string(), detail));
    }
    if kind != "map" {
        return;
    }
    let required = list(items, "required");
    let properties = at.field("properties");
    for key in keys {
        let name = text(key);
        let Some(property) = child(items, "properties").and_then(|properties| child(properties, name)) else {
            continue;
        };
        let at = properties.key(name);
        if !required.contains(key) && given(property, "default").is_none() {
            let detail = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
            errors.push(FieldError::required(at.field("default").to_string(), detail));
        }
        if flag(property, "nullable") {
            let detail = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
            errors.push(FieldError::forbidden(at.field("nullable").to_string(), detail));
        }
    }
}
