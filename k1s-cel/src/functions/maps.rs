//! What `transformMap` and `transformMapEntry` make their maps with.

use std::sync::Arc;

use crate::syntax::ast::operators;
use crate::value::{EvalError, EvalResult, Map, Value, ValueMap};

use super::cost::Cost;
use super::shorthand::{Call, global};
use super::table::{Function, Overload, Ty};

const MAP: Ty = Ty::Map(&Ty::A, &Ty::B);

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: operators::MAP_INSERT,
    doc: "A map with another entry, or those of another map: what `transformMap` and `transformMapEntry` are made of.",
    overloads: &[
        insertion("@mapInsert_map_key_value", &[MAP, Ty::A, Ty::B], |args| match args {
            [Value::Map(map), key, value] => with(map, |map| insert(map, key.clone(), value.clone())),
            _ => Err(EvalError::NoSuchOverload),
        }),
        insertion("@mapInsert_map_map", &[MAP, MAP], |args| match args {
            [Value::Map(map), Value::Map(other)] => with(map, |map| insert_all(map, other)),
            _ => Err(EvalError::NoSuchOverload),
        }),
    ],
}];

const fn insertion(id: &'static str, params: &'static [Ty], call: Call) -> Overload {
    global(id, params, MAP, call, Cost::ONE)
}

/// A changed copy. Loops that the evaluator knows change their map in place instead, with the functions below.
fn with<'a>(
    map: &Map<'a>,
    change: impl FnOnce(&mut ValueMap<'a>) -> Result<(), EvalError>,
) -> EvalResult<'a> {
    let mut copy = match map {
        Map::Values(values) => ValueMap::clone(values),
        other => {
            let mut copy = ValueMap::default();
            insert_all(&mut copy, other)?;
            copy
        }
    };
    change(&mut copy)?;
    Ok(Value::Map(Map::Values(Arc::new(copy))))
}

/// Adds an entry.
///
/// # Errors
///
/// When there is such a key already, or the key is of a type that maps cannot have.
pub(crate) fn insert<'a>(map: &mut ValueMap<'a>, key: Value<'a>, value: Value<'a>) -> Result<(), EvalError> {
    if map.contains(&key) {
        let shown = match &key {
            Value::Bool(key) => key.to_string(),
            Value::Int(key) => key.to_string(),
            Value::Uint(key) => key.to_string(),
            Value::Double(key) => crate::gofmt::double(*key),
            Value::String(key) => key.to_string(),
            other => other.type_name().into(),
        };
        return Err(EvalError::other(format!("insert failed: key {shown} already exists")));
    }
    map.insert(key, value)
}

/// Adds the entries of another map, up to one that fails.
///
/// # Errors
///
/// As [`insert`], and when an entry contradicts its schema.
pub(crate) fn insert_all<'a>(map: &mut ValueMap<'a>, other: &Map<'a>) -> Result<(), EvalError> {
    for key in other.keys() {
        let value = other.get(&key)?;
        insert(map, key, value)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
        let overload = FUNCTIONS[0].overloads.iter().find(|overload| overload.params.len() == args.len());
        (overload.unwrap().call)(args)
    }

    #[test]
    fn entries_are_added_once() {
        let empty = Value::Map(Map::Values(Arc::default()));
        let one = call(&[empty, Value::str("a"), Value::Int(1)]).unwrap();
        let Value::Map(map) = &one else { panic!("a map") };
        assert_eq!(map.len(), 1);
        let again = call(&[one.clone(), Value::str("a"), Value::Int(2)]).unwrap_err();
        assert_eq!(again.to_string(), "insert failed: key a already exists");
        assert_eq!(call(&[one.clone(), one]).unwrap_err(), again);
    }

    #[test]
    fn equal_numbers_are_one_key() {
        let json = serde_json::json!({"x": true});
        let both = call(&[Value::from_json(&json), Value::Int(1), Value::Null]).unwrap();
        let Value::Map(map) = &both else { panic!("a map") };
        assert_eq!(map.len(), 2);
        let again = call(&[both, Value::Uint(1), Value::Null]).unwrap_err();
        assert_eq!(again.to_string(), "insert failed: key 1 already exists");
    }
}
