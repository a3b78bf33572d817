//! What is wrong with one rule.

use serde_json::{Map, Value as Json};

use crate::estimate::{Subject, refusal};

use super::compile::CompiledRule;
use super::field_path;
use super::path::Path;
use super::problems::{Problem, ProblemKind, ProblemValue, Stage};
use super::rule::REASONS;

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

    fn add(&mut self, field: &str, kind: ProblemKind, value: ProblemValue, detail: &str, stage: Stage) {
        let path = format!("{}.{field}", self.path);
        let detail = detail.to_owned();
        self.problems.push(Problem { path, kind, value, detail, stage, issues: None });
    }

    fn form_problem(&mut self, field: &str, kind: ProblemKind, value: Option<&str>, detail: &str) {
        let value = value.map_or(ProblemValue::None, |text| ProblemValue::Text(text.to_owned()));
        self.add(field, kind, value, detail, Stage::Schema);
    }

    /// What can be said without looking into expressions; says whether there is nothing. `schema` is that of the rule's place.
    pub(super) fn form(mut self, schema: &Map<String, Json>) -> bool {
        use ProblemKind::{Invalid, NotSupported, Required};
        let before = self.problems.len();
        let rule = self.compiled.rule();
        let (text, message) = (rule.rule.trim(), rule.message.trim());
        if text.is_empty() {
            self.form_problem("rule", Required, None, "rule is not specified");
        }
        if !rule.message.is_empty() && message.is_empty() {
            self.form_problem("message", Invalid, Some(&rule.message), "must be non-empty if specified");
        } else if message.contains('\n') {
            self.form_problem("message", Invalid, Some(&rule.message), "must not contain line breaks");
        } else if text.contains('\n') && message.is_empty() {
            self.form_problem(
                "message",
                Required,
                None,
                "message must be specified if rule contains line breaks",
            );
        }
        if !rule.message_expression.is_empty() && rule.message_expression.trim().is_empty() {
            self.form_problem(
                "messageExpression",
                Required,
                None,
                "messageExpression must be non-empty if specified",
            );
        }
        if let Some(reason) =
            rule.reason.as_deref().filter(|reason| REASONS.iter().all(|(name, _)| name != reason))
        {
            let names = REASONS.map(|(name, _)| format!("{name:?}"));
            self.form_problem(
                "reason",
                NotSupported,
                Some(reason),
                &format!("supported values: {}", names.join(", ")),
            );
        }
        let path = rule.field_path.as_str();
        if !path.is_empty() && path.trim().is_empty() {
            self.form_problem("fieldPath", Invalid, Some(path), "must be non-empty if specified");
        }
        if path.contains('\n') {
            self.form_problem("fieldPath", Invalid, Some(path), "must not contain line breaks");
        }
        if !path.is_empty() && field_path::normalize(path, schema).is_none() {
            self.form_problem("fieldPath", Invalid, Some(path), "must be a valid path");
        }
        self.problems.len() == before
    }

    /// What is wrong with the expressions.
    pub(super) fn expressions(&mut self, uncorrelatable: Option<&Path<'_>>) {
        use ProblemKind::Invalid;
        let compiled = self.compiled;
        for (field, fault) in ["rule", "messageExpression"].into_iter().zip(compiled.faults()) {
            let Some(fault) = fault else { continue };
            self.problems.push(Problem {
                path: format!("{}.{field}", self.path),
                kind: Invalid,
                value: ProblemValue::Rule(Box::new(compiled.rule().clone())),
                detail: fault.text.clone(),
                stage: Stage::Expression,
                issues: fault.issues.clone(),
            });
        }
        match (compiled.uses_old_self(), uncorrelatable, compiled.rule().optional_old_self) {
            (true, Some(within), _) => {
                let value = ProblemValue::Text(compiled.rule().rule.clone());
                let detail = format!(
                    "oldSelf cannot be used on the uncorrelatable portion of the schema within {within}"
                );
                self.add("rule", Invalid, value, &detail, Stage::Expression);
            }
            (false, _, Some(optional)) => self.add(
                "optionalOldSelf",
                Invalid,
                ProblemValue::Bool(optional),
                "may not be set if oldSelf is not used in rule",
                Stage::Expression,
            ),
            _ => {}
        }
    }

    /// What the expressions cost too much; `cost` is what the rule costs in an object.
    pub(super) fn costs(&mut self, cost: u64) {
        let message = self.compiled.message_max_cost();
        for (field, subject, cost) in
            [("rule", Subject::Rule, cost), ("messageExpression", Subject::MessageExpression, message)]
        {
            if let Some(detail) = refusal(subject, cost) {
                self.add(field, ProblemKind::Forbidden, ProblemValue::None, &detail, Stage::Expression);
            }
        }
    }
}
