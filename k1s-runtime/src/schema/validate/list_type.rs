//! `x-kubernetes-list-type`: duplicates in sets and map lists.
//!
//! Scalars are compared as Go compares them (1 and 1.0 differ), lists, objects and composite keys by their JSON text (1 and
//! 1.0 do not). Each duplicated value is reported once, where it comes the second time.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::api::field::{ErrorType, FieldError, Path};
use crate::api::gotext;
use crate::schema::node::{ListKind, Node};

use super::number::Num;

/// The duplicates of an object; none if the object that it replaces had some already.
pub(super) fn new_duplicates(
    root: &Node,
    object: &Map<String, Value>,
    old: Option<&Map<String, Value>>,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    check_fields(root, object, &Path::ROOT, &mut errors);
    if let (false, Some(old)) = (errors.is_empty(), old) {
        let mut before = Vec::new();
        check_fields(root, old, &Path::ROOT, &mut before);
        if !before.is_empty() {
            errors.clear();
        }
    }
    errors
}

fn check_fields(node: &Node, map: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    for (key, value) in map {
        if let Some(child) = node.properties.get(key) {
            check(child, value, &path.field(key), errors);
        }
        if let Some(child) = node.additional_schema() {
            check(child, value, &path.key(key), errors);
        }
    }
}

fn check(node: &Node, value: &Value, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    if !node.has_unique_lists {
        return;
    }
    match value {
        Value::Object(map) => check_fields(node, map, path, errors),
        Value::Array(items) => {
            check_list(&node.list.kind, items, path, errors);
            if let Some(child) = &node.items {
                for (index, item) in items.iter().enumerate() {
                    check(child, item, &path.index(index), errors);
                }
            }
        }
        _ => {}
    }
}

fn check_list(kind: &ListKind, items: &[Value], path: &Path<'_>, errors: &mut Vec<FieldError>) {
    if matches!(kind, ListKind::Map(_))
        && let Some((index, item)) =
            items.iter().enumerate().find(|(_, item)| !item.is_object() && !item.is_null())
    {
        let detail = "must be an object for an array of list-type map";
        return errors.push(FieldError::invalid(path.index(index).to_string(), item.clone(), detail));
    }
    if items.len() < 2 {
        return;
    }
    let mut report = |index: usize, value: Value| {
        let error = FieldError::new(ErrorType::Duplicate, path.index(index).to_string(), value, "");
        errors.push(error.with_origin("x-kubernetes-list-type"));
    };
    match kind {
        ListKind::Atomic => {}
        ListKind::Set => {
            for index in second_occurrences(items.iter().map(|item| Identity::of(Some(item)))) {
                report(index, items[index].clone());
            }
        }
        ListKind::Map(keys) => {
            let identities = items.iter().map(|item| match keys.as_slice() {
                [key] => Identity::of(item.get(key)),
                keys => Identity::Json(gotext::json(&shown_keys(item, keys))),
            });
            for index in second_occurrences(identities) {
                report(index, shown_keys(&items[index], keys));
            }
        }
    }
}

fn shown_keys(item: &Value, keys: &[String]) -> Value {
    keys.iter().filter_map(|key| Some((key.clone(), item.get(key)?.clone()))).collect()
}

/// What makes two items the same.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'v> {
    Absent,
    Null,
    Bool(bool),
    Int(i64),
    Float(u64),
    Text(&'v str),
    Json(String),
}

impl<'v> Identity<'v> {
    fn of(value: Option<&'v Value>) -> Self {
        match value {
            None => Identity::Absent,
            Some(Value::Null) => Identity::Null,
            Some(Value::Bool(flag)) => Identity::Bool(*flag),
            Some(Value::Number(number)) => match Num::of(number) {
                Num::Int(int) => Identity::Int(int),
                // Adding zero makes the two zeros one.
                Num::Float(float) => Identity::Float((float + 0.0).to_bits()),
            },
            Some(Value::String(text)) => Identity::Text(text),
            Some(compound) => Identity::Json(gotext::json(compound)),
        }
    }
}

/// Indexes at which something comes the second time.
fn second_occurrences<'v>(identities: impl Iterator<Item = Identity<'v>>) -> Vec<usize> {
    let mut seen: HashMap<Identity<'v>, usize> = HashMap::new();
    let mut second = Vec::new();
    for (index, identity) in identities.enumerate() {
        let times = seen.entry(identity).or_default();
        *times += 1;
        if *times == 2 {
            second.push(index);
        }
    }
    second
}

/// The first item that equals an earlier one, for `uniqueItems`.
pub(super) fn first_equal(items: &[Value]) -> Option<usize> {
    second_occurrences(items.iter().map(|item| Identity::of(Some(item)))).first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(items: &Value) -> Vec<String> {
        let mut errors = Vec::new();
        check_list(&ListKind::Set, items.as_array().unwrap(), &Path::ROOT.field("s"), &mut errors);
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn sets_compare_scalars_as_go_does() {
        assert!(set(&json!([1, 1.0, "1", true])).is_empty());
        assert_eq!(set(&json!([0.0, -0.0])), ["s[1]: Duplicate value: -0"]);
        assert_eq!(set(&json!(["a", "b", "a", "a"])), ["s[2]: Duplicate value: \"a\""]);
        assert_eq!(set(&json!([{"a": 1}, {"a": 1.0}])), ["s[1]: Duplicate value: {\"a\":1}"]);
    }
}
