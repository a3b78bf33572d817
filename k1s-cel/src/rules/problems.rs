//! What is wrong with the rules of a schema: what kube-apiserver refuses a CustomResourceDefinition for.
//!
//! The parts of a node come before the node. Where rules are already wrong in their form, here or below, their expressions are not
//! looked at; `complaints` says what is wrong with one rule. Who checks the rest of the schema, too, asks for form and expressions one
//! by one: [`form_problems`], [`Validator::expression_problems`].

use serde_json::{Map, Value as Json};

use crate::Issues;
use crate::estimate::{Cardinality, Refusals, Subject, TotalCost};

use super::compile::CompiledRule;
use super::complaints::{Complaints, form};
use super::path::Path;
use super::rule::{KEYWORD, Rule};
use super::tree::{Node, Validator, object};

/// Something that is wrong with a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The path within the definition: `….properties[spec].x-kubernetes-validations[0].rule`.
    pub path: String,
    /// The kind of problem.
    pub kind: ProblemKind,
    /// What the error shows as the value.
    pub value: ProblemValue,
    /// What is wrong, in kube-apiserver's words.
    pub detail: String,
    /// When kube-apiserver looks for it.
    pub stage: Stage,
    /// What `detail` lays out, with places and hints, if it is about places in an expression.
    pub issues: Option<Issues>,
}

/// What a rule or its message expression is estimated to cost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleCost {
    /// The path of the expression within the definition: `….x-kubernetes-validations[0].rule`.
    pub path: String,
    /// Which of the two it is.
    pub subject: Subject,
    /// The expression.
    pub expression: String,
    /// The most that one evaluation costs.
    pub each: u64,
    /// How often it can be evaluated for one object. A message expression counts once.
    pub times: u64,
}

impl RuleCost {
    /// The most that it costs for one object; [`Subject::limit`] is the most that it may.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.each.saturating_mul(self.times)
    }
}

/// A kind of problem.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProblemKind {
    /// The value may not be what it is.
    Invalid,
    /// There has to be a value.
    Required,
    /// The value is none of those there are.
    NotSupported,
    /// The rule is too expensive.
    Forbidden,
    /// kube-apiserver has no better words.
    Internal,
}

/// What the error about a problem shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProblemValue {
    /// Nothing.
    None,
    /// A text.
    Text(String),
    /// A truth value.
    Bool(bool),
    /// The whole rule, as JSON in the order and with the names of Go's structure.
    Rule(Box<Rule>),
}

/// When kube-apiserver looks for a problem.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// With the schema. Problems of this stage at a place or below it keep that place's expressions from being looked at: those of
    /// rules do so here already, for those of the rest of the schema whoever knows them has to.
    Schema,
    /// With the expressions.
    Expression,
}

/// Where the rules of a node stand.
#[derive(Clone, Copy)]
struct Place<'r> {
    path: &'r Path<'r>,
    /// The list farthest up whose elements do not belong to old ones.
    uncorrelatable: Option<&'r Path<'r>>,
    cardinality: Cardinality,
}

impl Validator {
    /// What is wrong with the rules, with their costs included. `path` is that of the schema within the definition.
    #[must_use]
    pub fn problems(&self, path: &str) -> Vec<Problem> {
        self.search(path, None, true).finish(path)
    }

