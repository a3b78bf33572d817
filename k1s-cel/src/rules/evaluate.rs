//! The rules of one place about one value: evaluated in order, and put into words.

use std::ops::ControlFlow;

use crate::limits::MAX_MESSAGE_BYTES;
use crate::{Binding, EvalError, EvalResult, Program, Value};

use super::compile::CompiledRule;
use super::correlate::Ratchet;
use super::error::{BadValue, ErrorKind, RuleError};
use super::path::Path;
use super::tree::Node;
use super::validate::Walk;
use super::view::View;

const BUDGET_SPENT: &str =
    "validation failed due to running out of cost budget, no further validation rules will be run";

/// A value that rules are about.
#[derive(Clone, Copy)]
pub(super) struct Subject<'r, 'a> {
    pub(super) node: &'a Node,
    pub(super) path: &'r Path<'r>,
    pub(super) value: View<'a>,
    /// The old value, if one belongs to it.
    pub(super) old: Option<View<'a>>,
    pub(super) ratchet: Ratchet<'r, 'a>,
}

/// How the message of a violation was found.
enum Message {
    Text(String),
    /// The message's expression ran over a limit: its own words take the message's place, and no more rules are evaluated.
    OverLimit(String),
}

impl Walk {
    /// Evaluates the rules of a value's own place. Breaks when no more rules may be evaluated.
    pub(super) fn rules<'a>(&mut self, subject: Subject<'_, 'a>) -> ControlFlow<()> {
        if subject.node.rules.is_empty() {
            return ControlFlow::Continue(());
        }
        if self.remaining == 0 {
            return self.stop(subject, BUDGET_SPENT.to_owned());
        }
        let value = subject.value.typed(&subject.node.schema);
        let old = subject.old.map(|old| old.typed(&subject.node.schema));
        let plain = [Some(value.clone()), old.clone().filter(|_| subject.node.uses_old_self)];
        let optional = [Some(value), Some(in_optional(old))];
        for rule in &subject.node.rules {
            let bindings = if rule.rule().is_old_self_optional() { &optional } else { &plain };
            self.rule(subject, rule, bindings, &plain)?;
        }
        ControlFlow::Continue(())
    }

    fn rule<'a>(
        &mut self,
        subject: Subject<'_, 'a>,
        rule: &'a CompiledRule,
        bindings: &[Binding<'a>],
        message_bindings: &[Binding<'a>],
    ) -> ControlFlow<()> {
        let program = match rule.program() {
            Ok(Some(program)) => program,
            Ok(None) => return ControlFlow::Continue(()),
            Err(why) => {
                self.fail(subject, format!("rule compile error: {why}"));
                return ControlFlow::Continue(());
            }
        };
        if rule.uses_old_self() && subject.old.is_none() && !rule.rule().is_old_self_optional() {
            return ControlFlow::Continue(());
        }
        let Some(result) = self.evaluate(program, bindings) else {
            return self.stop(subject, BUDGET_SPENT.to_owned());
        };
        match result {
            Ok(Value::Bool(true)) => ControlFlow::Continue(()),
            Ok(_) => self.violation(subject, rule, message_bindings),
            Err(why @ (EvalError::CostLimit | EvalError::TooLarge)) => {
                let title = rule.rule().title();
                self.stop(
                    subject,
                    format!(
                        "'{why}': no further validation rules will be run due to call cost exceeds limit for rule: {title}"
                    ),
                )
            }
            Err(why) => {
                self.fail(subject, describe(&why, rule.rule().title()));
                ControlFlow::Continue(())
            }
        }
    }

    /// A rule does not hold.
    fn violation<'a>(
        &mut self,
        subject: Subject<'_, 'a>,
        rule: &'a CompiledRule,
        bindings: &[Binding<'a>],
    ) -> ControlFlow<()> {
        let path = match rule.field_path() {
            Some(name) => subject.path.child(name).to_string(),
            None => subject.path.to_string(),
        };
        let mut error =
            RuleError { kind: rule.rule().kind(), path, value: BadValue::Omitted, detail: String::new() };
        let flow = match self.message(rule, bindings) {
            Message::Text(text) => {
                match error.kind {
                    ErrorKind::Invalid | ErrorKind::Duplicate
                        if !matches!(&*subject.node.ty, "object" | "array") =>
                    {
                        error.value = BadValue::Value(subject.value.to_json());
                    }
                    _ => {}
                }
                // The text of a duplicate is its value.
                if error.kind != ErrorKind::Duplicate {
                    error.detail = text;
                }
                ControlFlow::Continue(())
            }
            Message::OverLimit(text) => {
                error.kind = ErrorKind::Invalid;
                error.value = BadValue::Type(subject.node.ty.clone());
                error.detail = text;
                self.exhausted = true;
                ControlFlow::Break(())
            }
        };
        if !rule.uses_old_self() && subject.ratchet.holds_back() {
            self.warnings.push(error);
        } else {
            self.errors.push(error);
        }
        flow
    }

    /// What a violation says: what `messageExpression` yields if it is of use, else the rule's message.
    fn message<'a>(&mut self, rule: &'a CompiledRule, bindings: &[Binding<'a>]) -> Message {
        let default = || Message::Text(rule.rule().default_message());
        let Ok(Some(program)) = rule.message() else { return default() };
        let Some(result) = self.evaluate(program, bindings) else {
            return Message::OverLimit(
                "messageExpression evaluation failed due to running out of cost budget, no further validation rules \
                 will be run"
                    .to_owned(),
            );
        };
        match result {
            Ok(Value::String(text)) => {
                let text = text.trim();
                if text.is_empty() || text.len() > MAX_MESSAGE_BYTES || text.contains('\n') {
                    return default();
                }
                Message::Text(text.to_owned())
            }
            Err(EvalError::CostLimit | EvalError::TooLarge) => Message::OverLimit(format!(
                "no further validation rules will be run due to call cost exceeds limit for messageExpression: {:?}",
                rule.rule().message_expression
            )),
            _ => default(),
        }
    }

    /// A rule could not be evaluated. Such errors are never warnings.
    fn fail(&mut self, subject: Subject<'_, '_>, detail: String) {
        self.errors.push(RuleError {
            kind: ErrorKind::Invalid,
            path: subject.path.to_string(),
            value: BadValue::Type(subject.node.ty.clone()),
            detail,
        });
    }

    fn stop(&mut self, subject: Subject<'_, '_>, detail: String) -> ControlFlow<()> {
        self.fail(subject, detail);
        self.exhausted = true;
        ControlFlow::Break(())
    }

    /// Evaluates a program within the limits, and takes its cost from the budget; none if that is spent.
    fn evaluate<'a>(&mut self, program: &'a Program, bindings: &[Binding<'a>]) -> Option<EvalResult<'a>> {
        let evaluation = program.evaluate(bindings, self.per_call.min(self.remaining));
        let stopped = matches!(evaluation.result, Err(EvalError::CostLimit));
        let spent = evaluation.cost > self.remaining || (stopped && self.remaining < self.per_call);
        self.cost = self.cost.saturating_add(evaluation.cost);
        self.remaining = self.remaining.saturating_sub(evaluation.cost);
        (!spent).then_some(evaluation.result)
    }
}

fn in_optional(old: Option<EvalResult<'_>>) -> EvalResult<'_> {
    match old {
        Some(value) => value.map(Value::some),
        None => Ok(Value::none()),
    }
}

fn describe(why: &EvalError, title: &str) -> String {
    match why {
        EvalError::NoSuchOverload => format!(
            "'{why}': call arguments did not match a supported operator, function or macro signature for rule: {title}"
        ),
        _ => format!("{why} evaluating rule: {title}"),
    }
}
