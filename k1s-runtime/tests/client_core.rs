//! `CoreClient` over a store in memory: what every write and read does, typed and dynamic.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and json! makes values"
)]

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::client::{
    Api, Client, CoreClient, DryRun, GetRequest, Patch, Target, WriteOptions, WriteRequest, WriteVerb,
    drain_namespace,
};
use k1s_runtime::k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;
use serde_json::json;

fn item() -> ResourceDefinition {
    let mut definition = ResourceDefinition::new("shop.example.com", "v1", "Item", "items");
    definition.status = true;
    definition
}

fn client() -> CoreClient {
    let scheme = Scheme::new();
    scheme.register_definition(item()).unwrap();
    CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(scheme))
}

fn items(client: &CoreClient) -> Api<Object> {
    Api::dynamic(client.clone(), &item(), Some("default"))
}

fn object(name: &str, spec: serde_json::Value) -> Object {
    Object::try_from(json!({
        "apiVersion": "shop.example.com/v1", "kind": "Item", "metadata": {"name": name}, "spec": spec
    }))
    .unwrap()
}

#[test]
fn a_created_object_has_what_the_server_gives() {
    block_on(async {
        let made = items(&client()).create(&object("a", json!({"size": 1}))).await.unwrap();
        assert!(made.uid().is_some() && made.creation_timestamp().is_some());
        assert_eq!((made.generation(), made.namespace()), (Some(1), Some("default")));
        assert!(made.resource_version().unwrap().parse::<u64>().unwrap() > 0);
    });
}

#[test]
fn a_write_that_says_nothing_new_changes_nothing() {
    block_on(async {
        let api = items(&client());
        let made = api.create(&object("a", json!({"size": 1}))).await.unwrap();
        let again = api.replace("a", &made).await.unwrap();
        assert_eq!(again, made);
        let patched = api.patch("a", Patch::Merge(json!({"spec": {"size": 1}}))).await.unwrap();
        assert_eq!(patched, made);
    });
}

#[test]
fn generation_counts_specs_and_not_status_or_metadata() {
    block_on(async {
        let api = items(&client());
        api.create(&object("a", json!({"size": 1}))).await.unwrap();
        let status = api.patch_status("a", Patch::Merge(json!({"status": {"ok": true}}))).await.unwrap();
        assert_eq!((status.generation(), status.0["status"]["ok"].as_bool()), (Some(1), Some(true)));
        let label = Patch::Merge(json!({"metadata": {"labels": {"x": "y"}}, "status": {"ok": false}}));
        let labelled = api.patch("a", label).await.unwrap();
        assert_eq!((labelled.generation(), labelled.0["status"]["ok"].as_bool()), (Some(1), Some(true)));
        let spec = api.patch("a", Patch::Merge(json!({"spec": {"size": 2}}))).await.unwrap();
        assert_eq!(spec.generation(), Some(2));
    });
}

#[test]
fn a_stale_version_is_a_conflict() {
    block_on(async {
        let api = items(&client());
        let first = api.create(&object("a", json!({}))).await.unwrap();
        api.patch("a", Patch::Merge(json!({"spec": {"size": 1}}))).await.unwrap();
        let error = api.replace("a", &first).await.unwrap_err();
        assert!(error.is_conflict(), "{error}");
    });
}

#[test]
fn a_batch_sees_its_own_writes_in_order() {
    block_on(async {
        let client = client();
        let target = Target { gvk: item().gvk(), namespace: Some("new".into()) };
        let create = |target: &Target, object: Object| WriteRequest {
            target: target.clone(),
            name: String::new(),
            subresource: None,
            verb: WriteVerb::Create(object),
            options: WriteOptions::default(),
        };
        let namespaces =
            Target { gvk: k1s_runtime::api::GroupVersionKind::gvk("", "v1", "Namespace"), namespace: None };
        let answers = client
            .write(vec![
                create(&target, object("early", json!({}))),
                create(&namespaces, Object::new("v1", "Namespace", "new")),
                create(&target, object("a", json!({}))),
                create(&target, object("a", json!({}))),
                create(&target, object("b", json!({}))),
            ])
            .await;
        assert!(answers[0].as_ref().unwrap_err().is_not_found());
        assert!(answers[1].is_ok() && answers[2].is_ok() && answers[4].is_ok());
        assert!(answers[3].as_ref().unwrap_err().is_already_exists());
    });
}

