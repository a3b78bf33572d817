//! The writing verbs end to end: what transcripts cannot show, such as when something is written and when it is said.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use k1s_runtime::api::{GroupVersionKind, RawObject, ResourceDefinition};
use k1s_runtime::cli::{App, Captured, Environment, Streams};
use k1s_runtime::client::{
    Client, CoreClient, EventStream, GetRequest, List, ListRequest, Result, WatchRequest, WriteRequest,
    Written,
};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;

const DEFINITION: &str = r#"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: items.shop.example.com}
spec:
  group: shop.example.com
  scope: Namespaced
  names: {kind: Item, listKind: ItemList, plural: items, singular: item}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              quantity: {type: integer, minimum: 0}
              tags: {type: array, items: {type: string}}
"#;

/// A client that watches what is written, and what had been said before.
struct Watched {
    inner: CoreClient,
    said: Mutex<Option<Captured>>,
    /// The batches so far: how many writes, and how many lines had been said before it.
    batches: Mutex<Vec<(usize, usize)>>,
}

#[async_trait]
impl Client for Watched {
    async fn resolve(&self, gvk: &GroupVersionKind) -> Result<Arc<ResourceDefinition>> {
        self.inner.resolve(gvk).await
    }

    async fn deprecation(&self, gvk: &GroupVersionKind) -> Result<Option<String>> {
        self.inner.deprecation(gvk).await
    }

    async fn discover(&self) -> Result<Vec<Arc<ResourceDefinition>>> {
        self.inner.discover().await
    }

    async fn get(&self, request: &GetRequest) -> Result<RawObject> {
        self.inner.get(request).await
    }

    async fn list(&self, request: &ListRequest) -> Result<List> {
        self.inner.list(request).await
    }

    async fn write(&self, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        let said = self.said.lock().unwrap().as_ref().map(Captured::stdout).unwrap_or_default();
        self.batches.lock().unwrap().push((requests.len(), said.lines().count()));
        self.inner.write(requests).await
    }

    async fn watch(&self, request: &WatchRequest) -> Result<Box<dyn EventStream>> {
        self.inner.watch(request).await
    }
}

struct Shop {
    app: App,
    client: Arc<Watched>,
    directory: tempfile::TempDir,
    environment: Environment,
}

impl Shop {
    /// A program whose store knows Items.
    fn new() -> Self {
        let shop = Self::empty();
        shop.file("definition.yaml", DEFINITION);
        shop.ok("create -f definition.yaml");
        shop.client.batches.lock().unwrap().clear();
        shop
    }

    fn empty() -> Self {
        let inner = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
        let client = Arc::new(Watched { inner, said: Mutex::default(), batches: Mutex::default() });
        let directory = tempfile::tempdir().unwrap();
        let environment = Environment::new(directory.path());
        Self { app: App::new("shop").with_client(client.clone()), client, directory, environment }
    }

    fn file(&self, name: &str, text: &str) {
        let path = self.directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Standard output, standard error and exit code.
    fn run(&self, line: &str) -> (String, String, u8) {
        self.run_with(line, &self.environment)
    }

    fn run_with(&self, line: &str, environment: &Environment) -> (String, String, u8) {
        let (mut streams, written) = Streams::captured("");
        *self.client.said.lock().unwrap() = Some(written.clone());
        let code = self.app.execute(line.split(' ').map(Into::into), &mut streams, environment);
        (written.stdout(), written.stderr(), code)
    }

    fn ok(&self, line: &str) -> String {
        let (stdout, stderr, code) = self.run(line);
        assert_eq!((stderr.as_str(), code), ("", 0), "{line}");
        stdout
    }

    fn batches(&self) -> Vec<(usize, usize)> {
        std::mem::take(&mut self.client.batches.lock().unwrap())
    }
}

fn item(name: &str, spec: &str) -> String {
    format!("---\napiVersion: shop.example.com/v1\nkind: Item\nmetadata: {{name: {name}}}\nspec: {spec}\n")
}

#[test]
fn a_bulk_apply_is_few_commits_and_silent_until_each() {
    let shop = Shop::new();
    let text: String = (0..2500).map(|n| item(&format!("i{n}"), "{quantity: 1}")).collect();
    shop.file("many.yaml", &text);
    let said = shop.ok("apply -f many.yaml");
    assert_eq!(said.lines().count(), 2500);
    assert!(said.starts_with("item.shop.example.com/i0 created\nitem.shop.example.com/i1 created\n"));
    assert_eq!(shop.batches(), [(1000, 0), (1000, 1000), (500, 2000)]);

    // What is as it should be is not written at all.
    let said = shop.ok("apply -f many.yaml");
    assert!(said.lines().all(|line| line.ends_with(" unchanged")));
    assert_eq!(shop.batches(), []);

    shop.file(
        "many.yaml",
        &text.replace("{name: i7}\nspec: {quantity: 1}", "{name: i7}\nspec: {quantity: 2}"),
    );
    let said = shop.ok("apply -f many.yaml");
    assert_eq!(said.matches(" configured\n").count(), 1, "{said}");
    assert_eq!(shop.batches().len(), 1);

    let said = shop.ok("delete -f many.yaml");
    assert_eq!(said.lines().count(), 2500);
    assert_eq!(shop.batches(), [(1000, 0), (1000, 1000), (500, 2000)]);
}

#[test]
fn a_definition_takes_effect_for_what_follows_it() {
    let shop = Shop::empty();
    shop.file("all.yaml", &format!("{DEFINITION}{}", item("a", "{quantity: 1}")));
    let created = "customresourcedefinition.apiextensions.k8s.io/items.shop.example.com created\n\
                   item.shop.example.com/a created\n";
    assert_eq!(shop.ok("apply -f all.yaml"), created);

    let shop = Shop::empty();
    shop.file("all.yaml", &format!("{DEFINITION}{}", item("a", "{quantity: 1}")));
    assert_eq!(shop.ok("create -f all.yaml"), created);
}

#[test]
fn a_namespace_takes_effect_for_what_follows_it() {
    let shop = Shop::new();
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: ns1}\n";
    shop.file("all.yaml", &(namespace.to_owned() + &item("a, namespace: ns1", "{}")));
    assert_eq!(shop.ok("apply -f all.yaml"), "namespace/ns1 created\nitem.shop.example.com/a created\n");
}

