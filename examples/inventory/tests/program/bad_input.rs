//! Every kind of bad input gets one clear error and exit code 1, and loses nothing.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::support::{example, inventory, run, stdout};

/// Runs, asserts that it failed with exit code 1 and without output, and answers what it said.
fn refusal(store: &Path, args: &[&str]) -> String {
    let output = run(store, args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{args:?}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

fn apply_text(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("x.yaml");
    fs::write(&manifest, text).unwrap();
    refusal(&folder.path().join("store"), &["apply", "-f", manifest.to_str().unwrap()])
}

#[test]
fn malformed_documents_are_located() {
    let said = apply_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\ndata: [\n");
    assert!(said.contains("x.yaml:"), "{said}");
    let said = apply_text("{\"apiVersion\": \"v1\",\n \"kind\" \"ConfigMap\"}");
    assert!(said.contains("x.yaml:2:"), "{said}");
    let said = apply_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n");
    assert!(said.contains("x.yaml:4:"), "{said}");
    assert!(said.contains("hint: "), "{said}");
}

#[test]
fn near_misses_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = refusal(folder.path(), &["get", "itmes"]);
    assert!(said.contains("the server doesn't have a resource type \"itmes\""), "{said}");
    assert!(said.contains("did you mean \"items\"?"), "{said}");
    let said = refusal(folder.path(), &["gett", "items"]);
    assert!(said.contains("unknown command \"gett\" for \"inventory\"") && said.contains("get"), "{said}");
}

#[test]
fn unknown_fields_are_refused_warned_about_or_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = example("invalid/unknown-field.yaml");
    let create = ["create", "-f", manifest.to_str().unwrap()];
    let said = refusal(folder.path(), &[&create[..], &["--validate=strict"]].concat());
    assert!(said.contains("strict decoding error: unknown field \"spec.colour\""), "{said}");
    let output = run(folder.path(), &[&create[..], &["--validate=warn"]].concat());
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "Warning: unknown field \"spec.colour\"\n");
    let colour = stdout(folder.path(), &["get", "item", "painted", "-o", "jsonpath={.spec.colour}"]);
    assert_eq!(colour, "");
}

#[test]
fn a_store_that_is_not_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    fs::create_dir(&store).unwrap();
    let garbage = vec![0x5a_u8; 70_000];
    fs::write(store.join("data.mdb"), &garbage).unwrap();
    let said = refusal(&store, &["get", "items"]);
    assert!(said.contains("is not a k1s store"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(fs::read(store.join("data.mdb")).unwrap(), garbage);
}

#[test]
fn a_store_that_cannot_be_made_is_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let said = refusal(&file.join("store"), &["get", "items"]);
    assert!(said.contains("cannot open the store at"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let said = refusal(&file, &["get", "items"]);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "in the way");
}

/// The size limit of files stands in for a full disk: the system refuses to let the data file grow.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let manifests = example("manifests");
    stdout(&store, &["apply", "-f", manifests.join("00-categories.yaml").to_str().unwrap()]);

    // 256 blocks of 1 KiB: some of the manifests fit, not all.
    let limited = format!(
        "trap '' XFSZ; ulimit -f 256; exec \"{}\" --store \"{}\" apply -R -f \"{}\"",
        env!("CARGO_BIN_EXE_inventory"),
        store.display(),
        manifests.display()
    );
    let output = std::process::Command::new("bash").args(["-c", &limited]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the store is full"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let acknowledged = String::from_utf8(output.stdout).unwrap();
    let created: Vec<_> = acknowledged.lines().filter_map(|line| line.strip_suffix(" created")).collect();

    let there = stdout(&store, &["get", "items,categories", "-o", "name"]);
    assert!(created.iter().all(|name| there.lines().any(|line| line == *name)), "{acknowledged}");
    assert!(there.lines().filter(|line| line.starts_with("category.")).count() == 37, "{there}");
    let whole = stdout(&store, &["apply", "-R", "-f", manifests.to_str().unwrap()]);
    assert_eq!(whole.lines().count(), 528);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    stdout(folder.path(), &["apply", "-R", "-f", example("manifests").to_str().unwrap()]);
    let mut child = inventory(folder.path())
        .args(["get", "items", "-o", "yaml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}
