//! How many objects a resource has, and how many of them have an entry in each index: where the numbers are the same, the index knows
//! every object, and a list may go by it alone.
//!
//! A store that was written before there were counts counts its objects when next one comes or goes. Entries of that time are not
//! counted, so that an index may be taken for incomplete, but never for complete when it is not.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use heed::{RoTxn, RwTxn};

use super::fault::Fault;
use super::layout::{Databases, Row, Scope, after_prefix, damaged, entries, take_u64};

const KEY: &[u8] = b"count";

/// What a commit changes of the numbers.
#[derive(Default)]
pub(super) struct Changes(HashMap<(Scope, Option<u32>), i64>);

impl Changes {
    /// An object comes, changes or goes; the blocks are its index entries.
    pub(super) fn note(&mut self, scope: Scope, old: Option<&[u8]>, new: Option<&[u8]>) {
        let indexes = |block: Option<&[u8]>| -> BTreeSet<u32> {
            block.into_iter().flat_map(entries).map(|(index, _)| index).collect()
        };
        if old.is_some() != new.is_some() {
            self.add(scope, None, if new.is_some() { 1 } else { -1 });
        }
        if old != new {
            let (before, after) = (indexes(old), indexes(new));
            after.difference(&before).for_each(|index| self.add(scope, Some(*index), 1));
            before.difference(&after).for_each(|index| self.add(scope, Some(*index), -1));
        }
    }

    fn add(&mut self, scope: Scope, index: Option<u32>, change: i64) {
        *self.0.entry((scope, index)).or_default() += change;
    }

    /// Writes the numbers, after everything else of the commit.
    pub(super) fn write(self, databases: &Databases, txn: &mut RwTxn<'_>) -> Result<(), Fault> {
        for ((scope, index), change) in self.0 {
            let known = read(databases, txn, scope, index)?;
            let count = match (known, index) {
                (Some(known), _) => known.saturating_add_signed(change),
                (None, Some(_)) => 0_u64.saturating_add_signed(change),
                // It has been changed already.
                (None, None) => count_objects(databases, txn, scope)?,
            };
            if known != Some(count) {
                databases.meta.put(txn, &key(scope, index), &count.to_be_bytes())?;
            }
        }
        Ok(())
    }
}

/// Checks that objects are counted right, and that no index claims more than it has.
pub(super) fn check(databases: &Databases, txn: &RoTxn<'_>) -> Result<(), Fault> {
    let mut counted: HashMap<Vec<u8>, u64> = HashMap::new();
    for entry in databases.objects.iter(txn)? {
        let (at, raw) = entry?;
        let objects = [KEY, at.get(..8).unwrap_or_default()].concat();
        let indexes: BTreeSet<u32> = entries(Row::parse(raw)?.indexes).map(|(index, _)| index).collect();
        for index in indexes {
            *counted.entry([&objects[..], &index.to_be_bytes()].concat()).or_default() += 1;
        }
        *counted.entry(objects).or_default() += 1;
    }
    for entry in databases.meta.prefix_iter(txn, KEY)? {
        let (key, raw) = entry?;
        let (says, is) = (take_u64(raw, 0), counted.get(key).copied().unwrap_or(0));
        let of_index = key.len() > KEY.len() + 8;
        if says.is_none_or(|says| if of_index { says > is } else { says != is }) {
            return Err(damaged("the objects of a resource are counted wrongly").into());
        }
    }
    Ok(())
}

/// Whether every object of a resource has an entry in an index.
pub(super) fn covers(
    databases: &Databases,
    txn: &RoTxn<'_>,
    scope: Scope,
    index: u32,
) -> Result<bool, Fault> {
    let Some(objects) = read(databases, txn, scope, None)? else { return Ok(false) };
    Ok(read(databases, txn, scope, Some(index))?.unwrap_or(0) == objects)
}

fn read(
    databases: &Databases,
    txn: &RoTxn<'_>,
    scope: Scope,
    index: Option<u32>,
) -> Result<Option<u64>, Fault> {
    Ok(databases.meta.get(txn, &key(scope, index))?.and_then(|raw| take_u64(raw, 0)))
}

fn key(scope: Scope, index: Option<u32>) -> Vec<u8> {
    let mut key = [KEY, &scope.prefix()].concat();
    if let Some(index) = index {
        key.extend_from_slice(&index.to_be_bytes());
    }
    key
}

fn count_objects(databases: &Databases, txn: &RoTxn<'_>, scope: Scope) -> Result<u64, Fault> {
    let (start, end) = (scope.prefix(), after_prefix(&scope.prefix()));
    let range = (Bound::Included(&start[..]), Bound::Excluded(&end[..]));
    let mut count = 0;
    for entry in databases.objects.range(txn, &range)? {
        entry?;
        count += 1;
    }
    Ok(count)
}
