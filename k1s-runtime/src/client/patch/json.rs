//! JSON patch, RFC 6902, with the leniencies of the library that kube-apiserver uses.
//!
//! They are: `replace` of an absent member adds it, `copy` of an absent one copies null, `test` for null holds on an absent one, an index
//! may be negative or have leading zeros, a path without a leading `/` loses its first segment, and numbers are compared
//! as they are written.

use serde_json::Value;

use crate::api::gotext;
use crate::client::limits::{self, MAX_DEPTH};

/// What a failing patch is answered with; the server tells no more.
pub(crate) const REJECTED: &str = "the server rejected our request due to an error in our request";

/// Operations that one patch may have, as in kube-apiserver.
pub(crate) const MAX_OPERATIONS: usize = 10_000;

/// Bytes that the `copy` operations of one patch may copy together, as in kube-apiserver.
pub(crate) const MAX_COPIED_BYTES: usize = 3 << 20;

/// Why a patch was not applied.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It is not a list of operations.
    Malformed(String),
    /// An operation failed.
    Rejected,
}

/// Applies the operations in order. On failure the target is left half-changed.
pub(crate) fn apply(target: &mut Value, patch: &Value) -> Result<(), Failure> {
    let Value::Array(operations) = patch else {
        let found = gotext::json_type(patch);
        return Err(Failure::Malformed(format!(
            "error decoding patch: json: cannot unmarshal {found} into Go value of type jsonpatch.Patch"
        )));
    };
    if operations.len() > MAX_OPERATIONS {
        return Err(Failure::Malformed(format!(
            "The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {}",
            operations.len()
        )));
    }
    let mut may_copy = MAX_COPIED_BYTES;
    operations.iter().try_for_each(|operation| apply_one(target, operation, &mut may_copy))
}

fn apply_one(target: &mut Value, operation: &Value, may_copy: &mut usize) -> Result<(), Failure> {
    let text = |field: &str| operation.get(field).and_then(Value::as_str);
    let path = Pointer::parse(text("path").ok_or(Failure::Rejected)?);
    let value = || operation.get("value").cloned().unwrap_or_default();
    match text("op").ok_or(Failure::Rejected)? {
        "add" => add(target, &path, value()),
        "replace" => replace(target, &path, value()),
        "remove" => take(target, &path).map(drop),
        "test" => test(target, &path, operation.get("value")),
        "move" => {
            let from = Pointer::parse(text("from").ok_or(Failure::Rejected)?);
            let moved = take(target, &from)?;
            add(target, &path, moved)
        }
        "copy" => {
            let from = Pointer::parse(text("from").ok_or(Failure::Rejected)?);
            let parent = container(target, &from)?;
            let copied = member(parent, from.last()).unwrap_or(&Value::Null);
            *may_copy = may_copy.checked_sub(limits::weight(copied)).ok_or(Failure::Rejected)?;
            let copied = copied.clone();
            add(target, &path, copied)
        }
        _ => Err(Failure::Rejected),
    }
}

/// A path split into its segments; the text before the first `/` is not looked at.
struct Pointer {
    segments: Vec<String>,
}

impl Pointer {
    fn parse(text: &str) -> Self {
        let segments =
            text.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
        Self { segments }
    }

    fn last(&self) -> &str {
        self.segments.last().map_or("", String::as_str)
    }
}

/// What holds the value that a path names.
fn container<'a>(target: &'a mut Value, path: &Pointer) -> Result<&'a mut Value, Failure> {
    let (_, parents) = path.segments.split_last().ok_or(Failure::Rejected)?;
    let mut value = target;
    for segment in parents {
        value = match value {
            Value::Object(map) => map.get_mut(segment),
            Value::Array(items) => {
                let index = existing_index(segment, items.len()).ok_or(Failure::Rejected)?;
                items.get_mut(index)
            }
            _ => None,
        }
        .ok_or(Failure::Rejected)?;
    }
    if value.is_object() || value.is_array() { Ok(value) } else { Err(Failure::Rejected) }
}

fn member<'a>(container: &'a Value, segment: &str) -> Option<&'a Value> {
    match container {
        Value::Object(map) => map.get(segment),
        Value::Array(items) => items.get(existing_index(segment, items.len())?),
        _ => None,
    }
}

/// An index of an item that is there; negative ones count from the end.
fn existing_index(segment: &str, len: usize) -> Option<usize> {
    let index: i64 = segment.parse().ok()?;
    let index = if index < 0 { index.checked_add(i64::try_from(len).ok()?)? } else { index };
    usize::try_from(index).ok().filter(|index| *index < len)
}

/// An index where an item may be put.
fn insertion_index(segment: &str, len: usize) -> Option<usize> {
    if segment == "-" {
        return Some(len);
    }
    let index: i64 = segment.parse().ok()?;
    let index = if index < 0 { index.checked_add(i64::try_from(len).ok()? + 1)? } else { index };
    usize::try_from(index).ok().filter(|index| *index <= len)
}

/// Refuses a value that would be nested too deeply where it is put.
fn check_depth(path: &Pointer, value: &Value) -> Result<(), Failure> {
    let left = MAX_DEPTH.checked_sub(path.segments.len()).ok_or(Failure::Rejected)?;
    if limits::fits(value, left) { Ok(()) } else { Err(Failure::Rejected) }
}

