//! Equality and order of values.

use std::cmp::Ordering;

use super::list::element_key;
use super::{EvalError, Key, List, Map, Value};
use crate::schema::ListType;

impl<'a> Value<'a> {
    /// `self == other`: numbers are equal across their types, values of different types are not.
    ///
    /// # Errors
    ///
    /// When an element or field that has to be compared contradicts its schema.
    pub fn equals(&self, other: &Value<'a>) -> Result<bool, EvalError> {
        Ok(match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) => **a == **b,
            (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
            (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::Type(a), Value::Type(b)) => a == b,
            (Value::Opaque(a), Value::Opaque(b)) => a == b,
            (Value::List(a), Value::List(b)) => return lists_equal(a, b),
            (Value::Map(a), Value::Map(b)) => return maps_equal(a, b),
            (Value::Optional(a), Value::Optional(b)) => match (a, b) {
                (Some(a), Some(b)) => return a.equals(b),
                (None, None) => true,
                _ => false,
            },
            _ => matches!(self.compare_numbers(other), Some(Ordering::Equal)),
        })
    }

    /// The order of two values of types that have one; none for other types, and for NaN.
    #[must_use]
    pub fn compare(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            (Value::String(a), Value::String(b)) => Some((**a).cmp(&**b)),
            (Value::Bytes(a), Value::Bytes(b)) => Some((**a).cmp(&**b)),
            (Value::Timestamp(a), Value::Timestamp(b)) => Some(a.cmp(b)),
            (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
            _ => self.compare_numbers(other),
        }
    }

    /// The order of two numbers, whatever their types; by way of doubles only where one is a double.
    fn compare_numbers(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Value::Uint(a), Value::Uint(b)) => Some(a.cmp(b)),
            (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
            (Value::Int(a), Value::Uint(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            (Value::Uint(a), Value::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            (Value::Int(a), Value::Double(b)) => compare_to_double(i128::from(*a), *b),
            (Value::Uint(a), Value::Double(b)) => compare_to_double(i128::from(*a), *b),
            (Value::Double(a), Value::Int(b)) => compare_to_double(i128::from(*b), *a).map(Ordering::reverse),
            (Value::Double(a), Value::Uint(b)) => {
                compare_to_double(i128::from(*b), *a).map(Ordering::reverse)
            }
            _ => None,
        }
    }
}

/// Integers of at most 64 bits against a double: as doubles, so that large integers equal the doubles next to them, as in cel-go.
#[expect(clippy::cast_precision_loss, reason = "that is the rule")]
fn compare_to_double(integer: i128, double: f64) -> Option<Ordering> {
    (integer as f64).partial_cmp(&double)
}

fn lists_equal<'a>(a: &List<'a>, b: &List<'a>) -> Result<bool, EvalError> {
    if a.len() != b.len() {
        return Ok(false);
    }
    match a.list_type() {
        ListType::Set => sets_equal(a, b),
        ListType::Map(keys) => map_lists_equal(a, b, keys),
        ListType::Atomic => {
            for (a, b) in a.iter().zip(b.iter()) {
                if !a?.equals(&b?)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

/// Sets of the same size, in any order.
fn sets_equal<'a>(a: &List<'a>, b: &List<'a>) -> Result<bool, EvalError> {
    let mut members = std::collections::HashSet::with_capacity(a.len());
    for value in a.iter() {
        members.insert(Key::of(&value?));
    }
    for value in b.iter() {
        if !members.contains(&Key::of(&value?)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Map lists of the same size: elements with the same keys are equal, in any order.
fn map_lists_equal<'a>(a: &List<'a>, b: &List<'a>, keys: &[Box<str>]) -> Result<bool, EvalError> {
    let mut elements = std::collections::HashMap::with_capacity(a.len());
    for value in a.iter() {
        let value = value?;
        elements.insert(element_key(&value, keys)?, value);
    }
    for value in b.iter() {
        let value = value?;
        match elements.get(&element_key(&value, keys)?) {
            Some(same) if same.equals(&value)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn maps_equal<'a>(a: &Map<'a>, b: &Map<'a>) -> Result<bool, EvalError> {
    if let (Map::Object { fields: a_fields, schema }, Map::Object { fields: b_fields, .. }) = (a, b) {
        return objects_equal(a, a_fields, b, b_fields, schema);
    }
    if a.len() != b.len() {
        return Ok(false);
    }
    for key in a.keys() {
        let (Some(value), Some(other)) = (a.find(&key)?, b.find(&key)?) else { return Ok(false) };
        if !value.equals(&other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Objects: known fields as their schemas say, unknown ones as the JSON that they are.
fn objects_equal<'a>(
    a: &Map<'a>,
    a_fields: &serde_json::Map<String, serde_json::Value>,
    b: &Map<'a>,
    b_fields: &serde_json::Map<String, serde_json::Value>,
    schema: &crate::schema::Schema,
) -> Result<bool, EvalError> {
    if a_fields.len() != b_fields.len() {
        return Ok(false);
    }
    for (name, json) in a_fields {
        let Some(other) = b_fields.get(name) else {
            // kube-apiserver lets an unknown field that the other object lacks pass, as it has as many of them.
            if schema.has_property(name) {
                return Ok(false);
            }
            continue;
        };
        let equal = match (a.find_property(name)?, b.find_property(name)?) {
            (Some(value), Some(other)) => value.equals(&other)?,
            _ => json == other,
        };
        if !equal {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_across_types() {
        let order = |a: Value<'_>, b: Value<'_>| a.compare(&b);
        assert_eq!(order(Value::Int(1), Value::Double(1.5)), Some(Ordering::Less));
        assert_eq!(order(Value::Int(-1), Value::Double(-1.5)), Some(Ordering::Greater));
        assert_eq!(order(Value::Int(0), Value::Double(-0.0)), Some(Ordering::Equal));
        assert_eq!(order(Value::Double(f64::INFINITY), Value::Uint(u64::MAX)), Some(Ordering::Greater));
        assert_eq!(
            order(Value::Int(i64::MAX), Value::Double(9_223_372_036_854_775_808.0)),
            Some(Ordering::Equal)
        );
        assert_eq!(order(Value::Int(i64::MAX), Value::Uint(1 << 63)), Some(Ordering::Less));
        assert_eq!(order(Value::Int(-1), Value::Uint(u64::MAX)), Some(Ordering::Less));
        assert_eq!(order(Value::Double(f64::NAN), Value::Int(0)), None);
    }
}
