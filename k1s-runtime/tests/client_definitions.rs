//! CustomResourceDefinitions: applying one makes its kind available, deleting one takes its objects along.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and json! makes values"
)]

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::api::{GroupVersionKind, ResourceDefinition};
use k1s_runtime::client::{Api, Client, CoreClient, DeleteOptions, FieldValidation, Patch, WriteOptions};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::{LogLimits, MemoryStorage, Storage};
use pollster::block_on;
use serde_json::json;

fn crd() -> Object {
    let schema = json!({"type": "object", "properties": {
        "spec": {"type": "object", "properties": {
            "size": {"type": "integer", "minimum": 0}, "color": {"type": "string", "default": "red"},
        }},
    }});
    Object::try_from(json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "items.shop.example.com"},
        "spec": {
            "group": "shop.example.com", "scope": "Namespaced", "names": {"kind": "Item", "plural": "items"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    }))
    .unwrap()
}

fn client(storage: &Arc<dyn Storage>) -> CoreClient {
    CoreClient::new(storage.clone(), Arc::new(Scheme::new()))
}

fn crds(client: &CoreClient) -> Api<Object> {
    let gvk = GroupVersionKind::gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    let definition = client.scheme().by_gvk(&gvk).unwrap();
    Api::dynamic(client.clone(), &definition, None)
}

fn items(client: &CoreClient) -> Api<Object> {
    let item = ResourceDefinition::new("shop.example.com", "v1", "Item", "items");
    Api::dynamic(client.clone(), &item, Some("default"))
}

fn object(name: &str, spec: serde_json::Value) -> Object {
    Object::try_from(json!({"apiVersion": "shop.example.com/v1", "kind": "Item",
        "metadata": {"name": name}, "spec": spec}))
    .unwrap()
}

#[test]
fn a_definition_makes_its_kind_available_to_every_client_of_the_store() {
    block_on(async {
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
        let one = client(&storage);
        let gvk = GroupVersionKind::gvk("shop.example.com", "v1", "Item");
        let error = one.resolve(&gvk).await.unwrap_err();
        assert_eq!(error.to_string(), "no matches for kind \"Item\" in version \"shop.example.com/v1\"");
        let made = crds(&one).create(&crd()).await.unwrap();
        assert_eq!(made.0["status"]["acceptedNames"]["listKind"], "ItemList");
        assert_eq!(made.0["status"]["storedVersions"], json!(["v1"]));
        let item = items(&one).create(&object("a", json!({"size": 1, "junk": 1}))).await.unwrap();
        assert_eq!(item.0["spec"], json!({"size": 1, "color": "red"}));
        let error = items(&one).create(&object("b", json!({"size": -1}))).await.unwrap_err();
        assert!(error.is_invalid(), "{error}");
        // Another client finds the kind in the store.
        let other = client(&storage);
        assert!(items(&other).get("a").await.is_ok());
        assert!(other.discover().await.unwrap().iter().any(|definition| definition.kind == "Item"));
    });
}

#[test]
fn a_definition_of_another_client_is_found_although_the_store_was_searched_before() {
    block_on(async {
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
        let (one, other) = (client(&storage), client(&storage));
        assert!(items(&other).get("a").await.is_err(), "there is no such kind yet");
        crds(&one).create(&crd()).await.unwrap();
        items(&one).create(&object("a", json!({}))).await.unwrap();
        assert!(items(&other).get("a").await.is_ok());
    });
}

#[test]
fn a_definition_that_clashes_with_a_kind_of_the_program_is_stored_but_not_served() {
    block_on(async {
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
        let one = client(&storage);
        let own = ResourceDefinition::new("shop.example.com", "v1", "Thing", "items");
        one.scheme().register_definition(own).unwrap();
        let api = crds(&one);
        assert!(api.create(&crd()).await.is_ok());
        assert!(api.get("items.shop.example.com").await.is_ok());
        let error = items(&one).get("a").await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    });
}

