//! The integrity check: first the pages, then that what is in them makes sense and agrees with itself.

use std::collections::HashMap;

use heed::RoTxn;

use super::count;
use super::env::Shared;
use super::fault::Fault;
use super::layout::{Row, Scope, State, chunks, damaged, entries, is_long, take_u64};
use super::log::RawEntry;
use super::names::{self, Kind};
use super::pages::{Extent, Pages};
use super::{Checked, migrate};
use crate::storage::{Result, page, validate};

impl Shared {
    /// Checks all that there is.
    pub(super) fn check(&self) -> Result<Checked> {
        let Pages { all, free, size } = self.check_pages(Extent::Whole)?;
        let contents = self.check_contents()?;
        Ok(Checked { bytes: all * size, free_bytes: free * size, ..contents })
    }

    /// Checks what is in the pages, which were checked or can be trusted.
    pub(super) fn check_contents(&self) -> Result<Checked> {
        self.read(|txn| Contents::read(self, txn)?.check())
    }
}

/// A snapshot to be checked.
struct Contents<'a, 'txn> {
    shared: &'a Shared,
    txn: &'a RoTxn<'txn>,
    state: State,
    tenants: HashMap<u32, String>,
    resources: HashMap<u32, String>,
    indexes: HashMap<u32, String>,
}

impl<'a, 'txn> Contents<'a, 'txn> {
    fn read(shared: &'a Shared, txn: &'a RoTxn<'txn>) -> Result<Self, Fault> {
        let databases = &shared.databases;
        let names = |kind| names::all(databases, txn, kind);
        let all = Self {
            shared,
            txn,
            state: State::read(databases, txn)?,
            tenants: names(Kind::Tenant)?,
            resources: names(Kind::Resource)?,
            indexes: names(Kind::Index)?,
        };
        let named = all.tenants.len() + all.resources.len() + all.indexes.len();
        if named as u64 != databases.names.len(txn)? {
            return Err(damaged("two names have one id").into());
        }
        Ok(all)
    }

    fn check(&self) -> Result<Checked, Fault> {
        let (objects, indexed) = self.objects()?;
        let index_entries = self.index()?;
        if indexed != index_entries {
            let text = format!("objects have {indexed} index entries, the indexes {index_entries}");
            return Err(damaged(&text).into());
        }
        count::check(&self.shared.databases, self.txn)?;
        let changes = self.log()?;
        let tenants = self.tenants()?;
        let revision = self.state.revision;
        Ok(Checked { revision, tenants, objects, index_entries, changes, bytes: 0, free_bytes: 0 })
    }

    /// Counts the objects and their index entries.
    fn objects(&self) -> Result<(u64, u64), Fault> {
        let (mut objects, mut indexed) = (0, 0);
        for entry in self.shared.databases.objects.iter(self.txn)? {
            let (key, raw) = entry?;
            let (scope, place) = self.split(key)?;
            let row = Row::parse(raw)?;
            if row.revision > self.state.revision || row.text.last().is_none_or(|last| *last == 0) {
                return Err(self.bad("an object is not what was written", key).into());
            }
            let mut named: Vec<_> = entries(row.indexes).collect();
            let block: usize = named.iter().map(|(_, value)| 12 + value.len()).sum();
            // An object may say a thing twice.
            named.sort_unstable();
            named.dedup();
            for (index, value) in named {
                indexed += 1;
                let at = [&scope.index_prefix(index, value)[..], place].concat();
                let list = self.shared.databases.index.get(self.txn, &at)?;
                let named = self.indexes.contains_key(&index);
                if !named || !list.is_some_and(|list| !is_long(value) || chunks(list).any(|it| it == value)) {
                    return Err(self.bad("an index lacks an object", key).into());
                }
            }
            if block != row.indexes.len() {
                return Err(self.bad("the index entries of an object are cut short", key).into());
            }
            objects += 1;
        }
        Ok((objects, indexed))
    }

    /// Counts the entries of the indexes. That each is of an object follows from there being as many as objects have.
    fn index(&self) -> Result<u64, Fault> {
        let mut count = 0;
        for entry in self.shared.databases.index.iter(self.txn)? {
            let (_, list) = entry?;
            count += if list.is_empty() { 1 } else { chunks(list).count() as u64 };
        }
        Ok(count)
    }

    /// Counts the changes in the log.
    fn log(&self) -> Result<u64, Fault> {
        let State { revision, oldest, log_bytes } = self.state;
        let (mut last, mut bytes) = (oldest, 0);
        for entry in self.shared.databases.log.iter(self.txn)? {
            let (key, raw) = entry?;
            if take_u64(key, 0) != last.checked_add(1) || key.len() != 8 {
                return Err(damaged("the watch log has a gap").into());
            }
            last += 1;
            bytes += RawEntry::parse(raw)?.size();
        }
        if last != revision || bytes != log_bytes {
            return Err(damaged("the watch log is not as long as it should be").into());
        }
        Ok(revision - oldest)
    }

    /// Counts the tenants, whose accounts must be right.
    fn tenants(&self) -> Result<u64, Fault> {
        let databases = &self.shared.databases;
        let counted = migrate::count(databases, self.txn)?;
        let accounts = names::accounts(databases, self.txn)?;
        let right = accounts.iter().all(|(tenant, held, name)| {
            counted.get(tenant) == Some(held) && self.tenants.get(tenant) == Some(name)
        });
        if !right || counted.len() != accounts.len() {
            return Err(damaged("a tenant holds something else than its account says").into());
        }
        Ok(accounts.len() as u64)
    }

    /// The parts of an object's key, whose names are known.
    fn split<'k>(&self, key: &'k [u8]) -> Result<(Scope, &'k [u8])> {
        let parts = || {
            let (tenant, rest) = key.split_first_chunk()?;
            let (resource, place) = rest.split_first_chunk()?;
            Some((u32::from_be_bytes(*tenant), u32::from_be_bytes(*resource), place))
        };
        let (tenant, resource, place) =
            parts().ok_or_else(|| damaged("the key of an object is cut short"))?;
        let (namespace, name) = page::split_place(place)?;
        let (Some(tenant_name), Some(resource_name)) =
            (self.tenants.get(&tenant), self.resources.get(&resource))
        else {
            return Err(damaged("an object is of a tenant or resource without a name"));
        };
        let key = crate::storage::Key {
            tenant: tenant_name,
            resource: resource_name,
            namespace: &namespace,
            name: &name,
        };
        validate::key(key).map_err(|error| damaged(&error.to_string()))?;
        Ok((Scope { tenant, resource }, place))
    }

    fn bad(&self, what: &str, key: &[u8]) -> crate::storage::Error {
        let place = String::from_utf8_lossy(key.get(8..).unwrap_or_default()).replace('\0', "/");
        let resource = key.get(4..8).and_then(|id| id.try_into().ok()).map(u32::from_be_bytes);
        let resource = resource.and_then(|id| self.resources.get(&id)).map_or("?", String::as_str);
        damaged(&format!("{what}: {resource} {place}"))
    }
}
