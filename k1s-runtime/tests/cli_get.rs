//! `get` end to end, over a store in memory: what is named, how it is shown, what is said when it is not there.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::cli::{App, Environment, Streams};
use k1s_runtime::client::{Client, CoreClient, Target, WriteOptions, WriteRequest, WriteVerb};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use serde_json::{Value, json};

/// A program over a store of its own.
struct Shop {
    app: App,
    client: Arc<CoreClient>,
    directory: tempfile::TempDir,
}

/// What a command wrote, and its exit code.
#[derive(Debug, PartialEq, Eq)]
struct Ran(String, String, u8);

impl Shop {
    fn new() -> Self {
        let client = Arc::new(CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new())));
        let app = App::new("shop").with_client(client.clone()).hints(false);
        let shop = Self { app, client, directory: tempfile::tempdir().unwrap() };
        shop.create(&item_definition());
        shop.create(&category_definition());
        for (name, labels, spec) in [
            (
                "bolt",
                json!({"room": "a", "kind": "metal"}),
                json!({"category": "hardware", "quantity": 120, "price": 0.25}),
            ),
            ("apple", json!({"room": "b"}), json!({"category": "food", "quantity": 3, "price": 1})),
        ] {
            let metadata = json!({"name": name, "namespace": "default", "labels": labels});
            shop.create(&json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "metadata": metadata, "spec": spec}));
        }
        shop.create(&json!({
            "apiVersion": "shop.example.com/v1", "kind": "Category", "metadata": {"name": "food"}, "spec": {},
        }));
        shop
    }

    fn create(&self, object: &Value) {
        let object = Object::try_from(object.clone()).unwrap();
        let target = Target { gvk: object.gvk(), namespace: object.namespace().map(str::to_owned) };
        let request = WriteRequest {
            target,
            name: String::new(),
            subresource: None,
            verb: WriteVerb::Create(object),
            options: WriteOptions::default(),
        };
        for written in pollster::block_on(self.client.write(vec![request])) {
            written.unwrap();
        }
    }

    fn run(&self, line: &str) -> Ran {
        let (mut streams, written) = Streams::captured("");
        let environment = Environment::new(self.directory.path());
        let code = self.app.execute(line.split_whitespace().map(Into::into), &mut streams, &environment);
        // Everything is younger than two seconds, or the machine sleeps.
        let stdout = written.stdout().replace(" 1s\n", " 0s\n");
        Ran(stdout, written.stderr(), code)
    }

    fn stdout(&self, line: &str) -> String {
        let Ran(stdout, stderr, code) = self.run(line);
        assert_eq!((stderr.as_str(), code), ("", 0), "{line}");
        stdout
    }
}

