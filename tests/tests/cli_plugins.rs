//! Kinds of plugins on the command line: served in full, told of when they cannot be, and not looked for where nobody asks for them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs::{self, File, FileTimes};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime};

use inventory_example::Item;
use k1s_runtime::cli::{App, Environment, Streams};

const KITCHEN: &str = r#"apiVersion: k1s.io/v1alpha1
kind: PluginTypeManifest
metadata: {name: kitchen}
spec:
  types:
  - group: kitchen.example.com
    version: v1
    kind: Order
    plural: orders
    shortNames: [ord]
    categories: [meals]
    storage: true
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.portions, statusReplicasPath: .status.served}
    printColumns:
    - {name: Dish, type: string, jsonPath: .spec.dish}
    - {name: Portions, type: integer, jsonPath: .spec.portions}
    - {name: Table, type: string, jsonPath: .spec.table, priority: 1}
    selectableFields:
    - jsonPath: .spec.table
    indexes: [.spec.dish]
    schema:
      openAPIV3Schema:
        type: object
        description: What a guest wants.
        required: [spec]
        properties:
          spec:
            type: object
            required: [dish]
            x-kubernetes-validations:
            - rule: self.dish != 'soup' || self.portions < 10
              message: there is not so much soup
            properties:
              dish: {type: string, description: What it is.}
              portions: {type: integer, minimum: 1, default: 1}
              table: {type: string, default: bar}
          status:
            type: object
            properties:
              served: {type: integer}
  - group: kitchen.example.com
    version: v1alpha1
    kind: Order
    plural: orders
    shortNames: [ord]
    storage: false
    deprecated: true
    schema:
      openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
  - {group: kitchen.example.com, version: v1, kind: Cook, plural: cooks, scope: Cluster, categories: [meals]}
"#;

const SOUP: &str = "apiVersion: kitchen.example.com/v1
kind: Order
metadata: {name: soup}
spec: {dish: soup}
";

/// A program with a kind of its own, a store, plugins and a cache.
struct Place {
    root: tempfile::TempDir,
    app: App,
}

struct Ran {
    out: String,
    err: String,
    code: u8,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let app = App::new("shop").resource::<Item>().plugin_path(root.path().join("shipped"));
        Self { root, app }
    }

    fn with_kitchen() -> Self {
        let place = Self::new();
        place.file("plugins/kitchen/types.yaml", KITCHEN);
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// Writes a file that has been left alone for an hour.
    fn file(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let file = File::options().write(true).open(path).unwrap();
        let time = SystemTime::now() - Duration::from_secs(3_600);
        file.set_times(FileTimes::new().set_modified(time)).unwrap();
    }

    fn run_with(&self, line: &str, stdin: &str) -> Ran {
        let environment = Environment::new(self.root.path())
            .with("SHOP_STORE", "store")
            .with("SHOP_PLUGINS", "nowhere::plugins")
            .with("SHOP_CACHE", "cache");
        let (mut streams, written) = Streams::captured(stdin);
        let code = self.app.execute(line.split_whitespace().map(Into::into), &mut streams, &environment);
        Ran { out: written.stdout(), err: written.stderr(), code }
    }

    fn run(&self, line: &str) -> Ran {
        self.run_with(line, "")
    }

    #[track_caller]
    fn ok(&self, line: &str, stdin: &str) -> String {
        let ran = self.run_with(line, stdin);
        assert_eq!((ran.err.as_str(), ran.code), ("", 0), "{line}");
        ran.out
    }

    #[track_caller]
    fn fails(&self, line: &str, stdin: &str) -> String {
        let ran = self.run_with(line, stdin);
        assert_eq!((ran.out.as_str(), ran.code), ("", 1), "{line}: {}", ran.err);
        ran.err
    }
}

/// The words of each line.
fn words(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split_whitespace().collect()).collect()
}

