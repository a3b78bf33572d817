//! The program, run on a crate of its own and on this workspace.
#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use std::fs;

mod common;

use common::{crate_with, k1s_gen, text};

const KINDS: &str = r#"
use k1s_runtime::Resource;
use serde::{Deserialize, Serialize};

/// An item held in stock.
#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "shop.example.com", version = "v1", kind = "Item")]
pub struct ItemSpec {
    pub quantity: i32,
}
"#;

#[test]
fn the_kinds_of_a_crate_are_written() {
    let manifest = crate_with("shop", KINDS);
    let manifest = manifest.to_str().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let crds = directory.path().to_str().unwrap();

    let printed = k1s_gen(&["crd", "--manifest-path", manifest]);
    assert!(printed.status.success(), "{}", text(&printed.stderr));
    let stream = text(&printed.stdout);
    assert!(
        stream.contains("kind: CustomResourceDefinition") && stream.contains("name: items.shop.example.com")
    );

    let stale = k1s_gen(&["crd", "--manifest-path", manifest, "-p", "shop", "-o", crds, "--check"]);
    assert_eq!(stale.status.code(), Some(1));
    assert!(text(&stale.stderr).contains("1 of 1 files are stale"), "{}", text(&stale.stderr));

    assert!(k1s_gen(&["crd", "--manifest-path", manifest, "-o", crds]).status.success());
    assert!(k1s_gen(&["crd", "--manifest-path", manifest, "-o", crds, "--check"]).status.success());
    let items = fs::read_to_string(directory.path().join("shop.example.com_items.yaml")).unwrap();
    assert_eq!(stream, items);
}

#[test]
fn what_cannot_be_generated_from_is_named() {
    let absent = k1s_gen(&["crd", "-p", "inventroy"]);
    assert_eq!(absent.status.code(), Some(1));
    assert!(
        text(&absent.stderr).contains("the workspace has no package `inventroy`"),
        "{}",
        text(&absent.stderr)
    );

    let unrelated = k1s_gen(&["crd", "-p", "k1s-derive"]);
    assert!(text(&unrelated.stderr).contains("package `k1s-derive`"), "{}", text(&unrelated.stderr));

    let several = k1s_gen(&["crd"]);
    assert!(text(&several.stderr).contains("choose one with `--package`"), "{}", text(&several.stderr));

    let manifest = k1s_gen(&["crd", "--manifest-path", "nowhere/Cargo.toml"]);
    assert!(text(&manifest.stderr).contains("cargo metadata failed"), "{}", text(&manifest.stderr));
}

#[test]
fn wrong_usage_is_told_apart() {
    assert_eq!(k1s_gen(&["crd", "--nonsense"]).status.code(), Some(2));
    let check = k1s_gen(&["crd", "-p", "inventory", "--check"]);
    assert_eq!(check.status.code(), Some(1));
    assert!(text(&check.stderr).contains("--output"));
    let stream = k1s_gen(&["all", "-p", "inventory", "-o", "-"]);
    assert_eq!(text(&stream.stderr), "error: everything is several files: name a directory with --output\n");
    for both in [&["schema", "crds", "-p", "inventory"][..], &["all", "-p", "inventory"], &["rbac", "crds"]] {
        assert_eq!(k1s_gen(both).status.code(), Some(2), "{both:?}");
    }
    assert!(text(&k1s_gen(&["crd", "--help"]).stdout).contains("k1s-gen crd -p inventory -o crds"));
}