#[test]
fn a_dry_run_answers_and_stores_nothing() {
    block_on(async {
        let client = client();
        let options = WriteOptions { dry_run: DryRun::All, ..WriteOptions::default() };
        let api = items(&client).with_options(options);
        assert!(api.create(&object("a", json!({}))).await.unwrap().uid().is_some());
        assert!(api.get_opt("a").await.unwrap().is_none());
    });
}

#[test]
fn system_namespaces_are_there_without_a_write() {
    block_on(async {
        let client = client();
        let namespaces: Api<Namespace> = Api::all(client.clone());
        let names = |list: k1s_runtime::client::TypedList<Namespace>| -> Vec<String> {
            list.items.into_iter().filter_map(|namespace| namespace.metadata.name).collect()
        };
        let expected = ["default", "kube-node-lease", "kube-public", "kube-system"];
        assert_eq!(names(namespaces.list("").await.unwrap()), expected);
        assert_eq!(client.storage().revision().await.unwrap(), 0);
        items(&client).create(&object("a", json!({}))).await.unwrap();
        assert_eq!(names(namespaces.list("").await.unwrap()), expected);
        assert_eq!(client.storage().revision().await.unwrap(), 5);
        let error = namespaces.delete("default", Default::default()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "namespaces \"default\" is forbidden: this namespace may not be deleted"
        );
    });
}

#[test]
fn finalizers_hold_an_object_back() {
    block_on(async {
        let api = items(&client());
        let mut held = object("a", json!({}));
        held.set_metadata("finalizers", json!(["example.com/f"]));
        api.create(&held).await.unwrap();
        let marked = api.delete("a", Default::default()).await.unwrap().unwrap();
        assert!(marked.deletion_timestamp().is_some());
        assert_eq!(marked.generation(), Some(2));
        let freed = api.patch("a", Patch::Merge(json!({"metadata": {"finalizers": null}}))).await.unwrap();
        assert_eq!(freed.resource_version(), marked.resource_version());
        assert!(api.get_opt("a").await.unwrap().is_none());
    });
}

#[test]
fn typed_and_dynamic_go_the_same_way() {
    block_on(async {
        let client = client();
        let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
        let mut map = ConfigMap::default();
        map.metadata.name = Some("m".into());
        map.data = Some([("k".to_owned(), "v".to_owned())].into());
        let made = maps.create(&map).await.unwrap();
        let gvk = k1s_runtime::api::GroupVersionKind::gvk("", "v1", "ConfigMap");
        let request = GetRequest {
            target: Target { gvk, namespace: Some("default".into()) },
            name: "m".into(),
            subresource: None,
            resource_version: None,
        };
        let raw = client.get(&request).await.unwrap().to_object().unwrap();
        assert_eq!(raw.uid(), made.metadata.uid.as_deref());
        map.metadata.name = Some("bad name".into());
        assert!(maps.create(&map).await.unwrap_err().is_invalid());
    });
}

#[test]
fn tenants_do_not_see_each_other() {
    block_on(async {
        let storage = Arc::new(MemoryStorage::new());
        let scheme = || {
            let scheme = Scheme::new();
            scheme.register_definition(item()).unwrap();
            Arc::new(scheme)
        };
        let one = CoreClient::for_tenant(storage.clone(), scheme(), "one");
        let two = CoreClient::for_tenant(storage, scheme(), "two");
        items(&one).create(&object("a", json!({}))).await.unwrap();
        assert!(items(&two).get_opt("a").await.unwrap().is_none());
        items(&two).create(&object("a", json!({}))).await.unwrap();
        assert_eq!(items(&one).list("").await.unwrap().items.len(), 1);
    });
}

