//! Kubernetes' own functions of lists: order, sums, extremes, and where an element is.
//!
//! Each has a version for each type that has an order or a sum, so that the checker refuses lists of other things. What a version
//! does is the same for all types: lists whose elements are known at run time only may come with elements of any.

use std::cmp::Ordering;

use crate::limits;
use crate::value::{EvalError, EvalResult, List, Value};

use super::cost::{Cost, CostRange, TRAVERSAL};
use super::shorthand::{Call, member};
use super::table::{Function, Overload, Ty};

/// A table with a version for each type that has an order: `$each` makes one of the type's short name, its full name and the type.
macro_rules! ordered {
    ($each:ident) => {
        &[
            $each!("int", "int", Ty::Int),
            $each!("uint", "uint", Ty::Uint),
            $each!("double", "double", Ty::Double),
            $each!("bool", "bool", Ty::Bool),
            $each!("duration", "google.protobuf.Duration", Ty::Duration),
            $each!("timestamp", "google.protobuf.Timestamp", Ty::Timestamp),
            $each!("string", "string", Ty::String),
            $each!("bytes", "bytes", Ty::Bytes),
        ]
    };
}
pub(super) use ordered;

macro_rules! is_sorted {
    ($name:literal, $full:literal, $ty:expr) => {
        walking(concat!("list_", $name, "_is_sorted_bool"), &[Ty::List(&$ty)], Ty::Bool, |args| match args {
            [Value::List(list)] => is_sorted(list),
            _ => Err(EvalError::NoSuchOverload),
        })
    };
}

macro_rules! min {
    ($name:literal, $full:literal, $ty:expr) => {
        walking(concat!("list_", $name, "_min_", $name), &[Ty::List(&$ty)], $ty, |args| {
            extreme(args, "min", Ordering::Greater)
        })
    };
}

macro_rules! max {
    ($name:literal, $full:literal, $ty:expr) => {
        walking(concat!("list_", $name, "_max_", $name), &[Ty::List(&$ty)], $ty, |args| {
            extreme(args, "max", Ordering::Less)
        })
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "isSorted",
        doc: "Whether no element of a list is greater than the one after it.",
        overloads: ordered!(is_sorted),
    },
    Function {
        name: "sum",
        doc: "The sum of a list's elements; that of an empty list is zero.",
        overloads: &[
            walking("list_int_sum_int", &[Ty::List(&Ty::Int)], Ty::Int, |args| sum(args, Value::Int(0))),
            walking("list_uint_sum_uint", &[Ty::List(&Ty::Uint)], Ty::Uint, |args| sum(args, Value::Uint(0))),
            walking("list_double_sum_double", &[Ty::List(&Ty::Double)], Ty::Double, |args| {
                sum(args, Value::Double(0.0))
            }),
            walking("list_duration_sum_duration", &[Ty::List(&Ty::Duration)], Ty::Duration, |args| {
                sum(args, Value::Duration(0))
            }),
        ],
    },
    Function {
        name: "min",
        doc: "The least element of a list; an empty list is an error.",
        overloads: ordered!(min),
    },
    Function {
        name: "max",
        doc: "The greatest element of a list; an empty list is an error.",
        overloads: ordered!(max),
    },
    Function {
        name: "indexOf",
        doc: "The index of the first element that equals a value, or -1.",
        overloads: &[walking(
            "list_a_index_of_int",
            &[Ty::List(&Ty::A), Ty::A],
            Ty::Int,
            |args| match args {
                [Value::List(list), item] => Ok(index(list, item, 0..list.len())),
                _ => Err(EvalError::NoSuchOverload),
            },
        )],
    },
    Function {
        name: "lastIndexOf",
        doc: "The index of the last element that equals a value, or -1.",
        overloads: &[walking("list_a_last_index_of_int", &[Ty::List(&Ty::A), Ty::A], Ty::Int, |args| {
            match args {
                [Value::List(list), item] => Ok(index(list, item, (0..list.len()).rev())),
                _ => Err(EvalError::NoSuchOverload),
            }
        })],
    },
];

const fn walking(id: &'static str, params: &'static [Ty], result: Ty, call: Call) -> Overload {
    member(id, params, result, call, WALK)
}

/// One walk over everything in the receiver. kube-apiserver goes by the function's name here: `indexOf` and `lastIndexOf` of strings
/// cost the same.
pub(super) const WALK: Cost = Cost {
    actual: |args, _| args.first().map_or(0, walk),
    estimate: |operands| {
        let size = operands.size(0);
        match operands.element(0) {
            Some(element) if element.is_text => {
                size.cost_of(CostRange::ONE.add(element.size.cost(TRAVERSAL))).into()
            }
            Some(_) => size.cost_of(CostRange::ONE).into(),
            None => size.cost(TRAVERSAL).into(),
        }
    },
};

/// The most values that one walk looks at. Lists that hold one another many times over would keep it busy for ever; whatever has as
/// many values as this costs more than the rules of an object may.
const MAX_WALKED: u64 = limits::PER_OBJECT_COST;

