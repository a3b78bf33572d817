//! Selecting from values, and what it costs.
//!
//! cel-go charges a unit for each selection that was tried and one for the chain as a whole. Three things cost less than that rule says, as
//! its interpreter does not observe them: the chain as a whole if it is a branch of a conditional, or the key of an index; a presence test;
//! and optional selections of what is absent.

use std::sync::Arc;

use crate::functions::{element, optional};
use crate::value::{EvalError, EvalResult, Map, Value};

use super::frame::Frame;
use super::op::{Chain, Op, Property, Root, Step, StepKey};

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
        if let Some(field) = self.first_field(frame) {
            frame.charge(1)?;
            return self.select(field?, 1, frame);
        }
        let root = self.root(frame)?;
        self.select(root, 0, frame)
    }

    /// The first selection of most chains, a declared field of a variable: read without a copy of the variable's value.
    fn first_field<'a>(&'a self, frame: &Frame<'a, '_>) -> Option<EvalResult<'a>> {
        let [Step { key: StepKey::Property(property), optional: false }, rest @ ..] = &*self.steps else {
            return None;
        };
        if self.test && rest.is_empty() {
            return None;
        }
        let root = match &self.root {
            Root::Variable(index, _) => frame.variable_ref(*index)?,
            Root::Local(slot) => frame.local_ref(*slot)?,
            _ => return None,
        };
        match root {
            Ok(value @ Value::Map(_)) => Some(property.get(value)),
            _ => None,
        }
    }

    fn root<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        match &self.root {
            Root::Variable(index, name) => frame.variable(*index, name),
            Root::Local(slot) => frame.local(*slot),
            Root::Value(op) => op.eval(frame),
            Root::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                match condition.eval(frame)? {
                    Value::Bool(true) => then.eval_inner(frame),
                    Value::Bool(false) => otherwise.eval_inner(frame),
                    _ => Err(EvalError::NoSuchOverload),
                }
            }
        }
    }

    /// What the steps from the one of an index on select.
    fn select<'a>(&'a self, root: Value<'a>, first: usize, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        if first == self.steps.len() {
            return Ok(root);
        }
        let (mut value, mut is_optional) = match optional::schemaless(root) {
            Value::Optional(Some(inner)) => (Arc::unwrap_or_clone(inner), true),
            Value::Optional(None) if self.test => return Ok(Value::Bool(false)),
            none @ Value::Optional(None) => return Ok(none),
            other => (other, false),
        };
        let last = self.steps.len() - 1;
        for (index, step) in self.steps.iter().enumerate().skip(first) {
            is_optional |= step.optional;
            if self.test && index == last {
                let found = step.find(&value, frame);
                if !is_optional || matches!(found, Ok(Some(_))) {
                    charge_step(frame, step)?;
                }
                return Ok(Value::Bool(found?.is_some()));
            }
            if is_optional {
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
        Ok(if is_optional { Value::Optional(Some(Arc::new(value))) } else { value })
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
            StepKey::Property(property) => property.get(value),
            StepKey::Name(name) => match value {
                Value::Map(map) => map.find_name(name)?.ok_or_else(|| EvalError::NoSuchKey(name.clone())),
                _ => Err(EvalError::NoSuchKey(name.clone())),
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
        let found = match &self.key {
            StepKey::Property(property) => return property.of(value),
            StepKey::Name(name) => optional::select(value, name)?,
            StepKey::Constant(key) => optional::find(value, key)?,
            StepKey::Computed(op) => {
                let key = op.eval_inner(frame)?;
                optional::find(value, &key)?
            }
        };
        Ok(match found {
            Value::Optional(found) => found.map(Arc::unwrap_or_clone),
            _ => None,
        })
    }
}

impl Property {
    fn get<'a>(&'a self, value: &Value<'a>) -> EvalResult<'a> {
        match self.of(value)? {
            Some(field) => Ok(field),
            None => Err(EvalError::NoSuchKey(self.written.clone())),
        }
    }

    /// The field of a value that is known to be an object: straight through the field's schema, if the object's is the one that the
    /// expression was checked with.
    fn of<'a>(&'a self, value: &Value<'a>) -> Result<Option<Value<'a>>, EvalError> {
        match value {
            Value::Map(Map::Object { fields, schema }) if std::ptr::eq(*schema, &*self.object) => {
                match fields.get(&*self.name) {
                    None | Some(serde_json::Value::Null) => Ok(None),
                    Some(json) => Value::typed(json, &self.schema).map(Some),
                }
            }
            Value::Map(Map::Plain(_)) => optional::select(value, &self.written).map(|found| match found {
                Value::Optional(found) => found.map(Arc::unwrap_or_clone),
                _ => None,
            }),
            Value::Map(map) => map.find_property(&self.name),
            _ => Err(EvalError::NoSuchKey(self.written.clone())),
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

impl Op {
    /// Evaluates where cel-go does not observe a chain as a whole.
    pub(super) fn eval_inner<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        match self {
            Op::Chain(chain) => chain.eval(frame, Charge::StepsOnly),
            other => other.eval(frame),
        }
    }
}