    /// What the rules and message expressions are estimated to cost, those aside that have no program; in the order in which
    /// [`Validator::problems`] looks at them. `path` is that of the schema within the definition.
    ///
    /// ```
    /// use k1s_cel::rules::Validator;
    /// use serde_json::json;
    ///
    /// let schema = json!({"type": "array", "maxItems": 20, "items": {
    ///     "type": "integer", "x-kubernetes-validations": [{"rule": "self % 2 == 0"}],
    /// }});
    /// let costs = Validator::new(&schema, false)?.costs("schema");
    /// assert_eq!((costs[0].each, costs[0].times, costs[0].total()), (3, 20, 60));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn costs(&self, path: &str) -> Vec<RuleCost> {
        self.search(path, None, true).costs
    }

    /// What is wrong with the expressions of the rules and with their costs, but not with their form.
    ///
    /// `is_sound` is asked with the paths of places with rules whether nothing is wrong with the schema there and below, forms of
    /// rules included: where something is, kube-apiserver does not look at expressions. `limits_each` says whether each expression's
    /// cost is limited and not only the sum: an update of a definition that leaves a version's schema as it is does not.
    #[must_use]
    pub fn expression_problems(
        &self,
        path: &str,
        is_sound: &dyn Fn(&str) -> bool,
        limits_each: bool,
    ) -> Vec<Problem> {
        self.search(path, Some(is_sound), limits_each).finish(path)
    }

    fn search<'s>(
        &self,
        path: &str,
        is_sound: Option<&'s dyn Fn(&str) -> bool>,
        limits_each: bool,
    ) -> Search<'s> {
        let (problems, total, costs) = (Vec::new(), TotalCost::new(), Vec::new());
        let mut search = Search { problems, total, costs, is_sound, limits_each };
        if let (Some(node), Some(schema)) = (&self.root, self.schema.as_object()) {
            let start = Path::Start(path);
            let place = Place { path: &start, uncorrelatable: None, cardinality: Cardinality::ROOT };
            search.visit(node, schema, place);
        }
        search
    }
}

/// What is wrong with the form of the rules of one schema, not of those within it. `path` is that of the schema within the definition.
#[must_use]
pub fn form_problems(schema: &Map<String, Json>, path: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let start = Path::Start(path);
    let keyword = start.child(KEYWORD);
    for (index, rule) in Rule::of(schema).iter().enumerate() {
        form(rule, &keyword.index(index), schema, &mut problems);
    }
    problems
}

/// The problems so far, and what the rules cost so far.
struct Search<'s> {
    problems: Vec<Problem>,
    total: TotalCost<String>,
    costs: Vec<RuleCost>,
    /// Says of a place whether its expressions are looked at; none if it is for the form of the rules to say.
    is_sound: Option<&'s dyn Fn(&str) -> bool>,
    limits_each: bool,
}