/// What walking a value costs: a tenth of a byte of text, one for every other leaf; lists and maps are the sum of their parts.
fn walk(value: &Value<'_>) -> u64 {
    let mut walk = Walk { cost: 0, values: 0, open: Vec::new() };
    walk.look_at(value.clone());
    while let Some(value) = walk.open.pop() {
        match value {
            Value::List(list) => {
                for element in list.iter() {
                    walk.look_at_result(element);
                }
            }
            Value::Map(map) => {
                for key in map.keys() {
                    let value = map.get(&key);
                    walk.look_at(key);
                    walk.look_at_result(value);
                }
            }
            _ => {}
        }
        if walk.values > MAX_WALKED {
            return u64::MAX;
        }
    }
    walk.cost
}

struct Walk<'a> {
    cost: u64,
    values: u64,
    /// Lists and maps that are still to be walked.
    open: Vec<Value<'a>>,
}

impl<'a> Walk<'a> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length is positive")]
    #[expect(clippy::cast_precision_loss, reason = "no text is that long")]
    fn look_at(&mut self, value: Value<'a>) {
        self.values += 1;
        let bytes = match value {
            Value::List(_) | Value::Map(_) => return self.open.push(value),
            Value::String(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            _ => return self.cost = self.cost.saturating_add(1),
        };
        self.cost = self.cost.saturating_add((bytes as f64 * TRAVERSAL) as u64);
    }

    fn look_at_result(&mut self, value: EvalResult<'a>) {
        match value {
            Ok(value) => self.look_at(value),
            Err(_) => self.look_at(Value::Null),
        }
    }
}

/// Whether the value is of a type that has an order.
pub(super) fn has_order(value: &Value<'_>) -> bool {
    match value {
        Value::Bool(_)
        | Value::Int(_)
        | Value::Uint(_)
        | Value::Double(_)
        | Value::String(_)
        | Value::Bytes(_)
        | Value::Timestamp(_)
        | Value::Duration(_) => true,
        Value::Null
        | Value::List(_)
        | Value::Map(_)
        | Value::Type(_)
        | Value::Optional(_)
        | Value::Opaque(_) => false,
    }
}

/// An element as it is, if it has an order.
fn in_order<'a>(element: EvalResult<'a>) -> EvalResult<'a> {
    element.and_then(|value| if has_order(&value) { Ok(value) } else { Err(EvalError::NoSuchOverload) })
}

/// Neighbours that cannot be compared (NaN, or values of several types) count as sorted.
fn is_sorted<'a>(list: &List<'a>) -> EvalResult<'a> {
    let mut before: Option<Value<'a>> = None;
    for element in list.iter() {
        let element = in_order(element)?;
        if before.is_some_and(|before| before.compare(&element) == Some(Ordering::Greater)) {
            return Ok(Value::Bool(false));
        }
        before = Some(element);
    }
    Ok(Value::Bool(true))
}

/// The element that no later one takes the place of: one does, if the best so far compares to it as `worse`.
fn extreme<'a>(args: &[Value<'a>], name: &str, worse: Ordering) -> EvalResult<'a> {
    let [Value::List(list)] = args else { return Err(EvalError::NoSuchOverload) };
    let mut best: Option<Value<'a>> = None;
    for element in list.iter() {
        let element = in_order(element)?;
        if best.as_ref().is_none_or(|best| best.compare(&element) == Some(worse)) {
            best = Some(element);
        }
    }
    best.ok_or_else(|| EvalError::other(format!("{name} called on empty list")))
}

/// The sum of a list, from `zero`; where the type of the elements was not known before, from the zero of the first one's type.
fn sum<'a>(args: &[Value<'a>], zero: Value<'a>) -> EvalResult<'a> {
    let [Value::List(list)] = args else { return Err(EvalError::NoSuchOverload) };
    let mut total = zero;
    for (index, element) in list.iter().enumerate() {
        let element = element?;
        if index == 0 {
            total = match element {
                Value::Int(_) => Value::Int(0),
                Value::Uint(_) => Value::Uint(0),
                Value::Double(_) => Value::Double(0.0),
                Value::Duration(_) => Value::Duration(0),
                _ => return Err(EvalError::NoSuchOverload),
            };
        }
        total = match (total, element) {
            (Value::Int(a), Value::Int(b)) => {
                a.checked_add(b).map(Value::Int).ok_or(EvalError::Overflow("integer"))?
            }
            (Value::Uint(a), Value::Uint(b)) => {
                a.checked_add(b).map(Value::Uint).ok_or(EvalError::Overflow("unsigned integer"))?
            }
            (Value::Double(a), Value::Double(b)) => Value::Double(a + b),
            (Value::Duration(a), Value::Duration(b)) => {
                a.checked_add(b).map(Value::Duration).ok_or(EvalError::Overflow("duration"))?
            }
            _ => return Err(EvalError::NoSuchOverload),
        };
    }
    Ok(total)
}

