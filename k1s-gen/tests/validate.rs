//! `k1s-gen validate` as a program: sources, schemas, exit codes, bad input.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

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
fn one_bad_source_leaves_the_others() {
    let folder = Folder::new();
    folder.write("m/a.yaml", "a: [\n---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: ok}\n");
    folder.write("m/binary.yaml", b"\x7fELF\x02\x01\x01\0\0\xff\xfe");
    folder.write("m/bomb.yaml", format!("a: &a [{}]\n{}", "x, ".repeat(100), bomb()));
    folder.write("m/deep.yaml", format!("a: {}", "[".repeat(5_000)));
    folder.write("m/list.yaml", "- 1\n---\njust text\n---\nkind: ConfigMap\n");
    folder.write("m/template.yaml", "kind: {{ .Values.kind }}\n");
    folder.write("m/z.yaml", ITEM);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path("m"), folder.path("m/circle")).unwrap();
        std::os::unix::fs::symlink(folder.path("m/self.yaml"), folder.path("m/self.yaml")).unwrap();
    }
    let (code, out, err) =
        folder.validate(&["--crds", "crds", "m", "missing.yaml", "-o", "text", "--summary"]);
    assert_eq!((code, err.as_str()), (1, ""));
    for expected in [
        "m/a.yaml:2:1 - failed validation: did not find expected node content",
        "m/binary.yaml",
        "limit alias_bytes",
        "limit depth",
        "m/list.yaml:1:1 - is invalid: expected an object, found array",
        "expected an object, found string",
        "m/list.yaml:5:1 - ConfigMap is invalid: apiVersion: not set",
        "m/template.yaml:1:8",
        "missing.yaml - failed validation: No such file or directory",
        "in 9 files - Valid: 2,",
    ] {
        assert!(out.contains(expected), "{expected}\nin\n{out}");
    }
    if cfg!(unix) {
        assert!(out.contains("m/self.yaml - failed validation: Too many levels of symbolic links"), "{out}");
    }
}

fn bomb() -> String {
    let anchors = ('b'..='j')
        .zip('a'..)
        .map(|(name, of)| format!("{name}: &{name} [{}]\n", vec![format!("*{of}"); 20].join(", ")));
    anchors.collect()
}

#[test]
fn a_stream_of_a_hundred_megabytes_is_no_burden() {
    let folder = Folder::new();
    let mut file = fs::File::create(folder.path("large.yaml")).unwrap();
    let one = format!("# {}\n{ITEM}---\n", "x".repeat(100_000)).replace("hammer", "h-NUMBER");
    for number in 0..1_000 {
        file.write_all(one.replace("NUMBER", &number.to_string()).as_bytes()).unwrap();
    }
    let (code, out, _) = folder.validate(&["--crds", "crds", "large.yaml", "--summary"]);
    assert_eq!((code, out.as_str()), (0, "1000 documents in 1 file: 1000 valid\n"));
    let text = format!("a: {}\n", "x".repeat(17 << 20));
    folder.write("scalar.yaml", text);
    let (code, out, _) = folder.validate(&["scalar.yaml", "-o", "text"]);
    assert_eq!(code, 1);
    assert!(out.contains("limit scalar_bytes of 16777216 exceeded"), "{out}");
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
fn kinds_are_skipped_rejected_and_missing() {
    let folder = Folder::new();
    folder.write("m.yaml", "apiVersion: a/v1\nkind: Tool\nmetadata: {name: a}\n");
    let (code, out, _) = folder.validate(&["m.yaml", "-o", "text"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("m.yaml:2:7 - Tool a failed validation: kind: no schema is known for kind \"Tool\""),
        "{out}"
    );
    for (arguments, expected) in [
        (["--ignore-missing-schemas", ""], (0, "1 skipped")),
        (["--skip", "Other,Tool"], (0, "1 skipped")),
        (["--skip", "a/v1/Tool"], (0, "1 skipped")),
        (["--skip", "a/v2/Tool"], (1, "1 not judged")),
        (["--reject", "Tool"], (1, "1 invalid")),
        (["--ignore-filename-pattern", r"^m\."], (0, "0 documents")),
    ] {
        let arguments: Vec<&str> = arguments.into_iter().filter(|argument| !argument.is_empty()).collect();
        let (code, out, err) = folder.validate(&[&["m.yaml", "--summary"], arguments.as_slice()].concat());
        assert_eq!(code, expected.0, "{arguments:?} {out} {err}");
        assert!(out.contains(expected.1), "{arguments:?} {out}");
    }
}

#[test]
fn json_schemas_serve_where_nothing_better_is_known() {
    let folder = Folder::new();
    let schema = r#"{"type": "object", "additionalProperties": false, "properties": {"apiVersion": {}, "kind": {}, "metadata": {},
        "spec": {"type": "object", "properties": {"replicas": {"type": "integer"}}}}}"#;
    folder.write("schemas/apps.example.com/tool_v1.json", schema);
    folder.write("schemas/apps.example.com/broken_v1.json", "{");
    let tool = "apiVersion: apps.example.com/v1\nkind: Tool\nmetadata: {name: a}\nspec:\n  replicas: two\nextra: 1\n";
    folder.write("m.yaml", tool);
    folder.write("broken.yaml", tool.replace("Tool", "Broken"));
    let location = "schemas/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
    let (code, out, _) =
        folder.validate(&["--schema-location", location, "m.yaml", "broken.yaml", "-o", "text"]);
    assert_eq!(code, 1);
    for expected in [
        "m.yaml:5:13 - Tool a is invalid: spec.replicas: \"two\" is not of type \"integer\" [type]",
        "m.yaml:6:1 - Tool a is invalid: extra: unknown field [unknown-field]",
        "schemas/apps.example.com/broken_v1.json: EOF while parsing an object",
    ] {
        assert!(out.contains(expected), "{expected}\nin\n{out}");
    }
    let (code, _, err) = folder.validate(&["--schema-location", "https://example.com/x", "m.yaml"]);
    assert_eq!(code, 2);
    assert!(err.contains("URLs are not supported"), "{err}");
}

