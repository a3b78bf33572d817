//! Defaults must satisfy the schema that they stand in, before any other default is filled in.

use serde_json::{Map, Value};

use crate::api::field::{FieldError, Path};

use super::super::super::Structural;
use super::super::super::node::{Node, Types};
use super::super::super::validate;

type Schema = Map<String, Value>;

pub(super) fn check(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    walk(schema, path, true, None, errors);
}

/// `inside` is the resource field (`metadata`, …) that we are below of.
fn walk(
    schema: &Schema,
    path: &Path<'_>,
    resource: bool,
    inside: Option<&str>,
    errors: &mut Vec<FieldError>,
) {
    if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
        let at = path.field("default");
        match inside {
            Some(field) => {
                let detail = format!("must not be set in top-level {field}");
                errors.push(FieldError::forbidden(at.to_string(), detail));
            }
            None => check_default(schema, default, resource, &at, errors),
        }
    }
    if let Some(Value::Object(items)) = schema.get("items") {
        walk(items, &path.field("items"), false, inside, errors);
    }
    // Defaults of map values are not looked at, as in the API server.
    let properties = path.field("properties");
    for (name, child) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let Value::Object(child) = child else { continue };
        let is_resource_field = resource && matches!(name.as_str(), "apiVersion" | "kind" | "metadata");
        let inside = if is_resource_field { Some(name.as_str()) } else { inside };
        walk(child, &properties.key(name), false, inside, errors);
    }
}

fn check_default(
    schema: &Schema,
    default: &Value,
    resource: bool,
    at: &Path<'_>,
    errors: &mut Vec<FieldError>,
) {
    if resource {
        for field in ["apiVersion", "kind"] {
            if default[field].is_null() {
                errors.push(FieldError::required(at.field(field).to_string(), ""));
            }
        }
        return;
    }
    let Ok(structural) = Structural::from_openapi(&Value::Object(schema.clone())) else { return };
    let node = Node::build(&structural);
    if node.types == Types::IntOrString {
        return;
    }
    let mut pruned = default.clone();
    node.prune_unknown(&mut pruned);
    if pruned != *default {
        errors.push(FieldError::invalid(at.to_string(), default.clone(), "must not have unknown fields"));
        return;
    }
    errors.extend(validate::value_at(&node, default, at.to_string()));
}
