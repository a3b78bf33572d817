//! Applying a template to a value.

use std::borrow::Cow;

use serde_json::Value;

use super::compare::holds;
use super::parse::{Node, Slice};
use super::text::go_text;
use super::{Error, Template};

type Values<'v> = Vec<Cow<'v, Value>>;

/// One application of a template.
pub(super) struct Run<'t> {
    nodes: &'t [Node],
    allow_missing: bool,
    /// A `range` was met whose loop has not begun.
    begins: bool,
    /// How many loops surround the node at hand.
    ranges: usize,
    /// An `end` was met.
    ends: bool,
    last_end: Option<usize>,
    budget: usize,
}

fn fail<T>(message: String) -> Result<T, Error> {
    Err(Error::Evaluate(message))
}

impl<'t> Run<'t> {
    pub(super) fn new(nodes: &'t [Node], allow_missing: bool) -> Self {
        let budget = Template::MAX_VALUES;
        Self { nodes, allow_missing, begins: false, ranges: 0, ends: false, last_end: None, budget }
    }

    /// What each node selects.
    pub(super) fn find<'v>(mut self, value: &'v Value) -> Result<Vec<Values<'v>>, Error> {
        self.block(0, &Cow::Borrowed(value))
    }

    /// Applies the nodes from `start` up to the `end` of the loop that they stand in.
    fn block<'v>(&mut self, start: usize, value: &Cow<'v, Value>) -> Result<Vec<Values<'v>>, Error> {
        if self.ranges > Template::MAX_DEPTH {
            return Err(Error::TooDeep);
        }
        let nodes = self.nodes;
        let mut groups = Vec::new();
        let mut at = start;
        while let Some(node) = nodes.get(at) {
            let found = self.walk(vec![value.clone()], node)?;
            if std::mem::take(&mut self.ends) {
                self.last_end = Some(at);
                break;
            }
            if std::mem::take(&mut self.begins) {
                self.ranges += 1;
                if found.is_empty() {
                    // Nothing to loop over, but the loop's end has to be found.
                    self.block(at + 1, &Cow::Owned(Value::Null))?;
                }
                for item in found {
                    groups.extend(self.block(at + 1, &item)?);
                }
                self.ranges -= 1;
                at = self.last_end.filter(|end| *end > at).unwrap_or(at);
            } else {
                groups.push(found);
            }
            at += 1;
        }
        Ok(groups)
    }

    fn spend(&mut self, values: usize) -> Result<(), Error> {
        self.budget = self.budget.checked_sub(values).ok_or(Error::TooMany)?;
        Ok(())
    }

    fn list<'v>(&mut self, input: Values<'v>, nodes: &[Node]) -> Result<Values<'v>, Error> {
        nodes.iter().try_fold(input, |values, node| self.walk(values, node))
    }

    fn walk<'v>(&mut self, input: Values<'v>, node: &Node) -> Result<Values<'v>, Error> {
        self.spend(input.len().max(1))?;
        let constant = |value: Value| input.iter().map(|_| Cow::Owned(value.clone())).collect();
        match node {
            Node::List(nodes) => self.list(input, nodes),
            Node::Text(text) => Ok(vec![Cow::Owned(Value::from(text.as_str()))]),
            Node::Int(int) => Ok(constant(Value::from(*int))),
            Node::Float(float) => Ok(constant(Value::from(*float))),
            Node::Bool(truth) => Ok(constant(Value::from(*truth))),
            Node::Field(name) => self.field(input, name),
            Node::Slice(slice) => self.slice(input, *slice),
            Node::Wildcard => {
                let mut found = Vec::new();
                for value in input {
                    let inner = children(value);
                    self.spend(inner.len())?;
                    found.extend(inner);
                }
                Ok(found)
            }
            Node::Recursive => {
                let mut found = Vec::new();
                self.descend(input, &mut found)?;
                Ok(found)
            }
            Node::Union(parts) => {
                let mut found = Vec::new();
                for part in parts {
                    found.extend(self.list(input.clone(), part)?);
                    self.spend(found.len())?;
                }
                Ok(found)
            }
            Node::Filter { left, operator, right } => self.filter(input, left, operator, right),
            Node::Word(word) => self.word(input, word),
        }
    }

    fn word<'v>(&mut self, input: Values<'v>, word: &str) -> Result<Values<'v>, Error> {
        match word {
            "range" => {
                self.begins = true;
                Ok(input)
            }
            "end" if self.ranges > 0 => {
                self.ends = true;
                Ok(Vec::new())
            }
            "end" => fail("not in range, nothing to end".to_owned()),
            _ => fail(format!("unrecognized identifier {word}")),
        }
    }

    fn field<'v>(&mut self, input: Values<'v>, name: &str) -> Result<Values<'v>, Error> {
        if input.is_empty() {
            return Ok(input);
        }
        let found: Values<'v> = input
            .into_iter()
            .filter_map(|value| match value {
                Cow::Borrowed(value) => value.as_object()?.get(name).map(Cow::Borrowed),
                Cow::Owned(mut value) => value.as_object_mut()?.remove(name).map(Cow::Owned),
            })
            .collect();
        if found.is_empty() && !self.allow_missing {
            return Err(Error::NotFound(name.to_owned()));
        }
        Ok(found)
    }

    fn slice<'v>(&mut self, input: Values<'v>, slice: Slice) -> Result<Values<'v>, Error> {
        let mut found = Vec::new();
        for value in input {
            let length = match value.as_ref() {
                Value::Null => continue,
                Value::Array(list) => list.len(),
                other => return fail(format!("{} is not array or slice", go_type(other))),
            };
            let Some((start, end, step)) = bounds(slice, length)? else { return Ok(found) };
            self.spend(end - start)?;
            found.extend(children(value).into_iter().skip(start).take(end - start).step_by(step));
        }
        Ok(found)
    }

    /// Every container and text at or below the values, in document order.
    fn descend<'v>(&mut self, input: Values<'v>, found: &mut Values<'v>) -> Result<(), Error> {
        for value in input {
            let inner = match value.as_ref() {
                Value::String(text) if !text.is_empty() => Vec::new(),
                Value::Array(_) | Value::Object(_) => children(value.clone()),
                _ => continue,
            };
            if inner.is_empty() && !value.is_string() {
                continue;
            }
            self.spend(1 + inner.len())?;
            found.push(value);
            self.descend(inner, found)?;
        }
        Ok(())
    }

    fn filter<'v>(
        &mut self,
        input: Values<'v>,
        left: &[Node],
        operator: &str,
        right: &[Node],
    ) -> Result<Values<'v>, Error> {
        let mut found = Vec::new();
        for value in input {
            if !value.is_array() {
                return fail(format!("{} is not array or slice and cannot be filtered", go_text(&value)));
            }
            for item in children(value) {
                let lefts = self.list(vec![item.clone()], left);
                if operator == "exists" {
                    match lefts {
                        Ok(lefts) if !lefts.is_empty() => found.push(item),
                        Err(error @ (Error::TooMany | Error::TooDeep)) => return Err(error),
                        _ => {}
                    }
                    continue;
                }
                let Some(a) = only(lefts?)? else { continue };
                let Some(b) = only(self.list(vec![item.clone()], right)?)? else { continue };
                if holds(&a, operator, &b)? {
                    found.push(item);
                }
            }
        }
        Ok(found)
    }
}

