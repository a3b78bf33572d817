//! What tables of functions are written with: overloads in one line, and arguments of a type or "no such overload".

use crate::limits::MAX_BUILT_BYTES;
use crate::value::{EvalError, EvalResult, OpaqueValue, Value};

use super::cost::{Cost, CostRange, TRAVERSAL};
use super::table::{Overload, Style, Ty};

/// An implementation: evaluated arguments, the receiver first.
pub(super) type Call = for<'a> fn(&[Value<'a>]) -> EvalResult<'a>;

/// A version of a function.
pub(super) const fn overload(
    id: &'static str,
    style: Style,
    params: &'static [Ty],
    result: Ty,
    call: Call,
    cost: Cost,
) -> Overload {
    Overload { id, style, params, result, call, cost, pattern: None }
}

/// A version of a function that is called as `f(a)`.
pub(super) const fn global(
    id: &'static str,
    params: &'static [Ty],
    result: Ty,
    call: Call,
    cost: Cost,
) -> Overload {
    overload(id, Style::Global, params, result, call, cost)
}

/// A version of a function that is called as `a.f()`.
pub(super) const fn member(
    id: &'static str,
    params: &'static [Ty],
    result: Ty,
    call: Call,
    cost: Cost,
) -> Overload {
    overload(id, Style::Member, params, result, call, cost)
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

/// An argument that has to be text and will be read. What is read may be quoted and escaped several times over; text that only an
/// expression can have made so long is refused.
pub(super) fn readable<'v>(args: &'v [Value<'_>], index: usize) -> Result<&'v str, EvalError> {
    const LONGEST: usize = MAX_BUILT_BYTES / 16;
    let text = text(args, index)?;
    if text.len() > LONGEST { Err(EvalError::TooLarge) } else { Ok(text) }
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

#[cfg(test)]
pub(super) mod testing {
    //! Calls by name, as the evaluator makes them of expressions that were not checked.

    use super::super::cost::{CostRange, Element, Operands, Size};
    use super::super::table::function;
    use super::*;
    use crate::syntax::ast::Literal;

    fn overload(name: &str, args: &[Value<'_>]) -> Option<&'static Overload> {
        let fits = |overload: &&&Overload| {
            overload.params.len() == args.len()
                && overload.params.iter().zip(args).all(|(param, arg)| param.admits(arg))
        };
        function(name)?.iter().find(fits).copied()
    }

    /// The result of a call.
    pub(crate) fn call<'a>(name: &str, args: &[Value<'a>]) -> EvalResult<'a> {
        overload(name, args).map_or(Err(EvalError::NoSuchOverload), |overload| (overload.call)(args))
    }

    /// What a call failed with.
    pub(crate) fn fault(name: &str, args: &[Value<'_>]) -> String {
        call(name, args).unwrap_err().to_string()
    }

    /// What a call costs, and what it was estimated at if only the sizes of strings were known.
    pub(crate) fn costs(name: &str, args: &[Value<'_>]) -> (u64, CostRange) {
        struct Known<'v, 'a>(&'v [Value<'a>]);
        impl Operands for Known<'_, '_> {
            fn count(&self) -> usize {
                self.0.len()
            }

            fn size(&self, index: usize) -> Size {
                match &self.0[index] {
                    Value::String(text) => Size::fixed(text.count()),
                    _ => Size::UNKNOWN,
                }
            }

            fn element(&self, _: usize) -> Option<Element> {
                None
            }

            fn literal(&self, _: usize) -> Option<&Literal> {
                None
            }
        }
        let overload = overload(name, args).unwrap();
        let result = (overload.call)(args).unwrap_or(Value::Null);
        ((overload.cost.actual)(args, &result), (overload.cost.estimate)(&Known(args)).cost)
    }
}
