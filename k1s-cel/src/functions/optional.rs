//! Values that may be missing: cel-go's library of optional types, as Kubernetes has it (version 2).
//!
//! `or` and `orValue` evaluate their argument only if they need it: the evaluator knows `optional_or_optional` and
//! `optional_orValue_value` by their names, and what stands here is for both sides evaluated. So does it know `a.?b` and `a[?b]`,
//! for what they cost and for how they go on: a plain `.c` or `[c]` after them is an optional selection, too.

use crate::syntax::ast::operators;
use crate::value::{EvalError, EvalResult, List, Map, Moment, Value};

use super::cost::{Cost, CostRange};
use super::shorthand::{Call, overload};
use super::table::Style::{Global, Member};
use super::table::{Function, Overload, Style, Ty};

const OPTIONAL: Ty = Ty::Optional(&Ty::A);
const LIST: Ty = Ty::List(&Ty::A);
const MAP: Ty = Ty::Map(&Ty::B, &Ty::A);
const OPTIONALS: Ty = Ty::List(&OPTIONAL);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "optional.of",
        doc: "An optional with a value.",
        overloads: &[unit("optional_of", Global, &[Ty::A], OPTIONAL, of)],
    },
    Function {
        name: "optional.ofNonZeroValue",
        doc: "An optional with a value, or none if the value is the zero or empty value of its type.",
        overloads: &[unit("optional_ofNonZeroValue", Global, &[Ty::A], OPTIONAL, of_non_zero)],
    },
    Function {
        name: "optional.none",
        doc: "An optional without a value.",
        overloads: &[unit("optional_none", Global, &[], OPTIONAL, |_| Ok(Value::none()))],
    },
    Function {
        name: "hasValue",
        doc: "Whether an optional has a value.",
        overloads: &[unit("optional_hasValue", Member, &[OPTIONAL], Ty::Bool, |args| match args {
            [Value::Optional(value)] => Ok(Value::Bool(value.is_some())),
            _ => Err(EvalError::NoSuchOverload),
        })],
    },
    Function {
        name: "value",
        doc: "The value of an optional; none is an error.",
        overloads: &[unit("optional_value", Member, &[OPTIONAL], Ty::A, |args| match args {
            [Value::Optional(Some(value))] => Ok(Value::clone(value)),
            [Value::Optional(None)] => Err(EvalError::other("optional.none() dereference")),
            _ => Err(EvalError::NoSuchOverload),
        })],
    },
    Function {
        name: "or",
        doc: "An optional if it has a value, or else another optional.",
        overloads: &[Overload {
            cost: FREE,
            ..unit("optional_or_optional", Member, &[OPTIONAL, OPTIONAL], OPTIONAL, |args| match args {
                [value @ Value::Optional(Some(_)), _] | [Value::Optional(None), value] => Ok(value.clone()),
                _ => Err(EvalError::NoSuchOverload),
            })
        }],
    },
    Function {
        name: "orValue",
        doc: "The value of an optional if it has one, or else another value.",
        overloads: &[Overload {
            cost: FREE,
            ..unit("optional_orValue_value", Member, &[OPTIONAL, Ty::A], Ty::A, |args| match args {
                [Value::Optional(Some(value)), _] => Ok(Value::clone(value)),
                [Value::Optional(None), value] => Ok(value.clone()),
                _ => Err(EvalError::NoSuchOverload),
            })
        }],
    },
    Function {
        name: "first",
        doc: "The first element of a list, if there is one.",
        overloads: &[unit("list_first", Member, &[LIST], OPTIONAL, |args| match args {
            [Value::List(list)] => element(list, Some(0)),
            _ => Err(EvalError::NoSuchOverload),
        })],
    },
    Function {
        name: "last",
        doc: "The last element of a list, if there is one.",
        overloads: &[unit("list_last", Member, &[LIST], OPTIONAL, |args| match args {
            [Value::List(list)] => element(list, list.len().checked_sub(1)),
            _ => Err(EvalError::NoSuchOverload),
        })],
    },
    Function {
        name: "optional.unwrap",
        doc: "The values of a list of optionals, without those that have none.",
        overloads: &[unit("optional_unwrap", Global, &[OPTIONALS], LIST, unwrap_all)],
    },
    Function {
        name: "unwrapOpt",
        doc: "The values of a list of optionals, without those that have none.",
        overloads: &[unit("optional_unwrapOpt", Member, &[OPTIONALS], LIST, unwrap_all)],
    },
    Function {
        name: operators::OPT_SELECT,
        doc: "A field, if there is one.",
        overloads: &[qualifier("select_optional_field", &[Ty::Dyn, Ty::String])],
    },
    Function {
        name: operators::OPT_INDEX,
        doc: "An element of a list or the value of a key, if there is one.",
        overloads: &[
            qualifier("list_optindex_optional_int", &[LIST, Ty::Int]),
            qualifier("optional_list_optindex_optional_int", &[Ty::Optional(&LIST), Ty::Int]),
            qualifier("map_optindex_optional_value", &[MAP, Ty::B]),
            qualifier("optional_map_optindex_optional_value", &[Ty::Optional(&MAP), Ty::B]),
        ],
    },
    Function {
        name: operators::INDEX,
        doc: "An element of an optional list or the value of a key of an optional map, if there is one.",
        overloads: &[
            qualifier("optional_list_index_int", &[Ty::Optional(&LIST), Ty::Int]),
            qualifier("optional_map_index_value", &[Ty::Optional(&MAP), Ty::B]),
        ],
    },
];

