//! cel-go's functions that take lists for sets.

use std::collections::HashSet;

use crate::limits;
use crate::value::{EvalError, EvalResult, Key, List, Value};

use super::cost::{Cost, CostRange};
use super::table::Style::Global;
use super::table::{Function, Overload, Ty};

/// How often values may be compared that cannot be hashed: as often costs more than a rule may spend in kube-apiserver.
const MAX_COMPARISONS: u64 = limits::PER_CALL_COST;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "sets.contains",
        doc: "Whether every element of the second list equals one of the first.",
        overloads: &[of_two("sets_contains_list_list", |args| of_lists(args, contains), ONE_WAY)],
    },
    Function {
        name: "sets.equivalent",
        doc: "Whether every element of either list equals one of the other.",
        overloads: &[of_two("sets_equivalent_list_list", |args| of_lists(args, equivalent), BOTH_WAYS)],
    },
    Function {
        name: "sets.intersects",
        doc: "Whether an element of the first list equals one of the second.",
        overloads: &[of_two("sets_intersects_list_list", |args| of_lists(args, intersects), ONE_WAY)],
    },
];

const fn of_two(id: &'static str, call: for<'a> fn(&[Value<'a>]) -> EvalResult<'a>, cost: Cost) -> Overload {
    Overload {
        id,
        style: Global,
        params: &[Ty::List(&Ty::A), Ty::List(&Ty::A)],
        result: Ty::Bool,
        call,
        cost,
        pattern: None,
    }
}

/// Each element against each, and one for the call.
const ONE_WAY: Cost = Cost {
    actual: |args, _| pairs(args).saturating_add(1),
    estimate: |operands| {
        let pairs = operands.size(0).multiply(operands.size(1));
        pairs.cost(1.0).add(CostRange::ONE).into()
    },
};

const BOTH_WAYS: Cost = Cost {
    actual: |args, _| pairs(args).saturating_mul(2).saturating_add(1),
    estimate: |operands| {
        let pairs = operands.size(0).multiply(operands.size(1));
        pairs.cost(2.0).add(CostRange::ONE).into()
    },
};

fn pairs(args: &[Value<'_>]) -> u64 {
    args.iter().map(Value::cost_size).fold(1, u64::saturating_mul)
}

fn of_lists<'a>(
    args: &[Value<'a>],
    relation: fn(&List<'a>, &List<'a>) -> Result<bool, EvalError>,
) -> EvalResult<'a> {
    match args {
        [Value::List(a), Value::List(b)] => relation(a, b).map(Value::Bool),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// An element of `list` that cannot be read is a failure only if what is looked for is not elsewhere.
fn contains<'a>(list: &List<'a>, part: &List<'a>) -> Result<bool, EvalError> {
    let (mut members, unreadable) = Members::of(list);
    for element in part.iter() {
        if !members.contains(&element?)? {
            return unreadable.map_or(Ok(false), Err);
        }
    }
    Ok(true)
}

fn equivalent<'a>(a: &List<'a>, b: &List<'a>) -> Result<bool, EvalError> {
    Ok(contains(a, b)? && contains(b, a)?)
}

/// Elements that cannot be read are passed over.
fn intersects<'a>(a: &List<'a>, b: &List<'a>) -> Result<bool, EvalError> {
    let (mut members, _) = Members::of(b);
    for element in a.iter().flatten() {
        if members.contains(&element)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Values to look others up in: hashed where possible, compared one by one where not.
#[derive(Default)]
pub(super) struct Members<'a> {
    keys: HashSet<Key<'a>>,
    /// What is no key: lists, maps, doubles with a fraction, and so on.
    others: Vec<Value<'a>>,
    comparisons: u64,
}

impl<'a> Members<'a> {
    /// The elements of a list, and the first failure to read one.
    fn of(list: &List<'a>) -> (Self, Option<EvalError>) {
        let mut members = Self::default();
        let mut unreadable = None;
        for element in list.iter() {
            match element {
                Ok(element) => members.insert(element),
                Err(error) => unreadable = unreadable.or(Some(error)),
            }
        }
        (members, unreadable)
    }

    pub(super) fn insert(&mut self, value: Value<'a>) {
        match Key::of(&value) {
            Some(key) => drop(self.keys.insert(key)),
            None => self.others.push(value),
        }
    }

    /// Whether there is an equal value. Values that cannot be compared are not equal.
    ///
    /// # Errors
    ///
    /// When that takes more comparisons than a rule may spend.
    pub(super) fn contains(&mut self, value: &Value<'a>) -> Result<bool, EvalError> {
        if let Some(key) = Key::of(value) {
            return Ok(self.keys.contains(&key));
        }
        for other in &self.others {
            self.comparisons += 1;
            if self.comparisons > MAX_COMPARISONS {
                return Err(EvalError::CostLimit);
            }
            if value.equals(other).unwrap_or(false) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::function;

    fn list(values: &[Value<'static>]) -> Value<'static> {
        Value::list(values.to_vec())
    }

    fn holds(name: &str, a: &[Value<'static>], b: &[Value<'static>]) -> bool {
        match (function(name).unwrap()[0].call)(&[list(a), list(b)]) {
            Ok(Value::Bool(holds)) => holds,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn relations() {
        let numbers = [Value::Int(1), Value::Double(2.0), Value::Double(2.5)];
        assert!(holds("sets.contains", &numbers, &[Value::Uint(2), Value::Double(2.5)]));
        assert!(!holds("sets.contains", &numbers, &[Value::str("1")]));
        assert!(holds("sets.contains", &[], &[]));
        assert!(holds("sets.equivalent", &numbers[..1], &[Value::Int(1), Value::Double(1.0)]));
        assert!(!holds("sets.equivalent", &numbers, &numbers[..2]));
        assert!(holds("sets.intersects", &[list(&numbers)], &[Value::Null, list(&numbers)]));
        assert!(!holds("sets.intersects", &numbers, &[]));
    }

    #[test]
    fn costs() {
        let cost = |name: &str, a, b| {
            let ints = |count| Value::list(vec![Value::Int(7); count]);
            (function(name).unwrap()[0].cost.actual)(&[ints(a), ints(b)], &Value::Bool(true))
        };
        assert_eq!(cost("sets.contains", 1000, 1), 1001);
        assert_eq!(cost("sets.intersects", 3, 1), 4);
        assert_eq!(cost("sets.equivalent", 1000, 3), 6001);
        assert_eq!(cost("sets.equivalent", 0, 3), 1);
    }

    #[test]
    fn too_many_comparisons_end() {
        let values: Vec<_> = (0..2000).map(|n| Value::Double(f64::from(n) + 0.5)).collect();
        let others: Vec<_> = (0..2000).map(|n| Value::Double(f64::from(n) + 0.25)).collect();
        let result = (function("sets.intersects").unwrap()[0].call)(&[list(&values), list(&others)]);
        assert_eq!(result.unwrap_err(), EvalError::CostLimit);
    }
}