/// The one value to compare, if there is one.
fn only(values: Values<'_>) -> Result<Option<Cow<'_, Value>>, Error> {
    if values.len() > 1 {
        return fail("can only compare one element at a time".to_owned());
    }
    Ok(values.into_iter().next())
}

/// What a value holds: items, values of a map in key order, bytes of a text.
fn children(value: Cow<'_, Value>) -> Values<'_> {
    match value {
        Cow::Borrowed(Value::Array(list)) => list.iter().map(Cow::Borrowed).collect(),
        Cow::Borrowed(Value::Object(map)) => map.values().map(Cow::Borrowed).collect(),
        Cow::Owned(Value::Array(list)) => list.into_iter().map(Cow::Owned).collect(),
        Cow::Owned(Value::Object(map)) => map.into_iter().map(|(_, value)| Cow::Owned(value)).collect(),
        other => match other.as_ref() {
            Value::String(text) => text.bytes().map(|byte| Cow::Owned(Value::from(byte))).collect(),
            _ => Vec::new(),
        },
    }
}

/// Start, end and step within a list; `None` if nothing was asked for.
fn bounds(slice: Slice, length: usize) -> Result<Option<(usize, usize, usize)>, Error> {
    let count = i64::try_from(length).unwrap_or(i64::MAX);
    let mut start = slice.start.unwrap_or(0);
    if start < 0 {
        start = start.saturating_add(count);
    }
    let mut end = slice.end.unwrap_or(count);
    if end < 0 || end == 0 && slice.single {
        end = end.saturating_add(count);
    }
    if start == end {
        return Ok(None);
    }
    let outside = |index: i64| fail(format!("array index out of bounds: index {index}, length {count}"));
    if start >= count || start < 0 {
        return outside(start);
    }
    if end > count || end < 0 {
        return outside(end.saturating_sub(1));
    }
    if start > end {
        return fail(format!("starting index {start} is greater than ending index {end}"));
    }
    let step = slice.step.unwrap_or(1);
    if step <= 0 {
        return fail("step must be > 0".to_owned());
    }
    let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(Some((size(start), size(end), size(step))))
}

/// Go's name of a JSON value's type.
fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}
