//! Lists: pages of one state while others write, lists as of a version, what a forgotten past is answered with, and what an
//! index saves.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and json! makes values"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use k1s_runtime::Object;
use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::client::{Api, Client, CoreClient, List, ListRequest, Patch, Target, VersionMatch};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::{
    Key, ListQuery, MemoryStorage, Outcome, Page, Result, Storage, Stored, Transaction, Watch, WatchQuery,
    tenants,
};
use pollster::block_on;
use proptest::prelude::*;
use serde_json::json;

fn item() -> ResourceDefinition {
    let mut item = ResourceDefinition::new("shop.example.com", "v1", "Item", "items");
    item.indexes = vec![".spec.color".to_owned()];
    item
}

fn client_over(storage: Arc<dyn Storage>) -> CoreClient {
    let scheme = Scheme::new();
    scheme.register_definition(item()).unwrap();
    CoreClient::new(storage, Arc::new(scheme))
}

fn api(client: &CoreClient, namespace: &str) -> Api<Object> {
    Api::dynamic(client.clone(), &item(), Some(namespace))
}

fn object(name: &str, color: &str) -> Object {
    Object::try_from(json!({"apiVersion": "shop.example.com/v1", "kind": "Item",
        "metadata": {"name": name, "labels": {"color": color}}, "spec": {"color": color}}))
    .unwrap()
}

fn everything() -> ListRequest {
    ListRequest::all(Target { gvk: item().gvk(), namespace: None })
}

fn texts(list: &List) -> Vec<String> {
    list.items.iter().map(|raw| String::from_utf8_lossy(raw.as_bytes()).into_owned()).collect()
}

/// A write: namespace, name, and the color to give it or nothing to delete it.
type Write = (u8, u8, Option<u8>);

fn writes(most: usize) -> impl Strategy<Value = Vec<Write>> {
    prop::collection::vec((0..2_u8, 0..6_u8, prop::option::weighted(0.75, 0..3_u8)), 1..most)
}

async fn perform(client: &CoreClient, (namespace, name, color): Write) {
    let api = api(client, ["default", "kube-public"][usize::from(namespace)]);
    let name = format!("n{name}");
    let Some(color) = color else {
        let _ = api.delete(&name, Default::default()).await;
        return;
    };
    let color = ["red", "blue", "green"][usize::from(color)];
    if api.get_opt(&name).await.unwrap().is_none() {
        api.create(&object(&name, color)).await.unwrap();
    } else {
        let patch = json!({"metadata": {"labels": {"color": color}}, "spec": {"color": color}});
        api.patch(&name, Patch::Merge(patch)).await.unwrap();
    }
}

/// Reads a list in pages, with writes between them.
async fn in_pages(
    client: &CoreClient,
    request: &ListRequest,
    between: &[Write],
) -> (Vec<String>, Vec<String>) {
    let mut request = request.clone();
    let (mut seen, mut versions) = (Vec::new(), Vec::new());
    let mut between = between.iter();
    loop {
        let page = client.list(&request).await.unwrap();
        seen.extend(texts(&page));
        versions.push(page.resource_version);
        request.continue_token = page.continue_token;
        if request.continue_token.is_none() {
            return (seen, versions);
        }
        for write in between.by_ref().take(3) {
            perform(client, *write).await;
        }
    }
}