fn item_definition() -> Value {
    definition(
        "Item",
        "items",
        "Namespaced",
        &json!([
            {"name": "Category", "type": "string", "jsonPath": ".spec.category"},
            {"name": "Qty", "type": "integer", "jsonPath": ".spec.quantity"},
            {"name": "Price", "type": "number", "jsonPath": ".spec.price", "priority": 1},
            {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
        ]),
    )
}

fn category_definition() -> Value {
    definition("Category", "categories", "Cluster", &json!([]))
}

fn definition(kind: &str, plural: &str, scope: &str, columns: &Value) -> Value {
    let schema = json!({"type": "object", "properties": {
        "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
    }});
    let mut version =
        json!({"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}});
    if columns.as_array().is_some_and(|columns| !columns.is_empty()) {
        version["additionalPrinterColumns"] = columns.clone();
    }
    let names = json!({
        "kind": kind, "listKind": format!("{kind}List"), "plural": plural, "singular": kind.to_lowercase(),
        "categories": ["stock"],
    });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.shop.example.com")},
        "spec": {"group": "shop.example.com", "scope": scope, "names": names, "versions": [version]},
    })
}

#[test]
fn tables_have_the_columns_of_their_kind() {
    let shop = Shop::new();
    let items = "NAME    CATEGORY   QTY   AGE\napple   food       3     0s\nbolt    hardware   120   0s\n";
    for line in ["get items", "get Item", "get items.shop.example.com", "get items.v1.shop.example.com"] {
        assert_eq!(shop.stdout(line), items, "{line}");
    }
    assert_eq!(
        shop.stdout("get item bolt -o wide"),
        "NAME   CATEGORY   QTY   PRICE   AGE\nbolt   hardware   120   0.25    0s\n"
    );
    assert_eq!(shop.stdout("get categories"), "NAME   AGE\nfood   0s\n");
    assert_eq!(shop.stdout("get items --no-headers -l room=b"), "apple   food   3     0s\n");
}

#[test]
fn several_kinds_are_several_tables_with_kinds_before_names() {
    let shop = Shop::new();
    let categories = "NAME                             AGE\ncategory.shop.example.com/food   0s\n";
    let items = "NAME                          CATEGORY   QTY   AGE\n\
                 item.shop.example.com/apple   food       3     0s\n\
                 item.shop.example.com/bolt    hardware   120   0s\n";
    assert_eq!(shop.stdout("get items,categories"), format!("{items}\n{categories}"));
    assert_eq!(shop.stdout("get stock"), format!("{categories}\n{items}"));
    let item = "NAME                         CATEGORY   QTY   AGE\nitem.shop.example.com/bolt   hardware   120   0s\n";
    assert_eq!(shop.stdout("get item/bolt category/food"), format!("{item}\n{categories}"));
}

#[test]
fn flags_add_columns() {
    let shop = Shop::new();
    assert_eq!(
        shop.stdout("get items -A -L room,x.y/kind --show-labels"),
        "NAMESPACE   NAME    CATEGORY   QTY   AGE   ROOM   KIND   LABELS\n\
         default     apple   food       3     0s    b             room=b\n\
         default     bolt    hardware   120   0s    a             kind=metal,room=a\n"
    );
    assert_eq!(
        shop.stdout("get categories --show-labels --show-kind"),
        "NAME                             AGE   LABELS\ncategory.shop.example.com/food   0s    <none>\n"
    );
}

#[test]
fn objects_can_be_sorted() {
    let shop = Shop::new();
    assert_eq!(
        shop.stdout("get items --sort-by=.spec.price -o name"),
        "item.shop.example.com/bolt\nitem.shop.example.com/apple\n"
    );
    let table = shop.stdout("get items --sort-by {.spec.price} --no-headers");
    assert!(table.starts_with("bolt "), "{table}");
    let Ran(_, stderr, code) = shop.run("get items --sort-by=.spec.nope");
    assert_eq!(
        (stderr.as_str(), code),
        ("error: couldn't find any field with path \"{.spec.nope}\" in the list of objects\n", 1)
    );
}

#[test]
fn several_objects_are_a_list_and_one_is_itself() {
    let shop = Shop::new();
    let one: Value = serde_json::from_str(&shop.stdout("get item bolt -o json")).unwrap();
    assert_eq!((&one["kind"], &one["metadata"]["managedFields"]), (&json!("Item"), &Value::Null));
    let text = shop.stdout("get items,categories -o json");
    let list: Value = serde_json::from_str(&text).unwrap();
    let names: Vec<_> =
        list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str()).collect();
    assert_eq!(names, [Some("apple"), Some("bolt"), Some("food")]);
    assert!(
        text.starts_with(
            "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        {\n            \"apiVersion\""
        ),
        "{text}"
    );
    assert!(text.ends_with("        }\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n"), "{text}");
    assert_eq!(
        shop.stdout("get items -o json -l room=none"),
        "{\n    \"apiVersion\": \"v1\",\n    \"items\": [],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n"
    );
    let yaml = shop.stdout("get items -o yaml -l room=b");
    assert!(
        yaml.starts_with(
            "apiVersion: v1\nitems:\n- apiVersion: shop.example.com/v1\n  kind: Item\n  metadata:\n"
        ),
        "{yaml}"
    );
    assert!(yaml.ends_with("  spec:\n    category: food\n    price: 1\n    quantity: 3\nkind: List\nmetadata:\n  resourceVersion: \"\"\n"), "{yaml}");
    assert_eq!(shop.stdout("get item nope -o yaml --ignore-not-found"), "");
}

#[test]
fn templates_and_columns_of_ones_own() {
    let shop = Shop::new();
    assert_eq!(shop.stdout("get items -o jsonpath={.items[*].metadata.name}"), "apple bolt");
    assert_eq!(shop.stdout("get item bolt -o jsonpath={.spec.price}"), "0.25");
    assert_eq!(
        shop.stdout("get items -o custom-columns=N:.metadata.name,L:.metadata.labels,X:.x"),
        "N       L                        X\napple   map[room:b]              <none>\nbolt    map[kind:metal room:a]   <none>\n"
    );
}

#[test]
fn formats_that_do_not_exist_are_named() {
    let shop = Shop::new();
    let formats = "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,\
                   jsonpath-file,name,template,templatefile,wide,yaml";
    for (line, message) in [
        (
            "get items -o nope",
            &*format!(
                "unable to match a printer suitable for the output format \"nope\", allowed formats are: {formats}"
            ),
        ),
        ("get items -o jsonpath", "template format specified but no template given"),
        ("get items -o custom-columns=", "custom-columns format specified but no custom columns given"),
        ("get items -o name --show-labels", "--show-labels option cannot be used with name printer"),
        (
            "get items --template {{.kind}}",
            "Go templates (-o go-template) are not supported; use -o jsonpath or -o custom-columns",
        ),
    ] {
        assert_eq!(shop.run(line), Ran(String::new(), format!("error: {message}\n"), 1), "{line}");
    }
}

