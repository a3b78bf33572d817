//! Rules on the way of a write: kinds of the program and kinds of applied definitions, every verb, and what warnings come along.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and json! makes values"
)]

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::api::definition::{RustSchema, SchemaSource};
use k1s_runtime::api::{GroupVersionKind, ResourceDefinition};
use k1s_runtime::client::{
    Api, Client, CoreClient, DryRun, Error, Patch, Result, Subresource, Target, WriteOptions, WriteRequest,
    WriteVerb, Written,
};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;
use serde_json::{Value, json};

fn schema(limit: i64) -> Value {
    let rule = format!("self.size <= {limit}");
    json!({"type": "object", "properties": {
        "spec": {"type": "object", "properties": {
            "size": {"type": "integer"},
            "color": {"type": "string", "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "never changes"}]},
        }, "x-kubernetes-validations": [{"rule": rule, "message": "too large"}]},
        "status": {"type": "object", "properties": {
            "phase": {"type": "string", "x-kubernetes-validations": [{"rule": "self != 'Odd'", "message": "is odd"}]},
        }},
    }})
}

fn crd(limit: i64) -> Object {
    Object::try_from(json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "items.shop.example.com"},
        "spec": {
            "group": "shop.example.com", "scope": "Namespaced", "names": {"kind": "Item", "plural": "items"},
            "versions": [{
                "name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema(limit)},
                "subresources": {"status": {}},
            }],
        },
    }))
    .unwrap()
}

fn object(name: &str, spec: Value) -> Object {
    Object::try_from(json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "metadata": {"name": name}, "spec": spec}))
        .unwrap()
}

fn crds(client: &CoreClient) -> Api<Object> {
    let gvk = GroupVersionKind::gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    Api::dynamic(client.clone(), &client.scheme().by_gvk(&gvk).unwrap(), None)
}

async fn client() -> CoreClient {
    let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
    crds(&client).create(&crd(10)).await.unwrap();
    client
}

async fn write(
    client: &CoreClient,
    name: &str,
    subresource: Option<Subresource>,
    verb: WriteVerb,
) -> Result<Written> {
    let gvk = GroupVersionKind::gvk("shop.example.com", "v1", "Item");
    let target = Target { gvk, namespace: Some("default".into()) };
    let options = WriteOptions::default();
    let request = WriteRequest { target, name: name.into(), subresource, verb, options };
    client.write(vec![request]).await.remove(0)
}

/// The causes of a refusal.
fn told(error: &Error) -> String {
    let text = error.to_string();
    text.split_once(" is invalid: ").map_or(text.clone(), |(_, causes)| causes.to_owned())
}

#[test]
fn every_verb_is_judged() {
    block_on(async {
        let client = client().await;
        let items = Api::<Object>::dynamic(
            client.clone(),
            &ResourceDefinition::new("shop.example.com", "v1", "Item", "items"),
            Some("default"),
        );
        let too_large = "spec: Invalid value: too large";
        let error = items.create(&object("a", json!({"size": 11}))).await.unwrap_err();
        assert_eq!(told(&error), too_large);
        let dry =
            items.clone().with_options(WriteOptions { dry_run: DryRun::All, ..WriteOptions::default() });
        assert_eq!(told(&dry.create(&object("a", json!({"size": 11}))).await.unwrap_err()), too_large);
        let mut made = items.create(&object("a", json!({"size": 1, "color": "red"}))).await.unwrap();
        for patch in [
            Patch::Merge(json!({"spec": {"size": 12}})),
            Patch::Json(json!([{"op": "replace", "path": "/spec/size", "value": 12}])),
        ] {
            assert_eq!(told(&items.patch("a", patch).await.unwrap_err()), too_large);
        }
        made.0["spec"]["color"] = "blue".into();
        let error = items.replace("a", &made).await.unwrap_err();
        assert_eq!(told(&error), "spec.color: Invalid value: \"blue\": never changes");
        let odd = Patch::Merge(json!({"status": {"phase": "Odd"}}));
        let error = items.patch_status("a", odd).await.unwrap_err();
        assert_eq!(told(&error), "status.phase: Invalid value: \"Odd\": is odd");
        assert!(items.patch_status("a", Patch::Merge(json!({"status": {"phase": "Even"}}))).await.is_ok());
    });
}

