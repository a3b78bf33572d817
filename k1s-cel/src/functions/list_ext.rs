//! cel-go's functions that make lists of lists: parts, orders, ranges. What they cost stands in `list_costs`.

use std::cmp::Ordering;

use crate::value::{EvalError, EvalResult, List, Value};

use super::list_costs::{DISTINCT, FLATTEN, RANGE, REVERSE, SLICE, sort_by_keys_cost, sort_cost};
use super::lists::{has_order, ordered};
use super::sets::Members;
use super::shorthand::overload;
use super::table::Style::{Global, Member};
use super::table::{Function, Ty};

/// The longest list that `lists.range` makes, and the most elements that `flatten` looks at. The former is cel-go's limit, if not
/// yet that of the version in kube-apiserver 1.36; a rule that comes close to it is beyond its budget anyway.
const MAX_ELEMENTS: usize = 10_000_000;

macro_rules! sort {
    ($name:literal, $full:literal, $ty:expr) => {
        overload(
            concat!("list_", $full, "_sort"),
            Member,
            &[Ty::List(&$ty)],
            Ty::List(&$ty),
            |args| match args {
                [Value::List(list)] => sort(list, list),
                _ => Err(EvalError::NoSuchOverload),
            },
            sort_cost($ty),
        )
    };
}

macro_rules! sort_by_keys {
    ($name:literal, $full:literal, $ty:expr) => {
        overload(
            concat!("list_", $full, "_sortByAssociatedKeys"),
            Member,
            &[LIST, Ty::List(&$ty)],
            LIST,
            |args| match args {
                [Value::List(list), Value::List(keys)] => sort(list, keys),
                _ => Err(EvalError::NoSuchOverload),
            },
            sort_by_keys_cost($ty),
        )
    };
}

const LIST: Ty = Ty::List(&Ty::A);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "slice",
        doc: "The elements of a list from one index up to another, without the latter.",
        overloads: &[overload("list_slice", Member, &[LIST, Ty::Int, Ty::Int], LIST, slice, SLICE)],
    },
    Function {
        name: "flatten",
        doc: "A list with the elements of the lists in it in their place, down to a depth of 1 or as given.",
        overloads: &[
            overload("list_flatten", Member, &[Ty::List(&LIST)], LIST, flatten, FLATTEN),
            overload(
                "list_flatten_int",
                Member,
                &[Ty::List(&Ty::Dyn), Ty::Int],
                Ty::List(&Ty::Dyn),
                flatten,
                FLATTEN,
            ),
        ],
    },
    Function { name: "sort", doc: "The elements of a list in ascending order.", overloads: ordered!(sort) },
    Function {
        name: "@sortByAssociatedKeys",
        doc: "The elements of a list in the ascending order of a list of keys: what `sortBy` is made of.",
        overloads: ordered!(sort_by_keys),
    },
    Function {
        name: "lists.range",
        doc: "The integers from 0 up to a number, without the latter.",
        overloads: &[overload("lists_range", Global, &[Ty::Int], Ty::List(&Ty::Int), range, RANGE)],
    },
    Function {
        name: "reverse",
        doc: "The elements of a list from last to first.",
        overloads: &[overload("list_reverse", Member, &[LIST], LIST, reverse, REVERSE)],
    },
    Function {
        name: "distinct",
        doc: "The elements of a list without those that equal an earlier one.",
        overloads: &[overload("list_distinct", Member, &[LIST], LIST, distinct, DISTINCT)],
    },
];

fn slice<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let [Value::List(list), Value::Int(start), Value::Int(end)] = args else {
        return Err(EvalError::NoSuchOverload);
    };
    let refuse = |why: String| Err(EvalError::other(format!("cannot slice({start}, {end}), {why}")));
    let (Ok(from), Ok(to)) = (usize::try_from(*start), usize::try_from(*end)) else {
        return refuse("negative indexes not supported".into());
    };
    if from > to {
        return refuse("start index must be less than or equal to end index".into());
    }
    if to > list.len() {
        return refuse(format!("list is length {}", list.len()));
    }
    (from..to).map(|index| list.get(index)).collect::<Result<_, _>>().map(Value::list)
}

