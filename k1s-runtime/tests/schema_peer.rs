//! Our verdicts beside those of the crate `jsonschema`, where an API server and JSON Schema agree by definition: types,
//! required, bounds, lengths, counts, patterns, enumerations and the logic of branches. Left out are null, int-or-string,
//! formats, fractional bounds and integral floats, of which a server thinks otherwise.

#![allow(clippy::expect_used, clippy::unwrap_used)] // Helpers of tests are tests too.

use k1s_runtime::schema::{CompiledSchema, Part, Structural};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const PATTERNS: [&str; 5] = ["^a", "b$", "^[a-c]+$", "a|cc", "^.{2,3}$"];

/// Some of the entries of an object.
fn some_of(all: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let entries = all.into_iter().map(|(key, value)| {
        prop_oneof![2 => Just(None), 1 => value.prop_map(move |value| Some((key.to_owned(), value)))]
    });
    entries
        .collect::<Vec<_>>()
        .prop_map(|entries| Value::Object(entries.into_iter().flatten().collect()))
        .boxed()
}

fn merged(mut a: Value, b: Value) -> Value {
    if let (Value::Object(a), Value::Object(b)) = (&mut a, b) {
        a.extend(b);
    }
    a
}

fn small() -> BoxedStrategy<Value> {
    (0_i64..4).prop_map(Value::from).boxed()
}

fn any_flag() -> BoxedStrategy<Value> {
    any::<bool>().prop_map(Value::from).boxed()
}

fn text_rules() -> BoxedStrategy<Value> {
    some_of(vec![
        ("minLength", small()),
        ("maxLength", small()),
        ("pattern", prop::sample::select(PATTERNS.to_vec()).prop_map(Value::from).boxed()),
        ("enum", vec("[a-c]{0,2}", 1..4).prop_map(Value::from).boxed()),
    ])
}

fn number_rules() -> BoxedStrategy<Value> {
    let bound = || (-4_i64..5).prop_map(Value::from).boxed();
    some_of(vec![
        ("minimum", bound()),
        ("exclusiveMinimum", any_flag()),
        ("maximum", bound()),
        ("exclusiveMaximum", any_flag()),
        ("multipleOf", (1_i64..4).prop_map(Value::from).boxed()),
    ])
}

fn list_rules() -> BoxedStrategy<Value> {
    some_of(vec![("minItems", small()), ("maxItems", small())])
}

fn object_rules() -> BoxedStrategy<Value> {
    let required = prop::sample::subsequence(vec!["a", "b", "c"], 0..3).prop_map(Value::from).boxed();
    some_of(vec![("minProperties", small()), ("maxProperties", small()), ("required", required)])
}

/// What a branch of `allOf` and the like may say.
fn any_branch() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![text_rules(), number_rules(), list_rules(), object_rules()];
    leaf.prop_recursive(2, 8, 2, |inner| {
        let fields = btree_map("[a-c]", inner.clone(), 1..3).prop_map(|fields| json!({"properties": fields}));
        prop_oneof![
            fields,
            inner.clone().prop_map(|items| json!({"items": items})),
            with_branches(Just(json!({})).boxed(), inner)
        ]
    })
    .boxed()
}

fn with_branches(
    schema: BoxedStrategy<Value>,
    branch: impl Strategy<Value = Value> + Clone + 'static,
) -> BoxedStrategy<Value> {
    let list = || vec(branch.clone(), 1..3).prop_map(Value::from).boxed();
    let logic = some_of(vec![
        ("allOf", list()),
        ("anyOf", list()),
        ("oneOf", list()),
        ("not", branch.clone().boxed()),
    ]);
    prop_oneof![2 => schema.clone(), 1 => (schema, logic).prop_map(|(schema, logic)| merged(schema, logic))]
        .boxed()
}

fn typed(type_: &'static str, rules: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    rules.prop_map(move |rules| merged(json!({"type": type_}), rules)).boxed()
}

