//! Unions against their variants: what one variant takes, the union takes, and what the union takes, one of them takes.

#![allow(clippy::expect_used, clippy::unwrap_used)] // Helpers of tests are tests too.

use k1s_runtime::schema::crd::validate_crd;
use k1s_runtime::schema::{CompiledSchema, Part, from_json_schema};
use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::{Map, Value, json};

const FIELDS: [&str; 3] = ["a", "b", "c"];

/// The schema of a scalar field. Each field has types that Kubernetes can unite.
fn scalar(field: usize) -> BoxedStrategy<Value> {
    let bounded = |type_: &'static str| {
        (proptest::option::of(-2..3_i64), proptest::option::of(-2..3_i64)).prop_map(move |(least, most)| {
            let mut schema = json!({"type": type_});
            if let Some(least) = least {
                schema["minimum"] = least.into();
            }
            if let Some(most) = most {
                schema["maximum"] = most.into();
            }
            schema
        })
    };
    match field {
        0 => prop_oneof![bounded("integer"), bounded("number")].boxed(),
        1 => prop_oneof![
            Just(json!({"type": "string"})),
            Just(json!({"type": "string", "enum": ["x", "y"]})),
            Just(json!({"type": "string", "enum": ["y", "z"]})),
            Just(json!({"type": "string", "pattern": "^x"})),
            (0..3_u32).prop_map(|length| json!({"type": "string", "minLength": length})),
        ]
        .boxed(),
        _ => (0..2_u32, bounded("integer"))
            .prop_map(|(least, items)| json!({"type": "array", "items": items, "minItems": least}))
            .boxed(),
    }
}

/// An object with some of the fields, some of them required.
fn object() -> impl Strategy<Value = Value> {
    (scalar(0), scalar(1), scalar(2), subsequence(vec![0, 1, 2], 0..=3), any::<[bool; 3]>()).prop_map(
        |(a, b, c, chosen, required)| {
            let schemas = [a, b, c];
            let properties: Map<String, Value> =
                chosen.iter().map(|&field| (FIELDS[field].to_owned(), schemas[field].clone())).collect();
            let required: Vec<&str> =
                chosen.iter().filter(|&&field| required[field]).map(|&field| FIELDS[field]).collect();
            json!({"type": "object", "properties": properties, "required": required})
        },
    )
}

fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![(-3..4_i64).prop_map(Value::from), Just(json!(0.5)), Just(json!(-1.5))];
    let text = prop_oneof![Just("x"), Just("y"), Just("z"), Just("xx"), Just("")].prop_map(Value::from);
    let list = proptest::collection::vec(-3..4_i64, 0..3).prop_map(Value::from);
    let optional = proptest::option::of::<BoxedStrategy<Value>>;
    (optional(number.boxed()), optional(text.boxed()), optional(list.boxed())).prop_map(|(a, b, c)| {
        let fields = FIELDS.iter().zip([a, b, c]);
        fields.filter_map(|(name, value)| Some(((*name).to_owned(), value?))).collect::<Map<_, _>>().into()
    })
}

/// A schema of one field, if Kubernetes has it. What it has, a server takes.
fn compiled(schema: &Value) -> Option<CompiledSchema> {
    let root = json!({"type": "object", "properties": {"v": schema}});
    let structural = from_json_schema(&schemars::Schema::try_from(root).unwrap()).ok()?;
    let crd = json!({
        "metadata": {"name": "items.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Item", "plural": "items"},
            "versions": [{
                "name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": structural.to_openapi()},
            }],
        },
    });
    let complaints: Vec<String> = validate_crd(&crd)
        .iter()
        .map(ToString::to_string)
        .filter(|complaint| complaint.contains("openAPIV3Schema"))
        .collect();
    assert_eq!(complaints, Vec::<String>::new(), "{crd:#}");
    Some(CompiledSchema::of(structural))
}

fn takes(schema: &CompiledSchema, value: &Value) -> bool {
    let object = Map::from_iter([("v".to_owned(), value.clone())]);
    schema.validate(&object, None, Part::Whole).is_empty()
}

/// A value with the fields that a variant has, as serde writes it.
fn written(value: &Value, variant: &Value) -> Value {
    let fields = value.as_object().unwrap().iter();
    let known = fields.filter(|(name, _)| variant["properties"].get(name.as_str()).is_some());
    known.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into()
}

/// A variant with a tag.
fn tagged(variant: &Value, index: usize) -> Value {
    let mut variant = variant.clone();
    variant["properties"]["t"] = json!({"type": "string", "const": format!("v{index}")});
    variant["required"].as_array_mut().unwrap().push("t".into());
    variant
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn untagged(variants in proptest::collection::vec(object(), 2..4), value in value()) {
        let union = compiled(&json!({"anyOf": variants})).expect("fields of types that go together");
        let each: Vec<CompiledSchema> = variants.iter().map(|variant| compiled(variant).unwrap()).collect();
        for (variant, schema) in variants.iter().zip(&each) {
            let value = written(&value, variant);
            prop_assert!(!takes(schema, &value) || takes(&union, &value), "refused: {value}");
        }
        let some = each.iter().any(|schema| takes(schema, &value));
        prop_assert!(some || !takes(&union, &value), "taken: {value}");
    }

    #[test]
    fn internally_tagged(
        variants in proptest::collection::vec(object(), 2..4),
        mut value in value(),
        index in 0..3_usize,
    ) {
        let variants: Vec<Value> =
            variants.iter().enumerate().map(|(index, variant)| tagged(variant, index)).collect();
        let union = compiled(&json!({"oneOf": variants})).expect("fields of types that go together");
        value["t"] = format!("v{index}").into();
        let Some(variant) = variants.get(index) else {
            prop_assert!(!takes(&union, &value), "an unknown tag: {value}");
            return Ok(());
        };
        let own = compiled(variant).unwrap();
        let kept = written(&value, variant);
        prop_assert_eq!(takes(&own, &kept), takes(&union, &kept), "{}", kept);
    }

    #[test]
    fn adjacently_tagged(
        variants in proptest::collection::vec(object(), 2..4),
        value in value(),
        index in 0..2_usize,
    ) {
        let contents = variants.iter().enumerate().map(|(index, variant)| {
            let content = json!({"type": "object", "properties": {"content": variant}, "required": ["content"]});
            tagged(&content, index)
        });
        let contents: Vec<Value> = contents.collect();
        let union = compiled(&json!({"oneOf": contents})).expect("fields of types that go together");
        let own = compiled(&variants[index]).unwrap();
        let content = written(&value, &variants[index]);
        let whole = json!({"t": format!("v{index}"), "content": content});
        prop_assert_eq!(takes(&own, &content), takes(&union, &whole), "{}", whole);
    }

    #[test]
    fn flattened(outer in object(), inner in object(), value in value(), optional in any::<bool>()) {
        let mut part = inner.clone();
        if optional {
            part["x-k1s-optional"] = true.into();
        }
        let mut whole = outer.clone();
        whole["allOf"] = json!([part]);
        // Two fields of one name are an error.
        let Some(flat) = compiled(&whole) else { return Ok(()) };
        let (outer, inner_schema) = (compiled(&outer).unwrap(), compiled(&inner).unwrap());
        let absent = optional && written(&value, &inner).as_object().unwrap().is_empty();
        let expected = takes(&outer, &value) && (absent || takes(&inner_schema, &value));
        prop_assert_eq!(expected, takes(&flat, &value), "{}", value);
    }
}
