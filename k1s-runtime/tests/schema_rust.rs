//! Schemas of Rust types, those of `k8s-openapi` included.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr)] // Helpers of tests are tests too.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use k1s_runtime::api::definition::{RustSchema, SchemaSource};
use k1s_runtime::api::{ResourceDefinition, field::FieldError};
use k1s_runtime::k8s_openapi::api::core::v1 as core;
use k1s_runtime::k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use k1s_runtime::schema::{CompiledSchema, Error, Part, Recursion, from_json_schema, from_json_schema_with};
use schemars::{JsonSchema, Schema, schema_for};
use serde_json::{Map, Value, json};

fn openapi(schema: &Schema) -> Value {
    from_json_schema(schema).expect("expressible").to_openapi()
}

/// A thing.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)] // Only its schema is looked at.
struct Thing {
    /// How it is called.
    name: String,
    small_count: u8,
    count: Option<i64>,
    big: u32,
    ratio: f64,
    #[serde(default)]
    flag: bool,
    mode: Option<Mode>,
    inner: Vec<Inner>,
    labels: BTreeMap<String, String>,
    tags: BTreeSet<String>,
    any: Value,
    free: HashMap<String, Value>,
    #[schemars(range(min = 1, max = 5), length(min = 1))]
    bounded: i32,
}

#[derive(JsonSchema)]
#[allow(dead_code)]
enum Mode {
    /// With a description.
    On,
    Off,
}

#[derive(JsonSchema)]
#[allow(dead_code)]
struct Inner {
    a: Option<String>,
}

#[test]
fn a_struct_becomes_a_structural_schema() {
    let expected = json!({
        "description": "A thing.",
        "type": "object",
        "required": ["name", "smallCount", "big", "ratio", "inner", "labels", "tags", "any", "free", "bounded"],
        "properties": {
            "name": {"type": "string", "description": "How it is called."},
            "smallCount": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 255},
            "count": {"type": "integer", "format": "int64"},
            "big": {"type": "integer", "format": "int64", "minimum": 0, "maximum": 4_294_967_295_i64},
            "ratio": {"type": "number", "format": "double"},
            "flag": {"type": "boolean", "default": false},
            // Variants without a description come first.
            "mode": {"type": "string", "enum": ["Off", "On"]},
            "inner": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
            "any": {"x-kubernetes-preserve-unknown-fields": true},
            "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
            "bounded": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 5},
        },
    });
    let mut got = openapi(&schema_for!(Thing));
    let sorted = |value: &mut Value| {
        if let Some(required) = value["required"].as_array_mut() {
            required.sort_by_key(ToString::to_string);
        }
    };
    let mut expected = expected;
    sorted(&mut got);
    sorted(&mut expected);
    assert_eq!(got, expected);
}

#[derive(JsonSchema)]
#[serde(tag = "kind")]
#[allow(dead_code)]
enum Tagged {
    Circle { radius: i32 },
    Square { side: i32 },
}