#[test]
fn the_second_manifest_of_an_object_changes_what_the_first_made() {
    let shop = Shop::new();
    let text =
        item("a", "{quantity: 1, tags: [x]}") + &item("a", "{quantity: 2}") + &item("a", "{quantity: 2}");
    shop.file("twice.yaml", &text);
    let name = "item.shop.example.com/a";
    let said = shop.ok("apply -f twice.yaml -n default");
    assert_eq!(said, format!("{name} created\n{name} configured\n{name} unchanged\n"));
    assert_eq!(shop.ok("get item a -o jsonpath={.spec}"), "{\"quantity\":2}");
}

#[test]
fn the_good_ones_are_applied_and_the_others_told_in_order() {
    let shop = Shop::new();
    let text = item("a", "{quantity: 1}")
        + &item("b", "{quantity: -1}")
        + &item("Bad_Name", "{}")
        + "---\napiVersion: shop.example.com/v1\nkind: Nope\nmetadata: {name: x}\n"
        + &item("c", "{quantity: 3}");
    shop.file("mixed.yaml", &text);
    let (stdout, stderr, code) = shop.run("apply -f mixed.yaml");
    assert_eq!(code, 1);
    assert_eq!(stdout, "item.shop.example.com/a created\nitem.shop.example.com/c created\n");
    let told: Vec<&str> =
        ["no matches for kind \"Nope\"", "Item.shop.example.com \"b\" is invalid", "\"Bad_Name\""].into();
    let at: Vec<usize> =
        told.iter().map(|text| stderr.find(text).unwrap_or_else(|| panic!("{text}: {stderr}"))).collect();
    assert!(at.is_sorted(), "{stderr}");
}

#[test]
fn force_makes_anew_what_cannot_be_changed() {
    let shop = Shop::new();
    let map = |data: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\nimmutable: true\ndata: {{k: {data}}}\n"
        )
    };
    shop.file("m.yaml", &map("a"));
    shop.ok("apply -f m.yaml");
    let uid = shop.ok("get cm m -o jsonpath={.metadata.uid}");
    shop.file("m.yaml", &map("b"));
    let (stdout, stderr, code) = shop.run("apply -f m.yaml");
    assert_eq!((stdout.as_str(), code), ("", 1), "{stderr}");
    assert_eq!(shop.ok("apply -f m.yaml --force"), "configmap/m configured\n");
    assert_eq!(shop.ok("get cm m -o jsonpath={.data.k}"), "b");
    assert_ne!(shop.ok("get cm m -o jsonpath={.metadata.uid}"), uid);
}

#[test]
fn server_side_apply_keeps_account_of_owners() {
    let shop = Shop::new();
    shop.file("a.yaml", &item("a", "{quantity: 1}"));
    shop.file("b.yaml", &item("a", "{quantity: 2}"));
    assert!(shop.ok("apply --server-side -f a.yaml").ends_with("/a serverside-applied\n"));
    let (_, stderr, code) = shop.run("apply --server-side -f b.yaml --field-manager zoe");
    assert_eq!(code, 1);
    assert!(
        stderr
            .starts_with("error: Apply failed with 1 conflict: conflict with \"kubectl\": .spec.quantity\n"),
        "{stderr}"
    );
    shop.ok("apply --server-side -f b.yaml --field-manager zoe --force-conflicts");
    assert_eq!(shop.ok("get item a -o jsonpath={.spec.quantity}"), "2");
    assert!(!shop.ok("get item a -o yaml").contains("managedFields"));
    let shown = shop.ok("get item a -o yaml --show-managed-fields");
    assert!(shown.contains("manager: zoe") && shown.contains("f:quantity: {}"), "{shown}");
}

