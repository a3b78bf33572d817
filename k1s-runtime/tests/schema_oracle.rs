//! Random structural schemas and objects: our verdict and that of the crate `jsonschema` on the JSON Schema that we emit.
//!
//! What JSON Schema and the API server mean alike is generated: bounds are integers and fractions are halves (Go cuts bounds and choices
//! for integral values), doubles are never integral (Go tells 1 from 1.0 in sets), strings have no format (Go does not look at the type
//! of a list where a format stands).

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::api::definition::SchemaSource;
use k1s_runtime::schema::{CompiledSchema, JsonSchemaOptions, Part, json_schema};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const TEXTS: [&str; 5] = ["", "a", "ab", "b1", "abcdé"];

fn merged(parts: impl IntoIterator<Item = Value>) -> Value {
    let maps = parts.into_iter().filter_map(|part| match part {
        Value::Object(map) => Some(map),
        _ => None,
    });
    Value::Object(maps.flatten().collect())
}

fn text() -> impl Strategy<Value = Value> {
    prop::sample::select(TEXTS.to_vec()).prop_map(Value::from)
}

/// A keyword with one of the values, or nothing.
fn maybe(keyword: &'static str, value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    option::weighted(0.3, value).prop_map(move |value| match value {
        Some(value) => json!({keyword: value}),
        None => json!({}),
    })
}

fn flag(keyword: &'static str) -> impl Strategy<Value = Value> {
    maybe(keyword, Just(json!(true)))
}

fn count(keyword: &'static str) -> impl Strategy<Value = Value> {
    maybe(keyword, (0_u8..4).prop_map(Value::from))
}

/// A branch of `allOf` and its like.
fn branch() -> impl Strategy<Value = Value> {
    let bound = |keyword: &'static str| (-2_i8..3).prop_map(move |n| json!({keyword: n}));
    let leaf = prop_oneof![
        bound("minimum"),
        bound("maximum"),
        (0_u8..3).prop_map(|n| json!({"minLength": n, "maxItems": n})),
        vec(text(), 1..3).prop_map(|values| json!({"enum": values})),
        Just(json!({"pattern": "^a"})),
        prop::sample::select(vec!["a", "b", "c"]).prop_map(|name| json!({"required": [name]})),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|field| json!({"properties": {"a": field}})),
            inner.clone().prop_map(|items| json!({"items": items})),
            vec(inner.clone(), 1..3).prop_map(|branches| json!({"anyOf": branches})),
            inner.prop_map(|not| json!({"not": not})),
        ]
    })
}

fn logic() -> impl Strategy<Value = Value> {
    let branches = |keyword: &'static str| {
        option::weighted(0.15, vec(branch(), 1..3)).prop_map(move |branches| match branches {
            Some(branches) => json!({keyword: branches}),
            None => json!({}),
        })
    };
    let not =
        option::weighted(0.15, branch()).prop_map(|not| not.map_or(json!({}), |not| json!({"not": not})));
    (branches("allOf"), branches("anyOf"), branches("oneOf"), not, flag("nullable"))
        .prop_map(|(a, b, c, d, e)| merged([a, b, c, d, e]))
}

fn number_schema() -> impl Strategy<Value = Value> {
    let bound = |keyword: &'static str| maybe(keyword, (-2_i8..3).prop_map(Value::from));
    (
        prop::sample::select(vec![
            json!({"type": "integer"}),
            json!({"type": "number"}),
            json!({"type": "integer", "format": "int32"}),
        ]),
        bound("minimum"),
        flag("exclusiveMinimum"),
        bound("maximum"),
        flag("exclusiveMaximum"),
        maybe("multipleOf", (1_u8..3).prop_map(Value::from)),
    )
        .prop_map(|(a, b, c, d, e, f)| merged([a, b, c, d, e, f]))
}

