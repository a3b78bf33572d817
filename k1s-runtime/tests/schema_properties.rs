//! What holds of every schema and every object.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr)] // Helpers of tests are tests too.

use std::sync::Arc;

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::api::definition::SchemaSource;
use k1s_runtime::manifest;
use k1s_runtime::schema::crd::{
    definitions, to_crd_json, validate_crd, validate_crd_update, warnings, warnings_of_update,
};
use k1s_runtime::schema::type_manifest::TypeManifest;
use k1s_runtime::schema::{
    CompiledSchema, JsonSchemaOptions, Part, Structural, from_json_schema, json_schema,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any JSON, with field names from a small set so that schemas and objects meet.
fn any_json() -> impl Strategy<Value = Value> {
    json_with_keys("[a-d]|metadata|status".prop_map(String::from).boxed())
}

fn json_with_keys(keys: BoxedStrategy<String>) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-3_i32..3).prop_map(|n| Value::from(f64::from(n))),
        "[a-c]{0,3}|\\PC{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(keys.clone(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// What a schema may look like to those who hold that anything may stand anywhere.
fn any_keywords() -> impl Strategy<Value = Value> {
    let keywords = prop::sample::select(vec![
        "type",
        "properties",
        "items",
        "additionalProperties",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "default",
        "enum",
        "required",
        "pattern",
        "format",
        "nullable",
        "definitions",
        "dependencies",
        "$ref",
        "metadata",
        "kind",
        "a",
        "x-kubernetes-list-type",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-map-type",
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-preserve-unknown-fields",
    ]);
    json_with_keys(keywords.prop_map(str::to_owned).boxed())
}

/// The same of a definition's specification.
fn any_spec() -> impl Strategy<Value = Value> {
    let fields = prop::sample::select(vec![
        "group",
        "names",
        "plural",
        "kind",
        "shortNames",
        "scope",
        "versions",
        "name",
        "storage",
        "schema",
        "openAPIV3Schema",
        "subresources",
        "scale",
        "specReplicasPath",
        "additionalPrinterColumns",
        "jsonPath",
        "selectableFields",
        "deprecationWarning",
        "deprecated",
        "conversion",
        "strategy",
        "webhook",
        "clientConfig",
        "url",
        "service",
        "path",
        "conversionReviewVersions",
        "preserveUnknownFields",
    ]);
    json_with_keys(fields.prop_map(str::to_owned).boxed())
}

fn any_schema() -> impl Strategy<Value = Value> {
    let bounds = prop_oneof![
        Just(json!({})),
        (-2_i64..4).prop_map(|n| json!({"minimum": n, "maxLength": n, "minItems": n, "maxProperties": n})),
        (-2.0..4.0_f64).prop_map(|n| json!({"maximum": n, "multipleOf": n, "exclusiveMaximum": true})),
        Just(json!({"pattern": "^a|b$", "enum": ["a", 1, null]})),
        Just(json!({"format": "date-time", "nullable": true})),
        Just(json!({"required": ["a", "b"], "x-kubernetes-preserve-unknown-fields": true})),
    ];
    let type_ = prop_oneof![
        Just(json!({"x-kubernetes-int-or-string": true})),
        prop::sample::select(vec!["string", "integer", "number", "boolean"])
            .prop_map(|word| json!({"type": word})),
    ];
    let leaf =
        (type_, bounds.clone(), proptest::option::of(any_json())).prop_map(|(type_, bounds, default)| {
            let mut schema = merged(type_, bounds);
            if let Some(default) = default {
                schema["default"] = default;
            }
            schema
        });
    leaf.prop_recursive(4, 32, 4, move |inner| {
        let object = (btree_map("[a-d]", inner.clone(), 0..4), bounds.clone(), vec(inner.clone(), 0..3))
            .prop_map(|(fields, bounds, branches)| {
                let fields: Map<String, Value> = fields.into_iter().collect();
                merged(
                    merged(json!({"type": "object", "properties": fields}), bounds),
                    json!({"anyOf": branches}),
                )
            });
        let map = inner.clone().prop_map(|values| json!({"type": "object", "additionalProperties": values}));
        let list =
            (inner.clone(), prop::sample::select(vec!["atomic", "set", "map"])).prop_map(|(items, kind)| {
                json!({
                    "type": "array", "items": items,
                    "x-kubernetes-list-type": kind, "x-kubernetes-list-map-keys": ["a"],
                })
            });
        let embedded = inner.prop_map(|not| {
            json!({
                "type": "object", "not": not, "x-kubernetes-embedded-resource": true,
                "x-kubernetes-preserve-unknown-fields": true,
            })
        });
        prop_oneof![object, map, list, embedded]
    })
}

