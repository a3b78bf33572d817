//! Equality of values.

use std::cmp::Ordering;

use super::list::element_key;
use super::{EvalError, Key, List, Map, Value};
use crate::schema::ListType;

/// How many values one comparison looks at. Expressions can build values that hold another one many times over, and comparing two of
/// them could go on forever; data of the largest request has fewer values.
const MAX_COMPARED: u32 = 10_000_000;

/// What a comparison may still look at.
struct Work(u32);

impl Work {
    fn step(&mut self) -> Result<(), EvalError> {
        self.0 = self.0.checked_sub(1).ok_or(EvalError::CostLimit)?;
        Ok(())
    }
}

impl<'a> Value<'a> {
    /// `self == other`: numbers are equal across their types, values of different types are not.
    ///
    /// # Errors
    ///
    /// When an element or field that has to be compared contradicts its schema; [`EvalError::CostLimit`] when more than ten million
    /// values would have to be compared.
    pub fn equals(&self, other: &Value<'a>) -> Result<bool, EvalError> {
        equal(self, other, &mut Work(MAX_COMPARED))
    }
}

fn equal<'a>(a: &Value<'a>, b: &Value<'a>, work: &mut Work) -> Result<bool, EvalError> {
    work.step()?;
    Ok(match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => **a == **b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::Type(a), Value::Type(b)) => a == b,
        (Value::Opaque(a), Value::Opaque(b)) => a == b,
        (Value::List(a), Value::List(b)) => return lists_equal(a, b, work),
        (Value::Map(a), Value::Map(b)) => return maps_equal(a, b, work),
        (Value::Optional(a), Value::Optional(b)) => match (a, b) {
            (Some(a), Some(b)) => return equal(a, b, work),
            (None, None) => true,
            _ => false,
        },
        _ => matches!(a.compare_numbers(b), Some(Ordering::Equal)),
    })
}

fn lists_equal<'a>(a: &List<'a>, b: &List<'a>, work: &mut Work) -> Result<bool, EvalError> {
    if a.len() != b.len() {
        return Ok(false);
    }
    match a.list_type() {
        ListType::Set => sets_equal(a, b, work),
        ListType::Map(keys) => map_lists_equal(a, b, keys, work),
        ListType::Atomic => {
            for (a, b) in a.iter().zip(b.iter()) {
                if !equal(&a?, &b?, work)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

/// Sets of the same size, in any order.
fn sets_equal<'a>(a: &List<'a>, b: &List<'a>, work: &mut Work) -> Result<bool, EvalError> {
    let mut members = std::collections::HashSet::with_capacity(a.len());
    for value in a.iter() {
        work.step()?;
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
fn map_lists_equal<'a>(
    a: &List<'a>,
    b: &List<'a>,
    keys: &[Box<str>],
    work: &mut Work,
) -> Result<bool, EvalError> {
    let mut elements = std::collections::HashMap::with_capacity(a.len());
    for value in a.iter() {
        let value = value?;
        elements.insert(element_key(&value, keys)?, value);
    }
    for value in b.iter() {
        let value = value?;
        match elements.get(&element_key(&value, keys)?) {
            Some(same) if equal(same, &value, work)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn maps_equal<'a>(a: &Map<'a>, b: &Map<'a>, work: &mut Work) -> Result<bool, EvalError> {
    if let (Map::Object { fields: a_fields, schema }, Map::Object { fields: b_fields, .. }) = (a, b) {
        return objects_equal(a, a_fields, b, b_fields, schema, work);
    }
    if a.len() != b.len() {
        return Ok(false);
    }
    for key in a.keys() {
        let (Some(value), Some(other)) = (a.find(&key)?, b.find(&key)?) else { return Ok(false) };
        if !equal(&value, &other, work)? {
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
    work: &mut Work,
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
            (Some(value), Some(other)) => equal(&value, &other, work)?,
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
    fn comparing_values_that_hold_themselves_many_times_ends() {
        let tower = || (0..40).fold(Value::Int(1), |below, _| Value::list(vec![below.clone(), below]));
        assert_eq!(tower().equals(&tower()), Err(EvalError::CostLimit));
    }
}