fn flatten<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let (list, depth) = match args {
        [Value::List(list)] => (list, 1),
        [Value::List(list), Value::Int(depth)] => match u64::try_from(*depth) {
            Ok(depth) => (list, depth),
            Err(_) => return Err(EvalError::other("level must be non-negative")),
        },
        _ => return Err(EvalError::NoSuchOverload),
    };
    let mut flat = Vec::new();
    // The lists that are being walked, outermost first, and where in them.
    let mut open = vec![(list.clone(), 0)];
    let mut looked_at = 0;
    while let Some((list, next)) = open.last_mut() {
        if *next == list.len() {
            open.pop();
            continue;
        }
        let element = list.get(*next)?;
        *next += 1;
        looked_at += 1;
        if looked_at > MAX_ELEMENTS {
            return Err(EvalError::TooLarge);
        }
        match element {
            Value::List(inner) if open.len() as u64 <= depth => open.push((inner, 0)),
            element => flat.push(element),
        }
    }
    Ok(Value::list(flat))
}

/// The elements of `list` in the order of `keys`. Elements with equal keys keep theirs; in cel-go they do so in lists of up to
/// twelve elements, and beyond have no particular one. NaN comes last.
fn sort<'a>(list: &List<'a>, keys: &List<'a>) -> EvalResult<'a> {
    if list.len() != keys.len() {
        return Err(EvalError::other(format!(
            "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got {} and {} \
             elements respectively",
            list.len(),
            keys.len()
        )));
    }
    let mut keyed = Vec::with_capacity(keys.len());
    for (key, element) in keys.iter().zip(list.iter()) {
        keyed.push((key?, element?));
    }
    let Some((first, _)) = keyed.first() else { return Ok(Value::List(list.clone())) };
    if !has_order(first) {
        return Err(EvalError::other("list elements must be comparable"));
    }
    let kind = std::mem::discriminant(first);
    if keyed.iter().any(|(key, _)| std::mem::discriminant(key) != kind) {
        return Err(EvalError::other("list elements must have the same type"));
    }
    keyed.sort_by(|(a, _), (b, _)| order(a, b));
    Ok(Value::list(keyed.into_iter().map(|(_, element)| element).collect()))
}

/// A total order of values of one type.
fn order(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    let is_nan = |value: &Value<'_>| matches!(value, Value::Double(value) if value.is_nan());
    a.compare(b).unwrap_or_else(|| is_nan(a).cmp(&is_nan(b)))
}

fn range<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let [Value::Int(end)] = args else { return Err(EvalError::NoSuchOverload) };
    if usize::try_from(*end).is_ok_and(|end| end > MAX_ELEMENTS) {
        return Err(EvalError::other(format!(
            "lists.range: size {end} exceeds maximum allowed ({MAX_ELEMENTS})"
        )));
    }
    Ok(Value::list((0..*end).map(Value::Int).collect()))
}

fn reverse<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let [Value::List(list)] = args else { return Err(EvalError::NoSuchOverload) };
    (0..list.len()).rev().map(|index| list.get(index)).collect::<Result<_, _>>().map(Value::list)
}