async fn pages_are_of_one_state(client: CoreClient, before: &[Write], between: &[Write], limit: usize) {
    for write in before {
        perform(&client, *write).await;
    }
    let selectors =
        [("", ""), ("color!=red", ""), ("", "spec.color=blue"), ("", "metadata.namespace=default")];
    for (labels, fields) in selectors {
        let whole = ListRequest {
            label_selector: labels.to_owned(),
            field_selector: fields.to_owned(),
            ..everything()
        };
        let then = client.list(&whole).await.unwrap();
        let paged = ListRequest { limit, ..whole.clone() };
        let (seen, versions) = in_pages(&client, &paged, between).await;
        assert_eq!(seen, texts(&then), "{labels} {fields}");
        assert!(versions.iter().all(|version| *version == then.resource_version), "{versions:?}");
        // The same state can be had again, in one piece.
        let exact = ListRequest {
            resource_version: Some(then.resource_version.clone()),
            resource_version_match: Some(VersionMatch::Exact),
            ..whole
        };
        let again = client.list(&exact).await.unwrap();
        assert_eq!((texts(&again), again.resource_version), (seen, then.resource_version));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn pages_are_those_of_one_state_whatever_is_written_meanwhile(
        before in writes(20), between in writes(12), limit in 1..5_usize,
    ) {
        block_on(async {
            let memory = client_over(Arc::new(MemoryStorage::new()));
            pages_are_of_one_state(memory, &before, &between, limit).await;
            #[cfg(feature = "lmdb")]
            {
                use k1s_runtime::storage::{LmdbOptions, LmdbStorage};

                let directory = tempfile::tempdir().unwrap();
                let store = LmdbStorage::open(directory.path(), LmdbOptions::default()).unwrap();
                pages_are_of_one_state(client_over(Arc::new(store)), &before, &between, limit).await;
            }
        });
    }
}

#[test]
fn a_forgotten_page_offers_to_go_on_with_what_is_there_now() {
    block_on(async {
        let client = client_over(Arc::new(MemoryStorage::new()));
        for name in ["a", "b", "c"] {
            api(&client, "default").create(&object(name, "red")).await.unwrap();
        }
        let first = client.list(&ListRequest { limit: 1, ..everything() }).await.unwrap();
        assert_eq!(first.remaining_item_count, Some(2));
        api(&client, "default").create(&object("d", "red")).await.unwrap();
        client.storage().compact(u64::MAX).await.unwrap();
        let next = ListRequest { continue_token: first.continue_token, ..everything() };
        let error = client.list(&next).await.unwrap_err();
        let status = error.status().unwrap();
        assert_eq!((status.code, status.reason.as_str()), (410, "Expired"));
        assert!(status.message.contains("or use the continue token in this response"), "{}", status.message);
        let token = status.metadata.as_ref().unwrap().continue_.clone();
        let rest = client.list(&ListRequest { continue_token: token, ..everything() }).await.unwrap();
        assert_eq!(rest.items.len(), 3, "b, c and the new d");
        assert_ne!(rest.resource_version, first.resource_version);
        let exact = ListRequest {
            resource_version: Some(first.resource_version),
            resource_version_match: Some(VersionMatch::Exact),
            ..everything()
        };
        let error = client.list(&exact).await.unwrap_err();
        assert_eq!(error.status().unwrap().code, 410);
        assert_eq!(error.to_string(), "The resourceVersion for the provided list is too old.");
    });
}

#[test]
fn versions_are_not_older_or_exact_and_the_future_is_refused() {
    block_on(async {
        let client = client_over(Arc::new(MemoryStorage::new()));
        let made = api(&client, "default").create(&object("a", "red")).await.unwrap();
        let version = made.resource_version().map(str::to_owned);
        api(&client, "default").create(&object("b", "red")).await.unwrap();
        let count = async |version: Option<String>, version_match, limit| {
            let request = ListRequest {
                resource_version: version,
                resource_version_match: version_match,
                limit,
                ..everything()
            };
            client.list(&request).await.map(|list| list.items.len())
        };
        assert_eq!(count(version.clone(), None, 0).await.unwrap(), 2, "not older");
        assert_eq!(count(version.clone(), None, 9).await.unwrap(), 1, "with a limit it is exact");
        assert_eq!(count(version.clone(), Some(VersionMatch::NotOlderThan), 9).await.unwrap(), 2);
        assert_eq!(count(version, Some(VersionMatch::Exact), 0).await.unwrap(), 1);
        for version_match in [VersionMatch::Exact, VersionMatch::NotOlderThan] {
            let error = count(Some("99".into()), Some(version_match), 0).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "Timeout: Too large resource version: 99, current: 6",
                "the namespaces count, too"
            );
        }
    });
}

