//! Batches become one LMDB transaction: objects, index entries, watch log and revision together.

use std::mem::take;

use bytes::Bytes;
use heed::{PutFlags, RwTxn};

use super::compact::forget_first;
use super::count;
use super::env::Shared;
use super::fault::Fault;
use super::layout::{
    self, Databases, Held, Row, Scope, State, chunks, entries, is_long, push_chunk, push_entry,
};
use super::log::encode;
use super::migrate;
use super::names::{Fresh, Kind};
use super::queue::Answer;
use crate::storage::apply::{Ledger, LogEntry, apply};
use crate::storage::{Error, IndexEntry, Key, Outcome, Result, Stored, Transaction, page};

impl Shared {
    /// Writes batches of several callers in one commit; if that fails, each in one of its own, so that the one for which it
    /// fails is the one that is told.
    pub(super) fn commit(&self, batches: &[&[Transaction]]) -> Vec<Answer> {
        match self.commit_with_space(batches) {
            Ok(answers) => answers.into_iter().map(Ok).collect(),
            Err(error) if batches.len() == 1 => vec![Err(error)],
            Err(_) => {
                let alone = |batch: &&[Transaction]| {
                    self.commit_with_space(&[*batch]).map(|mut all| take(&mut all[0]))
                };
                batches.iter().map(alone).collect()
            }
        }
    }

    /// Removes objects even where there is no space, at the price of what watches remember.
    fn commit_with_space(&self, batches: &[&[Transaction]]) -> Result<Vec<Vec<Outcome>>> {
        loop {
            match self.commit_together(batches) {
                Err(Error::Full { .. })
                    if Self::only_removes(batches) && self.make_space(self.limit(batches))? => {}
                result => return result,
            }
        }
    }

    fn commit_together(&self, batches: &[&[Transaction]]) -> Result<Vec<Vec<Outcome>>> {
        let (answers, fresh, changed) = self.write(self.limit(batches), |txn| {
            // A newer program may have changed the format since this one opened the store.
            migrate::accept(&self.path, layout::format(self.databases.meta, txn)?, true)?;
            let state = State::read(&self.databases, txn)?;
            let mut writing = Writing {
                shared: self,
                txn,
                state,
                fresh: Fresh::default(),
                counts: count::Changes::default(),
                buffer: Vec::new(),
                held: Vec::new(),
            };
            let answers = batches
                .iter()
                .map(|batch| batch.iter().map(|transaction| apply(&mut writing, transaction)).collect())
                .collect::<Result<Vec<_>, Fault>>()?;
            writing.settle()?;
            let (now, fresh, counts) = (writing.state, writing.fresh, writing.counts);
            let changed = now != state;
            if changed {
                counts.write(&self.databases, txn)?;
                let now = self.grow_older(txn, now)?;
                now.write(&self.databases, txn)?;
            }
            Ok(((answers, fresh, changed), changed))
        })?;
        if changed {
            self.names.adopt(&fresh);
            self.tell();
        }
        Ok(answers)
    }

    /// How large the map may get for these batches. Even deletions need space before they free any, so they may go a little
    /// beyond the limit; otherwise a full store could not be emptied.
    fn limit(&self, batches: &[&[Transaction]]) -> u64 {
        let limit = self.options.max_map_size;
        if !Self::only_removes(batches) {
            return limit;
        }
        limit.saturating_add((limit / 8).max(1 << 20))
    }
}

/// A running commit.
struct Writing<'a, 'txn> {
    shared: &'a Shared,
    txn: &'a mut RwTxn<'txn>,
    state: State,
    fresh: Fresh,
    counts: count::Changes,
    buffer: Vec<u8>,
    /// What the tenants hold that this commit changes.
    held: Vec<Account>,
}

/// What a tenant holds at this point of a commit.
struct Account {
    tenant: u32,
    name: String,
    held: Held,
}

impl Writing<'_, '_> {
    fn databases(&self) -> Databases {
        self.shared.databases
    }

    fn id(&mut self, kind: Kind, name: &str) -> Result<u32, Fault> {
        self.shared.names.find_or_give(&mut self.fresh, &self.shared.databases, self.txn, kind, name)
    }

    fn scope(&mut self, key: Key<'_>) -> Result<Scope, Fault> {
        let tenant = self.id(Kind::Tenant, key.tenant)?;
        Ok(Scope { tenant, resource: self.id(Kind::Resource, key.resource)? })
    }

    /// The ids of a key that something may be stored under; gives none.
    fn known_scope(&self, key: Key<'_>) -> Result<Option<Scope>, Fault> {
        let find = |kind, name| {
            self.shared.names.find_in_commit(&self.fresh, &self.databases(), self.txn, kind, name)
        };
        let (Some(tenant), Some(resource)) =
            (find(Kind::Tenant, key.tenant)?, find(Kind::Resource, key.resource)?)
        else {
            return Ok(None);
        };
        Ok(Some(Scope { tenant, resource }))
    }

    /// Makes the index say what `new` says instead of what `old` says.
    fn reindex(&mut self, scope: Scope, key: Key<'_>, old: &[u8], new: &[u8]) -> Result<(), Fault> {
        if old == new {
            return Ok(());
        }
        let contains = |block, entry| entries(block).any(|other| other == entry);
        for entry in entries(old).filter(|entry| !contains(new, *entry)) {
            self.index(scope, key, entry, false)?;
        }
        for entry in entries(new).filter(|entry| !contains(old, *entry)) {
            self.index(scope, key, entry, true)?;
        }
        Ok(())
    }