fn distinct<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let [Value::List(list)] = args else { return Err(EvalError::NoSuchOverload) };
    let mut members = Members::default();
    let mut kept = Vec::new();
    for element in list.iter() {
        let element = element?;
        if !members.contains(&element)? {
            members.insert(element.clone());
            kept.push(element);
        }
    }
    Ok(Value::list(kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::function;

    fn call<'a>(name: &str, args: &[Value<'a>]) -> EvalResult<'a> {
        (function(name).unwrap()[0].call)(args)
    }

    /// What a call costs beyond its arguments; failures yield no value.
    fn cost(name: &str, args: &[Value<'_>]) -> u64 {
        let overload = function(name).unwrap().iter().find(|overload| overload.params.len() == args.len());
        (overload.unwrap().cost.actual)(args, &call(name, args).unwrap_or(Value::Null))
    }

    fn ints(values: &[i64]) -> Value<'static> {
        Value::list(values.iter().copied().map(Value::Int).collect())
    }

    fn strings(values: &[&'static str]) -> Value<'static> {
        Value::list(values.iter().copied().map(Value::str).collect())
    }

    fn lists(values: &[&[i64]]) -> Value<'static> {
        Value::list(values.iter().map(|values| ints(values)).collect())
    }

    fn assert_same(result: EvalResult<'_>, expected: &Value<'static>) {
        let result = result.unwrap();
        assert!(result.equals(expected).unwrap(), "{result:?} is not {expected:?}");
    }

    fn failure(result: EvalResult<'_>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn slices() {
        let slice = |start, end| call("slice", &[ints(&[1, 2, 3, 4]), Value::Int(start), Value::Int(end)]);
        assert_same(slice(1, 3), &ints(&[2, 3]));
        assert_same(slice(4, 4), &ints(&[]));
        assert_eq!(failure(slice(-5, 10)), "cannot slice(-5, 10), negative indexes not supported");
        assert_eq!(
            failure(slice(3, 0)),
            "cannot slice(3, 0), start index must be less than or equal to end index"
        );
        assert_eq!(failure(slice(0, 10)), "cannot slice(0, 10), list is length 4");
        assert_eq!(cost("slice", &[ints(&[1, 2, 3, 4]), Value::Int(1), Value::Int(3)]), 13);
        assert_eq!(cost("slice", &[ints(&[1, 2, 3, 4]), Value::Int(3), Value::Int(0)]), 12);
    }

    #[test]
    fn flat_lists() {
        assert_same(call("flatten", &[lists(&[&[1], &[], &[2, 3]])]), &ints(&[1, 2, 3]));
        assert_same(call("flatten", &[ints(&[1, 2])]), &ints(&[1, 2]));
        let deep = Value::list(vec![Value::Int(0), lists(&[&[1], &[2]])]);
        assert_same(call("flatten", &[deep.clone(), Value::Int(2)]), &ints(&[0, 1, 2]));
        assert_same(call("flatten", &[deep.clone(), Value::Int(0)]), &deep);
        assert_eq!(failure(call("flatten", &[deep, Value::Int(-1)])), "level must be non-negative");
        assert_eq!(cost("flatten", &[lists(&[&[1], &[2], &[3, 4]])]), 14);
        assert_eq!(cost("flatten", &[lists(&[&[1], &[2], &[3, 4]]), Value::Int(-1)]), 8);
        let mut shared = Value::list(vec![]);
        for _ in 0..40 {
            shared = Value::list(vec![shared.clone(), shared]);
        }
        assert!(call("flatten", &[shared, Value::Int(100)]).is_err_and(|error| error.is_final()));
    }

    #[test]
    fn sorted_lists() {
        assert_same(call("sort", &[strings(&["d", "a", "c"])]), &strings(&["a", "c", "d"]));
        assert_same(call("sort", &[ints(&[])]), &ints(&[]));
        let mixed = Value::list(vec![Value::Int(1), Value::str("a")]);
        assert_eq!(failure(call("sort", &[mixed])), "list elements must have the same type");
        assert_eq!(failure(call("sort", &[lists(&[&[1]])])), "list elements must be comparable");
        let by = call("@sortByAssociatedKeys", &[strings(&["a", "b", "c"]), ints(&[2, 1, 2])]);
        assert_same(by, &strings(&["b", "a", "c"]));
        let doubles: Vec<_> =
            (0..50).map(|n| Value::Double(if n % 3 == 0 { f64::NAN } else { 0.5 })).collect();
        assert!(call("sort", &[Value::list(doubles)]).is_ok());
        assert_eq!(cost("sort", &[ints(&[4, 3, 2, 1])]), 43);
        assert_eq!(cost("sort", &[strings(&["d", "a", "b", "c"])]), 44);
        assert_eq!(cost("sort", &[ints(&[])]), 11);
        assert_eq!(cost("@sortByAssociatedKeys", &[strings(&["a", "b", "c"]), ints(&[2, 1, 2])]), 29);
    }

    #[test]
    fn ranges() {
        assert_same(call("lists.range", &[Value::Int(3)]), &ints(&[0, 1, 2]));
        assert_same(call("lists.range", &[Value::Int(-3)]), &ints(&[]));
        assert_eq!(
            failure(call("lists.range", &[Value::Int(i64::MAX)])),
            "lists.range: size 9223372036854775807 exceeds maximum allowed (10000000)"
        );
        assert_eq!(cost("lists.range", &[Value::Int(4)]), 15);
    }

    #[test]
    fn reversed_and_distinct_lists() {
        assert_same(call("reverse", &[ints(&[5, 1, 2])]), &ints(&[2, 1, 5]));
        assert_eq!(cost("reverse", &[ints(&[5, 1, 2, 3])]), 15);
        assert_same(call("distinct", &[lists(&[&[1], &[1], &[2]])]), &lists(&[&[1], &[2]]));
        let numbers =
            Value::list(vec![Value::Double(0.5), Value::Int(1), Value::Double(1.0), Value::Double(0.5)]);
        let kept = Value::list(vec![Value::Double(0.5), Value::Int(1)]);
        assert_same(call("distinct", &[numbers]), &kept);
        assert_eq!(cost("distinct", &[ints(&[-2, 5, -2, 1, 1, 5, -2, 1])]), 139);
        assert_eq!(cost("distinct", &[strings(&["c", "a", "a", "b", "a", "b", "c", "c"])]), 145);
    }
}