fn text_schema() -> impl Strategy<Value = Value> {
    let pattern = prop::sample::select(vec!["^a", "b|1", "(?i)^[A-Z]+$", r"^\w*$", r"\A[[:alpha:]]?\z"]);
    let keywords = (
        count("minLength"),
        count("maxLength"),
        maybe("pattern", pattern.prop_map(Value::from)),
        maybe("enum", vec(text(), 0..4).prop_map(Value::from)),
    );
    keywords.prop_map(|(a, b, c, d)| merged([json!({"type": "string"}), a, b, c, d]))
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        2 => number_schema(),
        2 => text_schema(),
        1 => Just(json!({"type": "boolean"})),
        1 => Just(json!({"x-kubernetes-int-or-string": true})),
        1 => Just(json!({"x-kubernetes-preserve-unknown-fields": true})),
    ];
    let leaf = (leaf, logic()).prop_map(|(leaf, logic)| merged([leaf, logic]));
    leaf.prop_recursive(3, 24, 4, |inner| {
        let field = (inner.clone(), maybe("default", any_value()))
            .prop_map(|(field, default)| merged([field, default]));
        let object = (
            btree_map("[a-d]", field, 0..4),
            vec(prop::sample::select(vec!["a", "b"]), 0..2),
            count("minProperties"),
            count("maxProperties"),
            flag("x-kubernetes-preserve-unknown-fields"),
        )
            .prop_map(|(fields, required, least, most, kept)| {
                let fields: Map<String, Value> = fields.into_iter().collect();
                let base = json!({"type": "object", "properties": fields, "required": required});
                merged([base, least, most, kept])
            });
        let map = (inner.clone(), count("maxProperties")).prop_map(|(values, most)| {
            merged([json!({"type": "object", "additionalProperties": values}), most])
        });
        let list = (
            inner.clone(),
            count("minItems"),
            count("maxItems"),
            flag("x-kubernetes-preserve-unknown-fields"),
        )
            .prop_map(|(items, a, b, c)| merged([json!({"type": "array", "items": items}), a, b, c]));
        let set = prop_oneof![text_schema(), number_schema()]
            .prop_map(|items| json!({"type": "array", "items": items, "x-kubernetes-list-type": "set"}));
        (prop_oneof![3 => object, 1 => map, 1 => list, 1 => set], logic())
            .prop_map(|(schema, logic)| merged([schema, logic]))
    })
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i8..4).prop_map(Value::from),
        (-3_i8..4).prop_map(|n| Value::from(f64::from(n) + 0.5)),
        text(),
        Just(json!(5_000_000_000_i64)),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-e]", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Values that are likely to satisfy a schema.
fn value_of(schema: &Value) -> BoxedStrategy<Value> {
    let likely: BoxedStrategy<Value> = match schema["type"].as_str() {
        Some("object") if schema["additionalProperties"].is_object() => {
            let values = value_of(&schema["additionalProperties"]);
            btree_map("[a-c]", values, 0..3).prop_map(|map| Value::Object(map.into_iter().collect())).boxed()
        }
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            let fields: Vec<_> = fields
                .map(|(name, field)| option::weighted(0.8, (Just(name.clone()), value_of(field))))
                .collect();
            fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect())).boxed()
        }
        Some("array") => vec(value_of(&schema["items"]), 0..3).prop_map(Value::from).boxed(),
        Some("integer") => (-3_i8..4).prop_map(Value::from).boxed(),
        Some("number") => (-6_i8..7).prop_map(|n| Value::from(f64::from(n) + 0.5)).boxed(),
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some(_) => text().boxed(),
        None => any_value().boxed(),
    };
    prop_oneof![12 => likely, 1 => any_value()].boxed()
}

fn schema_and_value() -> impl Strategy<Value = (Value, Value)> {
    schema().prop_flat_map(|schema| {
        let value = value_of(&schema);
        (Just(schema), value)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn verdicts_agree_with_jsonschema((schema, value) in schema_and_value()) {
        let mut definition = ResourceDefinition::new("example.com", "v1", "Item", "items");
        definition.schema = SchemaSource::OpenApi(Arc::new(json!({"type": "object", "properties": {"spec": schema}})));
        let ours = CompiledSchema::compile(&definition).unwrap();
        let written = json_schema(&definition, &JsonSchemaOptions::default()).unwrap();
        prop_assert_eq!(jsonschema::meta::validate(&written).err().map(|error| error.to_string()), None);
        let theirs = jsonschema::draft202012::new(&written).unwrap();

        let given = json!({"apiVersion": "example.com/v1", "kind": "Item", "metadata": {"name": "x"}, "spec": value});
        let mut object = given.as_object().unwrap().clone();
        let dropped = ours.prune(&mut object);
        if !dropped.is_empty() {
            prop_assert!(!theirs.is_valid(&given), "unknown fields {:?} pass: {}", dropped, written);
        }
        ours.default(&mut object);
        let errors = ours.validate(&object, None, Part::Whole);
        let object = Value::Object(object);
        let said = theirs.iter_errors(&object).next().map(|error| error.to_string());
        prop_assert_eq!(errors.is_empty(), said.is_none(), "{} {:?} {:?} {}", object, errors, said, written);
    }
}
