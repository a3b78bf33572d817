//! Forgetting the beginning of the watch log: by age with every commit, up to a revision when asked to.

use heed::RwTxn;

use super::env::Shared;
use super::fault::Fault;
use super::layout::{Databases, State, damaged, read_marks, write_marks};
use super::log::RawEntry;
use crate::storage::Result;
use crate::storage::age::now;

/// A commit forgets at most so many changes for their age, so that none takes long; the next ones go on.
const PER_COMMIT: u64 = 1_000;
/// [`Shared::compact`] forgets so many in one transaction, so that it never keeps others from writing for long.
const PER_TRANSACTION: u64 = 10_000;

impl Shared {
    /// Forgets what is too old, then notes when the present commit was. Answers the state to be written.
    pub(super) fn grow_older(&self, txn: &mut RwTxn<'_>, mut state: State) -> Result<State, Fault> {
        let (now, age) = (now(), self.options.log.age);
        let mut marks = read_marks(&self.databases, txn)?;
        if let Some(expired) = marks.expired(now, age) {
            forget(&self.databases, txn, &mut state, expired, PER_COMMIT)?;
        }
        let dropped = marks.forget(state.oldest);
        if marks.note(now, state.revision, age) || dropped {
            write_marks(&self.databases, txn, &marks)?;
        }
        Ok(state)
    }

    /// Forgets the changes up to a revision and those that are too old. Answers the revision before the log's first.
    pub(super) fn compact(&self, revision: u64) -> Result<u64> {
        let limit = self.options.max_map_size;
        // What is deleted needs space before it frees any.
        let limit = limit.saturating_add((limit / 8).max(1 << 20));
        loop {
            let (oldest, done) = self.write(limit, |txn| {
                let mut state = State::read(&self.databases, txn)?;
                let before = state.oldest;
                let mut marks = read_marks(&self.databases, txn)?;
                let expired = marks.expired(now(), self.options.log.age).unwrap_or(0);
                let last = revision.max(expired).min(state.revision);
                forget(&self.databases, txn, &mut state, last, PER_TRANSACTION)?;
                if marks.forget(state.oldest) {
                    write_marks(&self.databases, txn, &marks)?;
                }
                if state.oldest != before {
                    state.write(&self.databases, txn)?;
                }
                Ok(((state.oldest, state.oldest >= last), state.oldest != before))
            })?;
            if done {
                return Ok(oldest);
            }
        }
    }
}

/// Forgets changes up to a revision, but no more than so many.
fn forget(
    databases: &Databases,
    txn: &mut RwTxn<'_>,
    state: &mut State,
    revision: u64,
    most: u64,
) -> Result<(), Fault> {
    let last = revision.min(state.revision).min(state.oldest.saturating_add(most));
    while state.oldest < last {
        forget_first(databases, txn, state)?;
    }
    Ok(())
}

/// Forgets the oldest change.
pub(super) fn forget_first(
    databases: &Databases,
    txn: &mut RwTxn<'_>,
    state: &mut State,
) -> Result<(), Fault> {
    let first = (state.oldest + 1).to_be_bytes();
    let raw = databases.log.get(txn, &first)?.ok_or_else(|| damaged("the watch log has a gap"))?;
    let size = RawEntry::parse(raw)?.size();
    databases.log.delete(txn, &first)?;
    state.oldest += 1;
    state.log_bytes = state.log_bytes.saturating_sub(size);
    Ok(())
}
