//! Reviews: what the server would say, without a store.
#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test may panic, and reads better without `&`"
)]

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::api::definition::SchemaSource;
use k1s_runtime::client::{Review, Reviewer};
use k1s_runtime::kube_core::GroupVersionKind;
use k1s_runtime::scheme::Scheme;
use serde_json::{Value, json};

fn reviewer() -> Reviewer {
    let scheme = Scheme::new();
    let mut item = ResourceDefinition::new("shop.example.com", "v1", "Item", "items");
    item.status = true;
    item.deprecated = Some(String::new());
    let schema = json!({"type": "object", "properties": {
        "spec": {"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "maxLength": 10},
            "size": {"type": "integer", "default": 3, "minimum": 1},
            "kept": {"type": "string", "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "stays"}]},
            "labels": {"type": "array", "items": {"type": "object", "properties": {"key": {"type": "string"}}}},
            "one": {"type": "string", "oneOf": [{"minLength": 3}, {"maxLength": 1}]},
        }},
        "status": {"type": "object", "properties": {"ready": {"type": "boolean"}}},
    }});
    item.schema = SchemaSource::OpenApi(schema.into());
    scheme.register_definition(item).unwrap();
    Reviewer::new(Arc::new(scheme))
}

fn item(spec: Value) -> Object {
    let value =
        json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "metadata": {"name": "a"}, "spec": spec});
    Object::try_from(value).unwrap()
}

fn errors(review: &Review) -> Vec<String> {
    review.errors.iter().map(ToString::to_string).collect()
}

#[test]
fn a_new_object_is_pruned_defaulted_and_judged() {
    let mut object = item(json!({"name": "hammer", "nmae": "x"}));
    object.0.insert("status".into(), json!({"ready": true}));
    let review = reviewer().create(&object).unwrap().unwrap();
    assert!(review.is_accepted());
    assert_eq!(review.unknown, ["spec.nmae"]);
    assert_eq!(
        review.object.clone().into_value(),
        json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "metadata": {"name": "a", "namespace": "default"},
            "spec": {"name": "hammer", "size": 3}})
    );
    assert_eq!(review.deprecated.as_deref(), Some("shop.example.com/v1 Item is deprecated"));
    assert!(review.warnings.is_empty());
}

#[test]
fn all_that_is_wrong_is_told_with_keyword_and_place() {
    let mut object = item(json!({"name": "a hammer that is long", "size": 0, "one": "ab"}));
    object.set_metadata("labels", json!({"no good": "x"}));
    object.set_metadata("resourceVersion", "12");
    let review = reviewer().create(&object).unwrap().unwrap();
    let found: Vec<_> = review
        .errors
        .iter()
        .map(|error| (error.origin, error.place.as_deref().unwrap_or(&error.field)))
        .collect();
    for expected in [
        ("", "metadata.resourceVersion"),
        ("", "metadata.labels.no good"),
        ("maxLength", "spec.name"),
        ("minimum", "spec.size"),
        ("oneOf", "spec.one"),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
}

#[test]
fn what_cannot_be_decoded_says_where() {
    let reviewer = reviewer();
    let map =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"port": 80}});
    let review = reviewer.create(&Object::try_from(map).unwrap()).unwrap().unwrap();
    let fault = &review.undecodable[0];
    assert_eq!(fault.field, "data.port");
    assert_eq!(
        fault.detail,
        "json: cannot unmarshal number into Go struct field ConfigMap.data of type string"
    );
    let unknown = json!({"apiVersion": "v2", "kind": "ConfigMap", "metadata": {"name": "a"}});
    assert!(reviewer.create(&Object::try_from(unknown).unwrap()).unwrap().is_none());
}

#[test]
fn a_change_is_judged_by_what_was_there() {
    let reviewer = reviewer();
    let old = item(json!({"name": "hammer", "kept": "a", "size": 0}));
    let review = reviewer.update(&item(json!({"name": "hammer", "kept": "b", "size": 0})), &old);
    // What was wrong before and stays as it was is not held against it.
    assert_eq!(errors(&review.unwrap().unwrap()), ["spec.kept: Invalid value: \"b\": stays"]);
    let review = reviewer.update(&old, &old).unwrap().unwrap();
    assert!(review.is_accepted(), "{:?}", errors(&review));
    let secret = |text: &str| {
        let value = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "immutable": true,
            "stringData": {"a": text}});
        Object::try_from(value).unwrap()
    };
    let review = reviewer.update(&secret("new"), &secret("old")).unwrap().unwrap();
    assert_eq!(errors(&review), ["data: Forbidden: field is immutable when `immutable` is set"]);
}

#[test]
fn names_may_be_left_to_the_server() {
    let mut object = item(json!({"name": "hammer"}));
    object.metadata_mut().clear();
    let review = reviewer().create(&object).unwrap().unwrap();
    assert_eq!(errors(&review)[0], "metadata.name: Required value: name or generateName is required");
    object.set_metadata("generateName", "a-");
    let review = reviewer().create(&object).unwrap().unwrap();
    assert!(review.is_accepted() && review.object.name().is_empty());
}

#[test]
fn fields_are_known_for_hints() {
    let reviewer = reviewer();
    let gvk = GroupVersionKind::gvk("shop.example.com", "v1", "Item");
    assert_eq!(reviewer.fields_at(&gvk, &["spec", "labels", "3"]), ["key"]);
    assert!(reviewer.fields_at(&gvk, &[]).contains(&"metadata".to_owned()));
    assert!(reviewer.fields_at(&gvk, &["metadata"]).contains(&"labels".to_owned()));
    assert!(reviewer.fields_at(&gvk, &["spec", "nope"]).is_empty());
    let map = GroupVersionKind::gvk("", "v1", "ConfigMap");
    assert!(reviewer.fields_at(&map, &[]).contains(&"binaryData".to_owned()));
}

#[test]
fn what_cannot_be_decoded_hides_nothing_else() {
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "UP", "labels": {"a.b/c": 1}, "ownerReferences": [{"uid": 1}]},
        "data": {"a": 1, "b.c": true, "ok": "x"}, "nope": 1});
    let review = reviewer().create(&Object::try_from(map).unwrap()).unwrap().unwrap();
    let fields: Vec<&str> = review.undecodable.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["metadata.labels.a.b/c", "metadata.ownerReferences[0].uid", "data.a", "data.b.c"]);
    assert_eq!(review.unknown, ["nope"]);
    assert!(errors(&review).iter().any(|error| error.starts_with("metadata.name: Invalid value: \"UP\"")));
    assert_eq!(review.object.0["data"], json!({"ok": "x"}));
}

#[test]
fn large_objects_are_refused() {
    let object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "annotations": {}},
        "type": "x".repeat(4 << 20)});
    let review = reviewer().create(&Object::try_from(object).unwrap()).unwrap().unwrap();
    assert!(
        errors(&review).iter().any(|error| error.contains("limit is 3145728")),
        "{:?}",
        review.errors.len()
    );
}
