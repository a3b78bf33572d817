//! The demo as a newcomer runs it: apply the folder, look at what is there, apply it again.

use crate::support::{example, run, stdout};

#[test]
fn the_folder_is_applied_once_and_then_unchanged() {
    let store = tempfile::tempdir().unwrap();
    let manifests = example("manifests");
    let apply = ["apply", "-R", "-f", manifests.to_str().unwrap()];

    let first = stdout(store.path(), &apply);
    assert_eq!(first.lines().count(), 528);
    assert!(first.lines().all(|line| line.ends_with(" created")), "{first}");

    let items = stdout(store.path(), &["get", "items", "--no-headers"]);
    assert_eq!(items.lines().count(), 491);
    let categories = stdout(store.path(), &["get", "categories", "-o", "name"]);
    assert_eq!(categories.lines().count(), 37);

    let again = stdout(store.path(), &apply);
    assert!(again.lines().all(|line| line.ends_with(" unchanged")), "{again}");
}

#[test]
fn defaults_and_columns_are_those_of_the_structs() {
    let store = tempfile::tempdir().unwrap();
    let manifest = example("manifests/toys/toys.yaml");
    stdout(store.path(), &["apply", "-f", manifest.to_str().unwrap()]);
    let reserved = stdout(store.path(), &["get", "item", "kite-delta", "-o", "jsonpath={.spec.reserved}"]);
    assert!(reserved.parse::<u32>().is_ok(), "{reserved}");
    let header = stdout(store.path(), &["get", "item", "kite-delta", "-o", "wide"]);
    let names: Vec<_> = header.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(names, ["NAME", "CATEGORY", "QUANTITY", "PRICE", "LOCATION", "SUPPLIER", "PHASE", "AGE"]);
}

#[test]
fn the_good_documents_of_a_mixed_file_are_applied() {
    let store = tempfile::tempdir().unwrap();
    let manifest = example("invalid/one-of-three.yaml");
    let output = run(store.path(), &["apply", "-f", manifest.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("bad-middle") && errors.contains("spec.name"), "{errors}");
    let names = stdout(store.path(), &["get", "items", "-o", "name"]);
    let expected = "item.inventory.example.com/good-first\nitem.inventory.example.com/good-last\n";
    assert_eq!(names, expected);
}

#[test]
fn refused_manifests_leave_nothing_behind() {
    let store = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(example("invalid")).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("one-of-three.yaml") {
            continue;
        }
        let output = run(store.path(), &["apply", "-f", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{}", path.display());
        assert!(output.stdout.is_empty(), "{}", path.display());
        assert!(!output.stderr.is_empty(), "{}", path.display());
    }
    let left = run(store.path(), &["get", "items"]);
    assert_eq!(String::from_utf8_lossy(&left.stderr), "No resources found in default namespace.\n");
}
