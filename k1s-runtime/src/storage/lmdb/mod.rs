//! The durable store: one directory with an LMDB environment, shared by any number of processes.
//!
//! # What it promises beyond [`crate::storage`]
//!
//! - **Durability**: `commit` answers after the disk was synced. A process that is killed, or a machine that loses its power,
//!   loses nothing acknowledged, and leaves nothing to repair.
//! - **Sharing**: readers never wait; writers of all processes take turns. Opening a store twice in one process gives handles
//!   of one store, with the options of the first. A store must not be used on both sides of a `fork`.
//! - **Group commit**: tasks that commit at the same time share a sync of the disk.
//! - **No background work**: nothing runs but what was called, until a watch waits; then one thread waits for the system to
//!   tell of other processes' commits.
//!
//! # Limits
//!
//! Names up to [`MAX_NAME_BYTES`](crate::storage::MAX_NAME_BYTES), namespace and name together up to
//! [`MAX_PLACE_BYTES`](crate::storage::MAX_PLACE_BYTES); 1024 reads at one moment; [`LmdbOptions::max_map_size`]. LMDB trusts its
//! pages: a file that was cut short or is none of its own is refused, but bytes that were changed inside of it may not be
//! noticed.

mod compact;
mod count;
mod env;
mod fault;
mod files;
mod header;
mod layout;
mod log;
mod names;
mod place;
mod queue;
mod read;
mod sys;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;

use super::watch::{LogWatch, check_start};
use super::{
    Key, ListQuery, LogLimits, Outcome, Page, Result, Storage, Stored, Transaction, Watch, WatchQuery,
    validate,
};

/// How a store is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LmdbOptions {
    /// Only read: nothing is created, and `commit` is refused. Off by default.
    pub read_only: bool,
    /// Bytes of address space that the store starts with; it grows by itself. 64 MiB by default.
    pub map_size: u64,
    /// Bytes that the store may grow to, after which writes answer [`super::Error::Full`]. Deletions may go an eighth beyond,
    /// so that a full store can be emptied. 64 GiB by default.
    pub max_map_size: u64,
    /// How much of the past is kept for watches; at most a quarter of `max_map_size`.
    pub log: LogLimits,
    /// Open the store even on a network file system, where other machines must not use it. Off by default.
    pub allow_network: bool,
}

impl Default for LmdbOptions {
    fn default() -> Self {
        Self {
            read_only: false,
            map_size: 64 << 20,
            max_map_size: 64 << 30,
            log: LogLimits::default(),
            allow_network: false,
        }
    }
}

/// A durable store. Clones are handles of one store.
///
/// ```
/// # use k1s_runtime::storage::{LmdbOptions, LmdbStorage, Storage};
/// # let directory = tempfile::tempdir().unwrap();
/// let store = LmdbStorage::open(directory.path(), LmdbOptions::default())?;
/// assert_eq!(pollster::block_on(store.revision())?, 0);
/// # Ok::<(), k1s_runtime::storage::Error>(())
/// ```
#[derive(Clone)]
pub struct LmdbStorage {
    shared: Arc<env::Shared>,
    read_only: bool,
}

impl LmdbStorage {
    /// Opens the store in a directory, which is created, for its owner alone, if it is not there.
    ///
    /// # Errors
    /// [`Open`](super::Error::Open) when the directory cannot be used, [`NotAStore`](super::Error::NotAStore) when it holds
    /// something else, [`FromTheFuture`](super::Error::FromTheFuture) when a newer program made it,
    /// [`Corrupt`](super::Error::Corrupt) when it is damaged, and [`Full`](super::Error::Full) when no space is left to open it.
    pub fn open(directory: impl AsRef<Path>, options: LmdbOptions) -> Result<Self> {
        let read_only = options.read_only;
        Ok(Self { shared: env::open(directory.as_ref(), options)?, read_only })
    }

    /// The directory of the store.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }
}

impl fmt::Debug for LmdbStorage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LmdbStorage").field("path", &self.shared.path).finish_non_exhaustive()
    }
}

#[async_trait]
impl Storage for LmdbStorage {
    async fn get(&self, key: Key<'_>) -> Result<Option<Stored>> {
        self.shared.read(|txn| read::get(&self.shared, txn, key))
    }

    async fn list(&self, query: ListQuery<'_>) -> Result<Page> {
        self.shared.read(|txn| read::list(&self.shared, txn, &query))
    }

    async fn commit(&self, batch: Vec<Transaction>) -> Result<Vec<Outcome>> {
        if self.read_only {
            return Err(write::read_only());
        }
        validate::batch(&batch)?;
        self.shared.queue.commit(batch, |batches| self.shared.commit(batches)).await
    }

    async fn watch(&self, query: WatchQuery) -> Result<Box<dyn Watch>> {
        self.shared.read(|txn| {
            let state = layout::State::read(&self.shared.databases, txn)?;
            Ok(check_start(query.after, state.oldest, state.revision)?)
        })?;
        Ok(Box::new(LogWatch::new(log::LmdbLog::new(self.shared.clone()), query)))
    }

    async fn compact(&self, revision: u64) -> Result<u64> {
        if self.read_only {
            return Err(write::read_only());
        }
        self.shared.compact(revision)
    }

    async fn revision(&self) -> Result<u64> {
        self.shared.read(|txn| Ok(layout::State::read(&self.shared.databases, txn)?.revision))
    }
}