/// Keywords that constrain nothing, and those of which a schema has one.
fn any_remark() -> impl Strategy<Value = Value> {
    let text = prop_oneof!["[a-c \\n:#]{0,12}", "\\PC{0,6}", "no|1e3"];
    prop_oneof![
        text.clone().prop_map(|text| json!({"title": text, "description": format!("{text}\n{text}")})),
        any_json().prop_map(|value| json!({"example": value, "enum": [value, 1.0, "x"]})),
        Just(json!({"externalDocs": {"url": "u"}, "uniqueItems": true, "x-kubernetes-map-type": "atomic"})),
        (any::<f64>(), any::<i64>())
            .prop_map(|(a, b)| json!({"minimum": a, "multipleOf": b, "minLength": b})),
        any::<bool>().prop_map(|flag| json!({"additionalProperties": flag, "exclusiveMinimum": flag})),
        (text.clone(), text, any::<bool>()).prop_map(|(rule, message, flag)| {
            json!({"x-kubernetes-validations": [
                {"rule": rule, "message": message, "optionalOldSelf": flag},
                {"rule": "true", "messageExpression": "''", "reason": "FieldValueInvalid", "fieldPath": ".a"},
            ]})
        }),
    ]
}

fn merged(mut a: Value, b: Value) -> Value {
    if let (Value::Object(a), Value::Object(b)) = (&mut a, b) {
        a.extend(b);
    }
    a
}

fn object_of(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => Map::from_iter([("a".to_owned(), other)]),
    }
}

/// [`any_schema`] with remarks here and there.
fn any_remarked_schema() -> impl Strategy<Value = Value> {
    let below = |schema: Value, remark: Value| {
        let mut schema = schema;
        for field in schema["properties"].as_object_mut().into_iter().flatten().map(|(_, field)| field) {
            *field = merged(field.take(), remark.clone());
        }
        schema
    };
    (any_schema(), any_remark(), any_remark())
        .prop_map(move |(schema, one, other)| below(merged(schema, one), other))
}

