//! The program, run on the example of this workspace.
#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use std::path::Path;
use std::process::{Command, Output};

fn k1s_gen(arguments: &[&str]) -> Output {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Command::new(env!("CARGO_BIN_EXE_k1s-gen")).args(arguments).current_dir(workspace).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
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
