//! What is wrong with one rule.

use serde_json::{Map, Value as Json};

use crate::estimate::{Subject, refusal};

use super::compile::{CompiledRule, Fault};
use super::field_path;
use super::path::Path;
use super::problems::{Problem, ProblemKind, ProblemValue, Stage};
use super::rule::{REASONS, Rule};

/// The problems of one rule.
pub(super) struct Complaints<'r> {
    compiled: &'r CompiledRule,
    path: String,
    problems: &'r mut Vec<Problem>,
}

impl<'r> Complaints<'r> {
    pub(super) fn new(compiled: &'r CompiledRule, path: &Path<'_>, problems: &'r mut Vec<Problem>) -> Self {
        Self { compiled, path: path.to_string(), problems }
    }

    fn add(&mut self, field: &str, kind: ProblemKind, value: ProblemValue, detail: &str) {
        let path = format!("{}.{field}", self.path);
        let (stage, detail) = (Stage::Expression, detail.to_owned());
        self.problems.push(Problem { path, kind, value, detail, stage, issues: None });
    }

    /// What is wrong with the expressions. `cost` is what the rule costs in an object, if expressions are limited one by one.
    pub(super) fn expressions(&mut self, uncorrelatable: Option<&Path<'_>>, cost: Option<u64>) {
        use ProblemKind::Invalid;
        let compiled = self.compiled;
        let [rule_fault, message_fault] = compiled.faults();
        self.cost("rule", Subject::Rule, cost);
        self.fault("rule", rule_fault);
        self.fault("messageExpression", message_fault);
        if message_fault.is_none() {
            let cost = cost.map(|_| compiled.message_max_cost());
            self.cost("messageExpression", Subject::MessageExpression, cost);
        }
        match (compiled.uses_old_self(), uncorrelatable, compiled.rule().optional_old_self) {
            (true, Some(within), _) => {
                let value = ProblemValue::Text(compiled.rule().rule.clone());
                let detail = format!(
                    "oldSelf cannot be used on the uncorrelatable portion of the schema within {within}"
                );
                self.add("rule", Invalid, value, &detail);
            }
            (false, _, Some(optional)) => self.add(
                "optionalOldSelf",
                Invalid,
                ProblemValue::Bool(optional),
                "may not be set if oldSelf is not used in rule",
            ),
            _ => {}
        }
    }

    fn fault(&mut self, field: &str, fault: Option<&Fault>) {
        let Some(fault) = fault else { return };
        self.problems.push(Problem {
            path: format!("{}.{field}", self.path),
            kind: ProblemKind::Invalid,
            value: ProblemValue::Rule(Box::new(self.compiled.rule().clone())),
            detail: fault.text.clone(),
            stage: Stage::Expression,
            issues: fault.issues.clone(),
        });
    }

    fn cost(&mut self, field: &str, subject: Subject, cost: Option<u64>) {
        if let Some(detail) = cost.and_then(|cost| refusal(subject, cost)) {
            self.add(field, ProblemKind::Forbidden, ProblemValue::None, &detail);
        }
    }
}

/// What can be said of the rule at a path without looking into its expressions; says whether there is nothing. `schema` is that of the
/// rule's place.
pub(super) fn form(
    rule: &Rule,
    at: &Path<'_>,
    schema: &Map<String, Json>,
    problems: &mut Vec<Problem>,
) -> bool {
    use ProblemKind::{Invalid, NotSupported, Required};
    let before = problems.len();
    let mut complain = |field: &str, kind: ProblemKind, value: Option<&str>, detail: &str| {
        let value = value.map_or(ProblemValue::None, |text| ProblemValue::Text(text.to_owned()));
        let path = format!("{at}.{field}");
        problems.push(Problem {
            path,
            kind,
            value,
            detail: detail.to_owned(),
            stage: Stage::Schema,
            issues: None,
        });
    };
    let (text, message) = (rule.rule.trim(), rule.message.trim());
    if text.is_empty() {
        complain("rule", Required, None, "rule is not specified");
    } else if !rule.message.is_empty() && message.is_empty() {
        complain("message", Invalid, Some(&rule.message), "must be non-empty if specified");
    } else if message.contains('\n') {
        complain("message", Invalid, Some(&rule.message), "must not contain line breaks");
    } else if text.contains('\n') && message.is_empty() {
        complain("message", Required, None, "message must be specified if rule contains line breaks");
    }
    if !rule.message_expression.is_empty() && rule.message_expression.trim().is_empty() {
        complain("messageExpression", Required, None, "messageExpression must be non-empty if specified");
    }
    if let Some(reason) =
        rule.reason.as_deref().filter(|reason| REASONS.iter().all(|(name, _)| name != reason))
    {
        let names = REASONS.map(|(name, _)| format!("{name:?}"));
        complain("reason", NotSupported, Some(reason), &format!("supported values: {}", names.join(", ")));
    }
    let path = rule.field_path.as_str();
    if !path.is_empty() && path.trim().is_empty() {
        complain("fieldPath", Invalid, Some(path), "must be non-empty if specified");
    }
    if path.contains('\n') {
        complain("fieldPath", Invalid, Some(path), "must not contain line breaks");
    }
    if !path.is_empty() && field_path::normalize(path, schema).is_none() {
        complain("fieldPath", Invalid, Some(path), "must be a valid path");
    }
    problems.len() == before
}