proptest! {
    #[test]
    fn a_schema_survives_the_way_through_files(schema in any_remarked_schema()) {
        // Files do not tell 1.0 from 1, nor -0.0 from 0.
        let schema = manifest::parse_json(manifest::to_json_compact(&schema).as_bytes()).expect("readable");
        let read = Structural::from_openapi(&schema).expect("these schemas are readable");
        let mut definition = ResourceDefinition::new("a.example.com", "v1", "Item", "items");
        definition.schema = SchemaSource::OpenApi(Arc::new(schema));
        let structural = |definition: &ResourceDefinition| CompiledSchema::structural_of(definition).expect("readable");

        let crd = to_crd_json(std::slice::from_ref(&definition)).expect("writable");
        let texts = [manifest::to_yaml(&crd), manifest::to_json_pretty(&crd), manifest::to_json_compact(&crd)];
        for text in texts {
            let document = manifest::decode("crd", text.as_bytes()).next().expect("a document").expect("readable");
            let again = definitions(&document.value).expect("readable");
            prop_assert_eq!(&structural(&again[0]), &read, "{}", text);
            prop_assert_eq!(to_crd_json(&again).expect("writable"), crd.clone());
        }

        let types = TypeManifest::new("plugin", vec![definition.clone()]);
        let text = types.to_yaml().expect("writable");
        let again = TypeManifest::parse_unchecked("types.yaml", text.as_bytes()).expect("readable");
        prop_assert_eq!(&structural(&again.types[0]), &read, "{}", text);
        prop_assert_eq!(again.to_yaml().expect("writable"), text);

        let options = JsonSchemaOptions { extensions: true, ..JsonSchemaOptions::default() };
        let one = json_schema(&definition, &options).expect("writable");
        prop_assert_eq!(json_schema(&again.types[0], &options).expect("writable"), one);
    }

    #[test]
    fn a_schema_survives_the_way_through_openapi(schema in any_schema()) {
        let read = Structural::from_openapi(&schema).expect("these schemas are readable");
        let written = read.to_openapi();
        prop_assert_eq!(&Structural::from_openapi(&written).expect("what was written is readable"), &read);
        prop_assert_eq!(Structural::from_openapi(&written).expect("readable").to_openapi(), written);
    }

    #[test]
    fn pruning_and_defaulting_are_idempotent(schema in any_schema(), value in any_json()) {
        let compiled = CompiledSchema::of(Structural::from_openapi(&schema).expect("readable"));
        let mut object = object_of(value);
        compiled.prune(&mut object);
        let pruned = object.clone();
        prop_assert!(compiled.prune(&mut object).is_empty());
        prop_assert_eq!(&object, &pruned);
        compiled.default(&mut object);
        let defaulted = object.clone();
        compiled.default(&mut object);
        prop_assert_eq!(object, defaulted);
    }

    #[test]
    fn validation_answers_anything(schema in any_schema(), value in any_json(), old in any_json()) {
        let compiled = CompiledSchema::of(Structural::from_openapi(&schema).expect("readable"));
        let (object, old) = (object_of(value), object_of(old));
        for part in [Part::Whole, Part::Status] {
            for error in compiled.validate(&object, Some(&old), part) {
                prop_assert!(!error.to_cause().message.is_empty());
            }
        }
        // An object that does not change is not refused.
        let schema_errors = compiled.validate(&object, None, Part::Whole);
        let ratcheted = compiled.validate(&object, Some(&object), Part::Whole);
        prop_assert!(ratcheted.len() <= schema_errors.len());
    }

    #[test]
    fn any_definition_is_answered(schema in any_keywords(), near in any_schema(), spec in any_spec()) {
        let crd = |schema: &Value| json!({"spec": {
            "group": "example.com", "scope": "Cluster", "names": {"kind": "A", "plural": "as"},
            "versions": [
                {"name": "v1", "storage": true, "schema": {"openAPIV3Schema": schema}, "subresources": {"status": {}}},
                {"name": "v1", "schema": {"openAPIV3Schema": {"type": "object", "properties": {"a": schema}}}},
            ],
        }});
        let all = [crd(&schema), crd(&near), json!({"metadata": spec, "spec": spec, "status": spec}), spec];
        for (definition, old) in all.iter().zip(all.iter().rev()) {
            prop_assert!(!validate_crd(definition).is_empty());
            let _ = (validate_crd_update(definition, old), warnings(definition), warnings_of_update(definition, old));
            let _ = definitions(definition);
        }
    }

    #[test]
    fn any_json_is_answered_as_a_schema(value in any_json()) {
        let _ = Structural::from_openapi(&value);
        let crd = json!({"spec": {"versions": [{"name": "v1", "schema": {"openAPIV3Schema": value}}]}});
        prop_assert!(!validate_crd(&crd).is_empty());
        prop_assert!(definitions(&crd).is_err());
        if let Ok(schema) = schemars::Schema::try_from(value) {
            let _ = from_json_schema(&schema);
        }
    }
}
