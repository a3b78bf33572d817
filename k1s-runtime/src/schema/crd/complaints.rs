//! What is wrong with a CustomResourceDefinition, for whoever writes it: what [`validate_crd`] refuses it for, and its rules, with the
//! places and hints that an API server's errors have no room for.

use std::fmt;

use k1s_cel::estimate::Subject;
pub use k1s_cel::limits::ESTIMATED_COST_PER_DEFINITION as COST_LIMIT;
pub use k1s_cel::rules::RuleCost;
use k1s_cel::rules::{Problem, ProblemKind, Validator};
use serde_json::Value;

use super::check::{schemas, validate_crd};

/// One thing that is wrong with a CustomResourceDefinition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Where, as an API server names it: `spec.validation.openAPIV3Schema.properties[spec]`. What all versions share stands in one
    /// place (`spec.validation`, `spec.subresources`, …).
    pub path: String,
    /// What is wrong; of several lines where it shows a rule.
    pub text: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// Everything that is wrong with a CustomResourceDefinition; empty if an API server takes it.
///
/// ```
/// use k1s_runtime::schema::crd::complaints;
/// let crd = serde_json::json!({
///     "metadata": {"name": "items.example.com"},
///     "spec": {
///         "group": "example.com", "scope": "Namespaced", "names": {"kind": "Item", "listKind": "ItemList", "plural": "items", "singular": "item"},
///         "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
///             "type": "object", "properties": {"size": {"type": "integer"}},
///             "x-kubernetes-validations": [{"rule": "self.sise > 0"}],
///         }}}],
///     },
/// });
/// let found = complaints(&crd);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].to_string(), "\
/// spec.validation.openAPIV3Schema.x-kubernetes-validations[0].rule: does not compile:
/// 1:5: undefined field 'sise'
///  | self.sise > 0
///  | ....^
///  | hint: did you mean `size`?");
/// ```
pub fn complaints(crd: &Value) -> Vec<Complaint> {
    let mut found = Vec::new();
    let mut told = Vec::new();
    for (path, schema) in schemas(crd.into()) {
        // What is no schema at all is refused below.
        let Ok(validator) = Validator::new(schema, true) else { continue };
        let costs = validator.costs(&path);
        for problem in validator.problems(&path) {
            found.push(Complaint { path: problem.path.clone(), text: text(&problem, &costs) });
            told.push((problem.path, problem.detail));
        }
    }
    let refused = validate_crd(crd).into_iter();
    let others = refused
        .filter(|error| !told.iter().any(|(path, detail)| (path, detail) == (&error.field, &error.detail)));
    let mut all: Vec<Complaint> =
        others.map(|error| Complaint { text: error.body(), path: error.field }).collect();
    all.append(&mut found);
    all
}

/// What the rules of a CustomResourceDefinition are estimated to cost, schema by schema, in an order that stays the same.
pub fn rule_costs(crd: &Value) -> Vec<RuleCost> {
    let validators = schemas(crd.into()).into_iter().filter_map(|(path, schema)| {
        let validator = Validator::new(schema, true).ok()?;
        Some(validator.costs(&path))
    });
    validators.flatten().collect()
}

fn text(problem: &Problem, costs: &[RuleCost]) -> String {
    if let Some(issues) = &problem.issues {
        return format!("does not compile:\n{}", issues.with_hints().replace("ERROR: <input>:", ""));
    }
    let cost = costs.iter().find(|cost| cost.path == problem.path);
    match cost.filter(|_| problem.kind == ProblemKind::Forbidden) {
        Some(cost) => {
            format!("{}\n | {}\n | {}", problem.detail, cost.expression.replace('\n', "\n | "), sum(cost))
        }
        None => problem.detail.clone(),
    }
}

/// A cost with what it is made of.
fn sum(cost: &RuleCost) -> String {
    let (total, each, limit) = (cost.total(), cost.each, cost.subject.limit());
    match (cost.subject, cost.times) {
        (Subject::Rule, times) if times != 1 => {
            format!("costs {total} = {each} each time, {times} times in an object; {limit} are allowed")
        }
        _ => format!("costs {total}; {limit} are allowed"),
    }
}
