//! Arithmetic: numbers, texts, lists, moments and lengths of time. Integers, moments and lengths of time fail instead of wrapping
//! around.
//!
//! As in cel-go, an operator does the same for all of its versions, which are there for the checker: what the arguments are decides.

use std::ops::{Add, Div, Mul, Sub};

use crate::limits::MAX_BUILT_BYTES;
use crate::syntax::ast::operators;
use crate::value::{Blob, EvalError, EvalResult, Value};

use super::cost::{Cost, CostRange, Estimate, TRAVERSAL, scale};
use super::table::Style::Global;
use super::table::{Function, Overload, Ty};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: operators::ADD,
        doc: "Adds numbers, lengths of time, and lengths of time to moments; puts texts, bytes and lists one after the other.",
        overloads: &[
            joining("add_bytes", &[Ty::Bytes, Ty::Bytes], Ty::Bytes, JOINED),
            operator("add_double", &[Ty::Double, Ty::Double], Ty::Double, add),
            operator("add_duration_duration", &[Ty::Duration, Ty::Duration], Ty::Duration, add),
            operator("add_duration_timestamp", &[Ty::Duration, Ty::Timestamp], Ty::Timestamp, add),
            operator("add_timestamp_duration", &[Ty::Timestamp, Ty::Duration], Ty::Timestamp, add),
            operator("add_int64", &[Ty::Int, Ty::Int], Ty::Int, add),
            joining("add_list", &[LIST, LIST], LIST, JOINED_LISTS),
            joining("add_string", &[Ty::String, Ty::String], Ty::String, JOINED),
            operator("add_uint64", &[Ty::Uint, Ty::Uint], Ty::Uint, add),
        ],
    },
    Function {
        name: operators::SUBTRACT,
        doc: "Subtracts numbers, lengths of time, and lengths of time or moments from moments.",
        overloads: &[
            operator("subtract_double", &[Ty::Double, Ty::Double], Ty::Double, subtract),
            operator("subtract_duration_duration", &[Ty::Duration, Ty::Duration], Ty::Duration, subtract),
            operator("subtract_int64", &[Ty::Int, Ty::Int], Ty::Int, subtract),
            operator("subtract_timestamp_duration", &[Ty::Timestamp, Ty::Duration], Ty::Timestamp, subtract),
            operator("subtract_timestamp_timestamp", &[Ty::Timestamp, Ty::Timestamp], Ty::Duration, subtract),
            operator("subtract_uint64", &[Ty::Uint, Ty::Uint], Ty::Uint, subtract),
        ],
    },
    Function {
        name: operators::MULTIPLY,
        doc: "Multiplies numbers.",
        overloads: &[
            operator("multiply_double", &[Ty::Double, Ty::Double], Ty::Double, multiply),
            operator("multiply_int64", &[Ty::Int, Ty::Int], Ty::Int, multiply),
            operator("multiply_uint64", &[Ty::Uint, Ty::Uint], Ty::Uint, multiply),
        ],
    },
    Function {
        name: operators::DIVIDE,
        doc: "Divides numbers; integers are rounded towards zero.",
        overloads: &[
            operator("divide_double", &[Ty::Double, Ty::Double], Ty::Double, divide),
            operator("divide_int64", &[Ty::Int, Ty::Int], Ty::Int, divide),
            operator("divide_uint64", &[Ty::Uint, Ty::Uint], Ty::Uint, divide),
        ],
    },
    Function {
        name: operators::MODULO,
        doc: "The remainder of a division of integers; it has the sign of the dividend.",
        overloads: &[
            operator("modulo_int64", &[Ty::Int, Ty::Int], Ty::Int, modulo),
            operator("modulo_uint64", &[Ty::Uint, Ty::Uint], Ty::Uint, modulo),
        ],
    },
    Function {
        name: operators::NEGATE,
        doc: "The number with the other sign.",
        overloads: &[
            operator("negate_double", &[Ty::Double], Ty::Double, negate),
            operator("negate_int64", &[Ty::Int], Ty::Int, negate),
        ],
    },
];

const LIST: Ty = Ty::List(&Ty::A);

const INTEGER: EvalError = EvalError::Overflow("integer");
const UNSIGNED: EvalError = EvalError::Overflow("unsigned integer");
const TIMESTAMP: EvalError = EvalError::Overflow("timestamp");