#[test]
fn type_manifests_bring_kinds() {
    let folder = Folder::new();
    let types = "apiVersion: k1s.io/v1alpha1\nkind: PluginTypeManifest\nmetadata: {name: p}\nspec:\n  types:\n  - group: p.example.com\n    version: v1\n    kind: Plug\n    plural: plugs\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties: {spec: {type: object, properties: {pins: {type: integer}}}}\n";
    folder.write("plugins/p/types.yaml", types);
    folder
        .write("m.yaml", "apiVersion: p.example.com/v1\nkind: Plug\nmetadata: {name: a}\nspec: {pins: x}\n");
    let (code, out, _) = folder.validate(&["--types", "plugins", "m.yaml", "-o", "text"]);
    assert_eq!(code, 1);
    assert!(out.contains("m.yaml:4:14 - Plug a is invalid: spec.pins"), "{out}");
    let (code, _, err) = folder.validate(&["--types", "crds", "m.yaml"]);
    assert_eq!((code, err.as_str()), (2, "error: crds: no types.yaml is there, nor in a directory below\n"));
    folder.write("bad/types.yaml", types.replace("Plug\n", "ConfigMap\n").replace("p.example.com", "\"\""));
    let (code, _, err) = folder.validate(&["--types", "bad", "m.yaml"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: "), "{err}");
}

#[test]
fn results_are_remembered_by_content_and_schemas() {
    let folder = Folder::new();
    folder.write("m/a.yaml", ITEM);
    folder.write("m/b.yaml", ITEM.replace("hammer", "saw").replace("Hammer", "much longer than twenty"));
    let run =
        |crds: &str| folder.validate(&["--crds", crds, "m", "--cache", "cache", "--summary", "-o", "text"]);
    let first = run("crds");
    assert!(first.1.contains("Valid: 1, Invalid: 1"), "{}", first.1);
    assert_eq!(run("crds"), first);
    let files = || fs::read_dir(folder.path("cache")).unwrap().count();
    assert_eq!(files(), 1);
    // Another schema is another cache.
    folder.write("tight/items.yaml", CRD.replace("maxLength: 20", "maxLength: 3"));
    assert!(run("tight").1.contains("Invalid: 2"));
    assert_eq!(files(), 1, "there was nothing to remember");
    // What was remembered still counts as an object.
    folder.write("m/c.yaml", ITEM);
    assert!(run("crds").1.contains("Item hammer is already at m/a.yaml:1:1"), "{}", run("crds").1);
}

#[test]
fn what_keeps_it_from_beginning_exits_with_two() {
    let folder = Folder::new();
    folder.write("m.yaml", ITEM);
    folder.write("wrong/items.yaml", CRD.replace("minimum: 1", "minimum: one"));
    folder.write("empty/nothing.yaml", ITEM);
    folder.write("twice/items.yaml", CRD.replace("minimum: 1", "minimum: 2"));
    let number =
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\nspec: 5\n";
    folder.write("number.yaml", number);
    for command in ["crd", "schema", "types"] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_k1s-gen"));
        let output = program.current_dir(folder.0.path()).args([command, "number.yaml"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    folder.write(
        "clash.yaml",
        CRD.replace("shop.example.com", "rbac.authorization.k8s.io")
            .replace("Item", "Role")
            .replace("item", "role"),
    );
    for (arguments, expected) in [
        (vec!["--crds", "missing", "m.yaml"], "missing: No such file or directory"),
        (vec!["--crds", "empty", "m.yaml"], "empty: no CustomResourceDefinition is there"),
        (
            vec!["--crds", "crds", "--crds", "twice", "m.yaml"],
            "another definition of it is at crds/items.yaml:1:1",
        ),
        (vec!["--crds", "number.yaml", "m.yaml"], "an API server would refuse x:"),
        (vec!["--crds", "wrong", "m.yaml"], "an API server would refuse Item.shop.example.com"),
        (vec!["--crds", "crds", "m.yaml", "--baseline", "none.jsonl"], "none.jsonl: No such file"),
        (
            vec!["--crds", "crds", "m.yaml", "--ignore-filename-pattern", "("],
            "--ignore-filename-pattern: regex parse error",
        ),
        (vec![], "required arguments were not provided"),
        (vec!["m.yaml", "--kubernetes-version", "latest"], "expected a version as 1.36.2, or master"),
    ] {
        let (code, out, err) = folder.validate(&arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?} {err}");
        assert!(err.contains(expected), "{expected}\nin\n{err}");
    }
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
fn anchors_with_quotes_cost_no_more_than_others() {
    let folder = Folder::new();
    // Every scalar would be looked for to the end of the text.
    let lines: String = (0..20_000).map(|number| format!("- &a{number}\\\" ''\n")).collect();
    folder.write("m.yaml", format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\nnope:\n{lines}"));
    let (code, out, _) = folder.validate(&["m.yaml", "-o", "text"]);
    assert_eq!(
        (code, out.as_str()),
        (1, "m.yaml:4:1 - ConfigMap a is invalid: nope: unknown field [unknown-field]\n")
    );
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