#[test]
fn objects_of_a_plugin_are_served_as_any() {
    let place = Place::with_kitchen();
    assert_eq!(place.ok("apply -f -", SOUP), "order.kitchen.example.com/soup created\n");
    assert_eq!(place.ok("apply -f -", SOUP), "order.kitchen.example.com/soup unchanged\n");
    let plain = vec![vec!["NAME", "DISH", "PORTIONS"], vec!["soup", "soup", "1"]];
    for word in
        ["orders", "order", "ord", "Order", "orders.kitchen.example.com", "orders.v1.kitchen.example.com"]
    {
        assert_eq!(words(&place.ok(&format!("get {word}"), "")), plain, "{word}");
    }
    let wide = place.ok("get ord soup -o wide", "");
    assert_eq!(words(&wide), [["NAME", "DISH", "PORTIONS", "TABLE"], ["soup", "soup", "1", "bar"]]);
    let tea = "apiVersion: kitchen.example.com/v1\nkind: Order\nmetadata: {name: tea}\nspec: {dish: tea, table: '7'}\n";
    let cook = "---\napiVersion: kitchen.example.com/v1\nkind: Cook\nmetadata: {name: ann}\n";
    place.ok("create -f -", &format!("{tea}{cook}"));
    assert_eq!(
        place.ok("get ord -o name --field-selector spec.table=7", ""),
        "order.kitchen.example.com/tea\n"
    );
    assert_eq!(
        place.ok("get ord -o name --field-selector spec.dish=soup", ""),
        "order.kitchen.example.com/soup\n"
    );
    assert_eq!(
        place.ok("get meals -o name", ""),
        "cook.kitchen.example.com/ann\norder.kitchen.example.com/soup\norder.kitchen.example.com/tea\n"
    );

    assert_eq!(place.ok("scale ord soup --replicas=3", ""), "order.kitchen.example.com/soup scaled\n");
    place.ok("patch ord soup --type=merge --subresource=status -p {\"status\":{\"served\":2},\"spec\":{\"portions\":9}}", "");
    let shown = place.ok("get ord soup -o jsonpath={.spec.portions}/{.status.served}", "");
    assert_eq!(shown, "3/2");
    let old = place.run("get orders.v1alpha1.kitchen.example.com soup -o jsonpath={.apiVersion}");
    assert_eq!((old.out.as_str(), old.code), ("kitchen.example.com/v1alpha1", 0));
    assert!(
        old.err
            .contains("kitchen.example.com/v1alpha1 Order is deprecated; use kitchen.example.com/v1 Order"),
        "{}",
        old.err
    );

    assert_eq!(place.ok("delete ord soup", ""), "order.kitchen.example.com \"soup\" deleted\n");
    place.ok("create namespace n", "");
    place.ok("create -n n -f -", tea);
    place.ok("delete namespace n", "");
    assert_eq!(
        place.ok("get ord -A -o name", ""),
        "order.kitchen.example.com/tea\n",
        "a namespace goes with what is in it"
    );
}

#[test]
fn what_a_plugin_says_of_its_kinds_holds() {
    let place = Place::with_kitchen();
    let err = place.fails("create -f -", &SOUP.replace("dish: soup", "portions: 0"));
    assert!(err.contains("* spec.dish: Required value"), "{err}");
    assert!(err.contains("spec.portions in body should be greater than or equal to 1"), "{err}");
    let err = place.fails("create -f -", &SOUP.replace("dish: soup", "dish: soup, portions: 10"));
    assert!(
        err.contains("The Order \"soup\" is invalid: spec: Invalid value: there is not so much soup"),
        "{err}"
    );
    let err = place.fails("create -f -", &SOUP.replace("dish: soup", "dish: soup, tabel: x"));
    assert!(err.contains("unknown field \"spec.tabel\""), "{err}");

    let text = place.ok("explain ord.spec", "");
    for part in ["GROUP:      kitchen.example.com", "KIND:       Order", "What it is.", "portions"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(place.ok("explain orders.kitchen.example.com.spec.dish", "").contains("<string>"));
    let table = place.ok("api-resources --api-group kitchen.example.com -o wide", "");
    let rows = words(&table);
    assert_eq!(rows[1][..4], ["cooks", "kitchen.example.com/v1", "false", "Cook"]);
    assert_eq!(rows[2][..5], ["orders", "ord", "kitchen.example.com/v1", "true", "Order"]);
    assert_eq!(rows[2].last(), Some(&"meals"));
    let versions = place.ok("api-versions", "");
    assert!(versions.contains("kitchen.example.com/v1\nkitchen.example.com/v1alpha1\n"), "{versions}");
    let err = place.fails("get ordesr", "");
    assert!(err.ends_with("hint: did you mean \"orders\"?\n"), "{err}");
    let err = place.fails("create -f -", &SOUP.replace("kind: Order", "kind: Oder"));
    assert!(err.contains("hint: did you mean \"Order\"?"), "{err}");
}

#[test]
fn what_is_left_out_is_told_where_plugins_are_asked_for() {
    let place = Place::with_kitchen();
    place.file("plugins/broken/types.yaml", "kind: Nonsense\n");
    let item = "apiVersion: inventory.example.com/v1alpha1\nkind: Item\nmetadata: {name: a}\nspec: {name: a, category: toys, quantity: 1}\n";
    // The program's own kinds need no plugins, and what is wrong with those is not in the way.
    assert_eq!(place.ok("create -f -", item), "item.inventory.example.com/a created\n");
    assert_eq!(place.ok("get items -o name", ""), "item.inventory.example.com/a\n");
    assert!(!place.path("cache").exists());
    for line in ["get orders", "get orders,cooks", "api-resources", "explain orders", "delete items --all"] {
        let ran = place.run(line);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        let place = place.path("plugins/broken/types.yaml");
        let line_of_kind = format!("\n  {}:1:1: kind: Unsupported value: \"Nonsense\": ", place.display());
        assert_eq!(ran.err.matches("Warning").count(), 1, "{line}: {}", ran.err);
        assert!(ran.err.starts_with("Warning: a plugin manifest is skipped:\n"), "{}", ran.err);
        assert!(ran.err.contains(&line_of_kind), "{}", ran.err);
    }
    assert_eq!(
        place.fails("get xyzzyx --skip-plugins", ""),
        "error: the server doesn't have a resource type \"xyzzyx\"\nhint: kinds of plugins are left out, as --skip-plugins says\n"
    );
    assert_eq!(place.run("api-resources --skip-plugins").err, "");
    let without = App::new("shop").plugins(false);
    let environment =
        Environment::new(place.root.path()).with("SHOP_STORE", "store").with("SHOP_PLUGINS", "plugins");
    let (mut streams, written) = Streams::captured("");
    assert_eq!(without.execute(["get", "orders"].map(Into::into), &mut streams, &environment), 1);
    assert_eq!(written.stderr(), "error: the server doesn't have a resource type \"orders\"\n");
}

#[test]
fn a_taken_place_is_told_with_both_names() {
    let place = Place::new();
    let manifest = KITCHEN
        .replace("kitchen.example.com", "inventory.example.com")
        .replace("Order", "Item")
        .replace("orders", "items");
    place.file("shipped/types.yaml", &manifest);
    let path = place.path("shipped/types.yaml");
    let warning = format!(
        "Warning: kind Item (items.inventory.example.com) of plugin kitchen ({}) is not used: the program's own kind Item (inventory::Item) has its kind\n",
        path.display()
    );
    assert_eq!(place.run("api-resources").err, warning);
    let ran = place.run("get items.v1.inventory.example.com");
    assert_eq!(
        (ran.err.as_str(), ran.code),
        (format!("{warning}error: the server doesn't have a resource type \"items\"\n").as_str(), 1)
    );
    assert_eq!(place.ok("get cooks.inventory.example.com -o name", ""), "", "its other kinds are used");

    // A CustomResourceDefinition of the store comes first, too, and leaves the place when it goes.
    place.file("plugins/kitchen/types.yaml", KITCHEN);
    place.ok("apply -f -", SOUP);
    let crd = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: orders.kitchen.example.com}
spec:
  group: kitchen.example.com
  scope: Namespaced
  names: {kind: Order, plural: orders}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
";
    assert_eq!(place.run_with("create -f -", crd).code, 0);
    let ran = place.run("get orders");
    assert_eq!(words(&ran.out)[0], ["NAME", "AGE"], "the definition's columns, and what is stored");
    assert_eq!(place.run("get ord").code, 1, "the plugin's short name");
    let ran = place.run("api-resources");
    assert!(ran.err.contains("kind Order (orders.kitchen.example.com) of plugin kitchen"), "{}", ran.err);
    assert!(
        ran.err.contains(
            "is not used: kind Order of CustomResourceDefinition orders.kitchen.example.com has its kind"
        ),
        "{}",
        ran.err
    );
}