const fn unit(id: &'static str, style: Style, params: &'static [Ty], result: Ty, call: Call) -> Overload {
    overload(id, style, params, result, call, Cost::ONE)
}

const fn qualifier(id: &'static str, params: &'static [Ty]) -> Overload {
    Overload {
        id,
        style: Global,
        params,
        result: OPTIONAL,
        call: |args| match args {
            [operand, key] => find(operand, key),
            _ => Err(EvalError::NoSuchOverload),
        },
        cost: IF_PRESENT,
        pattern: None,
    }
}

/// What is evaluated lazily costs nothing itself; the estimate has it as a call all the same.
const FREE: Cost = Cost { actual: |_, _| 0, estimate: |_| CostRange::ONE.into() };

/// One, if what was looked for is there.
const IF_PRESENT: Cost = Cost {
    actual: |_, result| u64::from(matches!(result, Value::Optional(Some(_)))),
    estimate: |_| CostRange::ONE.into(),
};

/// `operand.?field`, and `operand.field` of an optional operand: an optional with the field's value, or none.
///
/// # Errors
///
/// When the field's value contradicts its schema, or the operand is a list.
pub(crate) fn select<'a>(operand: &Value<'a>, field: &str) -> EvalResult<'a> {
    let Some(operand) = unwrapped(operand) else { return Ok(Value::none()) };
    match operand {
        Value::Map(map) => map.find_name(field).map(optional),
        Value::List(_) => Err(EvalError::other("unsupported index type 'string' in list")),
        _ => Ok(Value::none()),
    }
}

/// `operand[?key]`, and `operand[key]` of an optional operand: an optional with the element or value, or none.
///
/// # Errors
///
/// When the element or value contradicts its schema, or the operand is a list and the key no index.
pub(crate) fn find<'a>(operand: &Value<'a>, key: &Value<'a>) -> EvalResult<'a> {
    let Some(operand) = unwrapped(operand) else { return Ok(Value::none()) };
    match operand {
        Value::Map(map) => map.find(key).map(optional),
        Value::List(list) => element(list, index(key)?),
        _ => Ok(Value::none()),
    }
}

/// An optional that a selection starts from, as cel-go sees what is in it: data without its schema. Fields then have the names of the
/// JSON, without escapes, null is a value, and dates are text. What a selection yields on its way is not looked at like this, only
/// what it starts from: a variable, or the result of a call.
pub(crate) fn schemaless<'a>(operand: Value<'a>) -> Value<'a> {
    let Value::Optional(Some(value)) = &operand else { return operand };
    match **value {
        Value::Map(Map::Json { entries: fields, .. } | Map::Object { fields, .. }) => {
            Value::some(Value::Map(Map::Plain(fields)))
        }
        Value::List(List::Json { items, .. }) => Value::some(Value::List(List::Plain(items))),
        _ => operand,
    }
}

