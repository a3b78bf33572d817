//! Rules made ready to be evaluated, or the reason why they cannot be.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::schema::Schema;
use crate::ty::Type;
use crate::{Env, Issues, Program};

use super::field_path;
use super::rule::Rule;

/// The index of `oldSelf` among the variables; `self` comes before it.
pub(super) const OLD_SELF: usize = 1;

/// kube-apiserver names the type of `self` anew each time: nobody shall rely on it.
const SELF_TYPE: &str = "selfType1";

/// Why an expression has no program.
#[derive(Debug)]
pub(super) struct Fault {
    /// In kube-apiserver's words.
    pub(super) text: String,
    /// What the text lays out, if it is about places in the expression.
    pub(super) issues: Option<Issues>,
}

/// A rule that was compiled, or what came of it.
#[derive(Debug)]
pub struct CompiledRule {
    rule: Rule,
    program: Result<Option<Program>, Fault>,
    message: Result<Option<Program>, Fault>,
    uses_old_self: bool,
    field_path: Option<String>,
    max_cost: u64,
    message_max_cost: u64,
}

impl CompiledRule {
    /// The rule as written.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The rule's program; none if it is empty, or why there is none.
    ///
    /// # Errors
    ///
    /// In kube-apiserver's words: `compilation failed: …`, `cel expression must evaluate to a bool`, `program instantiation failed:
    /// …`.
    pub fn program(&self) -> Result<Option<&Program>, &str> {
        self.program.as_ref().map(Option::as_ref).map_err(|fault| fault.text.as_str())
    }

    /// The program of `messageExpression`; none if it is empty or the rule has no program, or why there is none.
    ///
    /// # Errors
    ///
    /// In kube-apiserver's words: `messageExpression compilation failed: …`, `messageExpression must evaluate to a string`,
    /// `messageExpression instantiation failed: …`.
    pub fn message(&self) -> Result<Option<&Program>, &str> {
        self.message.as_ref().map(Option::as_ref).map_err(|fault| fault.text.as_str())
    }

    /// Why the rule and its `messageExpression` have no program.
    pub(super) fn faults(&self) -> [Option<&Fault>; 2] {
        [self.program.as_ref().err(), self.message.as_ref().err()]
    }

    /// Whether the rule is about a change: it names `oldSelf`.
    #[must_use]
    pub fn uses_old_self(&self) -> bool {
        self.uses_old_self
    }

    /// The most that one evaluation of the rule is estimated to cost; 0 without a program.
    #[must_use]
    pub fn max_cost(&self) -> u64 {
        self.max_cost
    }

    /// The most that one evaluation of `messageExpression` is estimated to cost; 0 without a program.
    #[must_use]
    pub fn message_max_cost(&self) -> u64 {
        self.message_max_cost
    }

    /// `fieldPath` as errors print it, if it is given and right.
    #[must_use]
    pub fn field_path(&self) -> Option<&str> {
        self.field_path.as_deref()
    }
}

/// Compiles the rules of a node whose values have this schema. `node` is its JSON.
pub(super) fn compile(rules: Vec<Rule>, schema: &Arc<Schema>, node: &Map<String, Json>) -> Vec<CompiledRule> {
    let Some(ty) = Type::of_schema(schema, SELF_TYPE).filter(|_| !rules.is_empty()) else {
        return Vec::new();
    };
    let with_self = Env::new().with_schema("self", ty.clone(), Arc::clone(schema));
    let optional = with_self.clone().with("oldSelf", Type::optional(ty.clone()));
    let plain = with_self.with_schema("oldSelf", ty, Arc::clone(schema));
    let compiled = rules.into_iter().map(|rule| {
        let env = if rule.is_old_self_optional() { &optional } else { &plain };
        compile_rule(rule, env, node)
    });
    compiled.collect()
}

fn compile_rule(rule: Rule, env: &Env, node: &Map<String, Json>) -> CompiledRule {
    let mut compiled = CompiledRule {
        rule,
        program: Ok(None),
        message: Ok(None),
        uses_old_self: false,
        field_path: None,
        max_cost: 0,
        message_max_cost: 0,
    };
    if compiled.rule.rule.trim().is_empty() {
        return compiled;
    }
    compiled.program = compiled.compile_program(env).map(Some);
    if compiled.program.is_err() {
        return compiled;
    }
    if !compiled.rule.message_expression.is_empty() {
        compiled.message = compiled.compile_message(env).map(Some);
    }
    // kube-apiserver, too, forgets the path of a rule whose messageExpression is wrong.
    if compiled.message.is_ok() && !compiled.rule.field_path.is_empty() {
        compiled.field_path = field_path::normalize(&compiled.rule.field_path, node);
    }
    compiled
}

impl From<String> for Fault {
    fn from(text: String) -> Self {
        Self { text, issues: None }
    }
}

impl CompiledRule {
    fn compile_program(&mut self, env: &Env) -> Result<Program, Fault> {
        let checked = env.check(&self.rule.rule).map_err(|issues| Fault {
            text: format!("compilation failed: {issues}"),
            issues: Some(issues),
        })?;
        if *checked.result_type() != Type::Bool {
            return Err("cel expression must evaluate to a bool".to_owned().into());
        }
        self.uses_old_self = checked.uses(OLD_SELF);
        let cost = checked.estimate(env).max;
        let program = Program::new(&checked).map_err(|why| format!("program instantiation failed: {why}"))?;
        self.max_cost = cost;
        Ok(program)
    }

    fn compile_message(&mut self, env: &Env) -> Result<Program, Fault> {
        let checked = env.check(&self.rule.message_expression).map_err(|issues| Fault {
            text: format!("messageExpression compilation failed: {issues}"),
            issues: Some(issues),
        })?;
        if *checked.result_type() != Type::String {
            return Err("messageExpression must evaluate to a string".to_owned().into());
        }
        let cost = checked.estimate(env).max;
        let program =
            Program::new(&checked).map_err(|why| format!("messageExpression instantiation failed: {why}"))?;
        self.message_max_cost = cost;
        Ok(program)
    }
}