/// The first of `places` that holds the item, or -1. An element that cannot be read or compared is not the item.
fn index<'a>(list: &List<'a>, item: &Value<'a>, places: impl IntoIterator<Item = usize>) -> Value<'a> {
    let found = places
        .into_iter()
        .find(|place| list.get(*place).is_ok_and(|element| element.equals(item).unwrap_or(false)));
    Value::Int(found.and_then(|place| i64::try_from(place).ok()).unwrap_or(-1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::function;

    fn call<'a>(id: &str, args: &[Value<'a>]) -> EvalResult<'a> {
        let overload = FUNCTIONS.iter().flat_map(|function| function.overloads).find(|it| it.id == id);
        (overload.unwrap().call)(args)
    }

    fn ints(values: &[i64]) -> Value<'static> {
        Value::list(values.iter().copied().map(Value::Int).collect())
    }

    fn strings(values: &[&'static str]) -> Value<'static> {
        Value::list(values.iter().copied().map(Value::str).collect())
    }

    fn int(result: EvalResult<'_>) -> i64 {
        match result {
            Ok(Value::Int(value)) => value,
            other => panic!("{other:?}"),
        }
    }

    fn truth(result: EvalResult<'_>) -> bool {
        match result {
            Ok(Value::Bool(value)) => value,
            other => panic!("{other:?}"),
        }
    }

    fn failure(result: EvalResult<'_>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn extremes_and_sums() {
        assert_eq!(int(call("list_int_min_int", &[ints(&[2, 1, 2])])), 1);
        assert_eq!(int(call("list_int_max_int", &[ints(&[2, 1, 2])])), 2);
        assert_eq!(failure(call("list_int_min_int", &[ints(&[])])), "min called on empty list");
        assert_eq!(int(call("list_int_sum_int", &[ints(&[2, 1, 2])])), 5);
        assert_eq!(int(call("list_int_sum_int", &[ints(&[])])), 0);
        assert_eq!(failure(call("list_int_sum_int", &[ints(&[i64::MAX, 1])])), "integer overflow");
        let durations = Value::list(vec![Value::Duration(i64::MAX), Value::Duration(1)]);
        assert_eq!(failure(call("list_duration_sum_duration", &[durations])), "duration overflow");
    }

    #[test]
    fn elements_of_a_type_known_at_run_time_only() {
        let doubles = Value::list(vec![Value::Double(1.0), Value::Double(2.5)]);
        let sum = call("list_int_sum_int", &[doubles]).unwrap();
        assert!(matches!(sum, Value::Double(sum) if sum == 3.5));
        let mixed = Value::list(vec![Value::Int(1), Value::str("a")]);
        assert_eq!(failure(call("list_int_sum_int", std::slice::from_ref(&mixed))), "no such overload");
        assert!(truth(call("list_int_is_sorted_bool", &[mixed])));
        let nested = Value::list(vec![ints(&[1])]);
        assert_eq!(failure(call("list_int_max_int", &[nested])), "no such overload");
    }

    #[test]
    fn order() {
        assert!(truth(call("list_int_is_sorted_bool", &[ints(&[1, 2, 2])])));
        assert!(!truth(call("list_int_is_sorted_bool", &[ints(&[2, 1])])));
        assert!(truth(call("list_string_is_sorted_bool", &[strings(&[])])));
    }

    #[test]
    fn places() {
        let list = ints(&[1, 2, 2, 3]);
        assert_eq!(int(call("list_a_index_of_int", &[list.clone(), Value::Int(2)])), 1);
        assert_eq!(int(call("list_a_last_index_of_int", &[list.clone(), Value::Int(2)])), 2);
        assert_eq!(int(call("list_a_index_of_int", &[list.clone(), Value::Double(3.0)])), 3);
        assert_eq!(int(call("list_a_index_of_int", &[list, Value::str("2")])), -1);
    }

    #[test]
    fn costs() {
        let cost = |value: Value<'static>| (WALK.actual)(&[value], &Value::Null);
        assert_eq!(cost(ints(&[1, 2, 3, 4])), 4);
        assert_eq!(cost(ints(&[])), 0);
        // Bytes of UTF-8 and not code points, rounded down for each.
        assert_eq!(cost(strings(&["four", "nine byte"])), 0);
        assert_eq!(cost(strings(&["ten bytes!", "ééééé"])), 2);
        assert_eq!(cost(Value::list(vec![ints(&[1]), Value::Null, ints(&[2, 3])])), 4);
    }

    #[test]
    fn walks_end() {
        let mut value = Value::str("");
        for _ in 0..60 {
            value = Value::list(vec![value.clone(), value]);
        }
        assert_eq!((WALK.actual)(&[value], &Value::Null), u64::MAX);
    }

    #[test]
    fn every_type_with_an_order_has_its_version() {
        let ids: Vec<_> = function("min").unwrap().iter().map(|overload| overload.id).collect();
        assert_eq!(ids.len(), 8);
        assert!(ids.contains(&"list_duration_min_duration"));
    }
}
