//! Gates of validation: an object of 2 KB against a compiled schema, and what rules add to it.
//!
//! The floor of the schema is the crate `jsonschema` with the same schema as plain JSON Schema, which knows neither Kubernetes' messages nor
//! `nullable`, list types and rules; the floor of rules is the same object against the schema without them.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a bench reports, and may panic")]

#[expect(unsafe_code, reason = "what the benches share opens bare LMDB; this one does not")]
mod kit;

use std::hint::black_box;
use std::time::Duration;

use inventory_example::Item;
use k1s_runtime::api::Resource;
use k1s_runtime::schema::{CompiledSchema, JsonSchemaOptions, Part, Structural, json_schema};
use k1s_runtime::serde_json::{Map, Value, json, to_string};
use kit::{Gate, alternate, heading, report};

const CALLS: u32 = 1_000;
const ROUNDS: usize = 41;
/// What the schema may cost, without rules.
const SCHEMA: Duration = Duration::from_micros(10);
/// What a simple rule may cost more.
const RULE: Duration = Duration::from_micros(2);

fn main() {
    heading("validation of 2 KB, compiled");
    let object = object();
    let changed = changed(&object);
    let bare = schema(0);
    let plain = json_schema(&Item::definition(), &JsonSchemaOptions::default()).unwrap();
    let plain = jsonschema::draft202012::options().should_validate_formats(true).build(&plain).unwrap();
    let value = Value::Object(object.clone());
    assert!(plain.is_valid(&value), "{:?}", plain.iter_errors(&value).next());

    let (floor, ours) = turns(|| assert!(plain.is_valid(black_box(&value))), || judge(&bare, &object, None));
    report("schema; floor: jsonschema", Some(floor), ours, Gate::Time(SCHEMA));
    let (floor, ours) = turns(|| judge(&bare, &object, None), || judge(&bare, &object, Some(&changed)));
    report("an update; floor: a create", Some(floor), ours, Gate::Time(SCHEMA));

    for count in [1, 10] {
        let ruled = schema(count);
        for (what, old) in [("create", None), ("update", Some(&changed))] {
            let (floor, ours) = turns(|| judge(&bare, &object, old), || judge(&ruled, &object, old));
            report(&format!("{what}, {count} rules; floor: without"), Some(floor), ours, Gate::None);
            let each = ours.saturating_sub(floor) / u32::try_from(count).unwrap();
            report("  a rule more", None, each, Gate::Time(RULE));
        }
    }
}

/// Times of a call each, taking turns.
fn turns(floor: impl Fn(), ours: impl Fn()) -> (Duration, Duration) {
    let (floor, ours) =
        alternate(ROUNDS, |_| (0..CALLS).for_each(|_| floor()), |_| (0..CALLS).for_each(|_| ours()));
    (floor / CALLS, ours / CALLS)
}

fn judge(schema: &CompiledSchema, object: &Map<String, Value>, old: Option<&Map<String, Value>>) {
    let errors = black_box(schema).validate(black_box(object), old, Part::Whole);
    let found = schema.check_rules(object, old, &errors);
    assert!(errors.is_empty() && found.errors.is_empty(), "{errors:?} {found:?}");
}

/// The item's schema with so many simple rules at its spec, and no others.
fn schema(rules: usize) -> CompiledSchema {
    CompiledSchema::of(Structural::from_openapi(&openapi(rules)).unwrap())
}

fn openapi(rules: usize) -> Value {
    let mut schema = CompiledSchema::structural_of(&Item::definition()).unwrap().to_openapi();
    forget_rules(&mut schema);
    let simple = json!({"rule": "self.reserved <= self.quantity", "message": "more than there is"});
    if rules > 0 {
        schema["properties"]["spec"]["x-kubernetes-validations"] = vec![simple; rules].into();
    }
    schema
}

fn forget_rules(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.remove("x-kubernetes-validations");
            members.values_mut().for_each(forget_rules);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_rules),
        _ => {}
    }
}

fn object() -> Map<String, Value> {
    let tags: Vec<_> = (0..30).map(|tag| format!("{tag:02}-{}", "t".repeat(36))).collect();
    let object = json!({
        "apiVersion": "inventory.example.com/v1alpha1",
        "kind": "Item",
        "metadata": {
            "name": "a",
            "labels": {"app.kubernetes.io/part-of": "inventory", "shop": "common"},
            "annotations": {"example.com/note": "x".repeat(380)},
        },
        "spec": {
            "name": "Claw hammer, 450 g, hickory handle",
            "category": "hand-tools",
            "quantity": 12,
            "reserved": 3,
            "price": 1899,
            "location": "B3-07",
            "tags": tags,
            "supplier": {
                "name": "Northern Tool Works", "email": "orders@northern-tools.example.com", "leadTimeDays": 5,
            },
        },
    });
    assert!(to_string(&object).unwrap().len() > 2_000);
    object.as_object().unwrap().clone()
}

/// The object before an update: one field is another.
fn changed(object: &Map<String, Value>) -> Map<String, Value> {
    let mut object = object.clone();
    object["spec"]["quantity"] = json!(11);
    object
}
