//! Requests in every version of a kind.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use k1s_runtime::Object;
use k1s_runtime::Resource;
use k1s_runtime::client::table::Table;
use k1s_runtime::client::{
    Api, Client, CoreClient, DryRun, ListRequest, Patch, Target, TypedEvent, TypedWatch, WriteOptions,
};
use serde_json::{Value, json};

use super::kinds::{api, item, on_every_backend, stored, v1, v1alpha1, v1beta1};

async fn spec<K: Resource>(client: &CoreClient, name: &str) -> Value {
    let object = api::<K>(client).get(name).await.unwrap();
    assert_eq!(object.api_version(), K::api_version(&()));
    object.0["spec"].clone()
}

#[test]
fn what_is_written_in_one_version_is_read_in_every_other() {
    on_every_backend(async |client| {
        let old = item::<v1alpha1::Item>("lamp", json!({"count": 3, "size": "large"}));
        let made = api::<v1alpha1::Item>(&client).create(&old).await.unwrap();
        assert_eq!(made.0["spec"], json!({"count": 3, "size": "large"}));
        assert_eq!(made.api_version(), "inventory.example.com/v1alpha1");
        let text = stored(&client, "lamp").await;
        assert_eq!(text["apiVersion"], "inventory.example.com/v1");
        assert_eq!(text["spec"], json!({"quantity": 3, "size": "large", "place": ""}));
        assert_eq!(
            spec::<v1::Item>(&client, "lamp").await,
            json!({"quantity": 3, "size": "large", "place": ""})
        );
        assert_eq!(spec::<v1beta1::Item>(&client, "lamp").await, json!({"stock": "3xlarge", "place": ""}));
        let new = api::<v1::Item>(&client).get("lamp").await.unwrap();
        for field in ["uid", "creationTimestamp", "resourceVersion", "generation", "name", "namespace"] {
            assert_eq!(new.0["metadata"][field], made.0["metadata"][field], "{field}");
        }
    });
}

#[test]
fn each_version_validates_and_defaults_by_its_own_schema() {
    on_every_backend(async |client| {
        let none = item::<v1alpha1::Item>("a", json!({"count": 0, "size": "small"}));
        let error = api::<v1alpha1::Item>(&client).create(&none).await.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("spec.count"), "{error}");
        let none = item::<v1::Item>("a", json!({"quantity": 0, "size": "small", "junk": 1}));
        let made = api::<v1::Item>(&client).create(&none).await.unwrap();
        assert_eq!(made.0["spec"], json!({"quantity": 0, "size": "small", "place": "shelf"}));
        // Integers may be written as doubles.
        let double = item::<v1alpha1::Item>("b", json!({"count": 2.0, "size": "small"}));
        assert!(api::<v1alpha1::Item>(&client).create(&double).await.is_ok());
    });
}

#[test]
fn patches_and_updates_apply_in_their_own_version() {
    on_every_backend(async |client| {
        let new = item::<v1::Item>("lamp", json!({"quantity": 3, "size": "large", "place": "attic"}));
        let made = api::<v1::Item>(&client).create(&new).await.unwrap();
        let old = api::<v1alpha1::Item>(&client);
        let patch = Patch::Merge(json!({"spec": {"count": 5}}));
        let patched = old.patch("lamp", patch).await.unwrap();
        assert_eq!(patched.0["spec"], json!({"count": 5, "size": "large"}));
        assert_eq!((patched.uid(), patched.generation()), (made.uid(), Some(2)));
        // What v1alpha1 has no field for has come through in an annotation, and is not stored as one.
        assert_eq!(patched.annotation(v1alpha1::PLACE), Some("attic"));
        let text = stored(&client, "lamp").await;
        assert_eq!(text["spec"], json!({"quantity": 5, "size": "large", "place": "attic"}));
        assert!(text["metadata"].get("annotations").is_none(), "{text}");

        let mut whole = old.get("lamp").await.unwrap();
        whole.0["spec"]["size"] = "small".into();
        let replaced = old.replace("lamp", &whole).await.unwrap();
        assert_eq!(replaced.0["spec"], json!({"count": 5, "size": "small"}));
        let json_patch = Patch::Json(json!([{"op": "replace", "path": "/spec/stock", "value": "7xtiny"}]));
        api::<v1beta1::Item>(&client).patch("lamp", json_patch).await.unwrap();
        assert_eq!(spec::<v1alpha1::Item>(&client, "lamp").await, json!({"count": 7, "size": "tiny"}));
    });
}

