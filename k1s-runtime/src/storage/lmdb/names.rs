//! Ids for the names of tenants, resources and indexes. An id is given once and never taken back, so what was once read
//! from a committed state is remembered in the process.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use heed::{RoTxn, RwTxn};

use super::fault::Fault;
use super::layout::{Databases, Held, damaged};
use crate::storage::validate::MAX_NAME_BYTES;

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tenant,
    Resource,
    Index,
}

/// Most names of a kind that are remembered; past that, all are forgotten.
const MAX_REMEMBERED: usize = 4096;

/// The ids that this process has seen.
#[derive(Debug, Default)]
pub(super) struct Names {
    seen: RwLock<[HashMap<String, u32>; 3]>,
}

/// Names that a running commit came by; remembered when it is done.
#[derive(Debug, Default)]
pub(super) struct Fresh(Vec<(Kind, String, u32)>);

impl Names {
    fn recall(&self, kind: Kind, name: &str) -> Option<u32> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        seen[kind as usize].get(name).copied()
    }

    fn remember(&self, kind: Kind, name: &str, id: u32) {
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        let names = &mut seen[kind as usize];
        if names.len() >= MAX_REMEMBERED {
            names.clear();
        }
        names.insert(name.to_owned(), id);
    }

    /// The id of a name in a committed state; `None` if nothing was ever written under it.
    pub(super) fn find(
        &self,
        databases: &Databases,
        txn: &RoTxn<'_>,
        kind: Kind,
        name: &str,
    ) -> Result<Option<u32>, Fault> {
        if let Some(id) = self.recall(kind, name) {
            return Ok(Some(id));
        }
        let found = stored(databases, txn, kind, name)?;
        if let Some(id) = found {
            self.remember(kind, name, id);
        }
        Ok(found)
    }

    /// The id of a name in a running commit.
    pub(super) fn find_in_commit(
        &self,
        fresh: &Fresh,
        databases: &Databases,
        txn: &RwTxn<'_>,
        kind: Kind,
        name: &str,
    ) -> Result<Option<u32>, Fault> {
        match self.recall(kind, name).or_else(|| fresh.recall(kind, name)) {
            Some(id) => Ok(Some(id)),
            None => stored(databases, txn, kind, name),
        }
    }

    /// The id of a name for a running commit; a new one if it has none.
    pub(super) fn find_or_give(
        &self,
        fresh: &mut Fresh,
        databases: &Databases,
        txn: &mut RwTxn<'_>,
        kind: Kind,
        name: &str,
    ) -> Result<u32, Fault> {
        if let Some(id) = self.recall(kind, name).or_else(|| fresh.recall(kind, name)) {
            return Ok(id);
        }
        let id = match stored(databases, txn, kind, name)? {
            Some(id) => id,
            None => {
                let id = u32::try_from(databases.names.len(txn)?).ok().filter(|id| *id < u32::MAX);
                let id = id.ok_or_else(|| damaged("there are no more ids for names"))?;
                databases.names.put(txn, &key(kind, name), &id.to_be_bytes())?;
                id
            }
        };
        if fresh.0.len() < 64 {
            fresh.0.push((kind, name.to_owned(), id));
        }
        Ok(id)
    }

    /// Remembers the names of a commit that is done.
    pub(super) fn adopt(&self, fresh: &Fresh) {
        for (kind, name, id) in &fresh.0 {
            self.remember(*kind, name, *id);
        }
    }
}

impl Fresh {
    fn recall(&self, kind: Kind, name: &str) -> Option<u32> {
        let mut fresh = self.0.iter();
        fresh.find_map(|(its, seen, id)| (*its == kind && seen == name).then_some(*id))
    }
}

/// All names of a kind by their ids.
pub(super) fn all(databases: &Databases, txn: &RoTxn<'_>, kind: Kind) -> Result<HashMap<u32, String>, Fault> {
    let mut names = HashMap::new();
    for entry in databases.names.prefix_iter(txn, &[kind as u8])? {
        let (key, id) = entry?;
        let name = std::str::from_utf8(key.get(1..).unwrap_or_default());
        let name = name.map_err(|_| damaged("a name is no text"))?;
        let id = id.try_into().map_err(|_| damaged("an id is not a number"))?;
        names.insert(u32::from_be_bytes(id), name.to_owned());
    }
    Ok(names)
}

/// The accounts of the tenants that hold something: id, what they hold, name.
pub(super) fn accounts(databases: &Databases, txn: &RoTxn<'_>) -> Result<Vec<(u32, Held, String)>, Fault> {
    let mut accounts = Vec::new();
    for entry in databases.tenants.iter(txn)? {
        let (id, raw) = entry?;
        let (held, name) = Held::parse(raw)?;
        let id = id.try_into().map_err(|_| damaged("an id is not a number"))?;
        accounts.push((u32::from_be_bytes(id), held, name.to_owned()));
    }
    Ok(accounts)
}

fn stored(databases: &Databases, txn: &RoTxn<'_>, kind: Kind, name: &str) -> Result<Option<u32>, Fault> {
    if name.len() > MAX_NAME_BYTES {
        return Ok(None);
    }
    let Some(raw) = databases.names.get(txn, &key(kind, name))? else { return Ok(None) };
    let id = raw.try_into().map_err(|_| damaged("an id is not a number"))?;
    Ok(Some(u32::from_be_bytes(id)))
}

fn key(kind: Kind, name: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + name.len());
    key.push(kind as u8);
    key.extend_from_slice(name.as_bytes());
    key
}