type Call = for<'a> fn(&[Value<'a>]) -> EvalResult<'a>;

const fn operator(id: &'static str, params: &'static [Ty], result: Ty, call: Call) -> Overload {
    Overload { id, style: Global, params, result, call, cost: Cost::ONE, pattern: None }
}

const fn joining(id: &'static str, params: &'static [Ty], result: Ty, cost: Cost) -> Overload {
    Overload { id, style: Global, params, result, call: add, cost, pattern: None }
}

fn add<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    Ok(match args {
        [Value::Int(a), Value::Int(b)] => Value::Int(a.checked_add(*b).ok_or(INTEGER)?),
        [Value::Uint(a), Value::Uint(b)] => Value::Uint(a.checked_add(*b).ok_or(UNSIGNED)?),
        [Value::Double(a), Value::Double(b)] => Value::Double(a.add(b)),
        // cel-go counts lengths of time as integers, and says so.
        [Value::Duration(a), Value::Duration(b)] => Value::Duration(a.checked_add(*b).ok_or(INTEGER)?),
        [Value::Timestamp(moment), Value::Duration(by)] | [Value::Duration(by), Value::Timestamp(moment)] => {
            Value::Timestamp(moment.checked_add(*by).map_err(|_| TIMESTAMP)?)
        }
        [Value::String(a), Value::String(b)] => {
            fits(a.len(), b.len())?;
            Value::string([&**a, &**b].concat())
        }
        [Value::Bytes(a), Value::Bytes(b)] => {
            fits(a.len(), b.len())?;
            Value::Bytes(Blob::Shared([&**a, &**b].concat().into()))
        }
        [Value::List(a), Value::List(b)] => Value::List(a.concat(b)?),
        _ => return Err(EvalError::NoSuchOverload),
    })
}

fn fits(left: usize, right: usize) -> Result<(), EvalError> {
    if left.saturating_add(right) > MAX_BUILT_BYTES { Err(EvalError::TooLarge) } else { Ok(()) }
}

fn subtract<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    Ok(match args {
        [Value::Int(a), Value::Int(b)] => Value::Int(a.checked_sub(*b).ok_or(INTEGER)?),
        [Value::Uint(a), Value::Uint(b)] => Value::Uint(a.checked_sub(*b).ok_or(UNSIGNED)?),
        [Value::Double(a), Value::Double(b)] => Value::Double(a.sub(b)),
        [Value::Duration(a), Value::Duration(b)] => Value::Duration(a.checked_sub(*b).ok_or(INTEGER)?),
        [Value::Timestamp(moment), Value::Duration(by)] => {
            let by = by.checked_neg().ok_or(INTEGER)?;
            Value::Timestamp(moment.checked_add(by).map_err(|_| TIMESTAMP)?)
        }
        [Value::Timestamp(a), Value::Timestamp(b)] => Value::Duration(a.since(*b).ok_or(INTEGER)?),
        _ => return Err(EvalError::NoSuchOverload),
    })
}

fn multiply<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    Ok(match args {
        [Value::Int(a), Value::Int(b)] => Value::Int(a.checked_mul(*b).ok_or(INTEGER)?),
        [Value::Uint(a), Value::Uint(b)] => Value::Uint(a.checked_mul(*b).ok_or(UNSIGNED)?),
        [Value::Double(a), Value::Double(b)] => Value::Double(a.mul(b)),
        _ => return Err(EvalError::NoSuchOverload),
    })
}

fn divide<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    Ok(match args {
        [Value::Int(_), Value::Int(0)] | [Value::Uint(_), Value::Uint(0)] => {
            return Err(EvalError::DivisionByZero);
        }
        [Value::Int(a), Value::Int(b)] => Value::Int(a.checked_div(*b).ok_or(INTEGER)?),
        [Value::Uint(a), Value::Uint(b)] => Value::Uint(a.checked_div(*b).ok_or(UNSIGNED)?),
        [Value::Double(a), Value::Double(b)] => Value::Double(a.div(b)),
        _ => return Err(EvalError::NoSuchOverload),
    })
}

fn modulo<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    Ok(match args {
        [Value::Int(_), Value::Int(0)] | [Value::Uint(_), Value::Uint(0)] => {
            return Err(EvalError::ModulusByZero);
        }
        [Value::Int(a), Value::Int(b)] => Value::Int(a.checked_rem(*b).ok_or(INTEGER)?),
        [Value::Uint(a), Value::Uint(b)] => Value::Uint(a.checked_rem(*b).ok_or(UNSIGNED)?),
        _ => return Err(EvalError::NoSuchOverload),
    })
}