#[test]
fn a_changed_definition_is_in_force_at_once() {
    block_on(async {
        let client = client(&(Arc::new(MemoryStorage::new()) as Arc<dyn Storage>));
        crds(&client).create(&crd()).await.unwrap();
        items(&client).create(&object("a", json!({"size": 1}))).await.unwrap();
        let path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/minimum";
        let patch = Patch::Json(json!([{"op": "replace", "path": path, "value": 10}]));
        crds(&client).patch("items.shop.example.com", patch).await.unwrap();
        let error = items(&client).create(&object("b", json!({"size": 5}))).await.unwrap_err();
        assert!(error.to_string().contains("greater than or equal to 10"), "{error}");
    });
}

#[test]
fn a_deleted_definition_takes_its_objects_along() {
    block_on(async {
        let client = client(&(Arc::new(MemoryStorage::new()) as Arc<dyn Storage>));
        crds(&client).create(&crd()).await.unwrap();
        let mut held = object("a", json!({}));
        held.set_metadata("finalizers", json!(["example.com/f"]));
        items(&client).create(&held).await.unwrap();
        crds(&client).delete("items.shop.example.com", Default::default()).await.unwrap();
        assert!(items(&client).get("a").await.unwrap_err().is_not_found());
        crds(&client).create(&crd()).await.unwrap();
        assert!(items(&client).list("").await.unwrap().items.is_empty());
    });
}

#[test]
fn unknown_fields_are_dropped_warned_of_or_refused() {
    block_on(async {
        let client = client(&(Arc::new(MemoryStorage::new()) as Arc<dyn Storage>));
        crds(&client).create(&crd()).await.unwrap();
        let options = WriteOptions { field_validation: FieldValidation::Strict, ..Default::default() };
        let strict = items(&client).with_options(options);
        let error = strict.create(&object("a", json!({"junk": 1}))).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "Item in version \"v1\" cannot be handled as a Item: strict decoding error: unknown field \"spec.junk\""
        );
    });
}

#[test]
fn embedded_resources_are_written_as_objects_are() {
    block_on(async {
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
        let client = client(&storage);
        let mut definition = crd();
        definition.0["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"] = json!({
            "type": "object", "properties": {"pods": {"type": "array", "items": {
                "type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true,
            }}},
        });
        crds(&client).create(&definition).await.unwrap();
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {
            "name": "p", "creationTimestamp": "2026-01-01T02:00:00.5+02:00", "labels": {},
        }});
        let bare = json!({"apiVersion": "v1", "kind": "Pod"});
        let item = object("a", json!({"pods": [pod, bare]}));
        let written = items(&client).create(&item).await.unwrap();
        let metadata = json!({"name": "p", "creationTimestamp": "2026-01-01T00:00:00Z"});
        assert_eq!(written.0["spec"]["pods"][0]["metadata"], metadata);
        assert_eq!(written.0["spec"]["pods"][1], bare);
    });
}