    /// Adds or removes one entry of an index.
    fn index(&mut self, scope: Scope, key: Key<'_>, entry: (u32, &[u8]), add: bool) -> Result<(), Fault> {
        let (index, value) = entry;
        let mut at = scope.index_prefix(index, value);
        page::push_place(&mut at, key.namespace, key.name);
        let database = self.databases().index;
        // Long values that share the hash share the key; each stands in full in the list.
        let mut list = Vec::new();
        if is_long(value) {
            let stored = database.get(self.txn, &at)?.unwrap_or_default();
            chunks(stored).filter(|other| *other != value).for_each(|other| push_chunk(&mut list, other));
            if add {
                push_chunk(&mut list, value);
            }
        }
        if add || !list.is_empty() {
            database.put(self.txn, &at, &list)?;
        } else {
            database.delete(self.txn, &at)?;
        }
        Ok(())
    }

    /// Changes what a tenant holds, when an object is replaced by another, or none by one, or one by none.
    fn account(
        &mut self,
        scope: Scope,
        key: Key<'_>,
        old: Option<usize>,
        new: Option<usize>,
    ) -> Result<(), Fault> {
        let known = self.held.iter().position(|account| account.tenant == scope.tenant);
        let at = match known {
            Some(at) => at,
            None => {
                let raw = self.databases().tenants.get(self.txn, &scope.tenant.to_be_bytes())?;
                let held = raw.map(Held::parse).transpose()?.map(|(held, _)| held).unwrap_or_default();
                self.held.push(Account { tenant: scope.tenant, name: key.tenant.to_owned(), held });
                self.held.len() - 1
            }
        };
        let held = &mut self.held[at].held;
        let change = |before: u64, minus: u64, plus: u64| (before + plus).saturating_sub(minus);
        held.objects = change(held.objects, old.is_some().into(), new.is_some().into());
        held.bytes = change(held.bytes, old.unwrap_or(0) as u64, new.unwrap_or(0) as u64);
        Ok(())
    }

    /// Writes what the tenants hold now.
    fn settle(&mut self) -> Result<(), Fault> {
        let tenants = self.databases().tenants;
        for Account { tenant, name, held } in take(&mut self.held) {
            let key = tenant.to_be_bytes();
            if held.objects == 0 {
                tenants.delete(self.txn, &key)?;
            } else {
                tenants.put(self.txn, &key, &held.write(&name))?;
            }
        }
        Ok(())
    }
}

impl Ledger for Writing<'_, '_> {
    type Error = Fault;

    fn get(&self, key: Key<'_>) -> Result<Option<Stored>, Fault> {
        let Some(scope) = self.known_scope(key)? else { return Ok(None) };
        let Some(raw) = self.databases().objects.get(self.txn, &object_key(scope, key))? else {
            return Ok(None);
        };
        let row = Row::parse(raw)?;
        Ok(Some(Stored { revision: row.revision, bytes: Bytes::copy_from_slice(row.text) }))
    }

    fn next_revision(&self) -> u64 {
        self.state.revision + 1
    }

    fn put(&mut self, key: Key<'_>, stored: &Stored, indexes: &[IndexEntry]) -> Result<(), Fault> {
        let scope = self.scope(key)?;
        let at = object_key(scope, key);
        let mut new = Vec::new();
        for entry in indexes {
            let index = self.id(Kind::Index, &entry.index)?;
            push_entry(&mut new, index, entry.value.as_bytes());
        }
        let objects = self.databases().objects;
        let old = objects.get(self.txn, &at)?.map(Row::parse).transpose()?;
        let old_text = old.map(|row| row.text.len());
        let old = old.map(|row| row.indexes.to_vec());
        self.counts.note(scope, old.as_deref(), Some(&new));
        let old = old.unwrap_or_default();
        let row = Row { revision: stored.revision, indexes: &new, text: &stored.bytes };
        objects.put_reserved(self.txn, &at, row.len(), |space| row.write(space))?;
        self.account(scope, key, old_text, Some(stored.bytes.len()))?;
        self.reindex(scope, key, &old, &new)
    }

    fn remove(&mut self, key: Key<'_>) -> Result<(), Fault> {
        let scope = self.scope(key)?;
        let at = object_key(scope, key);
        let objects = self.databases().objects;
        let Some(raw) = objects.get(self.txn, &at)? else { return Ok(()) };
        let row = Row::parse(raw)?;
        let (old, old_text) = (row.indexes.to_vec(), row.text.len());
        objects.delete(self.txn, &at)?;
        self.counts.note(scope, Some(&old), None);
        self.account(scope, key, Some(old_text), None)?;
        self.reindex(scope, key, &old, &[])
    }

    fn log(&mut self, entry: LogEntry<'_>) -> Result<(), Fault> {
        let mut buffer = take(&mut self.buffer);
        encode(entry, &mut buffer);
        let log = self.databases().log;
        log.put_with_flags(self.txn, PutFlags::APPEND, &entry.revision.to_be_bytes(), &buffer)?;
        self.buffer = buffer;
        self.state.revision = entry.revision;
        self.state.log_bytes += entry.size();
        let limits = self.shared.options.log;
        while limits.exceeded(self.state.revision - self.state.oldest, self.state.log_bytes) {
            forget_first(&self.shared.databases, self.txn, &mut self.state)?;
        }
        Ok(())
    }
}

/// The key of an object.
pub(super) fn object_key(scope: Scope, key: Key<'_>) -> Vec<u8> {
    let mut at = Vec::with_capacity(9 + key.namespace.len() + key.name.len());
    at.extend_from_slice(&scope.prefix());
    page::push_place(&mut at, key.namespace, key.name);
    at
}

/// What a store that is open for reading answers to a commit.
pub(super) fn read_only() -> Error {
    Error::Backend("the store is open for reading only".to_owned())
}