#[test]
fn a_kind_whose_plugin_is_gone_is_not_a_riddle() {
    let place = Place::with_kitchen();
    place.ok("apply -f -", SOUP);
    let path = place.path("plugins/kitchen");
    fs::rename(&path, place.path("away")).unwrap();
    let hint = format!(
        "hint: kind Order of kitchen.example.com came from plugin kitchen, whose manifest {} is not there any more; objects of it are kept\n",
        path.join("types.yaml").display()
    );
    assert_eq!(
        place.fails("get ord", ""),
        format!("error: the server doesn't have a resource type \"ord\"\n{hint}")
    );
    let err = place.fails("apply -f -", SOUP);
    assert!(err.contains("no matches for kind \"Order\"") && err.ends_with(&hint), "{err}");
    fs::rename(place.path("away"), &path).unwrap();
    assert_eq!(place.ok("get ord -o name", ""), "order.kitchen.example.com/soup\n");
}

/// Run as a process, whose directories the platform knows.
#[cfg(target_os = "linux")]
#[test]
fn plugins_are_in_the_data_directory_and_the_cache_in_its_own() {
    let place = Place::new();
    place.file("data/kubectl/plugins/kitchen/types.yaml", KITCHEN);
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_kubectl-like"))
            .args(arguments)
            .env_clear()
            .env("HOME", place.path("home"))
            .env("XDG_DATA_HOME", place.path("data"))
            .env("XDG_CACHE_HOME", place.path("caches"))
            .output()
            .unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    for _ in 0..2 {
        assert_eq!(run(&["get", "cooks"]), (String::new(), "No resources found\n".to_owned()));
    }
    assert!(place.path("data/kubectl/data.mdb").exists() || place.path("data/kubectl").is_dir());
    assert!(place.path("caches/kubectl/plugin-kinds").is_file());
    assert!(run(&["get", "cooks", "--skip-plugins"]).1.contains("doesn't have a resource type"));
}