fn add(target: &mut Value, path: &Pointer, value: Value) -> Result<(), Failure> {
    check_depth(path, &value)?;
    match container(target, path)? {
        Value::Object(map) => {
            map.insert(path.last().to_owned(), value);
        }
        Value::Array(items) => {
            let index = insertion_index(path.last(), items.len()).ok_or(Failure::Rejected)?;
            items.insert(index, value);
        }
        _ => return Err(Failure::Rejected),
    }
    Ok(())
}

fn replace(target: &mut Value, path: &Pointer, value: Value) -> Result<(), Failure> {
    check_depth(path, &value)?;
    match container(target, path)? {
        Value::Object(map) => {
            map.insert(path.last().to_owned(), value);
        }
        Value::Array(items) => {
            let index = existing_index(path.last(), items.len()).ok_or(Failure::Rejected)?;
            items[index] = value;
        }
        _ => return Err(Failure::Rejected),
    }
    Ok(())
}

fn take(target: &mut Value, path: &Pointer) -> Result<Value, Failure> {
    match container(target, path)? {
        Value::Object(map) => map.remove(path.last()).ok_or(Failure::Rejected),
        Value::Array(items) => {
            let index = existing_index(path.last(), items.len()).ok_or(Failure::Rejected)?;
            Ok(items.remove(index))
        }
        _ => Err(Failure::Rejected),
    }
}

fn test(target: &mut Value, path: &Pointer, expected: Option<&Value>) -> Result<(), Failure> {
    if path.segments.is_empty() {
        return if expected == Some(target) { Ok(()) } else { Err(Failure::Rejected) };
    }
    let parent = container(target, path)?;
    let holds = match (member(parent, path.last()), expected) {
        (None | Some(Value::Null), None | Some(Value::Null)) => true,
        (Some(found), Some(expected)) => found == expected,
        _ => false,
    };
    if holds { Ok(()) } else { Err(Failure::Rejected) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patched(mut target: Value, patch: &Value) -> Result<Value, Failure> {
        apply(&mut target, patch)?;
        Ok(target)
    }

    #[test]
    fn operations_do_what_the_rfc_says() {
        let patch = json!([
            {"op": "add", "path": "/a/-", "value": 3},
            {"op": "remove", "path": "/a/0"},
            {"op": "replace", "path": "/o/x~1y", "value": 1},
            {"op": "move", "from": "/m", "path": "/n"},
            {"op": "copy", "from": "/n", "path": "/o/c"},
            {"op": "test", "path": "/n", "value": {"k": 1}},
        ]);
        let target = json!({"a": [1, 2], "o": {"x/y": 0}, "m": {"k": 1}});
        let result = json!({"a": [2, 3], "o": {"x/y": 1, "c": {"k": 1}}, "n": {"k": 1}});
        assert_eq!(patched(target, &patch), Ok(result));
    }

    #[test]
    fn leniencies_are_those_of_the_server() {
        for (patch, result) in [
            (json!([{"op": "replace", "path": "/new", "value": 1}]), json!({"a": [1, 2], "new": 1})),
            (json!([{"op": "copy", "from": "/absent", "path": "/new"}]), json!({"a": [1, 2], "new": null})),
            (json!([{"op": "replace", "path": "/a/-1", "value": 9}]), json!({"a": [1, 9]})),
            (json!([{"op": "replace", "path": "/a/01", "value": 9}]), json!({"a": [1, 9]})),
            (json!([{"op": "add", "path": "lost/new", "value": 1}]), json!({"a": [1, 2], "new": 1})),
            (json!([{"op": "test", "path": "/absent", "value": null}]), json!({"a": [1, 2]})),
        ] {
            assert_eq!(patched(json!({"a": [1, 2]}), &patch), Ok(result));
        }
    }

    #[test]
    fn a_patch_neither_multiplies_nor_deepens_without_bound() {
        let doubling: Vec<Value> =
            (0..40).map(|n| json!({"op": "copy", "from": "/a", "path": format!("/a/{n}")})).collect();
        assert_eq!(patched(json!({"a": {"text": "x"}}), &doubling.into()), Err(Failure::Rejected));
        let path = |n: usize| "/a".repeat(n);
        let deepening: Vec<Value> =
            (1..1000).map(|n| json!({"op": "add", "path": path(n), "value": {}})).collect();
        assert_eq!(patched(json!({}), &deepening.into()), Err(Failure::Rejected));
    }

    #[test]
    fn failures_say_nothing_more() {
        for patch in [
            json!([{"op": "test", "path": "/n", "value": 5.0}]),
            json!([{"op": "remove", "path": "/absent"}]),
            json!([{"op": "add", "path": "", "value": {}}]),
            json!([{"op": "add", "path": "/a/9", "value": 1}]),
            json!([{"op": "nope", "path": "/a"}]),
        ] {
            assert_eq!(patched(json!({"a": [1, 2], "n": 5}), &patch), Err(Failure::Rejected));
        }
        assert!(matches!(patched(json!({}), &json!({})), Err(Failure::Malformed(_))));
    }
}
