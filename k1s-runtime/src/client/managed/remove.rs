//! What is left of a value without some fields.

use serde_json::{Map as Fields, Value};

use crate::api::Object;

use super::element::PathElement;
use super::items;
use super::set::FieldSet;
use super::types::{List, ListKind, Map, Part, TypeRef, Types};

/// Takes fields out of an object. Lists and maps that lose all they have stay, empty.
pub(super) fn remove(types: &Types, object: &Object, fields: &FieldSet) -> Object {
    let Some(map) = types.root_map() else { return object.clone() };
    Object(of_map(types, map, &object.0, fields))
}

fn at(types: &Types, of: TypeRef, value: &Value, fields: &FieldSet) -> Value {
    let part = types.resolve(of).and_then(|atom| atom.part(Some(value)));
    match (part, value) {
        (Some(Part::List(list)), Value::Array(items)) if list.kind != ListKind::Atomic => {
            Value::Array(of_list(types, list, items, fields))
        }
        (Some(Part::Map(map)), Value::Object(entries)) if !map.atomic => {
            Value::Object(of_map(types, map, entries, fields))
        }
        (_, value) => value.clone(),
    }
}

fn of_list(types: &Types, list: &List, items: &[Value], fields: &FieldSet) -> Vec<Value> {
    let mut kept = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let found = items::name(types, list, index, item).ok();
        match found.as_ref().and_then(|name| fields.get(name)) {
            Some(node) if node.member => {}
            Some(node) => kept.push(at(types, list.element, item, &node.children)),
            None => kept.push(item.clone()),
        }
    }
    kept
}

fn of_map(
    types: &Types,
    map: &Map,
    entries: &Fields<String, Value>,
    fields: &FieldSet,
) -> Fields<String, Value> {
    let mut kept = Fields::new();
    for (name, value) in entries {
        let value = match fields.get(&PathElement::field(name)) {
            Some(node) if node.member => continue,
            Some(node) => at(types, map.of(name), value, &node.children),
            None => value.clone(),
        };
        kept.insert(name.clone(), value);
    }
    kept
}
