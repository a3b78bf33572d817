//! Finding plugins' manifests: what is read and when, what is left out and told, and who has a place.
#![cfg(feature = "plugin")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod plugins;

use std::fs;
use std::sync::Arc;

use k1s_runtime::api::{GroupVersionKind, ResourceDefinition};
use k1s_runtime::plugin::{Discovery, MAX_MANIFESTS};
use k1s_runtime::schema::CompiledSchema;
use k1s_runtime::scheme::{Scheme, Wanted};
use plugins::{Place, gvk, manifest, shop, told};
use serde_json::json;

#[test]
fn kinds_are_registered_when_they_are_named_and_not_before() {
    let place = Place::new();
    place.file("plugins/types.yaml", &manifest("root", &[("root.example.com", "Root", "roots")]));
    place.file("plugins/shop/types.yaml", &shop("Order", "orders"));
    place.file("plugins/shop/deeper/types.yaml", &shop("Deep", "deeps"));
    place.file("plugins/.hidden/types.yaml", &shop("Hidden", "hiddens"));
    place.file("plugins/README", "not a plugin");
    fs::create_dir(place.path("plugins/empty")).unwrap();
    for run in ["cold", "warm", "known"] {
        let (scheme, plugins) = place.open();
        assert!(scheme.by_gvk(&GroupVersionKind::gvk("", "v1", "ConfigMap")).is_some());
        let order = scheme.by_gvk(&gvk("Order")).unwrap();
        assert_eq!((order.plural.as_str(), order.singular.as_str()), ("orders", "order"), "{run}");
        assert!(scheme.named("roots").iter().all(|known| known.kind == "Root"));
        let schema = CompiledSchema::structural_of(&order).unwrap().to_openapi();
        assert_eq!(schema["properties"]["spec"]["properties"]["size"], json!({"type": "integer"}), "{run}");
        let kinds: Vec<String> = scheme.definitions().iter().map(|known| known.kind.clone()).collect();
        assert!(kinds.contains(&"Root".to_owned()), "{kinds:?}");
        assert!(!kinds.contains(&"Deep".to_owned()) && !kinds.contains(&"Hidden".to_owned()), "{kinds:?}");
        assert!(scheme.find("itmes").is_none());
        assert_eq!(told(&plugins), Vec::<String>::new());
    }
}

#[test]
fn without_manifests_nothing_is_made() {
    let place = Place::new();
    for run in 0..2 {
        let (scheme, plugins) = place.open();
        assert!(scheme.by_gvk(&gvk("Order")).is_none());
        assert!(plugins.gone(&Wanted::Word("orders")).is_none());
        assert!(told(&plugins).is_empty());
        assert_eq!(fs::read_dir(place.root.path()).unwrap().count(), run);
        fs::create_dir_all(place.path("plugins/empty")).unwrap();
    }
}

#[test]
fn a_broken_manifest_is_told_once_and_the_others_work() {
    let place = Place::new();
    place.file(
        "plugins/a-broken/types.yaml",
        "apiVersion: k1s.io/v1alpha1\nkind: PluginTypeManifest\nmetadata: {}\n",
    );
    place.file("plugins/b-text/types.yaml", "a: [\n");
    place.file("plugins/c-good/types.yaml", &shop("Order", "orders"));
    fs::create_dir_all(place.path("plugins/d-folder/types.yaml")).unwrap();
    place.file("plugins/e-large/types.yaml", &"#".repeat((4 << 20) + 1));
    // Wrong where only a close look sees it.
    let wrong =
        manifest("f", &[("f.example.com", "Thing", "things")]).replace("type: integer", "type: number5");
    place.file("plugins/f-schema/types.yaml", &wrong);
    for _ in 0..3 {
        let (scheme, plugins) = place.open();
        assert!(scheme.by_gvk(&gvk("Order")).is_some() && scheme.find_resource("things").is_none());
        let kinds = scheme.definitions();
        assert!(kinds.iter().all(|known| known.kind != "Thing"));
        let mut told = told(&plugins);
        told.sort();
        let at = |path: &str| place.path(path).display().to_string();
        let expected = [
            format!(
                "a plugin manifest is skipped:\n  {0}:3:1: metadata.name: Required value\n  {0}:1:1: spec: Required value",
                at("plugins/a-broken/types.yaml")
            ),
            format!("a plugin manifest is skipped: {}:", at("plugins/b-text/types.yaml")),
            format!(
                "a plugin manifest is skipped: {}:11:7: spec.types[0].schema.openAPIV3Schema: Forbidden: spec.size: `type` must",
                at("plugins/f-schema/types.yaml")
            ),
            format!(
                "the plugin manifest {} is skipped: it is no regular file",
                at("plugins/d-folder/types.yaml")
            ),
            format!(
                "the plugin manifest {} is skipped: it has 4194305 bytes",
                at("plugins/e-large/types.yaml")
            ),
        ];
        assert_eq!(told.len(), expected.len(), "{told:#?}");
        for (text, start) in told.iter().zip(expected) {
            assert!(text.starts_with(&start), "{text}\n{start}");
        }
        assert!(scheme.suggest("ordres").is_some());
        assert!(plugins.problems().is_empty(), "told twice");
    }
    // Mended, it works.
    place.file("plugins/f-schema/types.yaml", &manifest("f", &[("f.example.com", "Thing", "things")]));
    let (scheme, _) = place.open();
    assert!(scheme.find_resource("things").is_some());
}

