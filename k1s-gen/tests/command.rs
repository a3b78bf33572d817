//! The program, run on a crate of its own and on this workspace.
#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn k1s_gen(arguments: &[&str]) -> Output {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_k1s-gen"));
    command.env("CARGO_TARGET_DIR", target).args(arguments).current_dir(workspace).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

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

/// A crate with a kind. It has this workspace's lock file and profiles, so that nothing is built or fetched anew for it.
fn crate_with_a_kind() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shop");
    fs::create_dir_all(directory.join("src")).unwrap();
    let own = fs::read_to_string(workspace.join("Cargo.toml")).unwrap();
    let profiles = own.find("[profile.dev]").map(|start| &own[start..]).unwrap_or_default();
    let runtime = workspace.join("k1s-runtime");
    let manifest = format!(
        "[package]\nname = \"shop\"\nedition = \"2024\"\n[workspace]\nresolver = \"3\"\n[dependencies]\nserde = \"1\"\n\
         k1s-runtime = {{ path = '{}', default-features = false, features = [\"derive\"] }}\n{profiles}",
        runtime.display()
    );
    fs::write(directory.join("Cargo.toml"), manifest).unwrap();
    fs::write(directory.join("src/lib.rs"), KINDS).unwrap();
    fs::copy(workspace.join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();
    directory.join("Cargo.toml")
}

#[test]
fn the_kinds_of_a_crate_are_written() {
    let manifest = crate_with_a_kind();
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
    assert!(text(&k1s_gen(&["crd", "--help"]).stdout).contains("k1s-gen crd -p inventory -o crds"));
}