/// What a selection selects from: none for an optional that has no value.
fn unwrapped<'v, 'a>(operand: &'v Value<'a>) -> Option<&'v Value<'a>> {
    match operand {
        Value::Optional(value) => value.as_deref(),
        plain => Some(plain),
    }
}

fn optional(value: Option<Value<'_>>) -> Value<'_> {
    value.map_or(Value::none(), Value::some)
}

fn element<'a>(list: &List<'a>, index: Option<usize>) -> EvalResult<'a> {
    match index {
        Some(index) if index < list.len() => list.get(index).map(Value::some),
        _ => Ok(Value::none()),
    }
}

/// The place in a list that a key means; none if no list has such a place.
fn index(key: &Value<'_>) -> Result<Option<usize>, EvalError> {
    match key {
        Value::Int(index) => Ok(usize::try_from(*index).ok()),
        Value::Uint(index) if i64::try_from(*index).is_ok() => Ok(usize::try_from(*index).ok()),
        Value::Double(number) => match crate::value::Key::of(key) {
            Some(crate::value::Key::Number(index)) if i64::try_from(index).is_ok() => {
                Ok(usize::try_from(index).ok())
            }
            _ => Err(unsupported(&crate::gofmt::double(*number))),
        },
        Value::Uint(index) => Err(unsupported(&index.to_string())),
        other => Err(EvalError::other(format!("unsupported index type '{}' in list", other.type_name()))),
    }
}

fn unsupported(index: &str) -> EvalError {
    EvalError::other(format!("unsupported index value {index} in list"))
}

fn of<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [value] => Ok(Value::some(value.clone())),
        _ => Err(EvalError::NoSuchOverload),
    }
}

fn of_non_zero<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [value] if is_zero(value) => Ok(Value::none()),
        _ => of(args),
    }
}

/// Whether a value is the zero or empty value of its type. Lists and objects of the data are never: kube-apiserver's own types of
/// values do not take part in this.
fn is_zero(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Int(value) => *value == 0,
        Value::Uint(value) => *value == 0,
        Value::Double(value) => *value == 0.0,
        Value::String(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::Timestamp(moment) => *moment == Moment::MIN,
        Value::Duration(length) => *length == 0,
        Value::List(List::Json { .. } | List::Typed(..)) => false,
        Value::List(list) => list.is_empty(),
        Value::Map(Map::Json { .. } | Map::Object { .. }) => false,
        Value::Map(map) => map.is_empty(),
        Value::Type(_) | Value::Optional(_) | Value::Opaque(_) => false,
    }
}

