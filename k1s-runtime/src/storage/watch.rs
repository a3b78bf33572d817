//! The watch over a log that every embedded backend shares: where it may start, what it selects, and how it waits.

use std::time::Duration;

use async_trait::async_trait;
use event_listener::Event;

use super::{Change, Error, Key, Result, Watch, WatchQuery};

/// How much of the past the watch log keeps. Whatever exceeds a limit is forgotten, oldest first; a watch that has
/// not seen it yet ends with [`Error::Compacted`], and so does a list as of a time before.
///
/// The limits are applied when something is written, and by [`Storage::compact`](super::Storage::compact); nothing runs in
/// between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLimits {
    /// At most so many changes, and at least one; 100,000 by default.
    pub entries: u64,
    /// At most so many bytes of keys and texts; 64 MiB by default. The newest change is kept whatever its size.
    pub bytes: u64,
    /// About how long a change is kept: a week by default, to within a sixty-fourth. The changes of the newest commit are kept
    /// however old they are.
    pub age: Duration,
}

impl Default for LogLimits {
    fn default() -> Self {
        Self { entries: 100_000, bytes: 64 << 20, age: Duration::from_secs(7 * 24 * 60 * 60) }
    }
}

impl LogLimits {
    /// Whether the oldest of so many changes must be forgotten.
    pub(super) fn exceeded(&self, entries: u64, bytes: u64) -> bool {
        entries > self.entries.max(1) || (bytes > self.bytes && entries > 1)
    }
}

/// Most changes that one answer of a watch holds.
pub(super) const MAX_CHANGES: usize = 1_000;
/// An answer of a watch is cut after the change with which it reaches so many bytes.
pub(super) const MAX_CHANGE_BYTES: usize = 4 << 20;

/// A backend's log, as a watch reads it.
pub(super) trait Log: Send + Sync + 'static {
    /// The changes that the query selects, at most about [`MAX_CHANGES`], and the revision up to which that is all; if there are
    /// none, it is that of the end of the log.
    fn read(&self, query: &WatchQuery) -> Result<(Vec<Change>, u64)>;
    /// Notified after every commit that [`Log::read`] can see.
    fn changed(&self) -> &Event;
    /// Called before a watch waits for the first time.
    fn prepare_to_wait(&mut self) -> Result<()>;
}

/// A [`Watch`] over a [`Log`]; `query.after` is how far it has come.
pub(super) struct LogWatch<L> {
    log: L,
    query: WatchQuery,
    may_wait: bool,
}

impl<L: Log> LogWatch<L> {
    pub(super) fn new(log: L, query: WatchQuery) -> Self {
        Self { log, query, may_wait: false }
    }

    /// Reads on until something was selected or the end of the log is reached.
    fn advance(&mut self) -> Result<Vec<Change>> {
        let (changes, read_to) = self.log.read(&self.query)?;
        self.query.after = self.query.after.max(read_to);
        Ok(changes)
    }
}

#[async_trait]
impl<L: Log> Watch for LogWatch<L> {
    async fn next(&mut self) -> Result<Vec<Change>> {
        loop {
            let changes = self.advance()?;
            if !changes.is_empty() {
                return Ok(changes);
            }
            if !self.may_wait {
                self.log.prepare_to_wait()?;
                self.may_wait = true;
            }
            let changed = self.log.changed().listen();
            let changes = self.advance()?;
            if !changes.is_empty() {
                return Ok(changes);
            }
            changed.await;
        }
    }

    fn try_next(&mut self) -> Result<Vec<Change>> {
        self.advance()
    }

    fn progress(&self) -> u64 {
        self.query.after
    }
}

/// Whether a watch may start after a revision, or a list be made as of it: the log must hold all that follows.
pub(super) fn check_start(after: u64, oldest: u64, current: u64) -> Result<()> {
    if after < oldest {
        return Err(Error::Compacted { requested: after, oldest });
    }
    if after > current {
        return Err(Error::Future { requested: after, current });
    }
    Ok(())
}

/// Whether a change of this object is one that the watch is for.
pub(super) fn selects(query: &WatchQuery, key: Key<'_>) -> bool {
    query.resource == key.resource
        && query.tenant == key.tenant
        && query.namespace.as_ref().is_none_or(|namespace| namespace == key.namespace)
}