#[test]
fn a_deleted_namespace_goes_when_it_is_drained() {
    block_on(async {
        let client = client().without_controllers();
        let namespaces: Api<Namespace> = Api::all(client.clone());
        let mut namespace = Namespace::default();
        namespace.metadata.name = Some("team".into());
        namespaces.create(&namespace).await.unwrap();
        let inside = Api::<Object>::dynamic(client.clone(), &item(), Some("team"));
        let mut held = object("a", json!({}));
        held.set_metadata("finalizers", json!(["example.com/f"]));
        inside.create(&held).await.unwrap();
        inside.create(&object("b", json!({}))).await.unwrap();
        assert!(!drain_namespace(&client, "team").await.unwrap(), "it is not being deleted");
        namespaces.delete("team", Default::default()).await.unwrap();
        let error = inside.create(&object("c", json!({}))).await.unwrap_err();
        assert!(error.to_string().ends_with("because it is being terminated"), "{error}");
        assert!(!drain_namespace(&client, "team").await.unwrap(), "a finalizer holds an object");
        assert_eq!(inside.list("").await.unwrap().items.len(), 1);
        inside.patch("a", Patch::Merge(json!({"metadata": {"finalizers": null}}))).await.unwrap();
        assert!(drain_namespace(&client, "team").await.unwrap());
        assert!(namespaces.get_opt("team").await.unwrap().is_none());
    });
}

#[test]
fn writers_without_a_version_all_succeed() {
    let client = client();
    block_on(items(&client).create(&object("a", json!({"n": {}})))).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let api = items(&client);
            scope.spawn(move || {
                for round in 0..25 {
                    let patch = Patch::Merge(json!({"spec": {"n": {format!("w{writer}-{round}"): true}}}));
                    block_on(api.patch("a", patch)).unwrap();
                }
            });
        }
    });
    let object = block_on(items(&client).get("a")).unwrap();
    assert_eq!(object.0["spec"]["n"].as_object().unwrap().len(), 100);
    assert_eq!(object.generation(), Some(101));
}

#[test]
fn a_write_that_the_store_does_not_take_leaves_the_others_of_its_batch_alone() {
    block_on(async {
        let client = client();
        let write = |kind: &str, name: &str| WriteRequest {
            target: Target {
                gvk: k1s_runtime::api::GroupVersionKind::gvk("", "v1", kind),
                namespace: Some("default".to_owned()),
            },
            name: String::new(),
            subresource: None,
            verb: WriteVerb::Create(
                Object::try_from(json!({"apiVersion": "v1", "kind": kind,
                    "metadata": {"name": name, "namespace": "default"},
                    "involvedObject": {"namespace": "default"}}))
                .unwrap(),
            ),
            options: WriteOptions::default(),
        };
        // Names of events have no limit of their own.
        let long = "e".repeat(1000);
        let requests = vec![write("ConfigMap", "a"), write("Event", &long), write("ConfigMap", "b")];
        let answers = client.write(requests).await;
        assert!(answers[0].is_ok() && answers[2].is_ok(), "{answers:?}");
        let error = answers[1].as_ref().unwrap_err();
        assert!(error.to_string().contains("namespace and name have 1007 bytes"), "{error}");
    });
}

#[test]
fn what_could_not_be_read_again_is_not_stored() {
    block_on(async {
        let maps: Api<Object> = Api::dynamic(
            client(),
            &ResourceDefinition::new("shop.example.com", "v1", "Item", "items"),
            Some("default"),
        );
        let deep = (0..500).fold(json!({}), |inner, _| json!({"a": inner}));
        let error = maps.create(&object("a", deep)).await.unwrap_err();
        assert_eq!(error.status().unwrap().code, 400, "{error}");
        let error = maps.create(&object("a", json!({"text": "x".repeat(4 << 20)}))).await.unwrap_err();
        assert_eq!(error.status().unwrap().code, 413, "{error}");
        maps.create(&object("a", json!({}))).await.unwrap();
        let patch = Patch::Merge(json!({"spec": {"text": "x".repeat(4 << 20)}}));
        assert_eq!(maps.patch("a", patch).await.unwrap_err().status().unwrap().code, 413);
    });
}