fn unwrap_all<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let [Value::List(list)] = args else { return Err(EvalError::NoSuchOverload) };
    let mut values = Vec::new();
    for element in list.iter() {
        match element? {
            Value::Optional(value) => values.extend(value.as_deref().cloned()),
            other => return Err(EvalError::other(format!("value {} is not optional", other.type_name()))),
        }
    }
    Ok(Value::list(values))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::Key;

    fn call<'a>(id: &str, args: &[Value<'a>]) -> EvalResult<'a> {
        (overload_of(id).call)(args)
    }

    fn overload_of(id: &str) -> &'static Overload {
        FUNCTIONS.iter().flat_map(|function| function.overloads).find(|overload| overload.id == id).unwrap()
    }

    fn is_none(result: EvalResult<'_>) -> bool {
        result.is_ok_and(|value| matches!(value, Value::Optional(None)))
    }

    fn key<'a>(result: EvalResult<'a>) -> Option<Key<'a>> {
        match result {
            Ok(Value::Optional(value)) => Key::of(value.as_deref()?),
            Ok(value) => Key::of(&value),
            Err(_) => None,
        }
    }

    #[test]
    fn values_and_alternatives() {
        let one = || Value::some(Value::Int(1));
        assert_eq!(key(call("optional_value", &[one()])), Some(Key::Number(1)));
        let missing = call("optional_value", &[Value::none()]).unwrap_err();
        assert_eq!(missing.to_string(), "optional.none() dereference");
        assert_eq!(key(call("optional_hasValue", &[one()])), Some(Key::Bool(true)));
        assert_eq!(key(call("optional_or_optional", &[one(), Value::none()])), Some(Key::Number(1)));
        assert_eq!(key(call("optional_or_optional", &[Value::none(), one()])), Some(Key::Number(1)));
        assert_eq!(
            key(call("optional_orValue_value", &[Value::none(), Value::Int(2)])),
            Some(Key::Number(2))
        );
        assert!(call("optional_orValue_value", &[Value::Int(1), Value::Int(2)]).is_err());
    }

    #[test]
    fn selections() {
        let json = json!({"a": {"b": "text"}, "l": [7], "n": 1});
        let root = Value::from_json(&json);
        let a = select(&root, "a").unwrap();
        assert_eq!(key(select(&a, "b")), key(Ok(Value::str("text"))));
        assert!(is_none(select(&a, "c")));
        assert!(is_none(select(&Value::none(), "c")));
        assert!(is_none(select(&select(&root, "n").unwrap(), "c")));
        let list = select(&root, "l").unwrap();
        assert_eq!(key(find(&list, &Value::Int(0))), Some(Key::Number(7)));
        assert_eq!(key(find(&list, &Value::Double(0.0))), Some(Key::Number(7)));
        assert!(is_none(find(&list, &Value::Int(1))));
        assert!(is_none(find(&list, &Value::Int(-1))));
        assert_eq!(
            find(&list, &Value::str("0")).unwrap_err().to_string(),
            "unsupported index type 'string' in list"
        );
    }

    #[test]
    fn selections_start_from_data_without_its_schema() {
        let schema = json!({"type": "object", "properties": {"a-b": {"type": "number"}}});
        let schema = crate::schema::Schema::from_json(&schema, false).unwrap();
        let json = json!({"a-b": 1});
        let typed = Value::some(Value::typed(&json, &schema).unwrap());
        assert!(
            matches!(select(&typed, "a__dash__b"), Ok(Value::Optional(Some(value))) if matches!(*value, Value::Double(_)))
        );
        let plain = schemaless(typed);
        assert!(is_none(select(&plain, "a__dash__b")));
        assert_eq!(key(find(&plain, &Value::str("a-b"))), Some(Key::Number(1)));
    }

    #[test]
    fn selections_cost_if_there_is_something() {
        let cost = |result: &Value<'_>| (overload_of("select_optional_field").cost.actual)(&[], result);
        assert_eq!(cost(&Value::some(Value::Null)), 1);
        assert_eq!(cost(&Value::none()), 0);
        let cost = overload_of("optional_or_optional").cost.actual;
        assert_eq!(cost(&[Value::none(), Value::none()], &Value::none()), 0);
    }

    #[test]
    fn zero_values() {
        let empty = json!({});
        let zeros = [
            Value::Null,
            Value::Double(-0.0),
            Value::str(""),
            Value::Timestamp(Moment::MIN),
            Value::list(vec![]),
            Value::from_json(&empty),
        ];
        assert!(zeros.into_iter().all(|zero| is_none(call("optional_ofNonZeroValue", &[zero]))));
        let others = [Value::Timestamp(Moment::EPOCH), Value::none(), Value::str(" ")];
        assert!(others.into_iter().all(|other| !is_none(call("optional_ofNonZeroValue", &[other]))));
    }

    #[test]
    fn lists_of_optionals() {
        let list = Value::list(vec![Value::none(), Value::some(Value::Int(3))]);
        let Ok(Value::List(values)) = call("optional_unwrapOpt", &[list]) else { panic!("a list") };
        assert_eq!(values.len(), 1);
        assert_eq!(key(call("list_last", &[Value::List(values)])), Some(Key::Number(3)));
        assert!(is_none(call("list_first", &[Value::list(vec![])])));
    }
}