#[cfg(unix)]
#[test]
fn what_a_file_system_can_do_to_a_directory_is_told() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let place = Place::new();
    place.file("plugins/good/types.yaml", &shop("Order", "orders"));
    symlink("loop", place.path("plugins/loop")).unwrap();
    symlink("nowhere", place.path("plugins/dangling")).unwrap();
    symlink("..", place.path("plugins/up")).unwrap();
    symlink(place.path("plugins/good"), place.path("plugins/same")).unwrap();
    let bytes = place.path("plugins").join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&bytes).unwrap();
    fs::write(bytes.join("types.yaml"), shop("Coffee", "coffees")).unwrap();
    place.file("file", "");
    let directories = ["plugins", "missing", "plugins", "file"].map(|path| place.path(path));
    let plugins = Arc::new(Discovery::new(directories));
    let scheme = Scheme::new().with_source(plugins.clone());
    assert!(scheme.by_gvk(&gvk("Order")).is_some());
    let told = told(&plugins);
    let has = |parts: [&str; 2]| told.iter().any(|text| parts.iter().all(|part| text.contains(part)));
    assert!(has(["plugins/loop/types.yaml", "symbolic links"]), "{told:#?}");
    assert!(has(["is skipped", "its path is not UTF-8"]), "{told:#?}");
    assert!(has(["cannot look for plugins in", "file"]), "{told:#?}");
    assert_eq!(told.len(), 3, "{told:#?}");
}

#[test]
fn places_are_the_programs_then_the_stores_then_the_first_plugins() {
    let place = Place::new();
    place.file("plugins/a/types.yaml", &manifest("a", &[("shop.example.com", "Order", "orders")]));
    place.file(
        "plugins/b/types.yaml",
        &manifest("b", &[("shop.example.com", "Command", "orders"), ("b.example.com", "Bee", "bees")]),
    );
    place.file("plugins/c/types.yaml", &manifest("c", &[("shop.example.com", "Item", "goods")]));
    place.file("plugins/d/types.yaml", &manifest("d", &[("shop.example.com", "Thing", "items")]));
    let (scheme, plugins) = place.open();
    let item = ResourceDefinition {
        rust_type: Some("shop::Item"),
        ..ResourceDefinition::new("shop.example.com", "v2", "Item", "items")
    };
    scheme.register_definition(item).unwrap();
    let kinds = |scheme: &Scheme| -> Vec<String> {
        let kinds = scheme.definitions();
        kinds.iter().filter(|it| it.group.ends_with("example.com")).map(|it| it.kind.clone()).collect()
    };
    assert!(scheme.by_gvk(&gvk("Item")).is_none(), "another version of the program's kind");
    assert_eq!(kinds(&scheme), ["Bee", "Item", "Order"]);
    let mut texts = told(&plugins);
    texts.sort();
    let (b, c, d) = (
        place.path("plugins/b/types.yaml"),
        place.path("plugins/c/types.yaml"),
        place.path("plugins/d/types.yaml"),
    );
    let a = place.path("plugins/a/types.yaml");
    assert_eq!(
        texts,
        [
            format!(
                "kind Command (orders.shop.example.com) of plugin b ({}) is not used: kind Order of plugin a ({}) has its plural",
                b.display(),
                a.display()
            ),
            format!(
                "kind Item (goods.shop.example.com) of plugin c ({}) is not used: the program's own kind Item (shop::Item) has its kind",
                c.display()
            ),
            format!(
                "kind Thing (items.shop.example.com) of plugin d ({}) is not used: the program's own kind Item (shop::Item) has its plural",
                d.display()
            ),
        ]
    );
    // A CustomResourceDefinition takes the place of a plugin's kind, whenever it comes, and leaves it again.
    let defined = ResourceDefinition::new("shop.example.com", "v1", "Purchase", "orders");
    scheme.replace_kind("shop.example.com", "Purchase", vec![defined]).unwrap();
    assert!(scheme.by_gvk(&gvk("Order")).is_none());
    assert_eq!(kinds(&scheme), ["Bee", "Item", "Purchase"]);
    let texts = told(&plugins);
    assert_eq!(texts.len(), 1, "{texts:#?}");
    assert!(
        texts[0].ends_with(
            "is not used: kind Purchase of CustomResourceDefinition orders.shop.example.com has its plural"
        ),
        "{texts:?}"
    );
    scheme.unregister("shop.example.com", "Purchase");
    assert_eq!(kinds(&scheme), ["Bee", "Item", "Order"]);
}

