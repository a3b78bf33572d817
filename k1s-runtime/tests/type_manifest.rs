//! Type manifests of plugins: what is read, what is refused and where, and the way back.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use k1s_runtime::api::definition::SchemaSource;
use k1s_runtime::api::{PrintColumn, ResourceDefinition, Scale, Scope};
use k1s_runtime::manifest::{self, Limit};
use k1s_runtime::schema::crd::to_crds_json;
use k1s_runtime::schema::type_manifest::{MAX_PROBLEMS, MAX_TYPES, TypeManifest, TypeManifestError};
use serde_json::json;
use std::sync::Arc;

const INVENTORY: &str = r#"apiVersion: k1s.io/v1alpha1
kind: PluginTypeManifest
metadata:
  name: inventory-plugin
spec:
  types:
  - group: inventory.example.com
    version: v1alpha1
    kind: Item
    plural: items
    shortNames: [item, itm]
    namespaced: true
    printColumns:
    - name: QUANTITY
      type: integer
      description: Available quantity
      jsonPath: .spec.quantity
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              quantity: {type: integer, minimum: 0}
  - group: inventory.example.com
    version: v1alpha1
    kind: Category
    plural: categories
    shortNames: [cat, category]
    scope: Cluster
"#;

fn problems(text: &str) -> Vec<String> {
    match TypeManifest::parse("types.yaml", text.as_bytes()) {
        Err(TypeManifestError::Fields(problems)) => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

/// The manifest with a part replaced.
fn with(part: &str, by: &str) -> String {
    assert!(INVENTORY.contains(part), "{part}");
    INVENTORY.replacen(part, by, 1)
}

#[test]
fn a_manifest_becomes_definitions() {
    let manifest = TypeManifest::parse("types.yaml", INVENTORY.as_bytes()).unwrap();
    assert_eq!(manifest.name, "inventory-plugin");
    let [item, category] = manifest.types.as_slice() else { panic!("{:?}", manifest.types) };
    assert_eq!((item.singular.as_str(), item.list_kind.as_str()), ("item", "ItemList"));
    assert_eq!(item.short_names, ["item", "itm"]);
    assert!(item.storage && item.served && item.is_namespaced());
    assert_eq!(item.columns.as_ref().unwrap()[0].json_path, ".spec.quantity");
    assert!(matches!(item.schema, SchemaSource::OpenApi(_)));
    assert_eq!(category.scope, Scope::Cluster);
    assert!(category.columns.is_none() && matches!(category.schema, SchemaSource::None));
    let json = serde_json::to_vec(&manifest.to_json().unwrap()).unwrap();
    let again = TypeManifest::parse("types.json", &json).unwrap();
    assert_eq!(again.to_json().unwrap(), manifest.to_json().unwrap());
}

#[test]
fn everything_survives_the_way_through_types_yaml() {
    let mut v2 = ResourceDefinition::new("a.example.com", "v2", "Thing", "things");
    v2.singular = "thingy".to_owned();
    v2.list_kind = "Things".to_owned();
    v2.short_names = vec!["th".to_owned()];
    v2.categories = vec!["all".to_owned()];
    v2.scope = Scope::Cluster;
    v2.status = true;
    v2.scale = Some(Scale {
        spec_replicas_path: ".spec.replicas".to_owned(),
        status_replicas_path: ".status.replicas".to_owned(),
        label_selector_path: Some(".status.selector".to_owned()),
    });
    v2.columns = Some(vec![PrintColumn {
        name: "Size".to_owned(),
        type_: "integer".to_owned(),
        format: "int32".to_owned(),
        description: "d".to_owned(),
        priority: 1,
        json_path: ".spec.size".to_owned(),
    }]);
    v2.selectable_fields = vec![".spec.colour".to_owned()];
    v2.indexes = vec![".spec.colour".to_owned()];
    v2.annotations.insert("a.example.com/x".to_owned(), "1".to_owned());
    v2.labels.insert("l".to_owned(), String::new());
    v2.schema = SchemaSource::OpenApi(Arc::new(json!({"type": "object", "properties": {
        "spec": {"type": "object", "properties": {
            "colour": {"type": "string"}, "size": {"type": "integer", "format": "int32"}, "replicas": {"type": "integer"}}},
        "status": {"type": "object", "properties": {"replicas": {"type": "integer"}, "selector": {"type": "string"}}},
    }})));
    let mut v1 = v2.clone();
    v1.version = "v1".to_owned();
    (v1.served, v1.storage, v1.deprecated) = (false, false, Some("use v2".to_owned()));
    v1.columns = Some(Vec::new());
    let mut other = ResourceDefinition::new("a.example.com", "v1", "Other", "others");
    (other.storage, other.deprecated) = (false, Some(String::new()));

    let mut manifest = TypeManifest::new("a-plugin", vec![v1, other, v2]);
    manifest.labels.insert("tier".to_owned(), "1".to_owned());
    manifest.annotations.insert("note".to_owned(), "yes".to_owned());
    manifest.check().unwrap();
    let text = manifest.to_yaml().unwrap();
    let again = TypeManifest::parse("types.yaml", text.as_bytes()).unwrap();
    assert_eq!(again.to_yaml().unwrap(), text);
    assert_eq!((&again.labels, &again.annotations), (&manifest.labels, &manifest.annotations));
    assert_eq!(to_crds_json(again.types.clone()).unwrap(), to_crds_json(manifest.types.clone()).unwrap());
    for (again, before) in again.types.iter().zip(&manifest.types) {
        assert_eq!(again.version, before.version, "the order of types is kept");
        assert_eq!((again.served, again.storage), (before.served, before.storage));
        assert_eq!((&again.indexes, &again.columns), (&before.indexes, &before.columns));
    }
    assert!(TypeManifest::parse_unchecked("types.yaml", text.as_bytes()).is_ok());
}

#[test]
fn problems_have_a_place_a_path_and_a_hint() {
    assert_eq!(
        problems(&with("    plural: items\n", "    plurals: items\n")),
        [
            "types.yaml:7:5: spec.types[0].plural: Required value",
            "types.yaml:10:5: spec.types[0].plurals: Forbidden: unknown field; did you mean `plural`?",
        ]
    );
    assert_eq!(
        problems(&with("namespaced: true", "namespaced: maybe\n    zzz: 1")),
        [
            "types.yaml:12:5: spec.types[0].namespaced: Invalid value: \"maybe\": must be a boolean",
            "types.yaml:13:5: spec.types[0].zzz: Forbidden: unknown field",
        ]
    );
    let cases = [
        ("k1s.io/v1alpha1", "k1s.io/v2", "types.yaml:1:1: apiVersion: Unsupported value: \"k1s.io/v2\""),
        ("inventory-plugin", "Inventory", "types.yaml:4:3: metadata.name: Invalid value: \"Inventory\": "),
        ("name: inventory-plugin", "labels: {a: 1}", "types.yaml:3:1: metadata.name: Required value"),
        (
            "    namespaced: true",
            "    namespaced: true\n    scope: Cluster",
            "spec.types[0].namespaced: Invalid value: true: scope is Cluster",
        ),
        ("scope: Cluster", "scope: Galaxy", "spec.types[1].scope: Unsupported value: \"Galaxy\""),
        ("kind: Category", "kind: Item", "spec.types[1].kind: Duplicate value: \"Item\""),
        ("plural: categories", "plural: items", "spec.types[1].plural: Duplicate value: \"items\""),
        ("[item, itm]", "[item, 1]", "spec.types[0].shortNames[1]: Invalid value: 1: must be a string"),
        (
            "type: integer\n      description",
            "type: int\n      description",
            "types.yaml:15:7: spec.types[0].printColumns[0].type: Invalid value: \"int\"",
        ),
        (
            "jsonPath: .spec",
            "jsonPath: spec",
            "types.yaml:17:7: spec.types[0].printColumns[0].jsonPath: Invalid value: \"spec.quantity\"",
        ),
        (
            "group: inventory.example.com",
            "group: nodot",
            "types.yaml:7:5: spec.types[0].group: Invalid value: \"nodot\": should be a domain with at least one dot",
        ),
        (
            "version: v1alpha1",
            "version: v1.2",
            "types.yaml:8:5: spec.types[0].version: Invalid value: \"v1.2\"",
        ),
        ("plural: items", "plural: Items", "types.yaml:10:5: spec.types[0].plural: Invalid value: \"Items\""),
        (
            "minimum: 0",
            "minimum: zero",
            "types.yaml:19:7: spec.types[0].schema.openAPIV3Schema: Forbidden: spec.quantity: `minimum` must be a number",
        ),
        (
            "{type: integer, minimum: 0}",
            "{minimum: 0}",
            "types.yaml:25:15: spec.types[0].schema.openAPIV3Schema.properties[spec].properties[quantity].type: Required value",
        ),
        ("openAPIV3Schema:", "openAPIV2Schema:", "spec.types[0].schema.openAPIV3Schema: Required value"),
        (
            "    kind: Item\n",
            "    kind: Item\n    kind: Item\n",
            "types.yaml:10:5: spec.types[0].kind: Duplicate value: the field is there twice",
        ),
        (
            "    namespaced: true",
            "    deprecationWarning: x",
            "spec.types[0].deprecationWarning: Invalid value: \"x\": can only be set when",
        ),
    ];
    for (part, by, expected) in cases {
        let problems = problems(&with(part, by));
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{by}: {problems:#?}");
    }
    let several = with("    kind: Category\n    plural: categories\n", "    kind: Item\n    plural: items\n")
        .replace("    scope: Cluster\n", "")
        .replacen("version: v1alpha1", "version: v1", 1);
    let problems = problems(&several.replace("[cat, category]", "[itm]"));
    assert!(problems[0].contains("spec.types[0]: Forbidden: Item: no version"), "{problems:#?}");
}

#[test]
fn what_is_no_manifest_is_refused() {
    let documents = |text: &[u8]| match TypeManifest::parse("t", text) {
        Err(TypeManifestError::Documents { found, .. }) => found,
        other => panic!("{other:?}"),
    };
    assert_eq!((documents(b"# nothing\n"), documents(b"a: 1\n---\nb: 1\n---\nc: 1\n")), (0, 2));
    let error = TypeManifest::parse("t", b"a: [").unwrap_err();
    assert!(matches!(error, TypeManifestError::Text(manifest::Error::Yaml { .. })), "{error}");
    assert_eq!(problems("- a\n"), ["types.yaml:1:1: <nil>: Invalid value: [\"a\"]: must be an object"]);
    let empty =
        "apiVersion: k1s.io/v1alpha1\nkind: PluginTypeManifest\nmetadata: {name: a}\nspec: {types: []}\n";
    assert_eq!(problems(empty), ["types.yaml:4:8: spec.types: Required value"]);
}

#[test]
fn limits_are_named() {
    let large = format!("{INVENTORY}# {}", "x".repeat(4 << 20));
    let error = TypeManifest::parse("t", large.as_bytes()).unwrap_err();
    assert!(
        matches!(error, TypeManifestError::Text(manifest::Error::Limit { limit: Limit::SourceBytes, .. })),
        "{error}"
    );
    let types = |count: usize| {
        let types =
            (0..count).map(|n| ResourceDefinition::new("a.b", "v1", &format!("K{n}"), &format!("k{n}")));
        TypeManifest::new("a", types.collect()).to_yaml().unwrap()
    };
    assert!(TypeManifest::parse_unchecked("t", types(MAX_TYPES).as_bytes()).is_ok());
    let many = problems(&types(MAX_TYPES + 1));
    assert_eq!(many, ["types.yaml:6:3: spec.types: Too many: 1001: must have at most 1000 items"]);
    let unknown: String = (0..10_000).map(|n| format!("x{n}: 1\n")).collect();
    assert_eq!(problems(&format!("{INVENTORY}{unknown}")).len(), MAX_PROBLEMS);
}
