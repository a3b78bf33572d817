//! Lists: views of JSON arrays, lists that expressions made, and sums of both.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::schema::{ListType, Schema};

use super::{EvalError, EvalResult, Key, Value};

/// A list of values.
#[derive(Clone, Debug)]
pub enum List<'a> {
    /// A JSON array with a schema.
    Json {
        /// The array.
        items: &'a [Json],
        /// The schema of the elements.
        element: &'a Schema,
        /// How the list is compared and added to.
        list_type: &'a ListType,
    },
    /// A JSON array without a schema.
    Plain(&'a [Json]),
    /// What an expression made.
    Values(Arc<Vec<Value<'a>>>),
    /// What adding to a set or map list made: it goes on to be one.
    Typed(Arc<Vec<Value<'a>>>, &'a ListType),
    /// Two lists, one after the other: adding costs the same however long they are.
    Concat(Arc<Concat<'a>>),
}

/// Two lists, one after the other.
#[derive(Debug)]
pub struct Concat<'a> {
    left: List<'a>,
    right: List<'a>,
    len: usize,
}

impl<'a> List<'a> {
    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            List::Json { items, .. } | List::Plain(items) => items.len(),
            List::Values(values) | List::Typed(values, _) => values.len(),
            List::Concat(concat) => concat.len,
        }
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`.
    ///
    /// # Errors
    ///
    /// When there is none, or when the element contradicts its schema.
    pub fn get(&self, index: usize) -> EvalResult<'a> {
        let mut list = self;
        let mut at = index;
        loop {
            let out_of_bounds = || EvalError::IndexOutOfBounds(i64::try_from(index).unwrap_or(i64::MAX));
            return match list {
                List::Json { items, element, .. } => {
                    Value::typed(items.get(at).ok_or_else(out_of_bounds)?, element)
                }
                List::Plain(items) => items.get(at).map(Value::from_json).ok_or_else(out_of_bounds),
                List::Values(values) | List::Typed(values, _) => {
                    values.get(at).cloned().ok_or_else(out_of_bounds)
                }
                List::Concat(concat) => {
                    let left = concat.left.len();
                    if at < left {
                        list = &concat.left;
                    } else {
                        at -= left;
                        list = &concat.right;
                    }
                    continue;
                }
            };
        }
    }

    /// The elements in order. An element that contradicts its schema is a failure in its place.
    pub fn iter(&self) -> impl Iterator<Item = EvalResult<'a>> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// How the list is compared and added to.
    #[must_use]
    pub fn list_type(&self) -> &'a ListType {
        match self {
            List::Json { list_type, .. } | List::Typed(_, list_type) => list_type,
            List::Plain(_) | List::Values(_) | List::Concat(_) => &ListType::Atomic,
        }
    }

    /// `self + other`: one after the other; for sets without what is there already; for map lists with the elements of `other` in
    /// the place of those with the same keys.
    ///
    /// # Errors
    ///
    /// When an element of a set or map list contradicts its schema.
    pub fn concat(&self, other: &List<'a>) -> Result<List<'a>, EvalError> {
        match self.list_type() {
            ListType::Atomic => {
                if other.is_empty() {
                    return Ok(self.clone());
                }
                if self.is_empty() && *other.list_type() == ListType::Atomic {
                    return Ok(other.clone());
                }
                let len = self.len() + other.len();
                Ok(List::Concat(Arc::new(Concat { left: self.clone(), right: other.clone(), len })))
            }
            ListType::Set => self.union(other),
            ListType::Map(keys) => self.merge(other, keys),
        }
    }

    fn union(&self, other: &List<'a>) -> Result<List<'a>, EvalError> {
        let mut values = self.iter().collect::<Result<Vec<_>, _>>()?;
        let mut seen: std::collections::HashSet<_> = values.iter().filter_map(Key::of).collect();
        for value in other.iter() {
            let value = value?;
            if Key::of(&value).is_none_or(|key| seen.insert(key)) {
                values.push(value);
            }
        }
        Ok(List::Typed(Arc::new(values), self.list_type()))
    }

    fn merge(&self, other: &List<'a>, keys: &[Box<str>]) -> Result<List<'a>, EvalError> {
        let mut values = self.iter().collect::<Result<Vec<_>, _>>()?;
        let mut places = std::collections::HashMap::new();
        for (index, value) in values.iter().enumerate() {
            places.insert(element_key(value, keys)?, index);
        }
        for value in other.iter() {
            let value = value?;
            let key = element_key(&value, keys)?;
            match places.get(&key) {
                Some(index) => values[*index] = value,
                None => {
                    places.insert(key, values.len());
                    values.push(value);
                }
            }
        }
        Ok(List::Typed(Arc::new(values), self.list_type()))
    }
}

/// What tells an element of a map list from the others: the values of its key fields.
pub(super) fn element_key<'a>(
    element: &Value<'a>,
    keys: &[Box<str>],
) -> Result<Vec<Option<Key<'a>>>, EvalError> {
    let Value::Map(map) = element else { return Err(EvalError::NoSuchOverload) };
    keys.iter().map(|key| Ok(map.find(&Value::string(&**key))?.as_ref().and_then(Key::of))).collect()
}