#[test]
fn what_was_wrong_before_is_warned_of() {
    block_on(async {
        let client = client().await;
        let made = WriteVerb::Create(object("a", json!({"size": 9, "color": "red"})));
        assert!(write(&client, "", None, made).await.unwrap().warnings.is_empty());
        let size = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-validations/0/rule";
        let stricter = Patch::Json(json!([{"op": "replace", "path": size, "value": "self.size <= 5"}]));
        crds(&client).patch("items.shop.example.com", stricter).await.unwrap();
        let touched = |labels: Value, spec: Value| {
            WriteVerb::Patch(Patch::Merge(json!({"metadata": {"labels": labels}, "spec": spec})))
        };
        let written = write(&client, "a", None, touched(json!({"a": "b"}), json!({}))).await.unwrap();
        assert_eq!(written.warnings, ["spec: Invalid value: too large"]);
        let phase = WriteVerb::Patch(Patch::Merge(json!({"status": {"phase": "Odd"}})));
        let (error, warnings) =
            write(&client, "a", Some(Subresource::Status), phase).await.unwrap_err().into_parts();
        assert_eq!(told(&error), "status.phase: Invalid value: \"Odd\": is odd");
        assert_eq!(warnings, ["spec: Invalid value: too large"]);
        let (error, warnings) =
            write(&client, "a", None, touched(json!({}), json!({"size": 8}))).await.unwrap_err().into_parts();
        assert_eq!(told(&error), "spec: Invalid value: too large");
        assert!(warnings.is_empty());
    });
}

#[test]
fn kinds_of_the_program_are_judged_alike() {
    let root = || {
        schemars::Schema::try_from(json!({"type": "object", "properties": {"spec": {
            "type": "object", "properties": {"min": {"type": "integer"}, "max": {"type": "integer"}},
            "x-kubernetes-validations": [{"rule": "self.min <= self.max", "reason": "FieldValueForbidden", "fieldPath": ".min"}],
        }}}))
        .unwrap()
    };
    block_on(async {
        let mut range = ResourceDefinition::new("shop.example.com", "v1", "Range", "ranges");
        range.schema = SchemaSource::Rust(RustSchema { root });
        let scheme = Scheme::new();
        scheme.register_definition(range.clone()).unwrap();
        let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(scheme));
        let ranges = Api::<Object>::dynamic(client, &range, Some("default"));
        let object = |min: i64, max: i64| {
            let mut object = object("r", json!({"min": min, "max": max}));
            object.0["kind"] = "Range".into();
            object
        };
        assert!(ranges.create(&object(1, 2)).await.is_ok());
        let mut made = ranges.get("r").await.unwrap();
        made.0["spec"]["max"] = 0.into();
        let error = ranges.replace("r", &made).await.unwrap_err();
        assert_eq!(told(&error), "spec.min: Forbidden: failed rule: self.min <= self.max");
    });
}

#[test]
fn definitions_keep_what_rules_are_made_of_and_are_refused_for_wrong_ones() {
    block_on(async {
        let client = client().await;
        let mut other = crd(1);
        let rules = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-validations";
        let rule = json!({
            "rule": "oldSelf.hasValue() || self.size > 0", "message": "m", "messageExpression": "'e'", "reason": "FieldValueInvalid",
            "fieldPath": ".size", "optionalOldSelf": true,
        });
        let mut written = rule.clone();
        written["unknown"] = 1.into();
        let mut body = Value::Object(other.0.clone());
        *body.pointer_mut(rules).unwrap() = json!([written]);
        other = Object::try_from(body).unwrap();
        crds(&client).delete("items.shop.example.com", Default::default()).await.unwrap();
        let made = crds(&client).create(&other).await.unwrap();
        assert_eq!(Value::Object(made.0).pointer(rules), Some(&json!([rule])));
        let wrong = Patch::Json(
            json!([{"op": "replace", "path": format!("{rules}/0/rule"), "value": "self.sise > 0"}]),
        );
        let error = crds(&client).patch("items.shop.example.com", wrong).await.unwrap_err();
        assert!(error.to_string().contains("<input>:1:5: undefined field 'sise'"), "{error}");
    });
}
