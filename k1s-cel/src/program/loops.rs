//! The loops that macros make.
//!
//! A macro stands for a comprehension, whose parts cel-go evaluates and charges for one by one. Here each macro has its own loop, and
//! charges what the parts of its expansion would:
//!
//! | macro | before an element | an element, with what the user wrote in it | at the end |
//! | --- | --- | --- | --- |
//! | `all` | 2: the accumulator, the test for false | 1: the accumulator | 1 |
//! | `exists` | 3: the accumulator, its negation, the test | 1: the accumulator | 1 |
//! | `exists_one` | 0 | 2 if it holds: accumulator and addition | 2: accumulator and comparison |
//! | `map`, `filter`, `transformList` | 0 | 2 if it is taken: accumulator and addition; and 10 for a list of one | 1 |
//! | `transformMap` | 0 | 3 if it is taken: accumulator, key, insertion | 1 |
//! | `transformMapEntry` | 0 | 2 if it is taken: accumulator and insertion, beside the map of one | 1 |

use crate::syntax::ast::Macro;
use crate::value::{EvalError, EvalResult, Map, Value, ValueMap};

use super::eval::{LIST_COST, combine};
use super::frame::Frame;
use super::op::{Loop, Op};

impl Loop {
    pub(super) fn eval<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        let range = Range::of(self.range.eval(frame)?, self.two)?;
        match self.kind {
            Macro::All => self.quantify(&range, false, 2, frame),
            Macro::Exists => self.quantify(&range, true, 3, frame),
            Macro::ExistsOne => self.exists_one(&range, frame),
            Macro::List | Macro::Filter => self.collect(&range, frame),
            Macro::TransformMap | Macro::TransformMapEntry => self.collect_map(&range, frame),
            Macro::Bind => Err(EvalError::NoSuchOverload),
        }
    }

    /// Makes the loop's variables stand for an element while `body` runs.
    fn with_element<'a, T>(
        &'a self,
        range: &Range<'a>,
        index: usize,
        frame: &mut Frame<'a, '_>,
        body: impl FnOnce(&'a Self, &mut Frame<'a, '_>) -> T,
    ) -> T {
        let (first, second) = range.element(index, self.two);
        frame.push(first);
        if let Some(second) = second {
            frame.push(second);
        }
        let result = body(self, frame);
        frame.pop(if self.two { 2 } else { 1 });
        result
    }

    /// `all` (false decides) and `exists` (true decides).
    fn quantify<'a>(
        &'a self,
        range: &Range<'a>,
        decisive: bool,
        before: u64,
        frame: &mut Frame<'a, '_>,
    ) -> EvalResult<'a> {
        let mut so_far: EvalResult<'a> = Ok(Value::Bool(!decisive));
        for index in 0..range.len() {
            frame.charge(before)?;
            if matches!(so_far, Ok(Value::Bool(value)) if value == decisive) {
                break;
            }
            frame.charge(1)?;
            let holds = self.with_element(range, index, frame, Self::predicate);
            if let Err(error) = &holds
                && error.is_final()
            {
                return holds;
            }
            so_far = combine(so_far, holds, decisive);
        }
        frame.charge(1)?;
        so_far
    }

    fn predicate<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        self.predicate.as_ref().map_or(Ok(Value::Bool(true)), |predicate| predicate.eval(frame))
    }

    /// Whether an element is taken.
    fn takes<'a>(&'a self, frame: &mut Frame<'a, '_>) -> Result<bool, EvalError> {
        match self.predicate(frame)? {
            Value::Bool(taken) => Ok(taken),
            _ => Err(EvalError::NoSuchOverload),
        }
    }

    fn exists_one<'a>(&'a self, range: &Range<'a>, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        let mut count: Result<u64, EvalError> = Ok(0);
        for index in 0..range.len() {
            match self.with_element(range, index, frame, Self::takes) {
                Ok(true) => {
                    frame.charge(2)?;
                    count = count.map(|count| count + 1);
                }
                Ok(false) => {}
                Err(error) if error.is_final() => return Err(error),
                Err(error) => count = Err(error),
            }
        }
        frame.charge(2)?;
        count.map(|count| Value::Bool(count == 1))
    }

    fn collect<'a>(&'a self, range: &Range<'a>, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        let mut taken: Result<Vec<Value<'a>>, EvalError> = Ok(Vec::new());
        for index in 0..range.len() {
            let element = self.with_element(range, index, frame, |looped, frame| match looped.takes(frame) {
                Ok(true) => Some(Ok(looped.list_of_one(frame))),
                Ok(false) => None,
                Err(error) => Some(Err(error)),
            });
            match element {
                None => {}
                // A failing condition replaces what was collected, a failing element does so only if nothing failed before.
                Some(Err(error) | Ok(Err(error))) if error.is_final() => return Err(error),
                Some(Err(error)) => taken = Err(error),
                Some(Ok(element)) => {
                    frame.charge(1)?;
                    match (&mut taken, element) {
                        (Ok(taken), Ok(element)) => taken.push(element),
                        (Ok(_), Err(error)) => taken = Err(error),
                        (Err(_), _) => {}
                    }
                }
            }
        }
        frame.charge(1)?;
        taken.map(Value::list)
    }

    /// The element that is added, as if a list of it were made.
    fn list_of_one<'a>(&'a self, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        frame.charge(1)?;
        let Some(transform) = &self.transform else {
            // `filter` adds the element itself: the loop's variable.
            frame.charge(1 + LIST_COST)?;
            return frame.last_local();
        };
        if let Op::Constant(_) = transform {
            return transform.eval(frame);
        }
        let element = transform.eval(frame);
        if !matches!(&element, Err(error) if error.is_final()) {
            frame.charge(LIST_COST)?;
        }
        element
    }

    fn collect_map<'a>(&'a self, range: &Range<'a>, frame: &mut Frame<'a, '_>) -> EvalResult<'a> {
        let mut taken: Result<ValueMap<'a>, EvalError> = Ok(ValueMap::default());
        for index in 0..range.len() {
            let entries = self.with_element(range, index, frame, |looped, frame| match looped.takes(frame) {
                Ok(true) => Some(looped.entries(frame)),
                Ok(false) => None,
                Err(error) => Some(Err(error)),
            });
            match (entries, &mut taken) {
                (None, _) => {}
                (Some(Err(error)), _) if error.is_final() => return Err(error),
                (Some(Err(error)), _) => taken = Err(error),
                (Some(Ok(entries)), Ok(map)) => {
                    let added = entries.into_iter().try_for_each(|(key, value)| insert(map, key, value));
                    if let Err(error) = added {
                        taken = Err(error);
                    }
                }
                (Some(Ok(_)), Err(_)) => {}
            }
        }
        frame.charge(1)?;
        taken.map(|map| Value::Map(Map::Values(map.into())))
    }

    /// The entries that an element adds.
    fn entries<'a>(&'a self, frame: &mut Frame<'a, '_>) -> Result<Vec<(Value<'a>, Value<'a>)>, EvalError> {
        let Some(transform) = &self.transform else { return Err(EvalError::NoSuchOverload) };
        if self.kind == Macro::TransformMap {
            frame.charge(2)?;
            let key = frame.local_before_last();
            let value = transform.eval(frame);
            frame.charge(1)?;
            return Ok(vec![(key?, value?)]);
        }
        frame.charge(1)?;
        let entry = transform.eval(frame);
        frame.charge(1)?;
        match entry? {
            Value::Map(map) => {
                map.keys().into_iter().map(|key| map.get(&key).map(|value| (key, value))).collect()
            }
            _ => Err(EvalError::NoSuchOverload),
        }
    }
}

