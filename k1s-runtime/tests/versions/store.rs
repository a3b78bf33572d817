//! What stays in a store when the versions of a program change.

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::Resource;
use k1s_runtime::api::{Conversion, ResourceDefinition};
use k1s_runtime::client::{Api, CoreClient, Patch};
use k1s_runtime::schema::crd::to_crd_json;
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::{LmdbOptions, LmdbStorage, MemoryStorage, Storage};
use pollster::block_on;
use serde_json::json;

use super::kinds::{api, item, scheme, stored, v1, v1alpha1, v1beta1};

fn stored_in(storage: &str, versions: Vec<ResourceDefinition>) -> Arc<Scheme> {
    let scheme = Scheme::new();
    for mut definition in versions {
        definition.storage = definition.version == storage;
        scheme.register_definition(definition).unwrap();
    }
    scheme.check().unwrap();
    Arc::new(scheme)
}

#[test]
fn an_old_storage_version_is_read_and_moves_with_the_next_write() {
    let directory = tempfile::tempdir().unwrap();
    let memory: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
    let durable = || Arc::new(LmdbStorage::open(directory.path(), LmdbOptions::default()).unwrap());
    let stores: [&dyn Fn() -> Arc<dyn Storage>; 2] = [&|| memory.clone(), &|| durable()];
    for open in stores {
        block_on(async {
            let versions = || vec![v1::Item::definition(), v1beta1::Item::definition()];
            let before = CoreClient::new(open(), stored_in("v1beta1", versions()));
            for name in ["lamp", "desk"] {
                let new = item::<v1::Item>(name, json!({"quantity": 3, "size": "large"}));
                api::<v1::Item>(&before).create(&new).await.unwrap();
            }
            assert_eq!(stored(&before, "lamp").await["spec"]["stock"], "3xlarge");
            drop(before);

            let after = CoreClient::new(open(), stored_in("v1", versions()));
            assert_eq!(stored(&after, "lamp").await["apiVersion"], "inventory.example.com/v1beta1");
            let seen = api::<v1::Item>(&after).get("lamp").await.unwrap();
            assert_eq!(seen.0["spec"], json!({"quantity": 3, "size": "large", "place": "shelf"}));
            assert_eq!(api::<v1::Item>(&after).list("").await.unwrap().items.len(), 2);
            // A write that says nothing new moves it, as on a server, and does not count as a change of the spec.
            let moved = api::<v1::Item>(&after).patch("lamp", Patch::Merge(json!({}))).await.unwrap();
            assert_eq!(stored(&after, "lamp").await["apiVersion"], "inventory.example.com/v1");
            assert_eq!((moved.generation(), &moved.0["spec"]), (Some(1), &seen.0["spec"]));
            assert_ne!(moved.resource_version(), seen.resource_version());
            let again = api::<v1::Item>(&after).patch("lamp", Patch::Merge(json!({}))).await.unwrap();
            assert_eq!(again.resource_version(), moved.resource_version());
        });
    }
}

#[test]
fn a_version_that_is_gone_is_missed_by_name() {
    block_on(async {
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
        let versions = vec![v1::Item::definition(), v1beta1::Item::definition()];
        let before = CoreClient::new(storage.clone(), stored_in("v1beta1", versions));
        let new = item::<v1::Item>("lamp", json!({"quantity": 3, "size": "large"}));
        api::<v1::Item>(&before).create(&new).await.unwrap();
        let after = CoreClient::new(storage, stored_in("v1", vec![v1::Item::definition()]));
        let error = api::<v1::Item>(&after).get("lamp").await.unwrap_err().to_string();
        let expected = "Item \"default/lamp\" of inventory.example.com has no version v1beta1, only v1; a version that objects are \
                        stored in must stay registered";
        assert!(error.starts_with(expected), "{error}");
    });
}

/// The versions without their conversions: strategy `None`.
fn plain() -> Vec<ResourceDefinition> {
    [v1::Item::definition(), v1beta1::Item::definition()]
        .map(|definition| ResourceDefinition { conversion: Conversion::None, ..definition })
        .to_vec()
}

#[test]
fn without_conversions_fields_are_pruned_and_nothing_else_happens() {
    block_on(async {
        let client = CoreClient::new(Arc::new(MemoryStorage::new()), stored_in("v1", plain()));
        let old = item::<v1beta1::Item>("lamp", json!({"stock": "3xlarge", "place": "attic"}));
        let made = api::<v1beta1::Item>(&client).create(&old).await.unwrap();
        assert_eq!(made.0["spec"], json!({"place": "attic"}));
        assert_eq!(stored(&client, "lamp").await["spec"], json!({"place": "attic"}));
        assert_eq!(api::<v1::Item>(&client).get("lamp").await.unwrap().0["spec"], json!({"place": "attic"}));
    });
}

#[test]
fn a_version_that_is_registered_later_is_served_by_a_client_that_is_open() {
    block_on(async {
        let scheme = stored_in("v1", vec![v1::Item::definition()]);
        let client = CoreClient::new(Arc::new(MemoryStorage::new()), scheme.clone());
        let new = item::<v1::Item>("lamp", json!({"quantity": 3, "size": "large"}));
        api::<v1::Item>(&client).create(&new).await.unwrap();
        scheme.register::<v1beta1::Item>().unwrap();
        assert_eq!(api::<v1beta1::Item>(&client).get("lamp").await.unwrap().0["spec"]["stock"], "3xlarge");
        let patch = Patch::Merge(json!({"spec": {"stock": "4xlarge"}}));
        api::<v1beta1::Item>(&client).patch("lamp", patch).await.unwrap();
        assert_eq!(api::<v1::Item>(&client).get("lamp").await.unwrap().0["spec"]["quantity"], 4);
    });
}

fn crds(client: &CoreClient) -> Api<Object> {
    let definition = client.scheme().find("crd").unwrap()[0].clone();
    Api::dynamic(client.clone(), &definition, None)
}

#[test]
fn applying_the_emitted_definition_keeps_the_conversions() {
    block_on(async {
        let versions = [v1::Item::definition(), v1beta1::Item::definition(), v1alpha1::Item::definition()];
        let crd = Object::try_from(to_crd_json(&versions).unwrap()).unwrap();
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
        let client = CoreClient::new(storage.clone(), scheme());
        let made = crds(&client).create(&crd).await.unwrap();
        assert_eq!(made.0["status"]["storedVersions"], json!(["v1"]));
        let old = item::<v1alpha1::Item>("lamp", json!({"count": 3, "size": "large"}));
        api::<v1alpha1::Item>(&client).create(&old).await.unwrap();
        assert_eq!(api::<v1::Item>(&client).get("lamp").await.unwrap().0["spec"]["quantity"], 3);

        // A program that has no conversions says that it cannot call the webhook, rather than drop fields.
        let other = CoreClient::new(storage, Arc::new(Scheme::new()));
        assert!(api::<v1::Item>(&other).get("lamp").await.is_ok());
        let error = api::<v1alpha1::Item>(&other).get("lamp").await.unwrap_err().to_string();
        assert!(
            error.contains("from v1 to v1alpha1: the CustomResourceDefinition leaves it to a webhook"),
            "{error}"
        );
    });
}