#[test]
fn what_is_not_there_is_said_in_kubectls_words() {
    let shop = Shop::new();
    let not_found =
        |name: &str| format!("Error from server (NotFound): items.shop.example.com \"{name}\" not found\n");
    assert_eq!(
        shop.run("get item bolt nope none"),
        Ran(
            "NAME   CATEGORY   QTY   AGE\nbolt   hardware   120   0s\n".into(),
            not_found("nope") + &not_found("none"),
            1
        )
    );
    assert_eq!(shop.run("get item nope --ignore-not-found"), Ran(String::new(), String::new(), 0));
    for (line, message) in [
        ("get items -n x", "No resources found in x namespace.\n"),
        ("get items -A -l room=none", "No resources found\n"),
        ("get all", "No resources found in default namespace.\n"),
    ] {
        assert_eq!(shop.run(line), Ran(String::new(), message.into(), 0), "{line}");
    }
    for (line, message) in [
        ("get nopes", "error: the server doesn't have a resource type \"nopes\"\n"),
        ("get items.v9.shop.example.com", "error: the server doesn't have a resource type \"items\"\n"),
        ("get item/", "error: arguments in resource/name form must have a single resource and name\n"),
        ("get item/a/b", "error: arguments in resource/name form may not have more than one slash\n"),
        ("get items bolt -l room=a", "error: name cannot be provided when a selector is specified\n"),
        ("get items bolt -A", "error: a resource cannot be retrieved by name across all namespaces\n"),
        ("get -f nope.yaml", "error: the path \"nope.yaml\" does not exist\n"),
        ("get item bolt -n x", "Error from server (NotFound): namespaces \"x\" not found\n"),
    ] {
        assert_eq!(shop.run(line), Ran(String::new(), message.into(), 1), "{line}");
    }
}

#[test]
fn files_say_which_objects_are_meant() {
    let shop = Shop::new();
    let item =
        |name: &str| format!("apiVersion: shop.example.com/v1\nkind: Item\nmetadata: {{name: {name}}}\n");
    std::fs::write(shop.directory.path().join("items.yaml"), item("bolt") + "---\n" + &item("apple"))
        .unwrap();
    std::fs::write(
        shop.directory.path().join("other.yaml"),
        "apiVersion: v2\nkind: Itm\nmetadata: {name: a}\n",
    )
    .unwrap();
    std::fs::write(shop.directory.path().join("broken.yaml"), "a:\n  b: @c\n").unwrap();
    assert_eq!(
        shop.stdout("get -o name -f items.yaml"),
        "item.shop.example.com/bolt\nitem.shop.example.com/apple\n"
    );
    assert_eq!(shop.stdout("get --no-headers -f items.yaml").lines().count(), 2);
    let Ran(_, stderr, code) = shop.run("get -f items.yaml -f other.yaml");
    assert_eq!(
        (stderr.as_str(), code),
        (
            "resource mapping not found for name: \"a\" namespace: \"\" from \"other.yaml\": no matches for kind \"Itm\" in \
             version \"v2\"\nensure CRDs are installed first\n",
            1
        )
    );
    let Ran(_, stderr, _) = shop.run("get -f broken.yaml");
    assert!(
        stderr.starts_with("error parsing broken.yaml: error converting YAML to JSON: yaml: "),
        "{stderr}"
    );
    let Ran(_, stderr, _) = shop.run("get items -f items.yaml");
    assert!(stderr.starts_with("error: when paths, URLs, or stdin is provided as input"), "{stderr}");
}

#[test]
fn a_watch_shows_what_is_there_and_then_changes() {
    let shop = Shop::new();
    assert_eq!(shop.stdout("get item bolt -w --watch-only --request-timeout=20ms"), "");
    let once = "NAME   CATEGORY   QTY   AGE\nbolt   hardware   120   0s\n";
    assert_eq!(shop.stdout("get item bolt -w --request-timeout=20ms"), once);
    let client = shop.client.clone();
    let watching = std::thread::spawn(move || {
        let (mut streams, written) = Streams::captured("");
        let app = App::new("shop").with_client(client).hints(false);
        let line = "get items -w --output-watch-events --request-timeout=1s --no-headers";
        let code = app.execute(line.split(' ').map(Into::into), &mut streams, &Environment::default());
        (code, written.stdout())
    });
    // Whether this comes before the watch's list or after it, the watch shows it.
    let metadata = json!({"name": "nut", "namespace": "default"});
    shop.create(
        &json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "metadata": metadata, "spec": {}}),
    );
    let (code, stdout) = watching.join().unwrap();
    assert_eq!(code, 0);
    assert!(stdout.contains("ADDED      nut"), "{stdout}");
    assert!(stdout.contains("ADDED      bolt"), "{stdout}");
}
