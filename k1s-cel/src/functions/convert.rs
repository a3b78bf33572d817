//! Conversions between the types of values that texts and numbers can stand for, by the rules of Go's `strconv` and `time`.

use crate::time;
use crate::value::{Blob, EvalError, EvalResult, Moment, Value};
use crate::{gofmt, goparse};

use super::cost::{Cost, Estimate, Size, TRAVERSAL};
use super::table::Style::Global;
use super::table::{Function, Overload, Ty};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "bool",
        doc: "A truth value from its text.",
        overloads: &[
            conversion("bool_to_bool", &[Ty::Bool], Ty::Bool, identity),
            conversion("string_to_bool", &[Ty::String], Ty::Bool, to_bool),
        ],
    },
    Function {
        name: "bytes",
        doc: "The bytes of a text in UTF-8.",
        overloads: &[
            conversion("bytes_to_bytes", &[Ty::Bytes], Ty::Bytes, identity),
            Overload { cost: ENCODED, ..conversion("string_to_bytes", &[Ty::String], Ty::Bytes, to_bytes) },
        ],
    },
    Function {
        name: "double",
        doc: "A floating-point number from another number or a text.",
        overloads: &[
            conversion("double_to_double", &[Ty::Double], Ty::Double, identity),
            conversion("int64_to_double", &[Ty::Int], Ty::Double, to_double),
            conversion("string_to_double", &[Ty::String], Ty::Double, to_double),
            conversion("uint64_to_double", &[Ty::Uint], Ty::Double, to_double),
        ],
    },
    Function {
        name: "duration",
        doc: "A length of time from a text such as `1h30m`.",
        overloads: &[
            conversion("duration_to_duration", &[Ty::Duration], Ty::Duration, identity),
            conversion("int64_to_duration", &[Ty::Int], Ty::Duration, to_duration),
            conversion("string_to_duration", &[Ty::String], Ty::Duration, to_duration),
        ],
    },
    Function {
        name: "int",
        doc: "A signed integer from another number, a text, a moment (seconds since 1970) or a length of time (nanoseconds).",
        overloads: &[
            conversion("int64_to_int64", &[Ty::Int], Ty::Int, identity),
            conversion("double_to_int64", &[Ty::Double], Ty::Int, to_int),
            conversion("duration_to_int64", &[Ty::Duration], Ty::Int, to_int),
            conversion("string_to_int64", &[Ty::String], Ty::Int, to_int),
            conversion("timestamp_to_int64", &[Ty::Timestamp], Ty::Int, to_int),
            conversion("uint64_to_int64", &[Ty::Uint], Ty::Int, to_int),
        ],
    },
    Function {
        name: "string",
        doc: "The text of a value; bytes must be UTF-8.",
        overloads: &[
            conversion("string_to_string", &[Ty::String], Ty::String, identity),
            conversion("bool_to_string", &[Ty::Bool], Ty::String, to_string),
            Overload { cost: DECODED, ..conversion("bytes_to_string", &[Ty::Bytes], Ty::String, to_string) },
            conversion("double_to_string", &[Ty::Double], Ty::String, to_string),
            conversion("duration_to_string", &[Ty::Duration], Ty::String, to_string),
            conversion("int64_to_string", &[Ty::Int], Ty::String, to_string),
            conversion("timestamp_to_string", &[Ty::Timestamp], Ty::String, to_string),
            conversion("uint64_to_string", &[Ty::Uint], Ty::String, to_string),
        ],
    },
    Function {
        name: "timestamp",
        doc: "A moment from a text of RFC 3339, or from the seconds since 1970.",
        overloads: &[
            conversion("timestamp_to_timestamp", &[Ty::Timestamp], Ty::Timestamp, identity),
            conversion("int64_to_timestamp", &[Ty::Int], Ty::Timestamp, to_timestamp),
            conversion("string_to_timestamp", &[Ty::String], Ty::Timestamp, to_timestamp),
        ],
    },
    Function {
        name: "uint",
        doc: "An unsigned integer from another number or a text.",
        overloads: &[
            conversion("uint64_to_uint64", &[Ty::Uint], Ty::Uint, identity),
            conversion("double_to_uint64", &[Ty::Double], Ty::Uint, to_uint),
            conversion("int64_to_uint64", &[Ty::Int], Ty::Uint, to_uint),
            conversion("string_to_uint64", &[Ty::String], Ty::Uint, to_uint),
        ],
    },
];