#[test]
fn a_write_that_says_nothing_new_changes_nothing_in_any_version() {
    on_every_backend(async |client| {
        let new = item::<v1::Item>("lamp", json!({"quantity": 3, "size": "large", "place": "attic"}));
        let made = api::<v1::Item>(&client).create(&new).await.unwrap();
        let version = client.storage().revision().await.unwrap();
        let old = api::<v1alpha1::Item>(&client);
        let seen = old.get("lamp").await.unwrap();
        let same = old.replace("lamp", &seen).await.unwrap();
        assert_eq!(same, seen);
        api::<v1beta1::Item>(&client).patch("lamp", Patch::Merge(json!({}))).await.unwrap();
        assert_eq!(client.storage().revision().await.unwrap(), version);
        assert_eq!(api::<v1::Item>(&client).get("lamp").await.unwrap(), made);
    });
}

#[test]
fn the_status_is_converted_too() {
    on_every_backend(async |client| {
        let new = item::<v1::Item>("lamp", json!({"quantity": 3, "size": "large"}));
        api::<v1::Item>(&client).create(&new).await.unwrap();
        let patch = Patch::Merge(json!({"status": {"seen": 2}}));
        let patched = api::<v1beta1::Item>(&client).patch_status("lamp", patch).await.unwrap();
        assert_eq!(patched.0["status"], json!({"seen": 2}));
        assert_eq!(stored(&client, "lamp").await["status"], json!({"counted": 2}));
        // The spec of a version that converts leaves the status alone.
        let patch = Patch::Merge(json!({"spec": {"stock": "4xlarge"}}));
        api::<v1beta1::Item>(&client).patch("lamp", patch).await.unwrap();
        let text = stored(&client, "lamp").await;
        assert_eq!((&text["spec"]["quantity"], &text["status"]["counted"]), (&4.into(), &2.into()));
    });
}

#[test]
fn lists_select_and_show_in_their_own_version() {
    on_every_backend(async |client| {
        for (name, quantity, size) in [("a", 1, "small"), ("b", 2, "large"), ("c", 2, "small")] {
            let new = item::<v1::Item>(name, json!({"quantity": quantity, "size": size}));
            api::<v1::Item>(&client).create(&new).await.unwrap();
        }
        let listed = async |api: Api<Object>, fields: &str, limit: usize| {
            // The target is the API's own.
            let target = Target { gvk: v1::Item::definition().gvk(), namespace: None };
            let all = ListRequest::all(target);
            let request = ListRequest { field_selector: fields.to_owned(), limit, ..all };
            let list = api.list_with(&request).await?;
            Ok::<_, k1s_runtime::client::Error>(
                list.items.iter().map(|object| object.name().to_owned()).collect::<Vec<_>>(),
            )
        };
        assert_eq!(listed(api::<v1::Item>(&client), "spec.size=small", 0).await.unwrap(), ["a", "c"]);
        let beta = api::<v1beta1::Item>(&client);
        assert_eq!(listed(beta.clone(), "spec.stock=2xlarge", 0).await.unwrap(), ["b"]);
        assert_eq!(listed(beta.clone(), "spec.stock!=2xlarge", 1).await.unwrap(), ["a"]);
        let error = listed(beta, "spec.size=small", 0).await.unwrap_err();
        assert_eq!(error.to_string(), "field label not supported: spec.size");

        let all = api::<v1beta1::Item>(&client).list("").await.unwrap();
        let table = Table::new(&v1beta1::Item::definition());
        let now = k1s_runtime::k8s_openapi::jiff::Timestamp::now();
        let cells: Vec<_> =
            all.items.iter().map(|object| table.row(&object.clone().into_value(), now)[1].clone()).collect();
        assert_eq!(cells, ["1xsmall", "2xlarge", "2xsmall"]);
    });
}

