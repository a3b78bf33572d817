//! What a transaction means, once for all backends: which expectations hold, which revisions are handed out, what is
//! written, and what watchers are told.

use bytes::Bytes;

use super::{Change, ChangeKind, Expect, IndexEntry, Key, Mutation, Outcome, Stored, Transaction};

/// What a backend lends to a running commit. Nothing of it is seen by others until the backend commits.
pub(super) trait Ledger {
    /// What can go wrong.
    type Error;
    /// The object as it is at this point of the commit.
    fn get(&self, key: Key<'_>) -> Result<Option<Stored>, Self::Error>;
    /// The revision for the next change; taken when that change is logged.
    fn next_revision(&self) -> u64;
    /// Writes the object and replaces its index entries.
    fn put(&mut self, key: Key<'_>, stored: &Stored, indexes: &[IndexEntry]) -> Result<(), Self::Error>;
    /// Removes the object and its index entries.
    fn remove(&mut self, key: Key<'_>) -> Result<(), Self::Error>;
    /// Appends to the watch log; called with every revision in order.
    fn log(&mut self, entry: LogEntry<'_>) -> Result<(), Self::Error>;
}

/// A [`super::Change`] that is not yet anybody's.
#[derive(Clone, Copy)]
pub(super) struct LogEntry<'a> {
    pub(super) revision: u64,
    pub(super) kind: ChangeKind,
    pub(super) key: Key<'a>,
    pub(super) bytes: &'a Bytes,
    pub(super) previous: Option<&'a Bytes>,
    pub(super) previous_revision: Option<u64>,
}

impl<'a> LogEntry<'a> {
    /// The entry of a change.
    pub(super) fn of(change: &'a Change) -> Self {
        let Change { revision, kind, key, bytes, previous, previous_revision } = change;
        Self {
            revision: *revision,
            kind: *kind,
            key: key.as_key(),
            bytes,
            previous: previous.as_ref(),
            previous_revision: *previous_revision,
        }
    }

    /// The change, owned.
    pub(super) fn to_change(self) -> Change {
        let Self { revision, kind, key, bytes, previous, previous_revision } = self;
        Change {
            revision,
            kind,
            key: key.to_buf(),
            bytes: bytes.clone(),
            previous: previous.cloned(),
            previous_revision,
        }
    }

    /// The bytes that the entry is counted with against [`super::LogLimits::bytes`].
    pub(super) fn size(&self) -> u64 {
        let key =
            self.key.tenant.len() + self.key.resource.len() + self.key.namespace.len() + self.key.name.len();
        (key + self.bytes.len() + self.previous.map_or(0, Bytes::len)) as u64
    }
}

/// Applies one transaction, or finds it in conflict and leaves the ledger as it was.
///
/// # Errors
/// Those of the ledger; it is then half-written, and the backend must abandon it.
pub(super) fn apply<L: Ledger>(ledger: &mut L, transaction: &Transaction) -> Result<Outcome, L::Error> {
    let mut before = Vec::with_capacity(transaction.mutations.len());
    for (index, mutation) in transaction.mutations.iter().enumerate() {
        let found = ledger.get(mutation.key())?;
        if !holds(mutation.expect(), found.as_ref()) {
            return Ok(Outcome::Conflict { mutation: index, found });
        }
        before.push(found);
    }
    let stored = transaction
        .mutations
        .iter()
        .zip(before)
        .map(|(mutation, before)| write(ledger, mutation, before.as_ref()))
        .collect::<Result<_, _>>()?;
    Ok(Outcome::Committed { stored })
}

fn holds(expect: Expect, found: Option<&Stored>) -> bool {
    match expect {
        Expect::Any => true,
        Expect::Absent => found.is_none(),
        Expect::Revision(revision) => found.is_some_and(|stored| stored.revision == revision),
    }
}

fn write<L: Ledger>(
    ledger: &mut L,
    mutation: &Mutation,
    before: Option<&Stored>,
) -> Result<Option<Stored>, L::Error> {
    let (value, kind) = match (mutation, before) {
        (Mutation::Check { .. }, _) | (Mutation::Delete { .. }, None) => return Ok(None),
        (Mutation::Put { value, .. }, None) => (value, ChangeKind::Created),
        (Mutation::Put { value, .. }, Some(_)) => (value, ChangeKind::Updated),
        (Mutation::Delete { value, .. }, Some(_)) => (value, ChangeKind::Deleted),
    };
    let key = mutation.key();
    let revision = ledger.next_revision();
    let stored = Stored { revision, bytes: value.stamp(revision) };
    match mutation {
        Mutation::Put { indexes, .. } => ledger.put(key, &stored, indexes)?,
        _ => ledger.remove(key)?,
    }
    ledger.log(LogEntry {
        revision,
        kind,
        key,
        bytes: &stored.bytes,
        previous: before.map(|before| &before.bytes),
        previous_revision: before.map(|before| before.revision),
    })?;
    Ok(Some(stored))
}
