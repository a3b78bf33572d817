//! `k1s-gen diff`, run in git repositories and on a crate.
#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

mod common;
#[path = "common/repository.rs"]
mod repository;

use common::{crate_with, k1s_gen, k1s_gen_in, text};
use repository::Repository;
use serde_json::Value;

const CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: items.shop.example.com
spec:
  group: shop.example.com
  scope: Namespaced
  names: {kind: Item, listKind: ItemList, plural: items, singular: item}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          size:
            type: integer
            maximum: 100
          colour: {type: string}
";

/// The exit code, what was printed, and what was said.
fn said(output: &Output) -> (Option<i32>, String, String) {
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn diff(repository: &Repository, arguments: &[&str]) -> (Option<i32>, String, String) {
    let arguments: Vec<&str> = ["diff"].iter().chain(arguments).copied().collect();
    said(&k1s_gen_in(repository.path(), &arguments))
}

/// A repository whose working tree has gone on since its only commit: a tightened bound, a removed field, a new one.
fn changed() -> Repository {
    let repository = Repository::new();
    repository.write("crds/items.yaml", CRD);
    repository.write("crds/README.md", "not a manifest");
    repository.write("crds/other.yaml", "apiVersion: v1\nkind: ConfigMap\n");
    repository.commit("first");
    let new = CRD.replace("maximum: 100", "maximum: 10").replace("colour:", "color:");
    repository.write("crds/items.yaml", &format!("# A comment moves all.\n{new}"));
    repository
}

#[test]
fn a_working_tree_is_compared_with_a_revision() {
    let repository = changed();
    let (code, out, err) = diff(&repository, &["--old", "main", "crds/"]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let expected = "\
items.shop.example.com (Item), v1
  breaking   main:crds/items.yaml:20:11: colour: field removed: \"string\" [field-removed]
             it is dropped from objects when they are read and written, so its data is lost; strict clients are refused
             if it was renamed to `color`: its data does not move there; keep both, or convert between versions
  breaking   crds/items.yaml:20:13: size: bound tightened: maximum 100 → 10 [bound-tightened]
             values that were allowed are refused; on updates, unchanged values pass (ratcheting)
  compatible crds/items.yaml:21:11: color: optional field added: \"string\" [field-added]
             objects without it are as good as before

2 breaking, 1 compatible and 0 safe changes in 1 kind
";
    assert_eq!(out, expected);

    // The same by other ways to name the sides.
    for arguments in [["main:crds", "crds"], ["HEAD:crds/items.yaml", "crds/items.yaml"]] {
        let (code, out, _) = diff(&repository, &arguments);
        assert_eq!(code, Some(1));
        assert!(out.contains("2 breaking, 1 compatible and 0 safe changes in 1 kind"), "{out}");
    }
    let (code, out, _) = diff(&repository, &["crds", "crds"]);
    assert_eq!((code, out.as_str()), (Some(0), "no changes in 1 kind\n"));
    // From a directory below, by its own paths.
    let below = said(&k1s_gen_in(&repository.path().join("crds"), &["diff", "--old", "main", "items.yaml"]));
    assert!(below.1.contains("main:items.yaml:20:11: colour: field removed"), "{}", below.1);
}

#[test]
fn what_fails_and_what_is_shown_is_chosen() {
    let repository = changed();
    let compatible = CRD.replace("maximum: 100", "maximum: 1000");
    repository.write("crds/items.yaml", &compatible);
    let code = |arguments: &[&str]| diff(&repository, &[&["--old", "main", "crds"], arguments].concat()).0;
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--fail-on", "compatible"]), Some(1));
    repository.write("crds/items.yaml", &CRD.replace("maximum: 100", "maximum: 10"));
    assert_eq!(code(&["--fail-on", "never"]), Some(0));
    let repository = changed();
    let (_, out, _) = diff(&repository, &["--old", "main", "crds", "--show", "breaking"]);
    assert!(out.contains("colour") && !out.contains("color:"), "{out}");
}

#[test]
fn one_side_may_be_missing() {
    let repository = changed();
    repository.write("new/things.yaml", &CRD.replace("items", "things").replace("Item", "Thing"));
    let (code, out, err) = diff(&repository, &["--old", "main", "new"]);
    assert_eq!(
        (code, err.as_str()),
        (Some(0), "note: new is not in revision `main`: everything in it is new\n")
    );
    assert!(out.contains("new/things.yaml:4:3: kind added: \"Thing\" [kind-added]"), "{out}");
    fs::remove_file(repository.path().join("crds/items.yaml")).unwrap();
    let (code, out, _) = diff(&repository, &["--old", "main", "crds"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("main:crds/items.yaml:4:3: kind removed: \"Item\" [kind-removed]"), "{out}");
    let (code, _, err) = diff(&repository, &["--old", "main", "crds/items.yaml"]);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("crds/items.yaml is not in the working tree: everything in it was removed"),
        "{err}"
    );
}

#[test]
fn one_side_may_be_the_standard_input() {
    let repository = changed();
    let list = format!(
        "{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{}]}}",
        k1s_runtime::manifest::parse_yaml(CRD.as_bytes()).unwrap()
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_k1s-gen"))
        .args(["diff", "-", "crds", "--output", "json"])
        .current_dir(repository.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
    let (code, out, err) = said(&child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["summary"], serde_json::json!({"kinds": 1, "breaking": 2, "compatible": 1, "safe": 0}));
    let changes = report["kinds"][0]["changes"].as_array().unwrap();
    let removed = changes.iter().find(|change| change["rule"] == "field-removed").unwrap();
    assert_eq!((&removed["class"], &removed["field"]), (&"breaking".into(), &"colour".into()));
    assert_eq!(removed["old"]["file"], "stdin");
    assert!(removed["old"]["column"].as_u64().unwrap() > 100, "it stands within the list's one line");
    let bound = changes.iter().find(|change| change["rule"] == "bound-tightened").unwrap();
    assert_eq!(
        (&bound["from"], &bound["to"], &bound["keyword"]),
        (&100.into(), &10.into(), &"maximum".into())
    );
    assert_eq!(bound["new"], serde_json::json!({"file": "crds/items.yaml", "line": 20, "column": 13}));
}

#[test]
fn pull_requests_are_told() {
    let repository = changed();
    let (_, out, _) = diff(&repository, &["--old", "main", "crds", "-o", "github"]);
    let lines: Vec<&str> = out.lines().collect();
    // What is gone is shown where it was part of the new file.
    assert!(
        lines[0].starts_with(
            "::error file=crds/items.yaml,line=17,col=9,title=breaking%3A field-removed::items.shop.example.com v1: colour: field removed"
        ),
        "{out}"
    );
    assert!(lines[1].starts_with("::error file=crds/items.yaml,line=20,col=13,"), "{out}");
    assert!(lines[2].starts_with("::notice file=crds/items.yaml,line=21,col=11,"), "{out}");
    assert_eq!(lines.len(), 4);
    let (_, out, _) = diff(&repository, &["--old", "main", "crds", "-o", "github", "--fail-on", "never"]);
    assert!(out.starts_with("::warning file="), "{out}");
    let (_, out, _) = diff(&repository, &["--old", "main", "crds", "-o", "markdown"]);
    assert!(out.starts_with(
        "### The API changes, and breaks\n\n2 breaking, 1 compatible and 0 safe changes in 1 kind.\n"
    ));
    assert!(
        out.contains("| **breaking** | `size` | bound tightened: `maximum` `100` → `10`<br>`crds/items.yaml:20:13` | values"),
        "{out}"
    );
}

#[test]
fn wrong_usage_and_errors_exit_with_2() {
    let repository = changed();
    repository.write("broken.yaml", "a: [\n");
    let cases: &[(&[&str], &str)] = &[
        (&["crds"], "give OLD and NEW"),
        (&["a", "b", "c"], "give OLD and NEW"),
        (&["-", "-"], "only one of OLD and NEW can be the standard input"),
        (&["--old", "main", "-"], "--old compares paths that the revision has too"),
        (&["--old", "main", "crds", "-p", "x"], "--old compares either a crate or paths"),
        (&["gone", "crds"], "gone: no such file or directory; of a git revision, name it as REVISION:PATH"),
        (&["--old", "mian", "crds"], "has no revision `mian`"),
        (&["--old", "--all", "crds"], ""),
        (&["--old=-x", "crds"], "`-x` cannot be the name of a git revision"),
        (&["--old", "main", "gone"], "gone: neither in revision `main` nor in the working tree"),
        (&["main:gone", "crds"], "gone: not in revision `main`"),
        (&["--old", "main", "../x"], "outside of the git repository"),
        (&["--old", "main", "crds/other.yaml"], "crds/other.yaml: no CustomResourceDefinition is there"),
        (&["broken.yaml", "crds"], "broken.yaml:"),
        (&["crds", "crds", "--fail-on", "safe"], "invalid value 'safe'"),
    ];
    for (arguments, expected) in cases {
        let (code, out, err) = diff(&repository, arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {err}");
        assert!(err.contains(expected), "{arguments:?}: {err}");
    }
    let nowhere = tempfile::TempDir::new().unwrap();
    fs::write(nowhere.path().join("a.yaml"), CRD).unwrap();
    let (code, _, err) = said(&k1s_gen_in(nowhere.path(), &["diff", "--old", "main", "a.yaml"]));
    assert_eq!(code, Some(2));
    assert!(err.contains("is in no git repository"), "{err}");
}

#[test]
fn the_environment_of_a_hook_is_not_followed() {
    let repository = changed();
    let output = Command::new(env!("CARGO_BIN_EXE_k1s-gen"))
        .args(["diff", "--old", "main", "crds"])
        .env("GIT_DIR", "nowhere")
        .env("GIT_INDEX_FILE", "nowhere/index")
        .current_dir(repository.path())
        .output()
        .unwrap();
    let (code, _, err) = said(&output);
    assert_eq!((code, err.as_str()), (Some(1), ""));
}

#[test]
fn the_documented_table_is_the_one_in_force() {
    let (code, table, _) = said(&k1s_gen(&["diff", "--rules", "-o", "markdown"]));
    assert_eq!(code, Some(0));
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diff.md");
    let page = fs::read_to_string(page).unwrap();
    let written = page.split("<!-- rules -->\n").nth(1).unwrap().split("<!-- /rules -->").next().unwrap();
    assert!(
        written == table,
        "docs/diff.md is stale: put the output of `k1s-gen diff --rules -o markdown` between its marks"
    );
    let (_, text, _) = said(&k1s_gen(&["diff", "--rules"]));
    assert!(text.contains("field-removed (breaking): field removed\n    it is dropped"), "{text}");
    let (_, json, _) = said(&k1s_gen(&["diff", "--rules", "-o", "json"]));
    let rows: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(rows.len(), table.lines().count() - 2);
}

const KINDS: &str = r#"
use k1s_runtime::Resource;
use serde::{Deserialize, Serialize};

/// An item held in stock.
#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "shop.example.com", version = "v1", kind = "Item")]
pub struct ItemSpec {
    #[schema(maximum = 100)]
    pub quantity: i32,
}
"#;

#[test]
fn the_kinds_of_a_crate_are_compared_with_those_it_had() {
    let manifest = crate_with("k1s-gen-diffed", KINDS);
    let directory = manifest.parent().unwrap();
    let repository = Repository::at(directory);
    repository.write("build.sh", "#!/bin/sh\n");
    repository.commit("first");
    repository
        .write("src/lib.rs", &KINDS.replace("maximum = 100", "maximum = 10").replace("An item", "A thing"));

    let (code, out, err) = diff(&repository, &["--old", "main"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(
        out.contains("breaking   spec.quantity: bound tightened: maximum 100 → 10 [bound-tightened]"),
        "{out}"
    );
    assert!(out.contains("safe       spec: description, title"), "{out}");

    // The crate has committed definitions, which are compared with its kinds as they are.
    let (code, crds, err) = said(&k1s_gen_in(repository.path(), &["crd"]));
    assert_eq!(code, Some(0), "{err}");
    repository.write("crds/items.yaml", &crds);
    let (code, out, err) = diff(&repository, &["crds", "."]);
    assert_eq!((code, out.as_str()), (Some(0), "no changes in 1 kind\n"), "{err}");

    // And the crate in the revision with a file of today.
    let (code, out, err) = diff(&repository, &["main:.", "crds/items.yaml"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(out.contains("crds/items.yaml:") && out.contains("[bound-tightened]"), "{out}");

    // A crate that does not build shows what the compiler says.
    repository.write("src/lib.rs", "pub struct;");
    let (code, _, err) = diff(&repository, &["--old", "main"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("expected identifier"), "{err}");
    assert!(Path::new(&repository.path().join("build.sh")).exists());
}
