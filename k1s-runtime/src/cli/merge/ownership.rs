//! Handing the fields of client-side apply over to server-side apply, in `metadata.managedFields`.

use serde_json::{Map, Value};

use crate::Object;

use super::LAST_APPLIED;

/// The writers that are not appliers and own the annotation of client-side apply: those that applied on the client's side.
pub(crate) fn owners_of_annotation(object: &Object) -> Vec<String> {
    let annotation = format!("f:{LAST_APPLIED}");
    let owns = |entry: &&Value| {
        let annotations = entry.pointer("/fieldsV1/f:metadata/f:annotations");
        is(entry, "Update") && annotations.is_some_and(|annotations| annotations.get(&annotation).is_some())
    };
    let entries = entries(object).iter().filter(owns);
    entries.map(|entry| text(entry, "manager").to_owned()).collect()
}

/// `managedFields` with what client-side apply owns made `manager`'s; `None` if there is nothing to hand over.
pub(crate) fn hand_over(object: &Object, manager: &str) -> Option<Value> {
    let old = owners_of_annotation(object);
    if old.is_empty() {
        return None;
    }
    let is_old = |entry: &Value| {
        is(entry, "Update")
            && text(entry, "subresource").is_empty()
            && old.iter().any(|name| name == text(entry, "manager"))
    };
    let (handed, mut kept): (Vec<Value>, Vec<Value>) = entries(object).iter().cloned().partition(is_old);
    for entry in handed {
        let new = kept.iter_mut().find(|kept| {
            is(kept, "Apply") && text(kept, "manager") == manager && text(kept, "subresource").is_empty()
        });
        match new.and_then(|new| new.get_mut("fieldsV1")).and_then(Value::as_object_mut) {
            Some(fields) => {
                if let Some(Value::Object(more)) = entry.get("fieldsV1") {
                    unite(fields, more);
                }
            }
            None => kept.push(as_applied(entry, manager)),
        }
    }
    Some(Value::Array(kept))
}

fn entries(object: &Object) -> &[Value] {
    let entries = object.metadata().and_then(|metadata| metadata.get("managedFields"));
    entries.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(entry: &'a Value, field: &str) -> &'a str {
    entry.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn is(entry: &Value, operation: &str) -> bool {
    text(entry, "operation") == operation
}

fn as_applied(mut entry: Value, manager: &str) -> Value {
    if let Value::Object(entry) = &mut entry {
        entry.insert("manager".to_owned(), manager.into());
        entry.insert("operation".to_owned(), "Apply".into());
    }
    entry
}

/// Adds fields to a set. An empty set below a field says that the field itself is meant.
fn unite(fields: &mut Map<String, Value>, more: &Map<String, Value>) {
    for (name, below) in more {
        match (fields.get_mut(name), below) {
            (Some(Value::Object(known)), Value::Object(below)) => {
                let itself = known.is_empty() || below.is_empty();
                unite(known, below);
                if itself && !known.is_empty() {
                    known.insert(".".to_owned(), Value::Object(Map::new()));
                }
            }
            _ => {
                fields.insert(name.clone(), below.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_applied_on_the_client_s_side_is_handed_over() {
        let annotation = format!("f:{LAST_APPLIED}");
        let object = Object::try_from(json!({"metadata": {"name": "a", "managedFields": [
            {"manager": "kubectl", "operation": "Apply", "fieldsV1": {"f:spec": {"f:a": {}, "f:m": {}}}},
            {"manager": "old", "operation": "Update",
             "fieldsV1": {"f:metadata": {"f:annotations": {annotation: {}}}, "f:spec": {".": {}, "f:b": {}, "f:m": {"f:x": {}}}}},
            {"manager": "other", "operation": "Update", "fieldsV1": {"f:spec": {"f:c": {}}}},
        ]}}))
        .unwrap();
        let entries = hand_over(&object, "kubectl").unwrap();
        assert_eq!(entries.as_array().unwrap().len(), 2);
        assert_eq!(
            entries[0]["fieldsV1"]["f:spec"],
            json!({".": {}, "f:a": {}, "f:b": {}, "f:m": {".": {}, "f:x": {}}})
        );
        assert_eq!(entries[1]["manager"], "other");
        assert_eq!(hand_over(&object, "zoe").unwrap()[2]["operation"], "Apply");
        assert_eq!(hand_over(&Object::default(), "kubectl"), None);
    }
}
