//! Sets of fields as `fieldsV1` writes them.
//!
//! <https://kubernetes.io/docs/reference/using-api/server-side-apply/> describes the format: `f:name` is a field, `k:{…}` an item with these
//! keys, `v:…` an item with this value, `i:n` an item at a place, and `.` the element itself.

use serde_json::{Map, Value};

use crate::api::gotext;

use super::element::{PathElement, Scalar};
use super::set::{FieldSet, Node};

/// How deep a set may be; objects are no deeper.
const MAX_DEPTH: usize = 128;

/// Reads a set.
///
/// # Errors
/// What is wrong with it.
pub(super) fn decode(fields: &Map<String, Value>) -> Result<FieldSet, String> {
    level(fields, 0)
}

fn level(fields: &Map<String, Value>, depth: usize) -> Result<FieldSet, String> {
    if depth > MAX_DEPTH {
        return Err(format!("fieldsV1 is deeper than {MAX_DEPTH} levels"));
    }
    let mut nodes = Vec::with_capacity(fields.len());
    for (key, below) in fields {
        if key == "." {
            continue;
        }
        let element = element(key)?;
        let Value::Object(below) = below else {
            return Err(format!("expected an object at {key:?}"));
        };
        let member = below.is_empty() || below.contains_key(".");
        nodes.push((element, Node { member, children: level(below, depth + 1)? }));
    }
    nodes.sort_by(|(a, _), (b, _)| a.cmp(b));
    nodes.dedup_by(|(a, _), (b, _)| a == b);
    Ok(FieldSet::of(nodes))
}

fn element(key: &str) -> Result<PathElement, String> {
    let unreadable = |why: String| format!("cannot read the path element {key:?}: {why}");
    let (kind, rest) = key.split_once(':').ok_or_else(|| unreadable("no kind".to_owned()))?;
    let json = || serde_json::from_str::<Value>(rest).map_err(|error| unreadable(error.to_string()));
    match kind {
        "f" => Ok(PathElement::field(rest)),
        "i" => rest.parse().map(PathElement::Index).map_err(|error| unreadable(error.to_string())),
        "v" => Ok(PathElement::Value(Scalar(json()?))),
        "k" => match json()? {
            Value::Object(keys) => {
                let mut keys: Vec<_> =
                    keys.into_iter().map(|(name, value)| (name.into(), Scalar(value))).collect();
                keys.sort();
                Ok(PathElement::Key(keys))
            }
            _ => Err(unreadable("keys are an object".to_owned())),
        },
        _ => Err(unreadable(format!("unknown kind {kind:?}"))),
    }
}

/// Writes a set.
pub(super) fn encode(set: &FieldSet) -> Map<String, Value> {
    let mut fields = Map::new();
    for (element, node) in set.nodes() {
        let mut below = encode(&node.children);
        if node.member && !below.is_empty() {
            below.insert(".".to_owned(), Value::Object(Map::new()));
        }
        fields.insert(key(element), Value::Object(below));
    }
    fields
}

/// An item of a set, named by its value.
pub(super) fn value_key(value: &Value) -> String {
    "v:".to_owned() + &gotext::json(value)
}

/// An element as a key of a set.
pub(super) fn key(element: &PathElement) -> String {
    match element {
        PathElement::Field(name) => format!("f:{name}"),
        PathElement::Index(index) => format!("i:{index}"),
        PathElement::Value(value) => value_key(&value.0),
        PathElement::Key(keys) => {
            let keys = keys.iter().map(|(name, value)| (name.to_string(), value.0.clone()));
            format!("k:{}", gotext::json(&Value::Object(keys.collect())))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn round(fields: &Value) -> Value {
        Value::Object(encode(&decode(fields.as_object().unwrap()).unwrap()))
    }

    #[test]
    fn sets_survive_being_written() {
        let fields = json!({"f:metadata": {"f:labels": {".": {}, "f:x": {}}}, "f:spec": {
            "f:groups": {"k:{\"name\":\"g\",\"port\":80}": {".": {}, "f:name": {}}},
            "f:set": {"v:\"x\"": {}, "v:1": {}}, "f:list": {"i:0": {}}, "f:empty": {}}});
        assert_eq!(round(&fields), fields);
    }

    #[test]
    fn what_is_no_path_element_is_said_to_be_none() {
        let refused = |fields: Value| decode(fields.as_object().unwrap()).unwrap_err();
        assert_eq!(refused(json!({"spec": {}})), r#"cannot read the path element "spec": no kind"#);
        assert!(refused(json!({"k:[1]": {}})).contains("keys are an object"));
        assert!(refused(json!({"f:spec": 1})).contains("expected an object"));
        assert!(refused(json!({"z:1": {}})).contains("unknown kind"));
    }
}
