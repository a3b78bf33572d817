//! Selecting from values, and what it costs.
//!
//! cel-go charges a unit for each selection that was tried and one for the chain as a whole. Three things cost less than that rule says, as
//! its interpreter does not observe them: the chain as a whole if it is a branch of a conditional, or the key of an index; a presence test;
//! and optional selections of what is absent.

use std::sync::Arc;

use crate::functions::element;
use crate::value::{EvalError, EvalResult, Value};

use super::frame::Frame;
use super::op::{Chain, Op, Root, Step, StepKey};

/// Whether a chain is charged as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Charge {
    Whole,
    StepsOnly,
}

impl Chain {
    pub(super) fn eval<'a>(&'a self, frame: &mut Frame<'a, '_>, charge: Charge) -> EvalResult<'a> {
        let result = self.resolve(frame);
        if let Err(error) = &result
            && error.is_final()
        {
            return result;
        }
        if charge == Charge::Whole && !matches!(self.root, Root::Conditional(_)) {
            frame.charge(1)?;
        }
        if self.test {
            frame.refund();
        }
        result
    }

    fn resolve<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        let root = match &self.root {
            Root::Variable(index, name) => frame.variable(*index, name)?,
            Root::Local(slot) => frame.local(*slot)?,
            Root::Value(op) => op.eval(frame)?,
            Root::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                match condition.eval(frame)? {
                    Value::Bool(true) => then.eval_inner(frame)?,
                    Value::Bool(false) => otherwise.eval_inner(frame)?,
                    _ => return Err(EvalError::NoSuchOverload),
                }
            }
        };
        if self.steps.is_empty() {
            return Ok(root);
        }
        let (mut value, mut optional) = match root {
            Value::Optional(Some(inner)) => (Value::clone(&inner), true),
            Value::Optional(None) if self.test => return Ok(Value::Bool(false)),
            none @ Value::Optional(None) => return Ok(none),
            other => (other, false),
        };
        let last = self.steps.len() - 1;
        for (index, step) in self.steps.iter().enumerate() {
            optional |= step.optional;
            if self.test && index == last {
                let found = step.find(&value, frame);
                if !optional || matches!(found, Ok(Some(_))) {
                    charge_step(frame, step)?;
                }
                return Ok(Value::Bool(found?.is_some()));
            }
            if optional {
                match step.find(&value, frame)? {
                    Some(found) => {
                        charge_step(frame, step)?;
                        value = found;
                    }
                    None if self.test => return Ok(Value::Bool(false)),
                    None => return Ok(Value::none()),
                }
            } else {
                let found = step.get(&value, frame);
                charge_step(frame, step)?;
                value = found?;
            }
        }
        Ok(if optional { Value::Optional(Some(Arc::new(value))) } else { value })
    }
}

/// A selection costs a unit, unless its key is computed by a conditional.
fn charge_step(frame: &mut Frame<'_, '_>, step: &Step) -> Result<(), EvalError> {
    match &step.key {
        StepKey::Computed(Op::Chain(chain)) if matches!(chain.root, Root::Conditional(_)) => Ok(()),
        _ => frame.charge(1),
    }
}

impl Step {
    /// What is selected, or the failure that there is none.
    fn get<'a>(&'a self, value: &Value<'a>, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        match &self.key {
            StepKey::Property(name) => match value {
                Value::Map(map) => map.find_property(name)?.ok_or_else(|| EvalError::NoSuchKey(name.clone())),
                _ => Err(EvalError::NoSuchOverload),
            },
            StepKey::Name(name) => match value {
                Value::Map(map) => map.find_name(name)?.ok_or_else(|| EvalError::NoSuchKey(name.clone())),
                _ => Err(EvalError::NoSuchOverload),
            },
            StepKey::Constant(key) => index(value, key),
            StepKey::Computed(op) => {
                let key = op.eval_inner(frame)?;
                index(value, &key)
            }
        }
    }

    /// What is selected, if it is there.
    fn find<'a>(
        &'a self,
        value: &Value<'a>,
        frame: &mut Frame<'a, '_>,
    ) -> Result<Option<Value<'a>>, EvalError> {
        match &self.key {
            StepKey::Property(name) => match value {
                Value::Map(map) => map.find_property(name),
                _ => Err(EvalError::NoSuchOverload),
            },
            StepKey::Name(name) => match value {
                Value::Map(map) => map.find_name(name),
                _ => Err(EvalError::NoSuchOverload),
            },
            StepKey::Constant(key) => find(value, key),
            StepKey::Computed(op) => {
                let key = op.eval_inner(frame)?;
                find(value, &key)
            }
        }
    }
}

/// `value[key]`.
fn index<'a>(value: &Value<'a>, key: &Value<'a>) -> EvalResult<'a> {
    match value {
        Value::List(list) => element(list, key),
        Value::Map(map) => map.get(key),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// `value[?key]`, without the optional around it.
fn find<'a>(value: &Value<'a>, key: &Value<'a>) -> Result<Option<Value<'a>>, EvalError> {
    match value {
        Value::List(list) => match element(list, key) {
            Err(EvalError::IndexOutOfBounds(_)) => Ok(None),
            other => other.map(Some),
        },
        Value::Map(map) => map.find(key),
        _ => Err(EvalError::NoSuchOverload),
    }
}

impl Op {
    /// Evaluates where cel-go does not observe a chain as a whole.
    pub(super) fn eval_inner<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        match self {
            Op::Chain(chain) => chain.eval(frame, Charge::StepsOnly),
            other => other.eval(frame),
        }
    }
}