#[derive(JsonSchema)]
#[allow(dead_code)]
enum External {
    A { x: i32 },
    B(String),
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum Port {
    Number(i32),
    Name(String),
}

#[test]
fn enums_with_data_put_their_fields_together() {
    let tagged = openapi(&schema_for!(Tagged));
    assert_eq!(
        tagged["properties"],
        json!({
            "kind": {"type": "string", "enum": ["Circle", "Square"]},
            "radius": {"type": "integer", "format": "int32"},
            "side": {"type": "integer", "format": "int32"},
        })
    );
    assert_eq!(tagged["oneOf"][0]["properties"]["kind"]["enum"], json!(["Circle"]));
    let external = openapi(&schema_for!(External));
    assert_eq!(external["oneOf"], json!([{"required": ["A"]}, {"required": ["B"]}]));
    assert_eq!(openapi(&schema_for!(Port)), json!({"x-kubernetes-int-or-string": true}));
}

#[derive(JsonSchema)]
#[allow(dead_code)]
struct Node {
    next: Option<Box<Node>>,
}

#[test]
fn recursion_names_the_field() {
    let schema = schema_for!(Node);
    let error = from_json_schema(&schema).unwrap_err();
    assert_eq!(
        error.to_string(),
        "next: the type `Node` contains itself, and a CustomResourceDefinition cannot hold such a type; mark the field `#[schema(schemaless)]`"
    );
    let kept = from_json_schema_with(&schema, Recursion::Preserve).expect("let through").to_openapi();
    assert_eq!(kept["properties"]["next"]["x-kubernetes-preserve-unknown-fields"], true);
}

#[test]
fn what_kubernetes_cannot_say_is_an_error() {
    let mixed = schemars::json_schema!({"properties": {"a": {"type": ["string", "boolean"]}}});
    assert_eq!(
        from_json_schema(&mixed).unwrap_err().to_string(),
        "a: a field has one type, not several (string, boolean); mark it schemaless"
    );
    let tuple = schemars::json_schema!({"properties": {"a": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}}});
    assert!(from_json_schema(&tuple).is_err());
    let nowhere = schemars::json_schema!({"properties": {"a": {"$ref": "#/$defs/Nope"}}});
    assert!(matches!(from_json_schema(&nowhere), Err(Error::Reference { .. })));
}

fn compiled<T: JsonSchema>(group: &str, kind: &str) -> CompiledSchema {
    let mut definition = ResourceDefinition::new(group, "v1", kind, "things");
    definition.schema = SchemaSource::Rust(RustSchema { root: || schemars::schema_for!(T) });
    CompiledSchema::compile(&definition).expect("compiles")
}

fn admit(schema: &CompiledSchema, object: &Value) -> (Vec<String>, Vec<FieldError>, Map<String, Value>) {
    let mut object = object.as_object().expect("an object").clone();
    let unknown = schema.prune(&mut object);
    schema.default(&mut object);
    let errors = schema.validate(&object, None, Part::Whole);
    (unknown, errors, object)
}

#[test]
fn core_kinds_compile() {
    let config_map = compiled::<core::ConfigMap>("", "ConfigMap");
    let (unknown, errors, _) = admit(
        &config_map,
        &json!({"metadata": {"name": "a", "labels": {"x": "y"}}, "data": {"k": 1}, "junk": true}),
    );
    assert_eq!(unknown, ["junk"]);
    assert_eq!(
        errors[0].to_string(),
        "data.k: Invalid value: \"integer\": data.k in body must be of type string: \"integer\""
    );
    let secret = compiled::<core::Secret>("", "Secret");
    let (_, errors, _) = admit(&secret, &json!({"data": {"k": "aGk=", "empty": ""}, "type": "Opaque"}));
    assert_eq!(errors, []);
    for schema in [
        compiled::<core::Namespace>("", "Namespace"),
        compiled::<core::ServiceAccount>("", "ServiceAccount"),
        compiled::<core::Event>("", "Event"),
    ] {
        let (unknown, _, _) = admit(&schema, &json!({"metadata": {"name": "a"}, "junk": 1}));
        assert_eq!(unknown, ["junk"]);
    }
}

#[test]
fn a_custom_resource_definition_keeps_its_schemas() {
    let schema = compiled::<CustomResourceDefinition>("apiextensions.k8s.io", "CustomResourceDefinition");
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "items.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Item", "plural": "items"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object",
                "properties": {"spec": {"type": "object", "properties": {
                    "l": {"type": "array", "items": {"type": "string", "enum": ["a"], "default": "a"}},
                    "m": {"type": "object", "additionalProperties": {"type": "integer"}},
                    "o": {"anyOf": [{"required": ["x"]}], "x-kubernetes-preserve-unknown-fields": true},
                }}},
            }}}],
        },
    });
    let (unknown, errors, object) = admit(&schema, &crd);
    assert_eq!((unknown, errors), (vec![], vec![]));
    assert_eq!(Value::Object(object), crd);
}
