//! Tenants: which there are, and all that one of them holds.

use std::ops::{Bound, ControlFlow};

use heed::RoTxn;

use super::env::Shared;
use super::fault::Fault;
use super::layout::{Row, State, after_prefix, damaged, entries};
use super::names::{self, Kind};
use crate::storage::tenants::{Member, Tenant, Visitor};
use crate::storage::{IndexEntry, Key, Result, page};

/// The tenants that hold something, by name.
pub(super) fn tenants(shared: &Shared, txn: &RoTxn<'_>) -> Result<Vec<Tenant>, Fault> {
    let accounts = names::accounts(&shared.databases, txn)?.into_iter();
    let mut tenants: Vec<_> =
        accounts.map(|(_, held, name)| Tenant { name, objects: held.objects, bytes: held.bytes }).collect();
    tenants.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(tenants)
}

/// Shows what a tenant holds, and answers the revision of the snapshot.
pub(super) fn visit(
    shared: &Shared,
    txn: &RoTxn<'_>,
    tenant: &str,
    visitor: &mut Visitor<'_>,
) -> Result<u64, Fault> {
    let databases = &shared.databases;
    let revision = State::read(databases, txn)?.revision;
    let Some(id) = shared.names.find(databases, txn, Kind::Tenant, tenant)? else { return Ok(revision) };
    let resources = names::all(databases, txn, Kind::Resource)?;
    let indexes = names::all(databases, txn, Kind::Index)?;
    let unnamed = || damaged("a resource or an index has no name");
    let start = id.to_be_bytes();
    let end = after_prefix(&start);
    let range = (Bound::Included(&start[..]), Bound::Excluded(&end[..]));
    for entry in databases.objects.range(txn, &range)? {
        let (key, raw) = entry?;
        let resource = key.get(4..8).and_then(|id| id.try_into().ok()).map(u32::from_be_bytes);
        let resource = resource.and_then(|id| resources.get(&id)).ok_or_else(unnamed)?;
        let (namespace, name) = page::split_place(key.get(8..).unwrap_or_default())?;
        let row = Row::parse(raw)?;
        let entries: Vec<_> = entries(row.indexes)
            .map(|(index, value)| {
                let index = indexes.get(&index).ok_or_else(unnamed)?.clone();
                let value = String::from_utf8(value.to_vec()).map_err(|_| unnamed())?;
                Ok(IndexEntry { index, value })
            })
            .collect::<Result<_>>()?;
        let key = Key { tenant, resource, namespace: &namespace, name: &name };
        let member = Member { key, revision: row.revision, text: row.text, indexes: &entries };
        if visitor(member) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(revision)
}