#[test]
fn tokens_that_stray_are_refused() {
    use base64::Engine as _;
    block_on(async {
        let client = client_over(Arc::new(MemoryStorage::new()));
        for (token, why) in [
            (r#"{"v":"meta.k8s.io/v1","rv":0,"start":"a/b"}"#, ": incorrect encoded start resourceVersion"),
            (r#"{"v":"meta.k8s.io/v1","rv":5,"start":""}"#, ": encoded start key empty"),
            (r#"{"v":"meta.k8s.io/v1","rv":5,"start":"../b"}"#, ": ../b"),
            (r#"{"v":"x","rv":5,"start":"a/b"}"#, ": server does not recognize this encoded version x"),
        ] {
            let token = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(token);
            let request = ListRequest { continue_token: Some(token), ..everything() };
            let message = client.list(&request).await.unwrap_err().to_string();
            let start = format!("invalid continue token: continue key is not valid{why}");
            assert!(message.starts_with(&start), "{message}");
        }
    });
}

/// A store that counts how often a list asks its filter.
struct Counting {
    store: MemoryStorage,
    asked: Arc<AtomicUsize>,
}

#[async_trait]
impl Storage for Counting {
    async fn get(&self, key: Key<'_>) -> Result<Option<Stored>> {
        self.store.get(key).await
    }

    async fn list(&self, query: ListQuery<'_>) -> Result<Page> {
        let asked = &self.asked;
        let counted = |bytes: &[u8]| {
            asked.fetch_add(1, Ordering::Relaxed);
            query.filter.is_none_or(|filter| filter(bytes))
        };
        let filter = query.filter.map(|_| &counted as k1s_runtime::storage::Filter<'_>);
        self.store.list(ListQuery { filter, ..query }).await
    }

    async fn commit(&self, batch: Vec<Transaction>) -> Result<Vec<Outcome>> {
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

#[test]
fn a_selection_by_an_index_looks_at_what_it_answers() {
    block_on(async {
        let asked = Arc::new(AtomicUsize::new(0));
        let client = client_over(Arc::new(Counting { store: MemoryStorage::new(), asked: asked.clone() }));
        for number in 0..100 {
            let color = if number % 20 == 0 { "red" } else { "blue" };
            api(&client, "default").create(&object(&format!("n{number}"), color)).await.unwrap();
        }
        let select = async |fields: &str| {
            asked.store(0, Ordering::Relaxed);
            let request = ListRequest { field_selector: fields.to_owned(), ..everything() };
            (client.list(&request).await.unwrap().items.len(), asked.load(Ordering::Relaxed))
        };
        assert_eq!(select("spec.color=red").await, (5, 5));
        assert_eq!(select("spec.color=red,metadata.name!=n0").await, (4, 5));
        assert_eq!(select("spec.color!=blue").await, (5, 100), "what is excluded takes a scan");
        let mut plain = object("plain", "red");
        plain.0.remove("spec");
        api(&client, "default").create(&plain).await.unwrap();
        assert_eq!(select("spec.color=").await, (1, 1), "what is absent is in the index, too");
    });
}

#[test]
fn an_index_that_does_not_know_all_objects_is_not_trusted() {
    block_on(async {
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
        let before = Scheme::new();
        let mut without = item();
        without.indexes.clear();
        before.register_definition(without).unwrap();
        let before = CoreClient::new(storage.clone(), Arc::new(before));
        api(&before, "default").create(&object("old", "red")).await.unwrap();
        let client = client_over(storage);
        api(&client, "default").create(&object("new", "red")).await.unwrap();
        let request = ListRequest { field_selector: "spec.color=red".to_owned(), ..everything() };
        assert_eq!(client.list(&request).await.unwrap().items.len(), 2);
        assert!(before.list(&request).await.unwrap_err().to_string().contains("field label not supported"));
    });
}