/// What the watch has to say without waiting.
fn seen(watch: &mut TypedWatch<Object>) -> Vec<String> {
    let mut events = Vec::new();
    while let Poll::Ready(event) = pin!(watch.next()).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        let Some(event) = event else {
            events.push("end".to_owned());
            break;
        };
        events.push(match event {
            Ok(TypedEvent::Added(object)) => format!("+{}", object.0["spec"]),
            Ok(TypedEvent::Modified(object)) => format!("~{}", object.0["spec"]),
            Ok(TypedEvent::Deleted(object)) => format!("-{}", object.0["spec"]),
            Ok(TypedEvent::Bookmark(bookmark)) => format!("@{}", bookmark.resource_version),
            Err(error) => error.to_string(),
        });
    }
    events
}

#[test]
fn a_watch_shows_every_change_in_its_own_version() {
    on_every_backend(async |client| {
        let mut watch = api::<v1beta1::Item>(&client).watch("", None).await.unwrap();
        let old = api::<v1alpha1::Item>(&client);
        old.create(&item::<v1alpha1::Item>("a", json!({"count": 1, "size": "s"}))).await.unwrap();
        old.patch("a", Patch::Merge(json!({"spec": {"count": 2}}))).await.unwrap();
        old.delete("a", Default::default()).await.unwrap();
        let expected = [
            "+{\"place\":\"\",\"stock\":\"1xs\"}",
            "~{\"place\":\"\",\"stock\":\"2xs\"}",
            "-{\"place\":\"\",\"stock\":\"2xs\"}",
        ];
        assert_eq!(seen(&mut watch), expected);
    });
}

#[test]
fn a_dry_run_answers_what_a_write_would() {
    on_every_backend(async |client| {
        let options = WriteOptions { dry_run: DryRun::All, ..Default::default() };
        let dry = api::<v1alpha1::Item>(&client).with_options(options);
        // The size is optional here and not there.
        let old = item::<v1alpha1::Item>("lamp", json!({"count": 3}));
        let shown = dry.create(&old).await.unwrap();
        let made = api::<v1alpha1::Item>(&client).create(&old).await.unwrap();
        assert_eq!(shown.0["spec"], made.0["spec"]);
        let patch = || Patch::Merge(json!({"spec": {"count": 4, "size": ""}}));
        let shown = dry.patch("lamp", patch()).await.unwrap();
        let patched = api::<v1alpha1::Item>(&client).patch("lamp", patch()).await.unwrap();
        assert_eq!((&shown.0["spec"], &patched.0["spec"]), (&json!({"count": 4}), &json!({"count": 4})));
    });
}

#[test]
fn deprecated_versions_warn_and_typed_clients_work() {
    on_every_backend(async |client| {
        let gvk = v1alpha1::Item::definition().gvk();
        let warning = client.deprecation(&gvk).await.unwrap();
        assert_eq!(
            warning.as_deref(),
            Some("inventory.example.com/v1alpha1 Item is deprecated; use inventory.example.com/v1 Item")
        );
        assert_eq!(client.deprecation(&v1::Item::definition().gvk()).await.unwrap(), None);
        let old: Api<v1alpha1::Item> = Api::namespaced(client.clone(), "default");
        let lamp = v1alpha1::ItemSpec { count: 3, size: Some("large".into()) };
        old.create(&v1alpha1::Item::new("lamp", lamp)).await.unwrap();
        let new: Api<v1::Item> = Api::namespaced(client, "default");
        assert_eq!(new.get("lamp").await.unwrap().spec.quantity, 3);
    });
}
