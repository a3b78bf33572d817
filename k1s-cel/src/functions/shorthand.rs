//! What tables of functions are written with: overloads in one line, and arguments of a type or "no such overload".

use crate::value::{EvalError, EvalResult, OpaqueValue, Value};

use super::cost::{Cost, CostRange, TRAVERSAL};
use super::table::{Overload, Style, Ty};

/// An implementation: evaluated arguments, the receiver first.
pub(super) type Call = for<'a> fn(&[Value<'a>]) -> EvalResult<'a>;

/// A version of a function that is called as `f(a)`.
pub(super) const fn global(
    id: &'static str,
    params: &'static [Ty],
    result: Ty,
    call: Call,
    cost: Cost,
) -> Overload {
    Overload { id, style: Style::Global, params, result, call, cost, pattern: None }
}

/// A version of a function that is called as `a.f()`.
pub(super) const fn member(
    id: &'static str,
    params: &'static [Ty],
    result: Ty,
    call: Call,
    cost: Cost,
) -> Overload {
    Overload { id, style: Style::Member, params, result, call, cost, pattern: None }
}

/// A traversal of the first argument whose estimate tells the size of the result, too: that of the argument.
pub(super) const SIZED_TRAVERSAL: Cost = Cost {
    actual: Cost::TRAVERSAL.actual,
    estimate: |operands| {
        let size = operands.size(0);
        super::cost::Estimate { cost: size.cost(TRAVERSAL), size: Some(size) }
    },
};

/// The cost of going through an argument as an estimate: for rules that add it to something.
pub(super) fn estimated_traversal(operands: &dyn super::cost::Operands, index: usize) -> CostRange {
    operands.size(index).cost(TRAVERSAL)
}

/// An argument that has to be text.
pub(super) fn text<'v>(args: &'v [Value<'_>], index: usize) -> Result<&'v str, EvalError> {
    match args.get(index) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// An argument that has to be a signed integer.
pub(super) fn int(args: &[Value<'_>], index: usize) -> Result<i64, EvalError> {
    match args.get(index) {
        Some(Value::Int(int)) => Ok(*int),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// An argument that has to be a truth value.
pub(super) fn boolean(args: &[Value<'_>], index: usize) -> Result<bool, EvalError> {
    match args.get(index) {
        Some(Value::Bool(boolean)) => Ok(*boolean),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// An argument that has to be of an opaque type.
pub(super) fn opaque<'v, T: OpaqueValue>(args: &'v [Value<'_>], index: usize) -> Result<&'v T, EvalError> {
    match args.get(index) {
        Some(Value::Opaque(opaque)) => opaque.get().ok_or(EvalError::NoSuchOverload),
        _ => Err(EvalError::NoSuchOverload),
    }
}
