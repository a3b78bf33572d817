//! Sources that are broken, large or made to hurt, and what keeps a run from beginning.

use std::fs;
use std::io::Write;
use std::process::Command;

use super::{CRD, Folder, ITEM};

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
