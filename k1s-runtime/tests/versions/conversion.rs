//! Conversions that fail, or change what they must not.

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::Resource;
use k1s_runtime::api::{Conversion, ConversionError, Hub};
use k1s_runtime::client::{Api, Client, CoreClient, Patch};
use k1s_runtime::kube_core::conversion::ConversionReview;
use k1s_runtime::schema::crd;
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;
use serde_json::{Value, json};

use super::kinds::{api, item, on_every_backend, scheme, v1, v1alpha1, v1beta1};

#[test]
fn a_conversion_that_fails_says_what_and_why() {
    on_every_backend(async |client| {
        let odd = item::<v1beta1::Item>("lamp", json!({"stock": "many"}));
        let error = api::<v1beta1::Item>(&client).create(&odd).await.unwrap_err();
        assert_eq!(error.status().unwrap().code, 500);
        assert_eq!(
            error.to_string(),
            "Item \"default/lamp\" of inventory.example.com cannot be converted from v1beta1 to v1: the stock \"many\" is not NxSIZE"
        );
        // The step that failed is named, not the whole way.
        let huge = item::<v1alpha1::Item>("lamp", json!({"count": 1_i64 << 40, "size": "large"}));
        let error = api::<v1alpha1::Item>(&client).create(&huge).await.unwrap_err().to_string();
        assert!(error.ends_with("from v1beta1 to v1: \"1099511627776\" is no number"), "{error}");
        assert!(api::<v1::Item>(&client).list("").await.unwrap().items.is_empty());
    });
}

/// A kind in two versions, `v2` stored, with a hub of one's own.
fn client(hub: Hub) -> CoreClient {
    let scheme = Scheme::new();
    for (version, stored) in [("v1", false), ("v2", true)] {
        let mut definition = v1::Item::definition();
        definition.version = version.to_owned();
        definition.storage = stored;
        if !stored {
            definition.conversion = Conversion::Hub(hub.clone());
        }
        scheme.register_definition(definition).unwrap();
    }
    scheme.check().unwrap();
    CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(scheme))
}

fn changing(field: &'static str, value: Value) -> Hub {
    let change = move |object: &Object| {
        let mut object = object.clone();
        object.metadata_mut().insert(field.to_owned(), value.clone());
        Ok(object)
    };
    Hub::new("v2", change, |object| Ok(object.clone()))
}

#[test]
fn a_conversion_changes_labels_and_annotations_and_no_other_metadata() {
    let create = |hub: Hub| {
        let lamp = item::<v1::Item>("lamp", json!({"quantity": 1, "size": "s"}));
        block_on(api::<v1::Item>(&client(hub)).create(&lamp))
    };
    for (field, value) in [("name", "other"), ("namespace", "kube-system"), ("uid", "u")] {
        let error = create(changing(field, value.into())).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the conversion of Item \"default/lamp\" of inventory.example.com from v1 to v2 must not change metadata.{field}"
            )
        );
    }
    let kept = create(changing("finalizers", json!(["example.com/f"]))).unwrap();
    assert!(kept.finalizers().is_empty());
    assert_eq!(kept.generation(), Some(1));
    let labelled = create(changing("labels", json!({"a": "b"}))).unwrap();
    assert_eq!(labelled.labels()["a"], "b");
}

#[test]
fn what_cannot_be_shown_fails_the_list_with_its_name() {
    let refuse = |_: &Object| Err(ConversionError::Refused("not today".to_owned()));
    let client = client(Hub::new("v2", |object| Ok(object.clone()), refuse));
    block_on(async {
        let mut v2 = v1::Item::definition();
        v2.version = "v2".to_owned();
        let new: Api<Object> = Api::dynamic(client.clone(), &v2, Some("default"));
        let mut lamp = item::<v1::Item>("lamp", json!({"quantity": 1, "size": "s"}));
        lamp.0.insert("apiVersion".into(), "inventory.example.com/v2".into());
        new.create(&lamp).await.unwrap();
        let message =
            "Item \"default/lamp\" of inventory.example.com cannot be converted from v2 to v1: not today";
        for selector in ["", "a=b"] {
            let error = api::<v1::Item>(&client).list(selector).await.unwrap_err();
            assert_eq!(error.to_string(), message);
        }
        let error = api::<v1::Item>(&client).get("lamp").await.unwrap_err();
        assert_eq!(error.to_string(), message);
        // In the stored version it is there all the same, to be mended or deleted.
        let patch = Patch::Merge(json!({"spec": {"quantity": 2}}));
        assert!(new.patch("lamp", patch).await.is_ok());
        assert!(new.delete("lamp", Default::default()).await.is_ok());
    });
}

fn review(version: &str, objects: &[Object]) -> Value {
    let body = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "ConversionReview",
        "request": {"uid": "705a", "desiredAPIVersion": format!("inventory.example.com/{version}"), "objects": objects},
    });
    let review: ConversionReview = serde_json::from_value(body).unwrap();
    serde_json::to_value(crd::review(&scheme(), review)).unwrap()
}

#[test]
fn the_conversions_serve_a_webhook() {
    let old = item::<v1alpha1::Item>("lamp", json!({"count": 3, "size": "large"}));
    let current = item::<v1::Item>("desk", json!({"quantity": 1, "size": "wide", "place": ""}));
    let answer = review("v1", &[old.clone(), current.clone()]);
    assert_eq!(answer["kind"], "ConversionReview");
    assert_eq!(answer["response"]["uid"], "705a");
    assert_eq!(answer["response"]["result"]["status"], "Success");
    let converted = answer["response"]["convertedObjects"].as_array().unwrap();
    assert_eq!(converted[0]["apiVersion"], "inventory.example.com/v1");
    assert_eq!(converted[0]["metadata"], json!({"name": "lamp"}));
    assert_eq!(converted[0]["spec"], json!({"quantity": 3, "size": "large", "place": ""}));
    assert_eq!(converted[1], current.into_value());

    // A null would be a value to the server.
    let bare = review("v1alpha1", &[item::<v1::Item>("desk", json!({"quantity": 1, "size": ""}))]);
    assert_eq!(bare["response"]["convertedObjects"][0]["spec"], json!({"count": 1}));

    let failed = review("v9", &[old]);
    assert_eq!(failed["response"]["result"]["status"], "Failure");
    let message = failed["response"]["result"]["message"].as_str().unwrap();
    assert!(message.starts_with("Item \"lamp\" of inventory.example.com has no version v9"), "{message}");
    assert_eq!(failed["response"]["convertedObjects"], json!([]));
}

#[test]
fn an_unserved_version_is_converted_and_not_served() {
    block_on(async {
        let scheme = scheme();
        let mut beta = v1beta1::Item::definition();
        beta.served = false;
        scheme.register_definition(beta.clone()).unwrap();
        let client = CoreClient::new(Arc::new(MemoryStorage::new()), scheme);
        let old = item::<v1alpha1::Item>("lamp", json!({"count": 3, "size": "large"}));
        api::<v1alpha1::Item>(&client).create(&old).await.unwrap();
        assert_eq!(api::<v1::Item>(&client).get("lamp").await.unwrap().0["spec"]["quantity"], 3);
        let error = api::<v1beta1::Item>(&client).get("lamp").await.unwrap_err();
        assert_eq!(error.status().unwrap().code, 404);
        let served: Vec<_> = client
            .discover()
            .await
            .unwrap()
            .iter()
            .filter(|definition| definition.kind == "Item")
            .map(|definition| definition.version.clone())
            .collect();
        assert_eq!(served, ["v1", "v1alpha1"]);
    });
}
