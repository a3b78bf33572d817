//! Server-side apply through the client: what tests of single rooms and recordings do not ask.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::api::GroupVersionKind;
use k1s_runtime::client::{
    Client, CoreClient, Patch, Result, Subresource, Target, WriteBody, WriteOptions, WriteRequest, WriteVerb,
    Written,
};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;
use serde_json::{Value, json};

fn client() -> CoreClient {
    let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
        "replicas": {"type": "integer"}, "color": {"type": "string"}}}}});
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "items.shop.example.com"},
        "spec": {
            "group": "shop.example.com", "scope": "Namespaced", "names": {"kind": "Item", "plural": "items"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema},
                "subresources": {"scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}}}],
        },
    });
    let gvk = GroupVersionKind::gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    let request = WriteRequest {
        target: Target { gvk, namespace: None },
        name: String::new(),
        subresource: None,
        verb: WriteVerb::Create(Object::try_from(definition).unwrap()),
        options: WriteOptions::default(),
    };
    block_on(client.write(vec![request])).pop().unwrap().unwrap();
    client
}

fn apply(
    client: &CoreClient,
    manager: &str,
    document: &Value,
    subresource: Option<Subresource>,
) -> Result<Written> {
    let gvk = GroupVersionKind::gvk("shop.example.com", "v1", "Item");
    let request = WriteRequest {
        target: Target { gvk, namespace: Some("default".into()) },
        name: "a".into(),
        subresource,
        verb: WriteVerb::Patch(Patch::Apply { document: document.clone(), force: false }),
        options: WriteOptions { field_manager: Some(manager.into()), ..WriteOptions::default() },
    };
    block_on(client.write(vec![request])).pop().unwrap()
}

fn item(spec: &Value) -> Value {
    json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "metadata": {"name": "a"}, "spec": spec})
}

fn scale(replicas: i64) -> Value {
    json!({"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "a"}, "spec": {"replicas": replicas}})
}

fn object(written: &Written) -> Value {
    match &written.body {
        WriteBody::Object(raw) => raw.decode().unwrap(),
        other => panic!("no object: {other:?}"),
    }
}

#[test]
fn what_nobody_names_any_more_goes_and_what_is_shared_stays() {
    let client = client();
    let first = apply(&client, "ada", &item(&json!({"replicas": 1, "color": "red"})), None).unwrap();
    assert_eq!((first.code, first.changed), (201, true));
    apply(&client, "bob", &item(&json!({"color": "red"})), None).unwrap();
    let error = apply(&client, "bob", &item(&json!({"color": "blue"})), None).unwrap_err();
    assert_eq!(error.to_string(), "Apply failed with 1 conflict: conflict with \"ada\": .spec.color");
    let left = apply(&client, "ada", &item(&json!({})), None).unwrap();
    assert_eq!(object(&left)["spec"], json!({"color": "red"}));
    let same = apply(&client, "ada", &item(&json!({})), None).unwrap();
    assert!(!same.changed, "what says nothing new writes nothing");
}

#[test]
fn an_apply_to_a_scale_owns_what_is_there_and_changes_nothing() {
    let client = client();
    apply(&client, "ada", &item(&json!({"replicas": 2})), None).unwrap();
    let seen = apply(&client, "hpa", &scale(2), Some(Subresource::Scale)).unwrap();
    assert_eq!(object(&seen)["spec"], json!({"replicas": 2}));
    // Now both have it.
    let error = apply(&client, "ada", &item(&json!({"replicas": 3})), None).unwrap_err();
    assert!(error.to_string().ends_with("\"hpa\" with subresource \"scale\": .spec.replicas"), "{error}");
    let error = apply(&client, "hpa", &item(&json!({})), Some(Subresource::Scale)).unwrap_err();
    assert_eq!(error.status().unwrap().code, 400);
}