const INTEGER: EvalError = EvalError::Overflow("integer");
const UNSIGNED: EvalError = EvalError::Overflow("unsigned integer");
const TIMESTAMP: EvalError = EvalError::Overflow("timestamp");

const fn conversion(
    id: &'static str,
    params: &'static [Ty],
    result: Ty,
    call: for<'a> fn(&[Value<'a>]) -> EvalResult<'a>,
) -> Overload {
    Overload { id, style: Global, params, result, call, cost: Cost::ONE, pattern: None }
}

fn identity<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [value] => Ok(value.clone()),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// What cel-go says of texts that are not what they should become.
fn refused(from: &str, to: &str) -> EvalError {
    EvalError::other(format!("type conversion error from '{from}' to '{to}'"))
}

fn to_bool<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [Value::String(text)] => {
            goparse::boolean(text).map(Value::Bool).ok_or_else(|| refused("string", "bool"))
        }
        _ => Err(EvalError::NoSuchOverload),
    }
}

fn to_bytes<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [Value::String(text)] => Ok(Value::Bytes(Blob::Shared(text.as_bytes().into()))),
        _ => Err(EvalError::NoSuchOverload),
    }
}

#[expect(clippy::cast_precision_loss, reason = "integers become the nearest double")]
fn to_double<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [Value::Int(value)] => Ok(Value::Double(*value as f64)),
        [Value::Uint(value)] => Ok(Value::Double(*value as f64)),
        [Value::String(text)] => {
            goparse::float(text).map(Value::Double).ok_or_else(|| refused("string", "double"))
        }
        _ => Err(EvalError::NoSuchOverload),
    }
}

fn to_duration<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    const NAME: &str = "google.protobuf.Duration";
    match args {
        [Value::String(text)] => {
            time::parse_duration(text).map(Value::Duration).map_err(|_| refused("string", NAME))
        }
        // cel-go declares this conversion, and then does not have it.
        [Value::Int(_)] => Err(refused("int", NAME)),
        _ => Err(EvalError::NoSuchOverload),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "rounded towards zero, and known to fit")]
fn to_int<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    Ok(Value::Int(match args {
        [Value::Uint(value)] => i64::try_from(*value).map_err(|_| INTEGER)?,
        // cel-go leaves the lowest integer out.
        [Value::Double(value)] if value.abs() < 9_223_372_036_854_775_808.0 => *value as i64,
        [Value::Double(_)] => return Err(INTEGER),
        [Value::Duration(nanoseconds)] => *nanoseconds,
        [Value::Timestamp(moment)] => moment.unix_seconds(),
        [Value::String(text)] => goparse::int(text).ok_or_else(|| refused("string", "int"))?,
        _ => return Err(EvalError::NoSuchOverload),
    }))
}

fn to_string<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    Ok(Value::string(match args {
        [Value::Bool(value)] => value.to_string(),
        [Value::Int(value)] => value.to_string(),
        [Value::Uint(value)] => value.to_string(),
        [Value::Double(value)] => gofmt::double(*value),
        [Value::Duration(value)] => time::format_duration(*value),
        [Value::Timestamp(moment)] => moment.to_string(),
        [Value::Bytes(bytes)] => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => return Err(EvalError::other("invalid UTF-8 in bytes, cannot convert to string")),
        },
        _ => return Err(EvalError::NoSuchOverload),
    }))
}