fn negate<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    Ok(match args {
        [Value::Int(a)] => Value::Int(a.checked_neg().ok_or(INTEGER)?),
        [Value::Double(a)] => Value::Double(-a),
        // The checker does not know this one, but what it does not see works.
        [Value::Duration(a)] => Value::Duration(a.checked_neg().ok_or(INTEGER)?),
        _ => return Err(EvalError::NoSuchOverload),
    })
}

/// Texts and bytes are copied.
const JOINED: Cost = Cost {
    actual: |args, _| scale(args.iter().map(Value::cost_size).fold(0, u64::saturating_add), TRAVERSAL),
    estimate: |operands| {
        let size = operands.size(0).add(operands.size(1));
        Estimate { cost: size.cost(TRAVERSAL), size: Some(size) }
    },
};

/// Lists are not.
const JOINED_LISTS: Cost = Cost {
    actual: |_, _| 1,
    estimate: |operands| Estimate {
        cost: CostRange::ONE,
        size: Some(operands.size(0).add(operands.size(1))),
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_date_time;

    fn shown(result: EvalResult<'_>) -> String {
        result.map_or_else(|why| why.to_string(), |value| format!("{value:?}"))
    }

    #[test]
    fn integers_do_not_wrap_around() {
        let int = Value::Int;
        for result in [
            add(&[int(i64::MAX), int(1)]),
            subtract(&[int(i64::MIN), int(1)]),
            multiply(&[int(5_000_000_000), int(5_000_000_000)]),
            divide(&[int(i64::MIN), int(-1)]),
            modulo(&[int(i64::MIN), int(-1)]),
            negate(&[int(i64::MIN)]),
        ] {
            assert_eq!(shown(result), "integer overflow");
        }
        assert_eq!(shown(subtract(&[Value::Uint(0), Value::Uint(1)])), "unsigned integer overflow");
        assert_eq!(shown(divide(&[int(1), int(0)])), "division by zero");
        assert_eq!(shown(modulo(&[Value::Uint(1), Value::Uint(0)])), "modulus by zero");
        assert_eq!(shown(modulo(&[int(-7), int(3)])), "Int(-1)");
        assert_eq!(shown(divide(&[int(-7), int(3)])), "Int(-2)");
    }

    #[test]
    fn types_do_not_mix() {
        assert_eq!(shown(add(&[Value::Int(1), Value::Double(1.0)])), "no such overload");
        assert_eq!(shown(negate(&[Value::Uint(1)])), "no such overload");
        assert_eq!(shown(add(&[])), "no such overload");
    }

    #[test]
    fn moments_keep_their_offset() {
        let moment = |text: &str| Value::Timestamp(parse_date_time(text).unwrap());
        let day_and_half = Value::Duration(36 * 3_600_000_000_000);
        let sum = add(&[moment("2024-02-29T12:20:30+02:00"), day_and_half]);
        assert!(matches!(sum, Ok(Value::Timestamp(sum)) if sum.to_string() == "2024-03-02T00:20:30+02:00"));
        let (first, last) = (moment("0001-01-01T00:00:00Z"), moment("9999-12-31T23:59:59Z"));
        assert_eq!(shown(subtract(&[last.clone(), first.clone()])), "integer overflow");
        assert_eq!(shown(add(&[last, Value::Duration(1_000_000_000)])), "timestamp overflow");
        assert_eq!(shown(subtract(&[first.clone(), Value::Duration(1)])), "timestamp overflow");
        assert_eq!(shown(subtract(&[first, Value::Duration(i64::MIN)])), "integer overflow");
    }

    #[test]
    fn texts_are_joined_up_to_a_limit() {
        let args = [Value::str("é"), Value::str("!")];
        let joined = add(&args).unwrap();
        assert!(joined.equals(&Value::str("é!")).unwrap());
        assert_eq!((JOINED.actual)(&args, &joined), 1);
        let half = Value::string("x".repeat(MAX_BUILT_BYTES / 2 + 1));
        assert_eq!(add(&[half.clone(), half]).unwrap_err(), EvalError::TooLarge);
    }
}
