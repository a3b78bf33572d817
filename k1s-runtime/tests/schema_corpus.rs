//! What a kube-apiserver answered to creations of custom resources, replayed against the schema room alone.
//!
//! Skipped by rule: what needs a store (updates, patches, deletions), and what other rooms answer (names, decoding of
//! metadata). Everything else must agree in verdict, causes, warnings and resulting object.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr)] // Helpers of tests are tests too.

mod support;

use std::collections::BTreeMap;

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::schema::{CompiledSchema, Part, crd};
use serde_json::{Map, Value};

use support::{Cause, causes, scenarios};

struct Kind {
    definition: ResourceDefinition,
    schema: CompiledSchema,
}

fn kinds(crds: &[Value]) -> BTreeMap<(String, String), Kind> {
    let mut kinds = BTreeMap::new();
    for crd in crds {
        for definition in crd::definitions(crd).expect("recorded definitions are readable") {
            let schema = CompiledSchema::compile(&definition).expect("recorded schemas compile");
            kinds.insert((definition.api_version(), definition.kind.clone()), Kind { definition, schema });
        }
    }
    kinds
}

/// What the schema room makes of an object.
struct Outcome {
    unknown: Vec<String>,
    causes: Vec<Cause>,
    object: Map<String, Value>,
}

fn admit(kind: &Kind, object: &Map<String, Value>) -> Outcome {
    let mut object = object.clone();
    let unknown = kind.schema.prune(&mut object);
    kind.schema.default(&mut object);
    if kind.definition.status {
        object.remove("status");
    }
    let mut errors = kind.schema.validate(&object, None, Part::Whole);
    errors.extend(kind.schema.check_rules(&object, None, &errors).errors);
    let mut causes: Vec<Cause> = errors.iter().map(Cause::of_error).collect();
    causes.sort();
    Outcome { unknown, causes, object }
}

/// Whether the client answers this: metadata and the request's parameters.
fn is_of_client(cause: &Cause) -> bool {
    let own = ["metadata", "kind", "apiVersion", "fieldValidation"]
        .iter()
        .any(|field| cause.field.starts_with(field));
    own && !cause.message.contains(" in body ") && cause.reason != "FieldValueTooLong"
}

#[derive(Default)]
struct Tally {
    agree: usize,
    differences: Vec<String>,
}

impl Tally {
    fn note(&mut self, place: &str, what: &str, expected: &impl std::fmt::Debug, got: &impl std::fmt::Debug) {
        self.differences.push(format!("{place}: {what}\n  expected {expected:?}\n  got      {got:?}"));
    }
}

fn replay(name: &str, index: usize, step: &Value, kind: &Kind, tally: &mut Tally) {
    let place = format!("{name} step {index}");
    let (Some(object), Some(expect)) = (step["object"].as_object(), step["expect"].as_object()) else {
        return;
    };
    let outcome = admit(kind, object);
    let expected: Vec<Cause> = causes(expect);
    let code = expect["code"].as_u64().unwrap_or_default();
    let before = tally.differences.len();
    match code {
        201 if !outcome.causes.is_empty() => tally.note(&place, "refused", &"created", &outcome.causes),
        201 => {
            let plain = |map: &Map<String, Value>| {
                let mut map = map.clone();
                map.remove("metadata");
                support::normalised(&Value::Object(map))
            };
            if kind.definition.storage
                && let Some(stored) = expect.get("object").and_then(Value::as_object)
                && plain(stored) != plain(&outcome.object)
            {
                tally.note(&place, "object", &plain(stored), &plain(&outcome.object));
            }
        }
        422 => {
            let expected: Vec<Cause> = expected.into_iter().filter(|cause| !is_of_client(cause)).collect();
            if expected != outcome.causes {
                tally.note(&place, "causes", &expected, &outcome.causes);
            }
        }
        400 => {
            let message = expect["message"].as_str().unwrap_or_default();
            let Some((_, listed)) = message.split_once("strict decoding error: ") else { return };
            let got: Vec<String> =
                outcome.unknown.iter().map(|path| format!("unknown field \"{path}\"")).collect();
            if listed != got.join(", ") {
                tally.note(&place, "strict", &listed, &got);
            }
        }
        _ => return,
    }
    if let Some(warnings) = expect.get("warnings").and_then(Value::as_array) {
        let wanted: Vec<&str> = warnings
            .iter()
            .filter_map(Value::as_str)
            .filter(|text| text.starts_with("unknown field"))
            .collect();
        let got: Vec<String> =
            outcome.unknown.iter().map(|path| format!("unknown field \"{path}\"")).collect();
        if wanted != got {
            tally.note(&place, "warnings", &wanted, &got);
        }
    }
    tally.agree += usize::from(tally.differences.len() == before);
}

#[test]
fn creations_are_answered_as_recorded() {
    let mut tally = Tally::default();
    for (name, scenario) in scenarios() {
        let kinds = kinds(scenario["crds"].as_array().expect("crds"));
        for (index, step) in scenario["steps"].as_array().expect("steps").iter().enumerate() {
            let body = &step["object"];
            let key =
                [&body["apiVersion"], &body["kind"]].map(|text| text.as_str().unwrap_or_default().to_owned());
            let plain = step["op"] == "create" && step.get("subresource").is_none();
            if let (true, Some(kind)) = (plain, kinds.get(&key.into())) {
                replay(&name, index, step, kind, &mut tally);
            }
        }
    }
    eprintln!("schema corpus: {} of {} steps agree", tally.agree, tally.agree + tally.differences.len());
    assert!(tally.agree > 500, "too few steps were replayed: {}", tally.agree);
    assert!(tally.differences.is_empty(), "{}", tally.differences.join("\n"));
}

#[test]
fn embedded_resources_are_found() {
    let scenario = support::scenario("schema/schema-embedded.json");
    let definition = &crd::definitions(&scenario["crds"][0]).expect("readable")[0];
    let schema = CompiledSchema::compile(definition).expect("compiles");
    let object = serde_json::json!({"spec": {
        "e": {"kind": "A"}, "l": [{"kind": "B"}, 1], "n": null, "unknown": {"kind": "C"},
    }});
    let found = schema.embedded_resources(object.as_object().expect("an object"));
    let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["spec.e", "spec.l[0]"]);
}