#[test]
fn the_schema_of_a_body_is_that_of_its_version() {
    block_on(async {
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
        let client = client(&storage);
        let mut definition = crd();
        let mut other = definition.0["spec"]["versions"][0].clone();
        other["name"] = "v2".into();
        other["storage"] = false.into();
        other["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["shape"] =
            json!({"type": "string"});
        definition.0["spec"]["versions"].as_array_mut().unwrap().push(other);
        crds(&client).create(&definition).await.unwrap();
        for (version, unknown) in
            [("v2", &["unknown field \"spec.x\""][..]), ("v9", &["unknown field \"spec\""])]
        {
            let mut item = object("a", json!({"shape": "round", "x": 1}));
            item.0["apiVersion"] = format!("shop.example.com/{version}").into();
            let refused = items(&client).create(&item).await.unwrap_err();
            let (error, warnings) = refused.into_parts();
            assert!(error.to_string().contains("does not match the expected API version"), "{error}");
            assert_eq!(warnings, unknown, "{version}");
        }
    });
}

/// Two clients on one store, each with a scheme of its own: what two processes are to each other.
fn on_both_stores(check: impl AsyncFn(CoreClient, CoreClient)) {
    let memory: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
    block_on(check(client(&memory), client(&memory)));
    #[cfg(feature = "lmdb")]
    {
        use k1s_runtime::storage::{LmdbOptions, LmdbStorage};

        let directory = tempfile::tempdir().unwrap();
        let lmdb: Arc<dyn Storage> =
            Arc::new(LmdbStorage::open(directory.path(), LmdbOptions::default()).unwrap());
        block_on(check(client(&lmdb), client(&lmdb)));
    }
}

fn minimum(value: i32) -> Patch {
    let path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/minimum";
    Patch::Json(json!([{"op": "replace", "path": path, "value": value}]))
}

#[test]
fn what_another_process_does_to_a_definition_is_in_force_at_once() {
    on_both_stores(async |one, other| {
        crds(&one).create(&crd()).await.unwrap();
        items(&other).create(&object("a", json!({"size": 1}))).await.unwrap();
        for (size, bound) in [(5, 10), (15, 20)] {
            crds(&one).patch("items.shop.example.com", minimum(bound)).await.unwrap();
            let error = items(&other).create(&object("b", json!({"size": size}))).await.unwrap_err();
            assert!(error.to_string().contains(&format!("greater than or equal to {bound}")), "{error}");
        }
        // Changes that are none of a definition change nothing.
        for number in 0..3 {
            items(&one).create(&object(&format!("c{number}"), json!({"size": 30}))).await.unwrap();
        }
        assert!(items(&other).get("c2").await.is_ok());
        let error = items(&other).create(&object("b", json!({"size": 15}))).await.unwrap_err();
        assert!(error.is_invalid(), "{error}");

        crds(&one).delete("items.shop.example.com", DeleteOptions::default()).await.unwrap();
        let error = items(&other).get("a").await.unwrap_err();
        assert_eq!(error.to_string(), "no matches for kind \"Item\" in version \"shop.example.com/v1\"");
    });
}

#[test]
fn a_definition_that_comes_again_may_have_another_kind() {
    on_both_stores(async |one, other| {
        crds(&one).create(&crd()).await.unwrap();
        assert!(items(&other).get("a").await.unwrap_err().is_not_found());
        crds(&one).delete("items.shop.example.com", DeleteOptions::default()).await.unwrap();
        let mut again = crd();
        again.0["spec"]["names"]["kind"] = json!("Thing");
        crds(&one).create(&again).await.unwrap();
        let kinds: Vec<_> = other.discover().await.unwrap().iter().map(|found| found.kind.clone()).collect();
        assert!(kinds.iter().any(|kind| kind == "Thing"), "{kinds:?}");
        assert!(!kinds.iter().any(|kind| kind == "Item"), "{kinds:?}");
    });
}

#[test]
fn a_client_that_has_slept_long_finds_what_has_changed() {
    // The log forgets, and there is more in it than is looked through.
    for entries in [10, 100_000] {
        let storage: Arc<dyn Storage> =
            Arc::new(MemoryStorage::with_log(LogLimits { entries, ..LogLimits::default() }));
        let (one, other) = (client(&storage), client(&storage));
        block_on(async {
            crds(&one).create(&crd()).await.unwrap();
            items(&other).create(&object("a", json!({"size": 1}))).await.unwrap();
            crds(&one).patch("items.shop.example.com", minimum(10)).await.unwrap();
            let api = items(&one);
            for number in 0..1_100 {
                api.create(&object(&format!("c{number}"), json!({"size": 30}))).await.unwrap();
            }
            let error = items(&other).create(&object("b", json!({"size": 5}))).await.unwrap_err();
            assert!(error.to_string().contains("greater than or equal to 10"), "{error}");
        });
    }
}

#[test]
fn a_kind_of_the_program_follows_its_definition_and_keeps_its_indexes() {
    on_both_stores(async |one, other| {
        let mut own = ResourceDefinition::new("shop.example.com", "v1", "Item", "items");
        own.indexes = vec![".spec.color".to_owned()];
        other.scheme().register_definition(own).unwrap();
        let made = items(&other).create(&object("a", json!({"junk": 1}))).await.unwrap();
        assert_eq!(made.0["spec"], json!({"junk": 1}), "it has no schema");
        crds(&one).create(&crd()).await.unwrap();
        let made = items(&other).create(&object("b", json!({"junk": 1}))).await.unwrap();
        assert_eq!(made.0["spec"], json!({"color": "red"}));
        let gvk = GroupVersionKind::gvk("shop.example.com", "v1", "Item");
        assert_eq!(other.resolve(&gvk).await.unwrap().indexes, [".spec.color"]);
    });
}