#[test]
fn a_broken_plugin_takes_no_place() {
    let place = Place::new();
    let broken =
        manifest("a", &[("shop.example.com", "Order", "orders")]).replace("type: integer", "type: number5");
    place.file("plugins/a/types.yaml", &broken);
    place.file("plugins/b/types.yaml", &manifest("b", &[("shop.example.com", "Order", "orders")]));
    let (scheme, plugins) = place.open();
    assert!(scheme.by_gvk(&gvk("Order")).is_some());
    let told = told(&plugins);
    assert!(told.len() == 1 && told[0].contains("plugins/a/types.yaml:11:7: "), "{told:#?}");
}

#[cfg(unix)]
#[test]
fn a_plugin_that_is_gone_is_remembered() {
    let place = Place::new();
    place.file("plugins/shop/types.yaml", &shop("Order", "orders"));
    place.file("plugins/other/types.yaml", &manifest("other", &[("o.example.com", "Other", "others")]));
    assert_eq!(place.discovery().scan(), 2);
    fs::remove_dir_all(place.path("plugins/shop")).unwrap();
    for _ in 0..2 {
        let (scheme, plugins) = place.open();
        assert!(scheme.find("orders").is_none());
        let gone = plugins.gone(&Wanted::Word("orders")).unwrap();
        assert_eq!((gone.plugin.as_str(), gone.kind.as_str()), ("shop", "Order"));
        // What is written next remembers it still.
        place.file("plugins/new/types.yaml", &manifest("new", &[("n.example.com", "New", "news")]));
        assert!(scheme.find("orders").is_none());
    }
    fs::remove_dir_all(place.path("plugins")).unwrap();
    assert!(place.discovery().gone(&Wanted::Kind { group: "shop.example.com", kind: "Order" }).is_some());
    assert!(place.discovery().gone(&Wanted::Word("nopes")).is_none());
    // It was never one of these directories.
    let elsewhere = Discovery::new([place.path("elsewhere")]).cached_in(place.path("cache"));
    assert!(elsewhere.gone(&Wanted::Word("orders")).is_none());
}

#[test]
fn there_is_an_end_to_manifests() {
    let place = Place::new();
    for number in 0..=MAX_MANIFESTS {
        let path = place.path(&format!("plugins/p{number:04}"));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("types.yaml"), "").unwrap();
    }
    let plugins = place.discovery();
    assert_eq!(plugins.scan(), MAX_MANIFESTS);
    let told = told(&plugins);
    assert!(
        told[0].contains(
            "p1000/types.yaml and those after it are skipped: there are more than 1000 (limit MAX_MANIFESTS)"
        ),
        "{}",
        told[0]
    );
    assert!(told.len() == 101 && told[100].contains("after 100 messages"), "{}", told.len());
}

#[test]
fn a_schema_that_is_no_yaml_is_told_when_its_kind_is_named() {
    let place = Place::new();
    let text = shop("Order", "orders").replace("        type: object\n", "        type: [object\n");
    place.file("plugins/shop/types.yaml", &text);
    for _ in 0..2 {
        let (scheme, plugins) = place.open();
        assert!(scheme.find("orders").is_none());
        let told = told(&plugins);
        assert!(told.len() == 1 && told[0].contains("plugins/shop/types.yaml:1"), "{told:?}");
    }
    // A text that only looks like a schema's place changes nothing.
    let text = shop("Order", "orders").replace(
        "metadata: {name: shop}",
        "metadata:\n  name: shop\n  annotations:\n    a: |\n      openAPIV3Schema:\n        x\n    b: c",
    );
    place.file("plugins/shop/types.yaml", &text);
    let (scheme, plugins) = place.open();
    assert!(scheme.find("orders").is_some() && told(&plugins).is_empty());
}
