//! Plain JSON Schemas, with the crate `jsonschema` as the judge.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use jsonschema::Validator;
use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::api::definition::SchemaSource;
use k1s_runtime::schema::{CompiledSchema, JsonSchemaOptions, Part, Structural, formats, json_schema};
use serde_json::{Value, json};

fn definition(schema: Value) -> ResourceDefinition {
    let mut definition = ResourceDefinition::new("example.com", "v1", "Item", "items");
    definition.schema = SchemaSource::OpenApi(Arc::new(schema));
    definition
}

fn validator(schema: &Value) -> Validator {
    jsonschema::meta::validate(schema).unwrap();
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).unwrap()
}

/// The JSON Schema of `spec`'s schema alone.
fn plain(schema: &Value) -> Value {
    Structural::from_openapi(schema).unwrap().to_json_schema(&JsonSchemaOptions::default()).unwrap()
}

/// Asserts that values are right and wrong in both eyes.
fn judge(schema: &Value, right: &[Value], wrong: &[Value]) {
    let root = json!({"type": "object", "properties": {"spec": schema}});
    let ours = CompiledSchema::compile(&definition(root.clone())).unwrap();
    let theirs = validator(&json_schema(&definition(root), &JsonSchemaOptions::default()).unwrap());
    for (values, verdict) in [(right, true), (wrong, false)] {
        for value in values {
            let object = json!({"apiVersion": "example.com/v1", "kind": "Item", "metadata": {"name": "x"}, "spec": value});
            let mut stored = object.as_object().unwrap().clone();
            let pruned = ours.prune(&mut stored);
            ours.default(&mut stored);
            let errors = ours.validate(&stored, None, Part::Whole);
            assert_eq!(
                errors.is_empty() && pruned.is_empty(),
                verdict,
                "ours: {value} {errors:?} {pruned:?}"
            );
            let said = theirs.iter_errors(&object).next().map(|error| error.to_string());
            assert_eq!(said.is_none(), verdict, "theirs: {value} {said:?}");
        }
    }
}

#[test]
fn scalars() {
    judge(
        &json!({"type": "integer", "minimum": 1, "maximum": 5, "exclusiveMaximum": true, "nullable": true}),
        &[json!(1), json!(4), json!(2.0), json!(null)],
        &[json!(0), json!(5), json!(1.5), json!("1"), json!(true)],
    );
    judge(
        &json!({"type": "integer", "format": "int32", "multipleOf": 2}),
        &[json!(-2), json!(2_147_483_646)],
        &[json!(3), json!(2_147_483_648_i64), json!(-2_147_483_650_i64)],
    );
    judge(
        &json!({"type": "string", "minLength": 1, "maxLength": 3, "pattern": "(?i)^é?[a-z]+$", "enum": ["éab", "Q", "qqqq", "1"]}),
        &[json!("éab"), json!("Q")],
        &[json!("q"), json!("qqqq"), json!("1"), json!(1)],
    );
    judge(
        &json!({"x-kubernetes-int-or-string": true, "nullable": true, "anyOf": [{"type": "integer"}, {"type": "string"}]}),
        &[json!(80), json!("80%"), json!(null)],
        &[json!(1.5), json!([]), json!(false)],
    );
    judge(
        &json!({"type": "number", "minimum": -1, "exclusiveMinimum": true}),
        &[json!(-0.5), json!(3)],
        &[json!(-1), json!("x")],
    );
    judge(&json!({"type": "string", "enum": []}), &[json!("any")], &[json!(1)]);
    judge(&json!({"type": "string", "maxLength": -1, "minLength": -4}), &[], &[json!("a")]);
}

#[test]
fn objects_and_lists() {
    judge(
        &json!({"type": "object", "required": ["a", "b"], "maxProperties": 3, "properties": {
            "a": {"type": "string"}, "b": {"type": "integer", "default": 1}, "c": {"type": "object", "properties": {}},
        }}),
        &[json!({"a": "x"}), json!({"a": "x", "b": 2, "c": {}})],
        &[json!({}), json!({"b": 1}), json!({"a": "x", "d": 1}), json!({"a": "x", "c": {"d": 1}}), json!([])],
    );
    judge(
        &json!({"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1}),
        &[json!({"x": 1})],
        &[json!({}), json!({"x": "1"})],
    );
    judge(
        &json!({"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}, "maxItems": 2}),
        &[json!([]), json!(["a", "b"])],
        &[json!(["a", "a"]), json!(["a", "b", "c"]), json!([1])],
    );
    judge(
        &json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {
            "known": {"type": "object", "properties": {"n": {"type": "integer"}}},
            "list": {"type": "array", "x-kubernetes-preserve-unknown-fields": true, "items": {"type": "object", "properties": {
                "inner": {"type": "object", "properties": {"n": {"type": "integer"}}}}}},
        }}),
        &[json!({"any": {"thing": [1]}, "known": {"n": 1}, "list": [{"more": 1, "inner": {"n": 1}}]})],
        &[json!({"known": {"n": "1"}}), json!({"known": {"m": 1}}), json!({"list": [{"inner": {"m": 1}}]})],
    );
    judge(
        &json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}], "not": {"properties": {"a": {"enum": ["no"]}}, "required": ["a"]}}),
        &[json!({"a": "x"}), json!({"b": "x"})],
        &[json!({}), json!({"a": "x", "b": "y"}), json!({"a": "no"}), json!({"c": 1})],
    );
    judge(
        &json!({"type": "object", "nullable": true, "properties": {"a": {"type": "string"}}, "allOf": [{"required": ["a"]}]}),
        &[json!(null), json!({"a": "x"})],
        &[json!({}), json!({"a": "x", "b": 1}), json!(1)],
    );
}

