//! What manifests are validated against, and what is passed over.

use std::fs;

use super::{CRD, Folder, ITEM};

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
