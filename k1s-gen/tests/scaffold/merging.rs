//! Names, directories, and the three-way merge with the user's files; nothing is built here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{done, refused};

const NEW: &[&str] = &["new", "shop", "--group", "shop.example.com"];

fn workspace() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    done(directory.path(), &[NEW, &["-o", "."]].concat());
    directory
}

/// Every file below a directory with its text.
fn contents(directory: &Path) -> BTreeMap<String, String> {
    let files = walkdir::WalkDir::new(directory)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(directory).unwrap().to_string_lossy().into_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

fn edit(directory: &Path, path: &str, from: &str, to: &str) {
    let path = directory.join(path);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn the_same_answers_give_the_same_bytes() {
    let (one, two) = (workspace(), workspace());
    assert_eq!(contents(one.path()), contents(two.path()));
    let before = contents(one.path());
    assert!(done(one.path(), &[NEW, &["-o", "."]].concat()).contains("nothing to change"));
    assert!(done(one.path(), &["upgrade"]).contains("nothing to change"));
    assert_eq!(contents(one.path()), before);
}

#[test]
fn bad_names_write_nothing() {
    let directory = tempfile::tempdir().unwrap();
    for (arguments, hint) in [
        (["new", "My Shop", "--group", "shop.example.com"], "`my-shop`"),
        (["new", "mod", "--group", "shop.example.com"], "a word of Rust"),
        (["new", "shop", "--group", "shop"], "no dot"),
        (["new", "shop", "--group", "Shop.example.com"], "not a DNS name"),
    ] {
        let said = refused(directory.path(), &arguments);
        assert!(said.contains(hint) && said.contains("hint: "), "{said}");
    }
    refused(directory.path(), &[NEW, &["--kind", "order"]].concat());
    assert!(contents(directory.path()).is_empty());
    assert!(refused(directory.path(), &["add", "resource", "Order"]).contains("k1s-gen new NAME"));
    fs::write(directory.path().join("mine"), "").unwrap();
    assert!(refused(directory.path(), &[NEW, &["-o", "."]].concat()).contains("is not empty"));
    let said = refused(directory.path(), &[NEW, &["--k1s-path", "nowhere"]].concat());
    assert!(said.contains("no checkout of k1s"), "{said}");
}

#[test]
fn edits_survive_what_is_added() {
    let directory = workspace();
    let root = directory.path();
    edit(root, "src/main.rs", "use std::process", "// Mine.\nuse std::process");
    fs::write(root.join("src/own.rs"), "// Not generated.\n").unwrap();
    fs::remove_file(root.join(".github/workflows/ci.yml")).unwrap();
    let before = contents(root);
    let shown = done(root, &["add", "resource", "Order", "--dry-run"]);
    assert!(shown.contains("+    let app = app.resource::<shop::v1::Order>();"), "{shown}");
    assert_eq!(contents(root), before, "a dry run writes nothing");

    // From anywhere in the workspace.
    let said = done(&root.join("src"), &["add", "resource", "Order", "--field", "name:string"]);
    assert!(said.contains("created src/v1/order.rs") && said.contains("updated src/main.rs"), "{said}");
    assert!(said.contains("stays deleted"), "{said}");
    let after = contents(root);
    assert!(after["src/main.rs"].contains("// Mine.") && after["src/main.rs"].contains("shop::v1::Order"));
    assert_eq!(after["src/own.rs"], "// Not generated.\n");
    assert!(!after.contains_key(".github/workflows/ci.yml"));
    assert!(refused(root, &["add", "resource", "Order"]).contains("has the kind Order already"));
}

#[test]
fn conflicts_change_nothing_and_are_shown() {
    let directory = workspace();
    let root = directory.path();
    let line = "    let app = app.resource::<shop::v1::Item>();\n";
    edit(root, "src/main.rs", line, "    let app = app.resource::<shop::v1::Item>().resource::<Mine>();\n");
    let before = contents(root);
    let said = refused(root, &["add", "resource", "Order"]);
    assert!(said.contains("src/main.rs:10:") && said.contains("--keep-mine"), "{said}");
    let mut after = contents(root);
    let marked = after.remove("src/main.rs.k1s-gen-new").unwrap();
    assert!(marked.contains("<<<<<<< yours") && marked.contains("v1::Order"), "{marked}");
    assert_eq!(after, before);

    edit(root, "src/main.rs", "<Mine>();\n", "<Mine>();\n    let app = app.resource::<shop::v1::Order>();\n");
    let said = done(root, &["add", "resource", "Order", "--keep-mine"]);
    assert!(said.contains("src/v1/order.rs"), "{said}");
    let after = contents(root);
    assert!(!after.contains_key("src/main.rs.k1s-gen-new") && after["src/main.rs"].contains("<Mine>();"));
    assert!(done(root, &["upgrade"]).contains("nothing to change"));
}

/// A file of the user's where one is to be generated is not overwritten.
#[test]
fn files_in_the_way_are_conflicts() {
    let directory = workspace();
    fs::write(directory.path().join("src/v1/order.rs"), "// Mine.\n").unwrap();
    assert!(refused(directory.path(), &["add", "resource", "Order"]).contains("src/v1/order.rs:1"));
    assert_eq!(fs::read_to_string(directory.path().join("src/v1/order.rs")).unwrap(), "// Mine.\n");
}

/// What an older generator wrote is brought up to date, around the user's edits.
#[test]
fn upgrades_merge() {
    let directory = workspace();
    let root = directory.path();
    let now = contents(root)["README.md"].clone();
    for path in [".k1s-gen/base.toml", "README.md"] {
        edit(root, path, "You need Rust 1.95 and a C compiler.", "You need Rust 1.90.");
    }
    edit(root, "README.md", "# shop\n", "# The shop\n");
    assert!(done(root, &["upgrade"]).contains("updated README.md"));
    assert_eq!(contents(root)["README.md"], now.replacen("# shop\n", "# The shop\n", 1));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links() {
    let (directory, outside) = (workspace(), tempfile::tempdir().unwrap());
    let root = directory.path();
    fs::rename(root.join("src/v1"), outside.path().join("v1")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("v1"), root.join("src/v1")).unwrap();
    let before = contents(outside.path());
    assert!(refused(root, &["add", "resource", "Order"]).contains("is a symbolic link"));
    assert_eq!(contents(outside.path()), before);
    edit(root, ".k1s-gen/base.toml", "[files]", "[files]\n\"../escaped\" = \"\"");
    assert!(refused(root, &["upgrade"]).contains("leads out of the workspace"));
}

#[test]
fn damaged_state_is_named() {
    let directory = workspace();
    fs::write(directory.path().join(".k1s-gen/scaffold.toml"), "format = [").unwrap();
    assert!(refused(directory.path(), &["upgrade"]).contains(".k1s-gen/scaffold.toml"));
}

#[test]
fn versions_are_made_of_the_code_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("läden im Hof");
    fs::create_dir(&root).unwrap();
    done(&root, &[NEW, &["-o", "."]].concat());
    edit(
        &root,
        "src/v1/item.rs",
        "    pub quantity: i32,\n",
        "    pub quantity: i32,\n    pub colour: Option<String>,\n",
    );
    done(&root, &["add", "version", "v1beta1"]);
    let version = contents(&root)["src/v1beta1/item.rs"].clone();
    assert!(version.contains("colour: old.colour,") && version.contains("colour: new.colour,"), "{version}");
    assert!(version.contains("version = \"v1beta1\"") && version.contains("hub = v1::Item"), "{version}");
    assert!(refused(&root, &["add", "version", "v1beta1"]).contains("all kinds have v1beta1 already"));
    assert!(refused(&root, &["add", "version", "v2", "--kind", "Itme"]).contains("it has Item"));
    edit(&root, "src/v1/item.rs", "pub struct ItemSpec {", "pub struct ItemSpec {{");
    assert!(refused(&root, &["add", "version", "v2"]).contains("src/v1/item.rs:"));
}