#[test]
fn resources() {
    judge(
        &json!({"type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true,
            "properties": {"metadata": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 3}}}}}),
        &[
            json!({"apiVersion": "v1", "kind": "X", "more": 1}),
            json!({"apiVersion": "v1", "kind": "X", "metadata": {"name": "abc", "labels": {"a": "b"}}}),
        ],
        &[
            json!({"kind": "X"}),
            json!({"apiVersion": "v1"}),
            json!({"apiVersion": "", "kind": "X"}),
            json!({"apiVersion": "v1", "kind": "X", "metadata": {"name": "abcd"}}),
            json!({"apiVersion": "v1", "kind": "X", "metadata": {"label": {}}}),
        ],
    );
    let schema =
        json!({"type": "object", "properties": {"apiVersion": {"type": "string", "description": "d"}}});
    let schema = json_schema(&definition(schema), &JsonSchemaOptions::default()).unwrap();
    assert_eq!(
        schema["properties"]["apiVersion"],
        json!({"type": "string", "description": "d", "const": "example.com/v1"})
    );
    assert_eq!(schema["title"], "Item");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let validator = validator(&schema);
    let right = json!({"apiVersion": "example.com/v1", "kind": "Item", "metadata": {
        "name": "x", "creationTimestamp": null, "annotations": {"a": "b"}, "finalizers": ["a/b"], "uid": "u", "generation": 1,
        "ownerReferences": [{"apiVersion": "v1", "kind": "K", "name": "n", "uid": "u", "controller": true}],
        "managedFields": [{"manager": "m", "operation": "Update", "fieldsV1": {"f:spec": {}}, "time": "2024-01-01T00:00:00Z"}],
    }});
    assert!(validator.is_valid(&right), "{:?}", validator.iter_errors(&right).collect::<Vec<_>>());
    for (pointer, wrong) in [
        ("/apiVersion", json!("example.com/v2")),
        ("/kind", json!("Items")),
        ("/metadata", json!({"nmae": "x"})),
        ("/metadata/annotations/a", json!(1)),
        ("/metadata/ownerReferences/0", json!({"name": "n"})),
        ("/metadata", json!(null)),
    ] {
        let mut object = right.clone();
        *object.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&object), "{pointer}");
    }
    assert!(!validator.is_valid(&json!({"apiVersion": "example.com/v1", "kind": "Item"})));
}

#[test]
fn what_the_server_takes_of_a_format_the_schema_takes() {
    let samples = [
        ("date", "2024-02-29", "2023-02-29"),
        ("date-time", "2024-02-29T01:02:03.5+01:00", "2024-02-29"),
        ("email", "a@b.example", "a"),
        ("hostname", "a-b.example", "a..b"),
        ("ipv4", "1.2.3.4", "1.2.3"),
        ("ipv6", "2001:db8::1", "1.2.3.4"),
        ("uri", "/path?x=1", "a b"),
        ("uri", "https://example.com/a#b", ":"),
        ("byte", "aGk=", "a"),
        ("duration", "1h30m", "x"),
        ("uuid", "123e4567e89b12d3a456426614174000", "x"),
        ("password", "any", ""),
    ];
    for (name, right, wrong) in samples {
        let schema = json!({"type": "string", "format": name});
        let written = plain(&schema);
        assert!(validator(&written).is_valid(&right.into()), "{written} {right}");
        assert!(formats::find(name).unwrap().accepts(right), "{name} {right}");
        if written.get("format").is_some() && name != "uri" {
            assert!(!validator(&written).is_valid(&wrong.into()), "{written} {wrong}");
            assert!(!formats::find(name).unwrap().accepts(wrong), "{name} {wrong}");
        }
    }
}

#[test]
fn annotations_and_extensions() {
    let schema = json!({
        "type": "string", "title": "T", "description": "D", "default": "a", "example": "e", "externalDocs": {"url": "u"},
        "x-kubernetes-validations": [{"rule": "true"}],
    });
    let expected = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "string", "title": "T", "description": "D", "default": "a", "examples": ["e"],
    });
    assert_eq!(plain(&schema), expected);
    let options = JsonSchemaOptions { id: Some("urn:example:x".to_owned()), extensions: true };
    let kept = Structural::from_openapi(&schema).unwrap().to_json_schema(&options).unwrap();
    assert_eq!(kept["$id"], "urn:example:x");
    assert_eq!(kept["x-kubernetes-validations"], schema["x-kubernetes-validations"]);
    assert!(validator(&kept).is_valid(&json!("x")));
}
