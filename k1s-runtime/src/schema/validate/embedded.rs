//! `x-kubernetes-embedded-resource`: an object inside an object has a type, and metadata like any other.

use serde_json::{Map, Value};

use crate::api::field::{FieldError, Path};
use crate::api::names;
use crate::schema::node::Node;

use super::metadata;

/// Checks the embedded resources below the fields of an object.
pub(super) fn check_fields(
    node: &Node,
    map: &Map<String, Value>,
    path: &Path<'_>,
    errors: &mut Vec<FieldError>,
) {
    for (key, value) in map {
        if let Some(child) = node.properties.get(key) {
            check(child, value, &path.field(key), errors);
        } else if let Some(child) = node.additional_schema() {
            check(child, value, &path.key(key), errors);
        }
    }
}

pub(super) fn check(node: &Node, value: &Value, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    if !node.has_embedded {
        return;
    }
    match value {
        Value::Object(map) => {
            if node.embedded {
                check_resource(map, path, errors);
            }
            check_fields(node, map, path, errors);
        }
        Value::Array(items) => {
            let Some(child) = &node.items else { return };
            for (index, item) in items.iter().enumerate() {
                check(child, item, &path.index(index), errors);
            }
        }
        _ => {}
    }
}

/// Every embedded resource below the fields of an object, with its path.
pub(super) fn collect<'v>(
    node: &Node,
    map: &'v Map<String, Value>,
    path: &Path<'_>,
    found: &mut Vec<(String, &'v Map<String, Value>)>,
) {
    for (key, value) in map {
        if let Some(child) = node.properties.get(key) {
            collect_value(child, value, &path.field(key), found);
        } else if let Some(child) = node.additional_schema() {
            collect_value(child, value, &path.key(key), found);
        }
    }
}

fn collect_value<'v>(
    node: &Node,
    value: &'v Value,
    path: &Path<'_>,
    found: &mut Vec<(String, &'v Map<String, Value>)>,
) {
    match value {
        _ if !node.has_embedded => {}
        Value::Object(map) => {
            if node.embedded {
                found.push((path.to_string(), map));
            }
            collect(node, map, path, found);
        }
        Value::Array(items) => {
            let Some(child) = &node.items else { return };
            for (index, item) in items.iter().enumerate() {
                collect_value(child, item, &path.index(index), found);
            }
        }
        _ => {}
    }
}

pub(super) fn check_resource(map: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    type Rule = fn(&str) -> Option<String>;
    let fields: [(&str, Rule); 2] = [("apiVersion", wrong_version), ("kind", wrong_kind)];
    for (name, rule) in fields {
        let at = path.field(name);
        match map.get(name) {
            None => errors.push(FieldError::required(at.to_string(), "")),
            Some(Value::String(text)) if text.is_empty() => {
                errors.push(FieldError::invalid(at.to_string(), "", "must not be empty"));
            }
            Some(Value::String(text)) => {
                let wrong =
                    rule(text).map(|detail| FieldError::invalid(at.to_string(), text.as_str(), detail));
                errors.extend(wrong);
            }
            Some(other) => {
                errors.push(FieldError::invalid(at.to_string(), other.clone(), "must be a string"));
            }
        }
    }
    if let Some(Value::Object(found)) = map.get("metadata") {
        metadata::check(found, &path.field("metadata"), errors);
    }
}

fn wrong_version(text: &str) -> Option<String> {
    (text.matches('/').count() > 1).then(|| format!("unexpected GroupVersion string: {text}"))
}

fn wrong_kind(text: &str) -> Option<String> {
    let wrong = names::dns1035_label(&text.to_lowercase());
    (!wrong.is_empty())
        .then(|| format!("may have mixed case, but should otherwise match: {}", wrong.join(",")))
}