fn any_schema() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        typed("string", text_rules()),
        typed("integer", number_rules()),
        typed("number", number_rules()),
        Just(json!({"type": "boolean"})),
    ];
    let leaf = with_branches(leaf.boxed(), any_branch());
    leaf.prop_recursive(3, 24, 4, |inner| {
        let fields = (object_rules(), btree_map("[a-d]", inner.clone(), 0..4))
            .prop_map(|(rules, fields)| merged(json!({"type": "object", "properties": fields}), rules));
        let map = (object_rules(), inner.clone()).prop_map(|(rules, values)| {
            merged(json!({"type": "object", "additionalProperties": values}), rules)
        });
        let list = (list_rules(), inner)
            .prop_map(|(rules, items)| merged(json!({"type": "array", "items": items}), rules));
        with_branches(prop_oneof![fields, map, list].boxed(), any_branch())
    })
    .boxed()
}

fn any_scalar() -> BoxedStrategy<Value> {
    prop_oneof![
        any_flag(),
        (-5_i64..6).prop_map(Value::from),
        (-5_i32..6).prop_map(|n| Value::from(f64::from(n) + 0.5)),
        "[a-cä]{0,4}".prop_map(Value::from),
    ]
    .boxed()
}

/// Values that come close to a schema: of its type mostly, with fields that it knows mostly.
fn value_for(schema: &Value) -> BoxedStrategy<Value> {
    let close = match schema["type"].as_str() {
        Some("string") => "[a-cä]{0,4}".prop_map(Value::from).boxed(),
        Some("integer") => (-5_i64..6).prop_map(Value::from).boxed(),
        Some("number") => prop_oneof![
            (-5_i64..6).prop_map(Value::from),
            (-5_i32..6).prop_map(|n| Value::from(f64::from(n) + 0.5))
        ]
        .boxed(),
        Some("array") => vec(value_for(&schema["items"]), 0..4).prop_map(Value::from).boxed(),
        Some("object") => object_for(schema),
        _ => any_scalar(),
    };
    prop_oneof![12 => close, 1 => any_scalar(), 1 => Just(json!([])), 1 => Just(json!({}))].boxed()
}

fn object_for(schema: &Value) -> BoxedStrategy<Value> {
    if schema["additionalProperties"].is_object() {
        let values = value_for(&schema["additionalProperties"]);
        return btree_map("[a-d]", values, 0..4).prop_map(|map| json!(map)).boxed();
    }
    let fields = schema["properties"].as_object().into_iter().flatten();
    let fields: Vec<_> = fields
        .map(|(name, field)| (Just(name.clone()), proptest::option::weighted(0.8, value_for(field))))
        .collect();
    let known = fields.prop_map(|fields| {
        let given = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Value::Object(given.collect::<Map<_, _>>())
    });
    (known, btree_map("[a-e]", any_scalar(), 0..2))
        .prop_map(|(known, more)| merged(json!(more), known))
        .boxed()
}

/// The schema as a later draft writes it: an exclusive bound is a number.
fn for_the_peer(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let mut out: Map<String, Value> =
                map.iter().map(|(key, value)| (key.clone(), for_the_peer(value))).collect();
            for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
                if let Some(flag) = map.get(exclusive).filter(|flag| flag.is_boolean()) {
                    out.remove(exclusive);
                    if *flag == true
                        && let Some(limit) = map.get(bound)
                    {
                        out.insert(exclusive.to_owned(), limit.clone());
                    }
                }
            }
            Value::Object(out)
        }
        Value::Array(items) => items.iter().map(for_the_peer).collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn verdicts_agree(
        (schema, value) in any_schema().prop_flat_map(|schema| {
            let values = value_for(&schema);
            (Just(schema), values)
        })
    ) {
        let root = json!({"type": "object", "properties": {"spec": schema}});
        let ours = CompiledSchema::of(Structural::from_openapi(&root).expect("readable"));
        let object = json!({"spec": value});
        let errors = ours.validate(object.as_object().expect("an object"), None, Part::Whole);
        let peer = jsonschema::draft7::new(&for_the_peer(&root)).expect("a JSON Schema");
        let theirs: Vec<String> = peer.iter_errors(&object).map(|error| error.to_string()).collect();
        prop_assert_eq!(errors.is_empty(), theirs.is_empty(), "ours {:?}, theirs {:?}", errors, theirs);
    }
}
