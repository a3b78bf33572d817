//! `k1s-gen validate` as a program: sources, schemas, exit codes, bad input.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod hostile;
mod schemas;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: items.shop.example.com}
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
          spec:
            type: object
            required: [name]
            properties:
              name: {type: string, maxLength: 20}
              size: {type: integer, minimum: 1, default: 3}
              sku:
                type: string
                x-kubernetes-validations:
                - {rule: self == oldSelf, message: a sku stays}
              reserved: {type: integer}
            x-kubernetes-validations:
            - {rule: '!has(self.reserved) || self.reserved <= self.size', message: too much is reserved}
";

const ITEM: &str = "\
apiVersion: shop.example.com/v1
kind: Item
metadata: {name: hammer}
spec:
  name: Hammer
";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("crds/items.yaml", CRD);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_k1s-gen"));
        command.current_dir(self.0.path()).args(["validate", "--color=never"]).args(arguments);
        command
    }

    fn validate(&self, arguments: &[&str]) -> (i32, String, String) {
        answer(&self.command(arguments).stdin(Stdio::null()).output().unwrap())
    }

    fn validate_text(&self, arguments: &[&str], stdin: &str) -> (i32, String, String) {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        answer(&child.wait_with_output().unwrap())
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .current_dir(self.0.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn answer(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn what_an_api_server_would_take_is_valid() {
    let folder = Folder::new();
    folder.write(
        "manifests/a.yaml",
        format!("{ITEM}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n"),
    );
    folder
        .write("manifests/deep/b.json", r#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"b"}}"#);
    let (code, out, err) = folder.validate(&["--crds", "crds", "manifests", "--summary"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "3 documents in 2 files: 3 valid\n", ""));
    let (code, out, _) = folder.validate_text(&["--crds", "crds", "-f", "-", "--summary"], ITEM);
    assert_eq!((code, out.as_str()), (0, "1 document in 1 file: 1 valid\n"));
}

#[test]
fn every_fault_has_its_place_and_a_hint() {
    let folder = Folder::new();
    let item = "apiVersion: shop.example.com/v1\nkind: Item\nmetadata:\n  name: hammer\nspec:\n  nmae: x\n  size: \"5\"\n  size: 0\n  sku: 7\n";
    folder.write("bad.yaml", item);
    let (code, out, _) = folder.validate(&["--crds", "crds", "bad.yaml", "-o", "json"]);
    assert_eq!(code, 1);
    let output: Value = serde_json::from_str(&out).unwrap();
    let found: Vec<String> = output["resources"][0]["validationErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            let number = |field: &str| error[field].as_u64().unwrap_or_default();
            format!(
                "{}:{}-{}:{} {} {} {}",
                number("line"),
                number("column"),
                number("endLine"),
                number("endColumn"),
                error["rule"].as_str().unwrap(),
                error["path"].as_str().unwrap(),
                error["hint"].as_str().unwrap_or("-"),
            )
        })
        .collect();
    for expected in [
        "5:1-5:5 required spec.name -",
        "6:3-6:7 unknown-field spec.nmae did you mean `name`?",
        "8:3-8:7 duplicate-key spec.size the last one counts; remove the others",
        "8:9-8:10 bounds spec.size -",
        "9:8-9:9 type spec.sku quote the value",
    ] {
        assert!(found.iter().any(|found| found == expected), "{expected} in {found:#?}\n{out}");
    }
}

#[test]
fn what_was_there_before_is_compared_with() {
    let folder = Folder::new();
    let item = |sku: &str| format!("{ITEM}  sku: {sku}\n");
    folder.write("m/item.yaml", item("a"));
    folder.write("before/other-name.yaml", item("a"));
    folder.git(&["init", "-q"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "first"]);
    folder.write("m/item.yaml", item("b"));
    folder.write("m/new.yaml", item("c").replace("hammer", "saw"));
    for old in ["HEAD", "main", "before"] {
        let (code, out, err) = folder.validate(&["--crds", "crds", "m", "--old", old, "-o", "text"]);
        assert_eq!((code, err.as_str()), (1, ""), "{old}");
        assert_eq!(
            out,
            "m/item.yaml:6:8 - Item hammer is invalid: spec.sku: Invalid value: \"b\": a sku stays [cel]\n",
            "{old}"
        );
    }
    assert_eq!(folder.validate(&["--crds", "crds", "m"]).0, 0);
    // Wherever it stands now, and also if it comes from the standard input.
    let stdin = folder.validate_text(&["--crds", "crds", "-", "--old", "main", "-o", "text"], &item("b"));
    assert!(stdin.0 == 1 && stdin.1.contains("a sku stays"), "{stdin:?}");
    fs::create_dir(folder.path("main")).unwrap();
    let (code, _, err) = folder.validate(&["--crds", "crds", "m", "--old", "main"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: --old main: there is a directory and a revision of this name"), "{err}");
    assert_eq!(folder.validate(&["--crds", "crds", "m", "--old", "./main"]).0, 0);
    let (code, _, err) = folder.validate(&["--crds", "crds", "m", "--old", "nowhere"]);
    assert_eq!(code, 2);
    assert!(
        err.starts_with("error: --old nowhere: it is no directory, and no revision that git knows"),
        "{err}"
    );
}

#[test]
fn objects_are_printed_as_they_would_be_stored() {
    let folder = Folder::new();
    folder.write("m.yaml", format!("{ITEM}  nope: 1\n---\n{}", ITEM.replace("hammer", "saw")));
    let (code, out, err) = folder.validate(&["--crds", "crds", "m.yaml", "--defaults", "-o", "text"]);
    assert_eq!(code, 1);
    assert_eq!(
        out,
        "---\napiVersion: shop.example.com/v1\nkind: Item\nmetadata:\n  name: saw\n  namespace: default\nspec:\n  name: Hammer\n  size: 3\n"
    );
    assert!(err.starts_with("m.yaml:6:3 - Item hammer is invalid: spec.nope: unknown field"), "{err}");
}

#[test]
fn a_fault_that_is_ignored_hides_no_other() {
    let folder = Folder::new();
    folder.write("m.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: UP}\ndata:\n  a: 1 # k1s-gen:ignore[type]\n  b: 2\n");
    let (code, out, _) = folder.validate(&["m.yaml", "-o", "text"]);
    assert_eq!((code, out.lines().count()), (1, 2), "{out}");
    assert!(out.contains("m.yaml:3:18") && out.contains("m.yaml:6:6"), "{out}");
}

#[test]
fn a_file_is_read_once_and_an_empty_list_holds_nothing() {
    let folder = Folder::new();
    folder.write("m/a.yaml", ITEM);
    folder.write("m/list.yaml", "apiVersion: v1\nkind: List\n");
    let here = folder.path("m/a.yaml");
    let paths = ["--crds", "crds", "m/a.yaml", "./m/a.yaml", here.to_str().unwrap(), "m", "--summary"];
    let (code, out, _) = folder.validate(&paths);
    assert_eq!((code, out.as_str()), (0, "1 document in 2 files: 1 valid\n"));
}

#[test]
fn a_run_may_end_with_the_first_failure() {
    let folder = Folder::new();
    for number in 0..200 {
        folder.write(&format!("m/{number:03}.yaml"), "kind: [\n");
    }
    let (code, out, _) = folder.validate(&["m", "--exit-on-error", "-o", "text"]);
    assert_eq!((code, out.lines().count()), (1, 1));
}

#[test]
fn comments_and_baselines_take_findings_away() {
    let folder = Folder::new();
    folder.write("m/a.yaml", format!("{ITEM}  nope: 1 # k1s-gen:ignore[unknown-field] moves soon\n"));
    folder.write("m/b.yaml", ITEM.replace("hammer", "saw").replace("name: Hammer", "other: x"));
    let run = |more: &[&str]| {
        folder.validate(&[&["--crds", "crds", "m", "--summary", "-o", "text"], more].concat())
    };
    assert!(run(&[]).1.contains("Valid: 1, Invalid: 1"), "{}", run(&[]).1);
    assert_eq!(run(&["--write-baseline", "known.jsonl"]).0, 0);
    let (code, out, _) = run(&["--baseline", "known.jsonl"]);
    assert_eq!(code, 0, "{out}");
    folder.write("m/c.yaml", ITEM.replace("hammer", "axe").replace("name: Hammer", "other: x"));
    assert_eq!(run(&["--baseline", "known.jsonl"]).0, 1);
    assert!(Path::new(&folder.path("known.jsonl")).is_file());
}
