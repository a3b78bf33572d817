//! Defaults must satisfy the schema that they stand in, before any other default is filled in.

use serde_json::{Map, Value};

use crate::api::field::{FieldError, Path};

use super::super::super::Structural;
use super::super::super::node::{Node, Reading};
use super::super::super::validate;
use super::props::{EMBEDDED, Schema, child, flag, given, named};

/// Checks the defaults of a structural schema.
pub(super) fn check(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    walk(schema, path, true, &Inside::Nothing, errors);
}

/// Which field of a resource we are in.
enum Inside<'i> {
    /// None that matters.
    Nothing,
    /// A resource's `apiVersion`, `kind` or `metadata`.
    Field(&'i str),
    /// A property of what is outside.
    Property(&'i Inside<'i>, &'i str),
    /// An item of what is outside.
    Item(&'i Inside<'i>),
}

fn walk(schema: &Schema, path: &Path<'_>, root: bool, inside: &Inside<'_>, errors: &mut Vec<FieldError>) {
    let resource = root || flag(schema, EMBEDDED);
    let inside = if resource { &Inside::Nothing } else { inside };
    if let Some(default) = given(schema, "default") {
        check_default(schema, default, resource, inside, &path.field("default").to_string(), errors);
    }
    let in_field = !matches!(inside, Inside::Nothing);
    if let Some(items) = child(schema, "items") {
        let item = Inside::Item(inside);
        walk(items, &path.field("items"), false, if in_field { &item } else { inside }, errors);
    }
    // Defaults of map values are not looked at, as in the API server.
    let properties = path.field("properties");
    for (name, property) in named(schema, "properties") {
        let below = match name.as_str() {
            "apiVersion" | "kind" | "metadata" if resource => Inside::Field(name),
            _ if in_field => Inside::Property(inside, name),
            _ => Inside::Nothing,
        };
        walk(property, &properties.key(name), false, &below, errors);
    }
}

fn check_default(
    schema: &Schema,
    default: &Value,
    resource: bool,
    inside: &Inside<'_>,
    at: &str,
    errors: &mut Vec<FieldError>,
) {
    let Ok(mut structural) = Structural::from_openapi(&Value::Object(schema.clone())) else { return };
    structural.extensions.embedded_resource |= resource;
    // Read like this, a schema knows nothing of int-or-string: any default passes for one.
    let node = Node::read(&structural, Reading::Defaults);
    let found = if matches!(inside, Inside::Nothing) {
        let mut pruned = default.clone();
        node.prune_unknown(&mut pruned);
        if pruned != *default {
            errors.push(FieldError::invalid(at, default.clone(), "must not have unknown fields"));
        }
        validate::embedded_at(&node, default, at)
    } else {
        wrong_metadata(default, inside, at).into_iter().collect()
    };
    if found.is_empty() {
        errors.extend(validate::value_at(&node, default, at.to_owned()));
    } else {
        errors.extend(found);
    }
}

/// What is wrong with a resource that has nothing but the default, where it would come to stand.
fn wrong_metadata(default: &Value, inside: &Inside<'_>, at: &str) -> Option<FieldError> {
    let mut resource = Map::from_iter([
        ("apiVersion".to_owned(), "validation/v1".into()),
        ("kind".to_owned(), "Validation".into()),
    ]);
    place(default.clone(), inside, &mut resource);
    let faults = validate::resource(&resource);
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let said = match said.as_slice() {
        [] => return None,
        [only] => only.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Some(FieldError::invalid(at, default.clone(), format!("must result in valid metadata: {said}")))
}

fn place(value: Value, inside: &Inside<'_>, resource: &mut Map<String, Value>) {
    match inside {
        Inside::Nothing => {}
        Inside::Field(name) => {
            resource.insert((*name).to_owned(), value);
        }
        Inside::Property(outside, name) => {
            place(Value::Object(Map::from_iter([((*name).to_owned(), value)])), outside, resource);
        }
        Inside::Item(outside) => place(Value::Array(vec![value]), outside, resource),
    }
}
