//! What the recordings do not show of strategic merge patches.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Failure, apply};
use crate::client::shape;

fn patched(kind: &str, object: Value, patch: Value) -> Result<Value, Failure> {
    let (Value::Object(mut object), Value::Object(mut patch)) = (object, patch) else { panic!("objects") };
    apply(shape::root("", kind).unwrap(), &mut object, &mut patch)?;
    Ok(Value::Object(object))
}

fn finalizers(patch: &Value) -> Result<Value, Failure> {
    let object = json!({"metadata": {"finalizers": ["a", "b", "c"]}});
    patched("ConfigMap", object, json!({"metadata": patch})).map(|object| object["metadata"].clone())
}

fn secrets(patch: Value) -> Result<Value, Failure> {
    let object = json!({"secrets": [{"name": "a"}, {"name": "b"}, {"name": "c"}]});
    patched("ServiceAccount", object, patch).map(|object| {
        object["secrets"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect::<Value>()
    })
}

#[test]
fn values_are_merged_in_the_order_of_the_patch() {
    for (patch, result) in [
        (json!({"finalizers": ["d"]}), json!(["d", "a", "b", "c"])),
        (json!({"finalizers": ["c", "a"]}), json!(["b", "c", "a"])),
        (json!({"finalizers": ["d", "d", "b"]}), json!(["d", "a", "b", "c"])),
        (json!({"finalizers": []}), json!(["a", "b", "c"])),
        (json!({"$deleteFromPrimitiveList/finalizers": ["a", "c"], "finalizers": ["d"]}), json!(["d", "b"])),
        (json!({"$setElementOrder/finalizers": ["c", "b", "a"]}), json!(["c", "b", "a"])),
        (
            json!({"$setElementOrder/finalizers": ["d", "b"], "finalizers": ["d"]}),
            json!(["d", "a", "b", "c"]),
        ),
    ] {
        assert_eq!(finalizers(&patch), Ok(json!({"finalizers": result})));
    }
}

#[test]
fn items_are_matched_by_their_key() {
    for (patch, result) in [
        (json!({"secrets": [{"name": "c"}, {"name": "a"}]}), json!(["b", "c", "a"])),
        (json!({"secrets": [{"name": "d"}, {"name": "b", "$patch": "delete"}]}), json!(["d", "a", "c"])),
        (json!({"secrets": [{"$patch": "replace"}]}), json!([])),
        (json!({"$setElementOrder/secrets": [{"name": "b"}, {"name": "a"}]}), json!(["b", "a", "c"])),
    ] {
        assert_eq!(secrets(patch), Ok(result));
    }
    let owned = json!({"metadata": {"ownerReferences": [{"uid": "1", "controller": true, "name": "a"}]}});
    let change =
        json!({"metadata": {"ownerReferences": [{"uid": "1", "controller": null, "$retainKeys": ["uid"]}]}});
    let result = json!({"metadata": {"ownerReferences": [{"uid": "1"}]}});
    assert_eq!(patched("Secret", owned, change), Ok(result));
    let conditions = json!({"status": {"conditions": [{"type": "A", "status": "True"}]}});
    let change = json!({"status": {"conditions": [{"type": "A", "reason": "r"}]}});
    let result = json!({"status": {"conditions": [{"type": "A", "status": "True", "reason": "r"}]}});
    assert_eq!(patched("Namespace", conditions, change), Ok(result));
}

#[test]
fn other_lists_are_replaced() {
    let object = json!({"spec": {"finalizers": ["kubernetes"]}});
    let change = json!({"spec": {"finalizers": ["example.com/a"]}});
    assert_eq!(patched("Namespace", object, change.clone()), Ok(change));
}

#[test]
fn what_is_not_there_is_taken_without_nulls_and_directives() {
    for (patch, result) in [
        (json!({"data": {"a": null, "b": "1"}}), json!({"data": {"b": "1"}})),
        (json!({"data": {"$patch": "replace", "b": "1"}}), json!({})),
        (
            json!({"data": null, "metadata": {"$deleteFromPrimitiveList/finalizers": ["x"]}}),
            json!({"metadata": {}}),
        ),
        (
            json!({"binaryData": {"$deleteFromPrimitiveList/a": ["x"]}}),
            json!({"binaryData": {"$deleteFromPrimitiveList/a": ["x"]}}),
        ),
    ] {
        let object = if patch.get("metadata").is_some() { json!({"metadata": {}}) } else { json!({}) };
        assert_eq!(patched("ConfigMap", object, patch), Ok(result));
    }
}

#[test]
fn fields_to_retain_are_named() {
    let change = json!({"source": {"$retainKeys": ["host"], "host": "n"}});
    let object = json!({"source": {"component": "c"}});
    assert_eq!(patched("Event", object.clone(), change), Ok(json!({"source": {"host": "n"}})));
    let change = json!({"source": {"$retainKeys": ["component"], "host": "n"}});
    assert_eq!(patched("Event", object.clone(), change), Err(Failure::NotRetained));
    let change = json!({"source": {"$retainKeys": "component"}});
    assert_eq!(patched("Event", object, change), Err(Failure::RetainKeys));
}

#[test]
fn bad_directives_are_refused() {
    let other = |message: &str| Err(Failure::Other(message.to_owned()));
    let unknown = other("unknown patch type: merge in map: map[$patch:merge finalizers:[d]]");
    assert_eq!(finalizers(&json!({"$patch": "merge", "finalizers": ["d"]})), unknown);
    assert_eq!(
        finalizers(&json!({"$patch": 1})),
        other("unknown patch type: %!s(int64=1) in map: map[$patch:1]")
    );
    assert_eq!(finalizers(&json!({"$deleteFromPrimitiveList": ["a"]})), Err(Failure::PrimitiveList));
    assert_eq!(finalizers(&json!({"$setElementOrder": ["a"]})), Err(Failure::ElementOrder));
    assert_eq!(
        finalizers(&json!({"finalizers": [["a"]]})),
        other("list element types are not identical: [[a b c] [[a]]]")
    );
    let not_a_list = other("expected a []interface {}, but received a string");
    assert_eq!(finalizers(&json!({"$setElementOrder/finalizers": "a"})), not_a_list);
    let absent = other("unable to find api field in struct ObjectMeta for the json field \"junk\"");
    assert_eq!(finalizers(&json!({"$setElementOrder/junk": ["a"]})), absent);
    let merging = other("merging lists cannot yet be specified in the patch");
    assert_eq!(secrets(json!({"secrets": [{"$patch": "merge"}]})), merging);
}

/// Documents made of the names that mean something to a patch, in and out of place.
fn documents() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "$patch",
        "$retainKeys",
        "$deleteFromPrimitiveList/finalizers",
        "$setElementOrder/finalizers",
        "$setElementOrder/secrets",
        "$setElementOrder/",
        "metadata",
        "finalizers",
        "ownerReferences",
        "secrets",
        "imagePullSecrets",
        "labels",
        "name",
        "uid",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        Just(json!("replace")),
        Just(json!("delete")),
        Just(json!("merge")),
        prop::sample::select(vec!["a", "b", "name"]).prop_map(Value::from),
        (0..3_i64).prop_map(Value::from),
        Just(json!(1.5)),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_patch_of_any_object_is_answered(object in documents(), patch in documents()) {
        if object.is_object() && patch.is_object() {
            let _ = patched("ServiceAccount", object, patch);
        }
    }

    #[test]
    fn a_patch_that_only_reorders_loses_nothing(order in prop::sample::subsequence(vec!["a", "b", "c", "x"], 1..4).prop_shuffle()) {
        let result = finalizers(&json!({"$setElementOrder/finalizers": order})).unwrap();
        let mut found: Vec<&str> = result["finalizers"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let wanted: Vec<&str> = order.into_iter().filter(|item| *item != "x").collect();
        let named: Vec<&str> = found.iter().copied().filter(|item| wanted.contains(item)).collect();
        prop_assert_eq!(named, wanted);
        found.sort_unstable();
        prop_assert_eq!(found, ["a", "b", "c"]);
    }
}
