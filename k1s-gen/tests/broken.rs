//! Crates that nothing can be generated from: the error says why.
#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use std::process::Command;

mod common;

use common::{RUNTIME, k1s_gen_in, text, workspace_with};

#[test]
fn what_is_wrong_with_a_crate_is_told() {
    let workspace = workspace_with(
        "ruins",
        &[
            ("bare", RUNTIME, "src/lib.rs", ""),
            ("torn", RUNTIME, "src/lib.rs", "pub fn torn() -> u32 { \"no number\" }\n"),
            ("program", RUNTIME, "src/main.rs", "fn main() {}\n"),
            ("plain", "", "src/lib.rs", ""),
        ],
    );
    let said = |arguments: &[&str]| {
        let output = k1s_gen_in(&workspace, arguments);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        text(&output.stderr)
    };
    let bare = "error: package `bare` registers no kinds: derive `Resource` for them in its library";
    for command in ["crd", "types", "schema", "check"] {
        let said = said(&[command, "-p", "bare"]);
        assert!(said.starts_with(bare), "{command}: {said}");
    }
    assert!(said(&["all", "-p", "bare", "-o", "out"]).starts_with(bare));
    assert!(!workspace.join("out").exists());
    assert_eq!(
        said(&["rbac", "-p", "bare"]),
        "error: package `bare` has no rules: say what its reconcilers do with #[rbac(...)]\n"
    );

    // The compiler's own words.
    let torn = said(&["crd", "-p", "torn"]);
    assert!(
        torn.starts_with("error: reading the kinds of `torn` failed:\nerror[E0308]: mismatched types\n"),
        "{torn}"
    );
    assert!(torn.contains("src/lib.rs:1:24"), "{torn}");

    assert_eq!(
        said(&["schema", "-p", "program"]),
        "error: package `program` has no library; put the kinds in `src/lib.rs`\n"
    );
    assert_eq!(said(&["types", "-p", "plain"]), "error: package `plain` does not depend on `k1s-runtime`\n");
    assert!(said(&["crd", "-p", "bare", "-F", "nonsense"]).contains("nonsense"));
    assert!(said(&["crd"]).contains("choose one with `--package`"));
}

#[test]
fn a_place_without_cargo_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let nothing = k1s_gen_in(directory.path(), &["crd"]);
    assert_eq!(nothing.status.code(), Some(1));
    let said = text(&nothing.stderr);
    assert!(said.starts_with("error: cargo metadata failed:\nerror: could not find `Cargo.toml`"), "{said}");

    let mut command = Command::new(env!("CARGO_BIN_EXE_k1s-gen"));
    let absent = directory.path().join("cargo");
    let output = command.arg("crd").env("CARGO", &absent).current_dir(directory.path()).output().unwrap();
    let said = text(&output.stderr);
    assert!(said.starts_with(&format!("error: cannot run {}: ", absent.display())), "{said}");
    assert!(said.contains("install Rust"), "{said}");
}
