//! Evaluating.

use crate::functions::Overload;
use crate::functions::message::{self, Message, Part};
use crate::value::{EvalError, EvalResult, Key, Map, Value, ValueMap};

use super::chain::Charge;
use super::frame::Frame;
use super::op::{Call, Dispatch, Element, Entry, Op, OrElse};

/// What making a list costs, beyond its elements.
pub(super) const LIST_COST: u64 = 10;
/// What making a map costs, beyond its entries.
const MAP_COST: u64 = 30;

impl Op {
    pub(super) fn eval<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        match self {
            Op::Constant(value) => Ok(borrow(value)),
            Op::Chain(chain) => chain.eval(frame, Charge::Whole),
            Op::And(sides) => logical(&sides.0, &sides.1, false, frame),
            Op::Or(sides) => logical(&sides.0, &sides.1, true, frame),
            Op::Call(call) => call.eval(frame),
            Op::Dispatch(dispatch) => dispatch.eval(frame),
            Op::OrElse(or_else) => or_else.eval(frame),
            Op::Member(parts) => {
                let value = parts.0.eval(frame)?;
                Ok(Value::Bool(Key::of(&value).is_some_and(|key| parts.1.contains(&key))))
            }
            Op::List(elements) => {
                let list = list(elements, frame);
                settle(list, LIST_COST, frame)
            }
            Op::Map(entries) => {
                let map = map(entries, frame);
                settle(map, MAP_COST, frame)
            }
            Op::Message(kind, parts) => {
                let made = message(*kind, parts, frame);
                settle(made, message::COST, frame)
            }
            Op::Loop(looped) => looped.eval(frame),
            Op::Bind(bind) => {
                let value = bind.value.eval(frame);
                if let Err(error) = &value
                    && error.is_final()
                {
                    return value;
                }
                frame.push(value);
                let result = bind.body.eval(frame);
                frame.pop(1);
                result
            }
            Op::Undefined(name) => Err(EvalError::NoSuchAttribute(name.clone())),
        }
    }
}

/// A constant, borrowed from the program where that is cheaper.
fn borrow<'a>(constant: &'a Value<'static>) -> Value<'a> {
    match constant {
        Value::String(text) => Value::str(text),
        other => other.clone(),
    }
}

/// Charges a cost whether the evaluation failed or not.
fn settle<'a>(result: EvalResult<'a>, cost: u64, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
    match result {
        Err(error) if error.is_final() => Err(error),
        other => {
            frame.charge(cost)?;
            other
        }
    }
}

/// `a && b` (`decisive` is false) or `a || b` (`decisive` is true): a side with the decisive value decides, whatever the other is.
fn logical<'a>(left: &'a Op, right: &'a Op, decisive: bool, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
    let left = left.eval(frame);
    if matches!(left, Ok(Value::Bool(value)) if value == decisive) {
        return left;
    }
    if let Err(error) = &left
        && error.is_final()
    {
        return left;
    }
    let right = right.eval(frame);
    combine(left, right, decisive)
}

/// The result of a logical operator whose left side did not decide.
pub(super) fn combine<'a>(left: EvalResult<'a>, right: EvalResult<'a>, decisive: bool) -> EvalResult<'a> {
    match (left, right) {
        (_, Err(error)) if error.is_final() => Err(error),
        (_, Ok(Value::Bool(value))) if value == decisive => Ok(Value::Bool(decisive)),
        (Ok(Value::Bool(_)), Ok(Value::Bool(_))) => Ok(Value::Bool(!decisive)),
        (Err(error), _) | (_, Err(error)) => Err(error),
        _ => Err(EvalError::NoSuchOverload),
    }
}

impl Call {
    fn eval<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        match &*self.args {
            [only] => {
                let arg = only.eval(frame);
                finish(self.overload, [arg], None, frame)
            }
            [left, right] => {
                let left = left.eval(frame);
                if let Err(error) = &left
                    && error.is_final()
                {
                    return left;
                }
                let right = right.eval(frame);
                finish(self.overload, [left, right], None, frame)
            }
            args => {
                let args = evaluate_all(args, frame)?;
                finish_many(self.overload, &args, None, frame)
            }
        }
    }
}

impl Dispatch {
    fn eval<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        let mut args = Vec::with_capacity(self.args.len());
        let mut failure = None;
        for op in &self.args {
            match op.eval(frame) {
                Ok(value) => args.push(value),
                Err(error) if error.is_final() => return Err(error),
                Err(error) => {
                    failure.get_or_insert(error);
                    args.push(Value::Null);
                }
            }
        }
        let flat = self.flat_cost.then_some(1);
        if let Some(error) = failure {
            frame.charge(1)?;
            return Err(error);
        }
        let fitting = self
            .overloads
            .iter()
            .find(|overload| overload.params.iter().zip(&args).all(|(param, arg)| param.admits(arg)));
        match fitting {
            Some(overload) => finish_many(overload, &args, flat, frame),
            None => {
                frame.charge(1)?;
                Err(EvalError::NoSuchOverload)
            }
        }
    }
}

