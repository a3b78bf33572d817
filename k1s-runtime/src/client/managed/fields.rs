//! The fields that a value sets.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::Object;

use super::element::PathElement;
use super::items;
use super::set::{FieldSet, Node};
use super::types::{List, ListKind, Map, Part, TypeRef, Types};

/// The fields of an object.
pub(super) fn fields(types: &Types, object: &Object) -> FieldSet {
    types.root_map().map(|map| of_fields(types, map, &object.0)).unwrap_or_default()
}

fn node(types: &Types, of: TypeRef, value: &Value) -> Node {
    let leaf = Node { member: true, children: FieldSet::default() };
    match types.resolve(of).and_then(|atom| atom.part(Some(value))) {
        None => Node::default(),
        Some(Part::Scalar(_)) => leaf,
        Some(Part::List(list)) if list.kind == ListKind::Atomic => leaf,
        Some(Part::Map(map)) if map.atomic => leaf,
        Some(Part::List(list)) => Node { member: false, children: of_list(types, list, value) },
        Some(Part::Map(map)) => Node { member: false, children: of_map(types, map, value) },
    }
}

fn of_list(types: &Types, list: &List, value: &Value) -> FieldSet {
    let Value::Array(items) = value else { return FieldSet::default() };
    let mut nodes: BTreeMap<PathElement, Node> = BTreeMap::new();
    for (name, item) in items::named(types, list, items) {
        // Of items with the same name nothing more is said than that they are there.
        let children = match nodes.contains_key(&name) {
            true => FieldSet::default(),
            false => node(types, list.element, item).children,
        };
        nodes.insert(name, Node { member: true, children });
    }
    FieldSet::of(nodes.into_iter().collect())
}

fn of_map(types: &Types, map: &Map, value: &Value) -> FieldSet {
    match value {
        Value::Object(fields) => of_fields(types, map, fields),
        _ => FieldSet::default(),
    }
}

fn of_fields(types: &Types, map: &Map, fields: &serde_json::Map<String, Value>) -> FieldSet {
    let nodes = fields.iter().map(|(name, value)| {
        let mut node = node(types, map.of(name), value);
        let is_empty = match value {
            Value::Null => true,
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        };
        node.member |= is_empty || !map.fields.contains_key(name);
        (PathElement::field(name), node)
    });
    FieldSet::of(nodes.collect())
}
