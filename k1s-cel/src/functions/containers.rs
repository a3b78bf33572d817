//! Sizes, members and types of values.

use crate::gofmt;
use crate::syntax::ast::operators;
use crate::value::{EvalError, EvalResult, List, Map, Text, Value};

use super::cost::{Cost, CostRange, Estimate};
use super::shorthand::global;
use super::table::Style::{self, Global, Member};
use super::table::{Function, Overload, Ty};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "size",
        doc: "The number of code points, bytes, elements or entries.",
        overloads: &[
            sized("size_bytes", Global, &[Ty::Bytes]),
            sized("bytes_size", Member, &[Ty::Bytes]),
            sized("size_list", Global, &[LIST]),
            sized("list_size", Member, &[LIST]),
            sized("size_map", Global, &[MAP]),
            sized("map_size", Member, &[MAP]),
            sized("size_string", Global, &[Ty::String]),
            sized("string_size", Member, &[Ty::String]),
        ],
    },
    Function {
        name: operators::IN,
        doc: "Whether a list has an element, or a map a key.",
        overloads: &[
            global("in_list", &[Ty::A, LIST], Ty::Bool, contains, SEARCH),
            global("in_map", &[Ty::A, MAP], Ty::Bool, contains, Cost::ONE),
        ],
    },
    Function {
        name: operators::INDEX,
        doc: "The element of a list at an index, or the value of a map's key.",
        overloads: &[
            global("index_list", &[LIST, Ty::Int], Ty::A, index, Cost::ONE),
            global("index_map", &[MAP, Ty::A], Ty::B, index, Cost::ONE),
        ],
    },
    Function {
        name: "type",
        doc: "The type of a value.",
        overloads: &[global("type", &[Ty::A], Ty::Type(&Ty::A), type_of, Cost::ONE)],
    },
    Function {
        name: "dyn",
        doc: "The same value, whose type the checker then knows nothing of.",
        overloads: &[global("to_dyn", &[Ty::A], Ty::Dyn, identity, SAME)],
    },
];

const LIST: Ty = Ty::List(&Ty::A);
const MAP: Ty = Ty::Map(&Ty::A, &Ty::B);

const fn sized(id: &'static str, style: Style, params: &'static [Ty]) -> Overload {
    Overload { id, style, params, result: Ty::Int, call: size, cost: Cost::ONE, pattern: None }
}

fn size<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let size = match args {
        [Value::String(text)] => text.count(),
        [Value::Bytes(bytes)] => bytes.len() as u64,
        [Value::List(list)] => list.len() as u64,
        [Value::Map(map)] => map.len() as u64,
        _ => return Err(EvalError::NoSuchOverload),
    };
    i64::try_from(size).map(Value::Int).map_err(|_| EvalError::Overflow("integer"))
}

fn contains<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [element, Value::List(list)] => list_contains(list, element),
        [key, Value::Map(map)] => match map.find(key) {
            Ok(found) => Ok(Value::Bool(found.is_some())),
            // Maps that expressions make are not particular about keys that they cannot have.
            Err(_) if matches!(map, Map::Values(_)) => Ok(Value::Bool(false)),
            Err(why) => Err(why),
        },
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// An element that cannot be read or compared does not matter if another one is the one.
fn list_contains<'a>(list: &List<'a>, element: &Value<'a>) -> EvalResult<'a> {
    let mut failure = None;
    for candidate in list.iter() {
        match candidate.and_then(|candidate| element.equals(&candidate)) {
            Ok(true) => return Ok(Value::Bool(true)),
            Ok(false) => {}
            Err(why) => failure = failure.or(Some(why)),
        }
    }
    failure.map_or(Ok(Value::Bool(false)), Err)
}

fn index<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [Value::List(list), index] => element(list, index),
        [Value::Map(map), key] => map.get(key),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// `list[index]`.
pub(crate) fn element<'a>(list: &List<'a>, index: &Value<'_>) -> EvalResult<'a> {
    let at = list_index(index)?;
    let inside = usize::try_from(at).ok().filter(|at| *at < list.len());
    let inside = inside.ok_or(EvalError::IndexOutOfBounds(at))?;
    match (list, index) {
        (_, Value::Int(_)) | (List::Plain(_) | List::Values(_) | List::Concat(_), _) => list.get(inside),
        // kube-apiserver's own lists take integers only, once the index is known to be inside.
        _ => Err(EvalError::other(format!("unsupported index: {at}"))),
    }
}