/// Calls with one or two arguments, which are all evaluated before a failure of one counts.
fn finish<'a, const N: usize>(
    overload: &Overload,
    args: [EvalResult<'a>; N],
    flat: Option<u64>,
    frame: &mut Frame<'a, '_>,
) -> EvalResult<'a> {
    let mut failure = None;
    let mut values = [const { Value::Null }; N];
    for (value, arg) in values.iter_mut().zip(args) {
        match arg {
            Ok(arg) => *value = arg,
            Err(error) if error.is_final() => return Err(error),
            Err(error) => {
                failure.get_or_insert(error);
            }
        }
    }
    let result = match failure {
        Some(error) => Err(error),
        None => (overload.call)(&values),
    };
    charge_call(overload, &values, result, flat, frame)
}

fn finish_many<'a>(
    overload: &Overload,
    args: &[Value<'a>],
    flat: Option<u64>,
    frame: &mut Frame<'a, '_>,
) -> EvalResult<'a> {
    let result = (overload.call)(args);
    charge_call(overload, args, result, flat, frame)
}

/// Charges what a call costs; failures count as values of size 1.
fn charge_call<'a>(
    overload: &Overload,
    args: &[Value<'a>],
    result: EvalResult<'a>,
    flat: Option<u64>,
    frame: &mut Frame<'a, '_>,
) -> EvalResult<'a> {
    let cost = flat.unwrap_or_else(|| match &result {
        Ok(value) => (overload.cost.actual)(args, value),
        Err(_) => (overload.cost.actual)(args, &Value::Null),
    });
    frame.charge(cost)?;
    result
}

/// Arguments of calls with three or more, or none: the first failure ends the call, free of charge unless it is the last argument's.
fn evaluate_all<'a>(ops: &'a [Op], frame: &mut Frame<'a, '_>) -> Result<Vec<Value<'a>>, EvalError> {
    let mut args = Vec::with_capacity(ops.len());
    for (index, op) in ops.iter().enumerate() {
        match op.eval(frame) {
            Ok(value) => args.push(value),
            Err(error) => {
                if index + 1 == ops.len() && !error.is_final() {
                    frame.charge(1)?;
                }
                return Err(error);
            }
        }
    }
    Ok(args)
}

impl OrElse {
    fn eval<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        match self.first.eval(frame)? {
            Value::Optional(Some(value)) if self.unwrap => Ok(Value::clone(&value)),
            some @ Value::Optional(Some(_)) => Ok(some),
            Value::Optional(None) => match self.second.eval(frame)? {
                value if self.unwrap => Ok(value),
                optional @ Value::Optional(_) => Ok(optional),
                _ => Err(EvalError::NoSuchOverload),
            },
            _ => Err(EvalError::NoSuchOverload),
        }
    }
}

fn list<'a>(elements: &'a [Element], frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
    let mut values = Vec::with_capacity(elements.len());
    for element in elements {
        let value = element.value.eval(frame)?;
        if !element.optional {
            values.push(value);
            continue;
        }
        match value {
            Value::Optional(Some(value)) => values.push(Value::clone(&value)),
            Value::Optional(None) => {}
            other => return Err(not_optional(&other, "")),
        }
    }
    Ok(Value::list(values))
}

fn map<'a>(entries: &'a [Entry], frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
    let mut map = ValueMap::default();
    for entry in entries {
        let key = entry.key.eval(frame)?;
        let value = entry.value.eval(frame)?;
        if !entry.optional {
            map.insert(key, value)?;
            continue;
        }
        match value {
            Value::Optional(Some(value)) => map.insert(key, Value::clone(&value))?,
            Value::Optional(None) => {}
            other => return Err(not_optional(&other, "entry ")),
        }
    }
    Ok(Value::Map(Map::Values(map.into())))
}

fn message<'a>(kind: Message, parts: &'a [(Part, Element)], frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
    let mut values = Vec::with_capacity(parts.len());
    for (part, element) in parts {
        let value = element.value.eval(frame)?;
        if !element.optional {
            values.push((*part, value));
            continue;
        }
        match value {
            Value::Optional(Some(value)) => values.push((*part, Value::clone(&value))),
            Value::Optional(None) => {}
            other => return Err(not_optional(&other, "entry ")),
        }
    }
    kind.make(&values)
}

fn not_optional(value: &Value<'_>, what: &str) -> EvalError {
    EvalError::other(format!(
        "cannot initialize optional {what}from non-optional value {}",
        value.type_name()
    ))
}
