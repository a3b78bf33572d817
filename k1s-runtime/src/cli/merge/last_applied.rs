//! The annotation in which client-side `apply` keeps what was applied the time before.

use serde_json::{Map, Value};

use crate::api::Object;
use crate::manifest::to_json_compact;

/// The annotation's key. It is kubectl's, so that objects can be taken over by it and from it.
pub(crate) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The text of the annotation for an object as its manifest has it: compact JSON without the annotation itself, and a line
/// feed.
pub(crate) fn configuration(object: &mut Object) -> String {
    let own = annotations_mut(object).remove(LAST_APPLIED);
    let bare = Value::Object(std::mem::take(&mut object.0));
    let mut text = to_json_compact(&bare);
    text.push('\n');
    if let Value::Object(map) = bare {
        object.0 = map;
    }
    if let Some(own) = own {
        annotations_mut(object).insert(LAST_APPLIED.to_owned(), own);
    }
    text
}

/// Makes the object carry its own configuration, as `apply` sends it.
pub(crate) fn set_configuration(object: &mut Object) {
    let text = configuration(object);
    annotations_mut(object).insert(LAST_APPLIED.to_owned(), Value::String(text));
}

/// `metadata.annotations`, made an empty object if it is absent or not an object.
fn annotations_mut(object: &mut Object) -> &mut Map<String, Value> {
    let slot = object.metadata_mut().entry("annotations").or_insert(Value::Null);
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    match slot {
        Value::Object(map) => map,
        _ => unreachable!("made an object above"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_text_is_compact_escaped_json_without_itself() {
        let manifest = json!({"kind": "K", "metadata": {"name": "a"}, "spec": {"text": "<&>"}});
        let mut object = Object::try_from(manifest).unwrap();
        let expected = "{\"kind\":\"K\",\"metadata\":{\"annotations\":{},\"name\":\"a\"},\"spec\":{\"text\":\"\\u003c\\u0026\\u003e\"}}\n";
        assert_eq!(configuration(&mut object), expected);
        set_configuration(&mut object);
        assert_eq!(object.annotation(LAST_APPLIED), Some(expected));
        assert_eq!(configuration(&mut object), expected);
    }
}