/// Doubles and unsigned integers may be indexes, too, if they are signed integers.
#[expect(clippy::cast_possible_truncation, reason = "whole numbers in this range are exact")]
fn list_index(index: &Value<'_>) -> Result<i64, EvalError> {
    let unsupported = |shown: String| EvalError::other(format!("unsupported index value {shown} in list"));
    match index {
        Value::Int(at) => Ok(*at),
        Value::Uint(at) => i64::try_from(*at).map_err(|_| unsupported(at.to_string())),
        Value::Double(at) => {
            let in_range = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(at);
            if in_range && at.fract() == 0.0 { Ok(*at as i64) } else { Err(unsupported(gofmt::double(*at))) }
        }
        other => Err(EvalError::other(format!("unsupported index type '{}' in list", other.type_name()))),
    }
}

fn type_of<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [value] => Ok(Value::Type(Text::Borrowed(value.type_name()))),
        _ => Err(EvalError::NoSuchOverload),
    }
}

fn identity<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [value] => Ok(value.clone()),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// Every element is looked at, at one unit each.
const SEARCH: Cost = Cost {
    actual: |args, _| args.get(1).map_or(1, Value::cost_size),
    estimate: |operands| operands.size(1).cost(1.0).into(),
};

/// One unit, for what has the size of its argument.
const SAME: Cost = Cost {
    actual: |_, _| 1,
    estimate: |operands| Estimate { cost: CostRange::ONE, size: Some(operands.size(0)) },
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn why(result: EvalResult<'_>) -> String {
        result.map_or_else(|why| why.to_string(), |value| format!("{value:?}"))
    }

    #[test]
    fn sizes() {
        let list = json!([1, 2]);
        for (value, expected) in [
            (Value::str("é😀"), 2),
            (Value::from_json(&list), 2),
            (Value::Map(Map::Values(Default::default())), 0),
        ] {
            assert!(matches!(size(&[value]), Ok(Value::Int(size)) if size == expected));
        }
        assert_eq!(size(&[Value::Int(1)]).unwrap_err(), EvalError::NoSuchOverload);
    }

    #[test]
    fn indexes() {
        let list = Value::list(vec![Value::Int(7), Value::Int(8)]);
        let at = |place: Value<'static>| why(index(&[list.clone(), place]));
        assert_eq!(at(Value::Double(1.0)), "Int(8)");
        assert_eq!(at(Value::Uint(0)), "Int(7)");
        assert_eq!(at(Value::Double(0.1)), "unsupported index value 0.1 in list");
        assert_eq!(at(Value::Double(f64::NAN)), "unsupported index value NaN in list");
        assert_eq!(at(Value::Uint(u64::MAX)), "unsupported index value 18446744073709551615 in list");
        assert_eq!(at(Value::str("")), "unsupported index type 'string' in list");
        assert_eq!(at(Value::Int(100)), "index out of bounds: 100");
        assert_eq!(at(Value::Int(-1)), "index out of bounds: -1");
        let json = json!({"a": 1});
        let map = Value::from_json(&json);
        assert_eq!(why(index(&[map.clone(), Value::str("a")])), "Int(1)");
        assert_eq!(why(index(&[map, Value::str("c")])), "no such key: c");
        assert_eq!(why(index(&[Value::str("a"), Value::Int(0)])), "no such overload");
    }

    #[test]
    fn members() {
        let json = json!([5, 4.0, "x", null]);
        let list = Value::from_json(&json);
        let has = |value: Value<'static>| why(contains(&[value, list.clone()]));
        assert_eq!(has(Value::Double(5.0)), "Bool(true)");
        assert_eq!(has(Value::Uint(4)), "Bool(true)");
        assert_eq!(has(Value::Null), "Bool(true)");
        assert_eq!(has(Value::str("y")), "Bool(false)");
        let empty = Value::Map(Map::Values(Default::default()));
        assert_eq!(why(contains(&[list.clone(), empty])), "Bool(false)");
        assert_eq!(why(contains(&[Value::Int(1), Value::str("1")])), "no such overload");
        assert_eq!((SEARCH.actual)(&[Value::Int(1), list.clone()], &Value::Bool(false)), 4);
        assert_eq!(why(type_of(&[list])), "Type(Borrowed(\"list\"))");
    }
}
