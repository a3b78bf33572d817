//! Which CustomResourceDefinitions a real server refuses for what their rules may cost, and in which words.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use k1s_cel::estimate::{Cardinality, Refusals, Subject, TotalCost, refusal};
use k1s_cel::schema::Schema;
use k1s_cel::ty::Type;
use k1s_cel::{Env, estimate};
use serde_json::{Value as Json, json};

/// What a definition is refused for: fields and details.
type Complaints = Vec<(String, String)>;

/// The walk over a definition's schema, as a server's admission does it.
struct Admission {
    total: TotalCost<String>,
    complaints: Complaints,
}

impl Admission {
    fn judge(schema: &Json) -> Complaints {
        let mut admission = Self { total: TotalCost::new(), complaints: Vec::new() };
        let root = "spec.validation.openAPIV3Schema";
        admission.visit(schema, root, true, Cardinality::ROOT);
        if let Some(refusals) = admission.total.refusals() {
            let contributed = Refusals::<String>::CONTRIBUTED;
            admission
                .complaints
                .extend(refusals.contributors.iter().map(|place| ((*place).clone(), contributed.into())));
            admission.complaints.push((root.into(), refusals.schema));
        }
        admission.complaints.sort();
        admission.complaints
    }

    fn visit(&mut self, node: &Json, path: &str, is_root: bool, cardinality: Cardinality) {
        for (name, property) in node["properties"].as_object().into_iter().flatten() {
            self.visit(property, &format!("{path}.properties[{name}]"), false, cardinality.property());
        }
        if node["items"].is_object() {
            let within = cardinality.list(node["maxItems"].as_i64());
            self.visit(&node["items"], &format!("{path}.items"), false, within);
        }
        if node["additionalProperties"].is_object() {
            let within = cardinality.map(node["maxProperties"].as_i64());
            self.visit(&node["additionalProperties"], &format!("{path}.additionalProperties"), false, within);
        }
        let Some(rules) = node["x-kubernetes-validations"].as_array() else { return };
        let schema = Schema::from_json(node, is_root).unwrap();
        for (index, rule) in rules.iter().enumerate() {
            let place = format!("{path}.x-kubernetes-validations[{index}]");
            let cost = cardinality.cost(most(&schema, &rule["rule"]), &schema);
            self.count(Subject::Rule, format!("{place}.rule"), cost);
            if rule["messageExpression"].is_string() {
                let cost = most(&schema, &rule["messageExpression"]);
                self.count(Subject::MessageExpression, format!("{place}.messageExpression"), cost);
            }
        }
    }

    fn count(&mut self, subject: Subject, place: String, cost: u64) {
        self.complaints.extend(refusal(subject, cost).map(|detail| (place.clone(), detail)));
        self.total.add(place, cost);
    }
}

/// The most that a run of an expression costs.
fn most(schema: &std::sync::Arc<Schema>, expression: &Json) -> u64 {
    estimated(schema, expression.as_str().unwrap()).max
}

fn estimated(schema: &std::sync::Arc<Schema>, expression: &str) -> estimate::CostRange {
    let ty = Type::of_schema(schema, "self").unwrap();
    let env =
        Env::new().with_schema("self", ty.clone(), schema.clone()).with_schema("oldSelf", ty, schema.clone());
    let checked = env.check(expression).unwrap_or_else(|issues| panic!("{expression}: {issues}"));
    checked.estimate(&env)
}

#[test]
fn definitions_are_refused_as_a_server_refuses_them() {
    let scenario: Json =
        serde_json::from_str(include_str!("../../tests/corpus/cel/cel-crd-cost.json")).unwrap();
    let steps = scenario["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 30);
    for step in steps {
        let found = Admission::judge(&step["object"]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]);
        let mut expected: Complaints = step["expect"]["causes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|cause| {
                let detail = cause["message"].as_str().unwrap().strip_prefix("Forbidden: ").unwrap();
                (cause["field"].as_str().unwrap().to_owned(), detail.to_owned())
            })
            .collect();
        expected.sort();
        assert_eq!(found, expected, "{}", step["note"]);
    }
}

#[test]
fn a_bound_is_enough_or_one_too_many() {
    // The largest lists that a server takes with this rule, by the bound on their texts.
    for (max_length, max_items) in [(16, 909_090), (63, 333_333), (253, 94_339), (1_024, 24_154)] {
        let judge = |max_items: u64| {
            Admission::judge(&json!({"type": "object", "properties": {"tags": {
                "type": "array", "maxItems": max_items,
                "items": {"type": "string", "maxLength": max_length},
                "x-kubernetes-validations": [{"rule": "self.all(x, x.contains('gpu'))"}]}}}))
        };
        assert_eq!(judge(max_items), [], "{max_length}");
        assert_eq!(judge(max_items + 1).len(), 1, "{max_length}");
    }
}

#[test]
fn presence_is_free_and_shared_receivers_do_not_multiply() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}}});
    let schema = Schema::from_json(&schema, false).unwrap();
    assert_eq!(estimated(&schema, "has(self.a)"), estimate::CostRange::fixed(1));
    assert_eq!(estimated(&schema, "has(self.a.b)"), estimate::CostRange::fixed(2));
    let chain = format!("self.?a{}.hasValue()", ".optMap(x, x)".repeat(40));
    assert!(estimated(&schema, &chain).max > 40);
}
