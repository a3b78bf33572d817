//! Comparisons in filters: as Go's templates compare, values of one kind only.

use std::cmp::Ordering;

use serde_json::Value;

use super::Error;

/// Whether `left operator right` holds.
pub(super) fn holds(left: &Value, operator: &str, right: &Value) -> Result<bool, Error> {
    let fits: fn(Ordering) -> bool = match operator {
        "==" | "!=" => {
            let equal = compare(left, right, true)? == Some(Ordering::Equal);
            return Ok(equal == (operator == "=="));
        }
        "<" => Ordering::is_lt,
        "<=" => Ordering::is_le,
        ">" => Ordering::is_gt,
        ">=" => Ordering::is_ge,
        _ => return Err(Error::Evaluate(format!("unrecognized filter operator {operator}"))),
    };
    Ok(compare(left, right, false)?.is_some_and(fits))
}

fn compare(left: &Value, right: &Value, equality: bool) -> Result<Option<Ordering>, Error> {
    let kind = |value: &Value| match value {
        Value::Bool(_) => Some(0),
        Value::Number(number) => Some(if number.is_f64() { 2 } else { 1 }),
        Value::String(_) => Some(3),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let wrong_type = || Error::Evaluate("invalid type for comparison".to_owned());
    let (a, b) = (kind(left).ok_or_else(wrong_type)?, kind(right).ok_or_else(wrong_type)?);
    if a != b {
        return Err(Error::Evaluate("incompatible types for comparison".to_owned()));
    }
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) if equality => Ok(Some(a.cmp(b))),
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => Ok(Some(a.cmp(&b))),
            _ => Ok(a.as_f64().partial_cmp(&b.as_f64())),
        },
        (Value::String(a), Value::String(b)) => Ok(Some(a.cmp(b))),
        _ => Err(wrong_type()),
    }
}
