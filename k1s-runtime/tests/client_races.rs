//! Creations that lose a race: what they are planned from again, and what they answer.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and json! makes values"
)]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use k1s_runtime::Object;
use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::client::{Api, Client, CoreClient};
use k1s_runtime::k8s_openapi::api::core::v1::Namespace;
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::{
    Expect, Key, ListQuery, MemoryStorage, Mutation, Outcome, Page, Result, Stamped, Storage, Stored,
    Transaction, Watch, WatchQuery, tenants,
};
use pollster::block_on;
use serde_json::json;

/// What somebody else does before the next commit, knowing its first key.
type Rival = Box<dyn Fn(Key<'_>) -> Mutation + Send>;

/// A store that lets somebody else come first.
#[derive(Default)]
struct Raced {
    store: MemoryStorage,
    rivals: Mutex<Vec<Rival>>,
}

#[async_trait]
impl Storage for Raced {
    async fn get(&self, key: Key<'_>) -> Result<Option<Stored>> {
        self.store.get(key).await
    }

    async fn list(&self, query: ListQuery<'_>) -> Result<Page> {
        self.store.list(query).await
    }

    async fn commit(&self, batch: Vec<Transaction>) -> Result<Vec<Outcome>> {
        let rival = self.rivals.lock().unwrap().pop();
        if let Some(rival) = rival {
            let mutations = vec![rival(batch[0].mutations[0].key())];
            self.store.commit(vec![Transaction { mutations }]).await?;
        }
        self.store.commit(batch).await
    }

    async fn watch(&self, query: WatchQuery) -> Result<Box<dyn Watch>> {
        self.store.watch(query).await
    }

    async fn compact(&self, revision: u64) -> Result<u64> {
        self.store.compact(revision).await
    }

    async fn revision(&self) -> Result<u64> {
        self.store.revision().await
    }

    async fn tenants(&self) -> Result<Vec<tenants::Tenant>> {
        self.store.tenants().await
    }

    async fn visit(&self, tenant: &str, visitor: &mut tenants::Visitor<'_>) -> Result<u64> {
        self.store.visit(tenant, visitor).await
    }
}

fn item() -> ResourceDefinition {
    let mut definition = ResourceDefinition::new("shop.example.com", "v1", "Item", "items");
    definition.deprecated = Some("items are old".to_owned());
    definition
}

/// A client with a namespace `team`, and what races it.
fn client() -> (CoreClient, Arc<Raced>) {
    let scheme = Scheme::new();
    scheme.register_definition(item()).unwrap();
    let store = Arc::new(Raced::default());
    let client = CoreClient::new(store.clone(), Arc::new(scheme));
    let mut team = Namespace::default();
    team.metadata.name = Some("team".to_owned());
    block_on(Api::<Namespace>::all(client.clone()).create(&team)).unwrap();
    (client, store)
}

fn object(metadata: serde_json::Value) -> Object {
    let spec = json!({"size": 1, "tags": ["a"]});
    Object::try_from(
        json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "metadata": metadata, "spec": spec}),
    )
    .unwrap()
}

fn put(key: Key<'_>, text: &str) -> Mutation {
    let value = Stamped::fixed(text.as_bytes().to_vec());
    Mutation::Put { key: key.to_buf(), expect: Expect::Any, value, indexes: Vec::new() }
}

fn api(client: &CoreClient) -> Api<Object> {
    Api::dynamic(client.clone(), &item(), Some("team"))
}

/// Changes the namespace, so that a creation in it is to look again.
fn touch_namespace(key: Key<'_>, metadata: serde_json::Value) -> Mutation {
    let text = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}).to_string();
    put(Key { resource: "namespaces", namespace: "", name: "team", ..key }, &text)
}

#[test]
fn a_name_that_was_made_up_is_made_up_anew() {
    let (client, store) = client();
    let taken = Arc::new(Mutex::new(String::new()));
    let seen = taken.clone();
    store.rivals.lock().unwrap().push(Box::new(move |key| {
        key.name.clone_into(&mut seen.lock().unwrap());
        put(key, r#"{"metadata":{"name":"theirs"}}"#)
    }));
    let made = block_on(api(&client).create(&object(json!({"generateName": "web-"})))).unwrap();
    let theirs = taken.lock().unwrap().clone();
    assert!(theirs.starts_with("web-") && made.name().starts_with("web-") && made.name() != theirs);
    assert_eq!(made.0["spec"], json!({"size": 1, "tags": ["a"]}));
}

#[test]
fn what_is_created_after_all_is_what_it_would_have_been() {
    let (client, store) = client();
    let mut made = Vec::new();
    for (name, rivals) in [("first", 0), ("second", 3)] {
        for _ in 0..rivals {
            let touch: Rival = Box::new(|key| touch_namespace(key, json!({"name": "team"})));
            store.rivals.lock().unwrap().push(touch);
        }
        let mut object = block_on(api(&client).create(&object(json!({ "name": name })))).unwrap();
        assert!(store.rivals.lock().unwrap().is_empty());
        for field in ["name", "uid", "resourceVersion", "creationTimestamp"] {
            assert!(object.metadata_mut().remove(field).is_some(), "{field}");
        }
        let entry = &mut object.metadata_mut()["managedFields"][0];
        assert!(entry.as_object_mut().unwrap().remove("time").is_some());
        made.push(object);
    }
    assert_eq!(made[0], made[1]);
}

#[test]
fn who_comes_too_late_is_told_why() {
    let (client, store) = client();
    let write = |name: &str| {
        let request = k1s_runtime::client::WriteRequest {
            target: k1s_runtime::client::Target { gvk: item().gvk(), namespace: Some("team".to_owned()) },
            name: String::new(),
            subresource: None,
            verb: k1s_runtime::client::WriteVerb::Create(object(json!({ "name": name }))),
            options: k1s_runtime::client::WriteOptions::default(),
        };
        block_on(client.write(vec![request])).pop().unwrap().unwrap_err()
    };
    store.rivals.lock().unwrap().push(Box::new(|key| put(key, r#"{"metadata":{"name":"a"}}"#)));
    let (late, warnings) = write("a").into_parts();
    assert_eq!(late.to_string(), r#"items.shop.example.com "a" already exists"#);
    assert_eq!(warnings, ["items are old"]);
    store.rivals.lock().unwrap().push(Box::new(|key| {
        touch_namespace(key, json!({"name": "team", "deletionTimestamp": "2026-01-01T00:00:00Z"}))
    }));
    let closed = write("b");
    assert_eq!(closed.status().unwrap().code, 403);
    assert!(closed.to_string().contains("because it is being terminated"), "{closed}");
}