#[test]
fn server_side_apply_takes_over_what_was_applied_before() {
    let shop = Shop::new();
    shop.file("a.yaml", &item("a", "{quantity: 1}"));
    shop.file("b.yaml", &item("a", "{}"));
    shop.ok("apply -f a.yaml");
    shop.ok("apply --server-side -f b.yaml");
    assert_eq!(shop.ok("get item a -o jsonpath={.spec.quantity}"), "");
}

#[test]
fn client_dry_runs_write_nothing() {
    let shop = Shop::new();
    shop.file("a.yaml", &item("a", "{quantity: 1}"));
    shop.ok("apply -f a.yaml");
    shop.batches();
    for line in [
        "create -f a.yaml --dry-run=client",
        "apply -f a.yaml --dry-run=client",
        "delete item a --dry-run=client",
        "label item a x=y --dry-run=client",
        "annotate item a x=y --dry-run=client",
        "patch item a --type=merge -p {\"spec\":{\"quantity\":2}} --dry-run=client",
    ] {
        shop.ok(line);
    }
    assert_eq!(shop.batches(), []);
    assert_eq!(shop.ok("get item a -o jsonpath={.spec}{.metadata.labels}"), "{\"quantity\":1}");
}

#[cfg(unix)]
#[test]
fn a_refused_edit_comes_back_with_the_reasons() {
    let shop = Shop::new();
    shop.file("a.yaml", &item("a", "{quantity: 1}"));
    shop.ok("create -f a.yaml");
    // The first edit is invalid; the second one keeps what it was shown and puts it right.
    shop.file("editor", "if [ -e first ]; then cp \"$1\" second; sed -i 's/quantity: -1/quantity: 5/' \"$1\"; else cp \"$1\" first; sed -i 's/quantity: 1/quantity: -1/' \"$1\"; fi\n");
    let environment = shop.environment.clone().with("KUBE_EDITOR", "sh editor").with("EDITOR", "false");
    let (stdout, stderr, code) = shop.run_with("edit item a", &environment);
    assert_eq!(stdout, "item.shop.example.com/a edited\n");
    assert_eq!((stderr.as_str(), code), ("error: items.shop.example.com \"a\" is invalid\n", 0));
    let shown = |name: &str| fs::read_to_string(Path::new(shop.directory.path()).join(name)).unwrap();
    assert!(
        shown("first").contains("reopened with the relevant failures.\n#\napiVersion:"),
        "{}",
        shown("first")
    );
    let reasons = "# items.shop.example.com \"a\" was not valid:\n# * spec.quantity: Invalid value: -1: ";
    assert!(shown("second").contains(reasons), "{}", shown("second"));
    assert_eq!(shop.ok("get item a -o jsonpath={.spec.quantity}"), "5");
}

#[test]
fn deleting_waits_for_finalizers_as_long_as_it_may() {
    let shop = Shop::new();
    shop.file("a.yaml", &item("a, finalizers: [example.com/f]", "{}"));
    shop.ok("create -f a.yaml");
    let (stdout, stderr, code) = shop.run("delete item a --timeout=20ms");
    assert_eq!(stdout, "item.shop.example.com \"a\" deleted\n");
    assert_eq!((stderr.as_str(), code), ("error: timed out waiting for the condition on items/a\n", 1));
}

#[test]
fn replacing_keeps_nothing_and_respects_versions() {
    let shop = Shop::new();
    shop.file("a.yaml", &item("a", "{quantity: 1, tags: [x]}"));
    let (_, stderr, code) = shop.run("replace -f a.yaml");
    assert_eq!(code, 1);
    let refusal = "Error from server (NotFound): error when replacing \"a.yaml\": items.shop.example.com \"a\" not found\n";
    assert_eq!(stderr, refusal);
    shop.ok("create -f a.yaml");
    shop.file("a.yaml", &item("a", "{quantity: 2}"));
    assert_eq!(shop.ok("replace -f a.yaml"), "item.shop.example.com/a replaced\n");
    assert_eq!(shop.ok("get item a -o jsonpath={.spec}"), "{\"quantity\":2}");
    shop.file("a.yaml", &item("a, resourceVersion: \"1\"", "{quantity: 3}"));
    let (_, stderr, code) = shop.run("replace -f a.yaml");
    assert_eq!(code, 1);
    assert!(stderr.starts_with("Error from server (Conflict): error when replacing"), "{stderr}");
}