fn insert<'a>(map: &mut ValueMap<'a>, key: Value<'a>, value: Value<'a>) -> Result<(), EvalError> {
    if map.contains(&key) {
        return Err(EvalError::other(format!(
            "insert failed: key {} already exists",
            crate::value::key_text(&key)
        )));
    }
    map.insert(key, value)
}

/// What a loop walks: the elements of a list, or the keys of a map.
enum Range<'a> {
    List(crate::value::List<'a>),
    Map(Map<'a>, Vec<Value<'a>>),
}

impl<'a> Range<'a> {
    fn of(value: Value<'a>, _two: bool) -> Result<Self, EvalError> {
        match value {
            Value::List(list) => Ok(Range::List(list)),
            Value::Map(map) => {
                let keys = map.keys();
                Ok(Range::Map(map, keys))
            }
            _ => Err(EvalError::NoSuchOverload),
        }
    }

    fn len(&self) -> usize {
        match self {
            Range::List(list) => list.len(),
            Range::Map(_, keys) => keys.len(),
        }
    }

    /// The loop's variables for an element: the element or the key; with two variables the index or the key, and the value.
    fn element(&self, index: usize, two: bool) -> (EvalResult<'a>, Option<EvalResult<'a>>) {
        match self {
            Range::List(list) if two => {
                (Ok(Value::Int(i64::try_from(index).unwrap_or(i64::MAX))), Some(list.get(index)))
            }
            Range::List(list) => (list.get(index), None),
            Range::Map(map, keys) => {
                let key = keys.get(index).cloned().ok_or(EvalError::NoSuchOverload);
                let value = two.then(|| key.clone().and_then(|key| map.get(&key)));
                (key, value)
            }
        }
    }
}