fn to_timestamp<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [Value::Int(seconds)] => Moment::from_unix(*seconds).map(Value::Timestamp).ok_or(TIMESTAMP),
        [Value::String(text)] => match time::parse_timestamp(text) {
            Some(moment) => moment.map(Value::Timestamp).map_err(|_| TIMESTAMP),
            None => Err(refused("string", "google.protobuf.Timestamp")),
        },
        _ => Err(EvalError::NoSuchOverload),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded towards zero, and known to fit"
)]
fn to_uint<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    Ok(Value::Uint(match args {
        [Value::Int(value)] => u64::try_from(*value).map_err(|_| UNSIGNED)?,
        [Value::Double(value)] if (0.0..18_446_744_073_709_551_616.0).contains(value) => *value as u64,
        [Value::Double(_)] => return Err(UNSIGNED),
        [Value::String(text)] => goparse::uint(text).ok_or_else(|| refused("string", "uint"))?,
        _ => return Err(EvalError::NoSuchOverload),
    }))
}

/// A code point has up to four bytes.
const ENCODED: Cost = Cost {
    estimate: |operands| {
        let Size { min, max } = operands.size(0);
        let size = Size { min, max: max.saturating_mul(4) };
        Estimate { cost: operands.size(0).cost(TRAVERSAL), size: Some(size) }
    },
    ..Cost::TRAVERSAL
};

/// Up to four bytes make a code point.
const DECODED: Cost = Cost {
    estimate: |operands| {
        let Size { min, max } = operands.size(0);
        Estimate { cost: operands.size(0).cost(TRAVERSAL), size: Some(Size { min: min / 4, max }) }
    },
    ..Cost::TRAVERSAL
};

#[cfg(test)]
mod tests {
    use super::*;

    fn why(result: EvalResult<'_>) -> String {
        result.map_or_else(|why| why.to_string(), |value| format!("{value:?}"))
    }

    #[test]
    fn numbers() {
        let double = Value::Double;
        assert_eq!(why(to_int(&[double(-7.9)])), "Int(-7)");
        assert_eq!(why(to_uint(&[double(25.5)])), "Uint(25)");
        for out in [9_223_372_036_854_775_808.0, -9_223_372_036_854_775_808.0, f64::NAN, f64::INFINITY] {
            assert_eq!(why(to_int(&[double(out)])), "integer overflow");
        }
        for out in [-0.5, 18_446_744_073_709_551_616.0, f64::NAN] {
            assert_eq!(why(to_uint(&[double(out)])), "unsigned integer overflow");
        }
        assert_eq!(why(to_uint(&[Value::Int(-1)])), "unsigned integer overflow");
        assert_eq!(why(to_int(&[Value::Uint(u64::MAX)])), "integer overflow");
        assert_eq!(why(to_int(&[Value::str("1.5")])), "type conversion error from 'string' to 'int'");
        assert_eq!(why(to_int(&[Value::Bool(true)])), "no such overload");
    }

    #[test]
    fn texts() {
        let text = |value: Value<'static>| why(to_string(&[value]));
        assert_eq!(text(Value::Double(1e6)), r#"String(Shared("1e+06"))"#);
        assert_eq!(text(Value::Duration(1_500_000_000)), r#"String(Shared("1.5s"))"#);
        assert_eq!(text(Value::Bytes(Blob::Borrowed(b"\xc3\xbf"))), r#"String(Shared("ÿ"))"#);
        assert_eq!(
            text(Value::Bytes(Blob::Borrowed(b"\0\xff"))),
            "invalid UTF-8 in bytes, cannot convert to string"
        );
    }

    #[test]
    fn times() {
        assert_eq!(
            why(to_int(&[to_timestamp(&[Value::str("2004-09-16T23:59:59.9Z")]).unwrap()])),
            "Int(1095379199)"
        );
        assert_eq!(why(to_timestamp(&[Value::Int(253_402_300_800)])), "timestamp overflow");
        assert_eq!(why(to_timestamp(&[Value::str("0000-01-01T00:00:00Z")])), "timestamp overflow");
        assert_eq!(
            why(to_timestamp(&[Value::str("nope")])),
            "type conversion error from 'string' to 'google.protobuf.Timestamp'"
        );
        assert_eq!(
            why(to_duration(&[Value::str("1d")])),
            "type conversion error from 'string' to 'google.protobuf.Duration'"
        );
    }
}
