//! The order of numbers (across their types), truth values, texts, bytes, moments and lengths of time.

use std::cmp::Ordering;

use crate::syntax::ast::operators;
use crate::value::{EvalError, EvalResult, Value};

use super::cost::Cost;
use super::logic::SMALLER;
use super::table::Style::Global;
use super::table::{Function, Overload, Ty};

/// The versions of an operator, which are the same for all four.
macro_rules! overloads {
    ($operator:literal, $call:expr) => {
        &[
            ordering(concat!($operator, "_bool"), &[Ty::Bool, Ty::Bool], $call, Cost::ONE),
            ordering(concat!($operator, "_int64"), &[Ty::Int, Ty::Int], $call, Cost::ONE),
            ordering(concat!($operator, "_int64_double"), &[Ty::Int, Ty::Double], $call, Cost::ONE),
            ordering(concat!($operator, "_int64_uint64"), &[Ty::Int, Ty::Uint], $call, Cost::ONE),
            ordering(concat!($operator, "_uint64"), &[Ty::Uint, Ty::Uint], $call, Cost::ONE),
            ordering(concat!($operator, "_uint64_double"), &[Ty::Uint, Ty::Double], $call, Cost::ONE),
            ordering(concat!($operator, "_uint64_int64"), &[Ty::Uint, Ty::Int], $call, Cost::ONE),
            ordering(concat!($operator, "_double"), &[Ty::Double, Ty::Double], $call, Cost::ONE),
            ordering(concat!($operator, "_double_int64"), &[Ty::Double, Ty::Int], $call, Cost::ONE),
            ordering(concat!($operator, "_double_uint64"), &[Ty::Double, Ty::Uint], $call, Cost::ONE),
            ordering(concat!($operator, "_string"), &[Ty::String, Ty::String], $call, SMALLER),
            ordering(concat!($operator, "_bytes"), &[Ty::Bytes, Ty::Bytes], $call, SMALLER),
            ordering(concat!($operator, "_timestamp"), &[Ty::Timestamp, Ty::Timestamp], $call, Cost::ONE),
            ordering(concat!($operator, "_duration"), &[Ty::Duration, Ty::Duration], $call, Cost::ONE),
        ]
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: operators::LESS,
        doc: "Whether the first value comes before the second.",
        overloads: overloads!("less", |args| compare(args, Ordering::is_lt)),
    },
    Function {
        name: operators::LESS_EQUALS,
        doc: "Whether the first value does not come after the second.",
        overloads: overloads!("less_equals", |args| compare(args, Ordering::is_le)),
    },
    Function {
        name: operators::GREATER,
        doc: "Whether the first value comes after the second.",
        overloads: overloads!("greater", |args| compare(args, Ordering::is_gt)),
    },
    Function {
        name: operators::GREATER_EQUALS,
        doc: "Whether the first value does not come before the second.",
        overloads: overloads!("greater_equals", |args| compare(args, Ordering::is_ge)),
    },
];

const fn ordering(
    id: &'static str,
    params: &'static [Ty],
    call: for<'a> fn(&[Value<'a>]) -> EvalResult<'a>,
    cost: Cost,
) -> Overload {
    Overload { id, style: Global, params, result: Ty::Bool, call, cost, pattern: None }
}

fn compare<'a>(args: &[Value<'a>], holds: fn(Ordering) -> bool) -> EvalResult<'a> {
    let [left, right] = args else { return Err(EvalError::NoSuchOverload) };
    match left.compare(right) {
        Some(order) => Ok(Value::Bool(holds(order))),
        None if is_number(left) && is_number(right) => Err(EvalError::other("NaN values cannot be ordered")),
        None => Err(EvalError::NoSuchOverload),
    }
}

fn is_number(value: &Value<'_>) -> bool {
    matches!(value, Value::Int(_) | Value::Uint(_) | Value::Double(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        let less = |left, right| compare(&[left, right], Ordering::is_lt);
        assert!(matches!(less(Value::Int(1), Value::Double(1.5)), Ok(Value::Bool(true))));
        assert!(matches!(less(Value::Bool(false), Value::Bool(true)), Ok(Value::Bool(true))));
        assert!(matches!(less(Value::str("é"), Value::str("z")), Ok(Value::Bool(false))));
        let nan = less(Value::Double(f64::NAN), Value::Int(1)).unwrap_err();
        assert_eq!(nan.to_string(), "NaN values cannot be ordered");
        assert_eq!(less(Value::Null, Value::Null).unwrap_err(), EvalError::NoSuchOverload);
        assert_eq!(less(Value::str("1"), Value::Double(f64::NAN)).unwrap_err(), EvalError::NoSuchOverload);
    }

    #[test]
    fn versions_have_names_of_their_own() {
        let ids: Vec<_> =
            FUNCTIONS.iter().flat_map(|function| function.overloads).map(|overload| overload.id).collect();
        assert_eq!(ids.len(), 56);
        assert!(ids.contains(&"greater_equals_uint64_double"));
    }
}
