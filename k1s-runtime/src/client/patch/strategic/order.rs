//! The order of a merged list: items of the patch in the patch's order, the others in the order they had, and the two
//! interleaved as they were before.

use std::collections::HashMap;
use std::iter::Peekable;
use std::vec::IntoIter;

use serde_json::Value;

use super::Failure;

/// What an item is recognised by: its merge key, or itself.
///
/// # Errors
/// When there is a key and the item is not an object or lacks it.
pub(super) fn identity(item: &Value, key: Option<&str>) -> Result<String, Failure> {
    let Some(key) = key else { return Ok(item.to_string()) };
    let Value::Object(map) = item else { return Err(Failure::wrong_type("map[string]interface {}", item)) };
    map.get(key).map(Value::to_string).ok_or_else(|| Failure::no_merge_key(item, key))
}

/// Where the items of a list first occur.
#[derive(Clone)]
pub(super) struct Positions(HashMap<String, usize>);

impl Positions {
    /// Notes the positions of a list's items.
    ///
    /// # Errors
    /// As [`identity`].
    pub(super) fn of(items: &[Value], key: Option<&str>) -> Result<Self, Failure> {
        let mut positions = HashMap::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            positions.entry(identity(item, key)?).or_insert(index);
        }
        Ok(Self(positions))
    }

    /// Where an item is.
    pub(super) fn get(&self, identity: &str) -> Option<usize> {
        self.0.get(identity).copied()
    }

    /// Notes an item at the end of a list that had `index` items.
    pub(super) fn push(&mut self, identity: String, index: usize) {
        self.0.entry(identity).or_insert(index);
    }
}

struct Item {
    value: Value,
    /// Position in the old list.
    before: Option<usize>,
}

/// Puts the items of a merged list in order: `wanted` are positions in the patch, `before` those in the old list.
///
/// # Errors
/// As [`identity`].
pub(super) fn arrange(
    merged: Vec<Value>,
    wanted: &Positions,
    before: &Positions,
    key: Option<&str>,
) -> Result<Vec<Value>, Failure> {
    let (mut patched, mut others) = (Vec::new(), Vec::new());
    for value in merged {
        let identity = identity(&value, key)?;
        let item = Item { value, before: before.get(&identity) };
        match wanted.get(&identity) {
            Some(position) => patched.push((position, item)),
            None => others.push(item),
        }
    }
    patched.sort_by_key(|(position, _)| *position);
    others.sort_by_key(|item| item.before);
    let patched: Vec<Item> = patched.into_iter().map(|(_, item)| item).collect();
    Ok(interleave(others.into_iter().peekable(), patched.into_iter().peekable()))
}

/// An item that the patch does not name goes before one that it names only if it was before it.
fn interleave(mut others: Peekable<IntoIter<Item>>, mut patched: Peekable<IntoIter<Item>>) -> Vec<Value> {
    let mut all = Vec::with_capacity(others.len() + patched.len());
    loop {
        let next = match (others.peek(), patched.peek()) {
            (Some(other), Some(named)) => match (other.before, named.before) {
                (Some(other), Some(named)) if other < named => others.next(),
                _ => patched.next(),
            },
            (Some(_), None) => others.next(),
            (None, _) => patched.next(),
        };
        match next {
            Some(item) => all.push(item.value),
            None => return all,
        }
    }
}