impl Search<'_> {
    /// Looks at a node and below. Says whether nothing is wrong that keeps expressions above from being looked at.
    fn visit(&mut self, node: &Node, schema: &Map<String, Json>, place: Place<'_>) -> bool {
        let mut is_right = self.parts(node, schema, place);
        if node.rules.is_empty() && node.out_of_reach == 0 {
            return is_right;
        }
        let keyword = place.path.child(KEYWORD);
        if let Some(is_sound) = self.is_sound {
            is_right = is_sound(&place.path.to_string());
        } else {
            for (index, rule) in node.rules.iter().enumerate() {
                is_right &= form(rule.rule(), &keyword.index(index), schema, &mut self.problems);
            }
        }
        if !is_right {
            return false;
        }
        if node.out_of_reach > 0 {
            self.problems.push(Problem {
                path: keyword.to_string(),
                kind: ProblemKind::Internal,
                value: ProblemValue::None,
                detail: "internal error: failed to construct type information for x-kubernetes-validations rules: \
                         unable to convert structural schema to CEL declarations"
                    .to_owned(),
                stage: Stage::Expression,
                issues: None,
            });
        }
        for (index, rule) in node.rules.iter().enumerate() {
            let cost = place.cardinality.cost(rule.max_cost(), &node.schema);
            let path = keyword.index(index);
            Complaints::new(rule, &path, &mut self.problems)
                .expressions(place.uncorrelatable, self.limits_each.then_some(cost));
            self.total.add(format!("{path}.rule"), cost);
            self.total.add(format!("{path}.messageExpression"), rule.message_max_cost());
            self.price(rule, &path, place.cardinality.times(&node.schema));
        }
        true
    }

    /// Notes what the expressions of a rule cost that can be evaluated `times` times.
    fn price(&mut self, rule: &CompiledRule, path: &Path<'_>, times: u64) {
        let Rule { rule: condition, message_expression, .. } = rule.rule();
        let mut add = |field: &str, subject, expression: &str, each, times| {
            let (path, expression) = (format!("{path}.{field}"), expression.trim().to_owned());
            self.costs.push(RuleCost { path, subject, expression, each, times });
        };
        if let Ok(Some(_)) = rule.program() {
            add("rule", Subject::Rule, condition, rule.max_cost(), times);
        }
        if let Ok(Some(_)) = rule.message() {
            add(
                "messageExpression",
                Subject::MessageExpression,
                message_expression,
                rule.message_max_cost(),
                1,
            );
        }
    }

    fn parts(&mut self, node: &Node, schema: &Map<String, Json>, place: Place<'_>) -> bool {
        let bound = |keyword: &str| schema.get(keyword).and_then(Json::as_i64);
        let mut is_right = true;
        let properties = place.path.child("properties");
        for (name, child) in &node.properties {
            let Some(schema) = object(schema, "properties").and_then(|all| object(all, name)) else {
                continue;
            };
            let cardinality = place.cardinality.property();
            is_right &=
                self.visit(child, schema, Place { path: &properties.key(name), cardinality, ..place });
        }
        if let (Some(child), Some(schema)) = (&node.items, object(schema, "items")) {
            let here = node.keys.is_empty().then_some(place.path);
            is_right &= self.visit(
                child,
                schema,
                Place {
                    path: &place.path.child("items"),
                    uncorrelatable: place.uncorrelatable.or(here),
                    cardinality: place.cardinality.list(bound("maxItems")),
                },
            );
        }
        if let (Some(child), Some(schema)) = (&node.values, object(schema, "additionalProperties")) {
            let path = place.path.child("additionalProperties");
            let cardinality = place.cardinality.map(bound("maxProperties"));
            is_right &= self.visit(child, schema, Place { path: &path, cardinality, ..place });
        }
        is_right
    }

    /// Adds what the rules are refused for together.
    fn finish(mut self, path: &str) -> Vec<Problem> {
        let Some(refusals) = self.total.refusals() else { return self.problems };
        let forbidden = |path: &str, detail: &str| Problem {
            path: path.to_owned(),
            kind: ProblemKind::Forbidden,
            value: ProblemValue::None,
            detail: detail.to_owned(),
            stage: Stage::Expression,
            issues: None,
        };
        let contributors = refusals.contributors.iter();
        self.problems.extend(contributors.map(|rule| forbidden(rule, Refusals::<String>::CONTRIBUTED)));
        self.problems.push(forbidden(path, &refusals.schema));
        self.problems
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(schema: &Json) -> Vec<(String, String)> {
        let problems = Validator::new(schema, false).unwrap().problems("s");
        problems.into_iter().map(|problem| (problem.path, problem.detail)).collect()
    }

    #[test]
    fn the_form_of_rules_is_checked() {
        let found = problems(
            &json!({"type": "object", "properties": {"f": {"type": "string", "x-kubernetes-validations": [
                {"message": " "}, {"rule": "true\n", "message": "a\nb"}, {"rule": "true &&\ntrue"},
                {"rule": "true", "messageExpression": " ", "reason": "Nope", "fieldPath": ".x\n"},
                {"rule": "true", "message": " "},
            ]}}}),
        );
        let place =
            |index: usize, field: &str| format!("s.properties[f].x-kubernetes-validations[{index}].{field}");
        let path = place(3, "fieldPath");
        let wanted = [
            (place(0, "rule"), "rule is not specified"),
            (place(1, "message"), "must not contain line breaks"),
            (place(2, "message"), "message must be specified if rule contains line breaks"),
            (place(3, "messageExpression"), "messageExpression must be non-empty if specified"),
            (
                place(3, "reason"),
                "supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", \"FieldValueInvalid\", \
                 \"FieldValueRequired\"",
            ),
            (path.clone(), "must not contain line breaks"),
            (path, "must be a valid path"),
            (place(4, "message"), "must be non-empty if specified"),
        ];
        let form: Vec<_> =
            found.iter().filter(|(_, detail)| !detail.contains("compilation")).cloned().collect();
        assert_eq!(form, wanted.map(|(path, detail)| (path, detail.to_owned())));
    }

    #[test]
    fn expressions_are_checked() {
        let change = json!({"type": "integer", "x-kubernetes-validations": [{"rule": "self == oldSelf"}]});
        let found = problems(&json!({"type": "object", "properties": {
            "deep": {"type": "array", "items": {"type": "array", "items": change}},
            "keyed": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"],
                      "items": {"type": "object", "properties": {"k": change}}},
            "o": {"type": "integer", "x-kubernetes-validations": [
                {"rule": "self", "optionalOldSelf": true}, {"rule": "true", "messageExpression": "self"},
            ]},
            "u": {"x-kubernetes-preserve-unknown-fields": true, "x-kubernetes-validations": [{"rule": "true"}]},
        }}));
        let wanted = [
            (
                "s.properties[deep].items.items.x-kubernetes-validations[0].rule",
                "oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[deep]",
            ),
            ("s.properties[o].x-kubernetes-validations[0].rule", "cel expression must evaluate to a bool"),
            (
                "s.properties[o].x-kubernetes-validations[0].optionalOldSelf",
                "may not be set if oldSelf is not used in rule",
            ),
            (
                "s.properties[o].x-kubernetes-validations[1].messageExpression",
                "messageExpression must evaluate to a string",
            ),
            (
                "s.properties[u].x-kubernetes-validations",
                "internal error: failed to construct type information for x-kubernetes-validations rules: unable to \
                 convert structural schema to CEL declarations",
            ),
        ];
        assert_eq!(found, wanted.map(|(path, detail)| (path.to_owned(), detail.to_owned())));
    }

    #[test]
    fn form_and_expressions_can_be_asked_for_one_by_one() {
        let bad = json!([{"rule": "self", "reason": "Nope"}]);
        let schema = json!({"type": "object", "properties": {
            "a": {"type": "integer", "x-kubernetes-validations": bad}, "b": {"type": "integer", "x-kubernetes-validations": bad},
        }, "x-kubernetes-validations": [{"rule": ""}]});
        let form = form_problems(schema.as_object().unwrap(), "s");
        assert_eq!(
            form.iter().map(|problem| &*problem.detail).collect::<Vec<_>>(),
            ["rule is not specified"]
        );
        let validator = Validator::new(&schema, false).unwrap();
        let asked = std::cell::RefCell::new(Vec::new());
        let is_sound = |path: &str| {
            asked.borrow_mut().push(path.to_owned());
            path.ends_with("[b]")
        };
        let found = validator.expression_problems("s", &is_sound, true);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "s.properties[b].x-kubernetes-validations[0].rule");
        assert_eq!(asked.into_inner(), ["s.properties[a]", "s.properties[b]", "s"]);
    }

    #[test]
    fn costs_are_checked() {
        let rule = json!([{"rule": "self.all(x, self.all(y, x == y))"}]);
        let text = json!({"type": "string", "maxLength": 10});
        let list = |max: u64| json!({"type": "array", "items": text, "maxItems": max, "x-kubernetes-validations": rule});
        let found = problems(&json!({"type": "object", "properties": {
            "a": list(10_000), "b": list(10),
        }}));
        let broken = json!({"type": "string", "x-kubernetes-validations": [{"rule": "self > 1"}, {"rule": "true", "messageExpression": "'a'"}]});
        let costs = Validator::new(&broken, false).unwrap().costs("s");
        let paths: Vec<_> =
            costs.iter().map(|cost| cost.path.trim_start_matches("s.x-kubernetes-validations")).collect();
        assert_eq!(paths, ["[1].rule", "[1].messageExpression"]);

        let details: Vec<_> = found.iter().map(|(path, detail)| (path.as_str(), &detail[..26])).collect();
        let place = "s.properties[a].x-kubernetes-validations[0].rule";
        assert_eq!(
            details,
            [
                (place, "estimated rule cost exceed"),
                (place, "contributed to estimated r"),
                ("s", "x-kubernetes-validations e"),
            ]
        );
        let schema = json!({"type": "object", "properties": {"a": list(10_000)}});
        let accepted = Validator::new(&schema, false).unwrap().expression_problems("s", &|_| true, false);
        assert!(accepted[0].detail.starts_with("contributed") && accepted.len() == 2);
    }
}
