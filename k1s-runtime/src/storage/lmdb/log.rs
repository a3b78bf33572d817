//! The watch log inside LMDB: one entry a revision, and how watches read it and wait for more.

use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use event_listener::Event;
use heed::RoTxn;

use super::env::Shared;
use super::fault::Fault;
use super::files::FileWatch;
use super::layout::{State, chunks, damaged, push_chunk, take_u64};
use crate::storage::apply::LogEntry;
use crate::storage::page::Range;
use crate::storage::past::Past;
use crate::storage::watch::{Log, MAX_CHANGE_BYTES, MAX_CHANGES, check_start, selects};
use crate::storage::{Change, ChangeKind, Key, ListQuery, Result, Stored, WatchQuery};

/// Writes an entry: the kind, then tenant, resource, namespace, name, text and, if there was one, the text before and its revision.
pub(super) fn encode(entry: LogEntry<'_>, out: &mut Vec<u8>) {
    out.clear();
    out.push(match entry.kind {
        ChangeKind::Created => 1,
        ChangeKind::Updated => 2,
        ChangeKind::Deleted => 3,
    });
    let Key { tenant, resource, namespace, name } = entry.key;
    for part in [tenant, resource, namespace, name] {
        push_chunk(out, part.as_bytes());
    }
    push_chunk(out, entry.bytes);
    if let Some(previous) = entry.previous {
        push_chunk(out, previous);
        push_chunk(out, &entry.previous_revision.unwrap_or_default().to_be_bytes());
    }
}

/// An entry, not yet copied.
pub(super) struct RawEntry<'a> {
    kind: ChangeKind,
    key: Key<'a>,
    text: &'a [u8],
    previous: Option<&'a [u8]>,
    previous_revision: Option<u64>,
}

impl<'a> RawEntry<'a> {
    pub(super) fn parse(raw: &'a [u8]) -> Result<Self> {
        Self::split(raw).ok_or_else(|| damaged("an entry of the watch log is cut short"))
    }

    fn split(raw: &'a [u8]) -> Option<Self> {
        let (kind, rest) = raw.split_first()?;
        let kind = match kind {
            1 => ChangeKind::Created,
            2 => ChangeKind::Updated,
            3 => ChangeKind::Deleted,
            _ => return None,
        };
        let mut parts = chunks(rest);
        let mut word = || std::str::from_utf8(parts.next()?).ok();
        let key = Key { tenant: word()?, resource: word()?, namespace: word()?, name: word()? };
        let (text, previous) = (parts.next()?, parts.next());
        let previous_revision = parts.next().and_then(|revision| take_u64(revision, 0));
        Some(Self { kind, key, text, previous, previous_revision })
    }

    /// What the entry was counted with.
    pub(super) fn size(&self) -> u64 {
        let Key { tenant, resource, namespace, name } = self.key;
        let key = tenant.len() + resource.len() + namespace.len() + name.len();
        (key + self.text.len() + self.previous.map_or(0, <[u8]>::len)) as u64
    }

    fn to_change(&self, revision: u64) -> Change {
        Change {
            revision,
            kind: self.kind,
            key: self.key.to_buf(),
            bytes: Bytes::copy_from_slice(self.text),
            previous: self.previous.map(Bytes::copy_from_slice),
            previous_revision: self.previous_revision,
        }
    }
}

/// The log of a store, as one watch reads it.
pub(super) struct LmdbLog {
    shared: Arc<Shared>,
    /// Tells of other processes' commits, from the moment that the watch first waits.
    files: Option<Arc<FileWatch>>,
}

impl LmdbLog {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, files: None }
    }
}

impl Log for LmdbLog {
    fn read(&self, query: &WatchQuery) -> Result<(Vec<Change>, u64)> {
        self.shared.read(|txn| read(&self.shared, txn, query))
    }

    fn changed(&self) -> &Event {
        &self.shared.changed
    }

    fn prepare_to_wait(&mut self) -> Result<()> {
        if self.files.is_none() {
            self.files = Some(FileWatch::of(&self.shared)?);
        }
        Ok(())
    }
}

fn read(shared: &Shared, txn: &RoTxn<'_>, query: &WatchQuery) -> Result<(Vec<Change>, u64), Fault> {
    let state = State::read(&shared.databases, txn)?;
    check_start(query.after, state.oldest, state.revision)?;
    let (mut changes, mut bytes, mut read_to) = (Vec::new(), 0, query.after);
    if query.after == state.revision {
        return Ok((changes, read_to));
    }
    for entry in following(shared, txn, query.after)? {
        let (revision, entry) = entry?;
        read_to = revision;
        if selects(query, entry.key) {
            bytes += entry.text.len();
            changes.push(entry.to_change(read_to));
        }
        if changes.len() >= MAX_CHANGES || bytes >= MAX_CHANGE_BYTES {
            break;
        }
    }
    Ok((changes, read_to))
}

/// What a query's objects were at a revision that the log reaches back to.
pub(super) fn past(
    shared: &Shared,
    txn: &RoTxn<'_>,
    query: &ListQuery<'_>,
    revision: u64,
    range: Range,
) -> Result<Past, Fault> {
    let mut past = Past::new(revision, range);
    for entry in following(shared, txn, revision)? {
        let (_, entry) = entry?;
        if entry.key.resource == query.resource && entry.key.tenant == query.tenant {
            past.take_back(entry.key, || {
                let bytes = Bytes::copy_from_slice(entry.previous?);
                // Entries of older programs do not say the revision.
                Some(Stored { revision: entry.previous_revision.unwrap_or_default(), bytes })
            });
        }
    }
    Ok(past)
}

/// The entries after a revision, each with its own.
fn following<'txn>(
    shared: &Shared,
    txn: &'txn RoTxn<'_>,
    revision: u64,
) -> Result<impl Iterator<Item = Result<(u64, RawEntry<'txn>), Fault>>, Fault> {
    let first = revision.saturating_add(1).to_be_bytes();
    let range = (Bound::Included(&first[..]), Bound::Unbounded);
    let entries = shared.databases.log.range(txn, &range)?;
    Ok(entries.zip(1..).map(move |(entry, number)| {
        let (key, raw) = entry?;
        let at = revision.saturating_add(number);
        if key != at.to_be_bytes() {
            return Err(damaged("the watch log has a gap").into());
        }
        Ok((at, RawEntry::parse(raw)?))
    }))
}

#[cfg(test)]
mod tests {
    use super::{LogEntry, RawEntry, encode};
    use crate::storage::{ChangeKind, Key};

    #[test]
    fn entries_are_read_as_they_were_written() {
        let key = Key { tenant: "t", resource: "r.g", namespace: "", name: "n" };
        let (bytes, previous) = ("{}".into(), "{0}".into());
        for previous in [None, Some(&previous)] {
            let previous_revision = previous.map(|_| 3);
            let kind = ChangeKind::Updated;
            let entry = LogEntry { revision: 7, kind, key, bytes: &bytes, previous, previous_revision };
            let mut raw = Vec::new();
            encode(entry, &mut raw);
            let read = RawEntry::parse(&raw).unwrap();
            assert_eq!(read.to_change(7), entry.to_change());
            assert_eq!(read.size(), entry.size());
            assert!(RawEntry::parse(&raw[..10]).is_err());
        }
    }
}
