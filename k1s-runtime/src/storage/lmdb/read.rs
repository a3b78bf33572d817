//! Gets and lists: one snapshot each, from which only what is answered is copied.

use std::ops::Bound;

use bytes::Bytes;
use heed::RoTxn;

use super::count::covers;
use super::env::Shared;
use super::fault::Fault;
use super::layout::{Row, Scope, State, after_prefix, chunks, damaged, is_long};
use super::log;
use super::names::Kind;
use crate::storage::page::{self, Candidate, Range};
use crate::storage::past;
use crate::storage::watch::check_start;
use crate::storage::{IndexMatch, Key, ListQuery, Page, Result, Stored};

type Objects = heed::Database<'static, heed::types::Bytes, heed::types::Bytes>;

pub(super) fn get(shared: &Shared, txn: &RoTxn<'_>, key: Key<'_>) -> Result<Option<Stored>, Fault> {
    let Some(scope) = scope(shared, txn, key.tenant, key.resource)? else { return Ok(None) };
    let found = page::with_place(key, |place| {
        let mut at = [0; 8 + page::MAX_PLACE];
        at[..8].copy_from_slice(&scope.prefix());
        at[8..8 + place.len()].copy_from_slice(place);
        shared.databases.objects.get(txn, &at[..8 + place.len()])
    });
    let Some(raw) = found.transpose()?.flatten() else { return Ok(None) };
    Ok(Some(copy(raw)?))
}

pub(super) fn list(shared: &Shared, txn: &RoTxn<'_>, query: &ListQuery<'_>) -> Result<Page, Fault> {
    let state = State::read(&shared.databases, txn)?;
    let revision = query.at.unwrap_or(state.revision);
    check_start(revision, state.oldest, state.revision)?;
    let nothing = || page::fill(query, revision, std::iter::empty::<Result<Found<'_>>>());
    let (Some(range), Some(scope)) = (Range::of(query), scope(shared, txn, query.tenant, query.resource)?)
    else {
        return Ok(nothing()?);
    };
    let past = if revision == state.revision {
        None
    } else {
        Some(log::past(shared, txn, query, revision, range.clone())?)
    };
    let objects = shared.databases.objects;
    let Some(entry) = narrowing(shared, txn, query, scope)? else {
        let bounds = bounds(&scope.prefix(), &range);
        let found = objects.range(txn, &borrow(&bounds))?.map(|entry| {
            let (key, raw) = entry.map_err(fault)?;
            Ok(Found { place: key.get(8..).unwrap_or_default(), raw })
        });
        return Ok(past::fill(query, revision, past.as_ref(), found)?);
    };
    let Some(index) = shared.names.find(&shared.databases, txn, Kind::Index, entry.index)? else {
        let none = std::iter::empty::<Result<Found<'_>>>();
        return Ok(past::fill(query, revision, past.as_ref(), none)?);
    };
    let prefix = scope.index_prefix(index, entry.value.as_bytes());
    let bounds = bounds(&prefix, &range);
    let found = shared.databases.index.range(txn, &borrow(&bounds))?.filter_map(|item| {
        let indexed = item.map_err(fault).and_then(|(key, list)| {
            let place = key.get(prefix.len()..).unwrap_or_default();
            follow(txn, objects, scope, place, list, entry)
        });
        indexed.transpose()
    });
    Ok(past::fill(query, revision, past.as_ref(), found)?)
}

/// The entry by which a list goes, if it does not go through all objects.
fn narrowing<'a>(
    shared: &Shared,
    txn: &RoTxn<'_>,
    query: &ListQuery<'a>,
    scope: Scope,
) -> Result<Option<IndexMatch<'a>>, Fault> {
    let Some(hint) = query.hint.filter(|_| query.index.is_none()) else { return Ok(query.index) };
    let index = shared.names.find(&shared.databases, txn, Kind::Index, hint.index)?;
    let covers = match index {
        Some(index) => covers(&shared.databases, txn, scope, index)?,
        None => false,
    };
    Ok(covers.then_some(hint))
}

/// The object of an index entry, unless the entry is of another value with the same hash.
fn follow<'txn>(
    txn: &'txn RoTxn<'_>,
    objects: Objects,
    scope: Scope,
    place: &'txn [u8],
    list: &[u8],
    entry: IndexMatch<'_>,
) -> Result<Option<Found<'txn>>> {
    let value = entry.value.as_bytes();
    if is_long(value) && !chunks(list).any(|other| other == value) {
        return Ok(None);
    }
    let at = [&scope.prefix()[..], place].concat();
    let raw = objects.get(txn, &at).map_err(fault)?;
    let raw = raw.ok_or_else(|| damaged("an index names an object that is not there"))?;
    Ok(Some(Found { place, raw }))
}

fn scope(shared: &Shared, txn: &RoTxn<'_>, tenant: &str, resource: &str) -> Result<Option<Scope>, Fault> {
    let find = |kind, name| shared.names.find(&shared.databases, txn, kind, name);
    let Some(tenant) = find(Kind::Tenant, tenant)? else { return Ok(None) };
    Ok(find(Kind::Resource, resource)?.map(|resource| Scope { tenant, resource }))
}

/// The keys that start with a prefix and go on with a place of the range.
fn bounds(prefix: &[u8], range: &Range) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    let join = |place: &Vec<u8>| [prefix, place].concat();
    let start = match range.start.as_ref().map(join) {
        Bound::Unbounded => Bound::Included(prefix.to_vec()),
        bound => bound,
    };
    let end = match range.end.as_ref().map(join) {
        Bound::Unbounded => Bound::Excluded(after_prefix(prefix)),
        bound => bound,
    };
    (start, end)
}

fn borrow(bounds: &(Bound<Vec<u8>>, Bound<Vec<u8>>)) -> (Bound<&[u8]>, Bound<&[u8]>) {
    (bounds.0.as_ref().map(Vec::as_slice), bounds.1.as_ref().map(Vec::as_slice))
}

fn copy(raw: &[u8]) -> Result<Stored> {
    let row = Row::parse(raw)?;
    Ok(Stored { revision: row.revision, bytes: Bytes::copy_from_slice(row.text) })
}

fn fault(error: heed::Error) -> crate::storage::Error {
    Fault::from(error).into_plain_error()
}

/// An object that a list comes by, not yet copied.
struct Found<'txn> {
    place: &'txn [u8],
    raw: &'txn [u8],
}

impl Candidate for Found<'_> {
    fn place(&self) -> &[u8] {
        self.place
    }

    fn text(&self) -> Result<&[u8]> {
        Ok(Row::parse(self.raw)?.text)
    }

    fn stored(&self) -> Result<Stored> {
        copy(self.raw)
    }
}
