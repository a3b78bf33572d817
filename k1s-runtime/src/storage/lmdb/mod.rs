//! The durable store: one directory with an LMDB environment, shared by any number of processes.
//!
//! # What it promises beyond [`crate::storage`]
//!
//! - **Durability**: `commit` answers after the disk was synced. A process that is killed, or a machine that loses its power,
//!   loses nothing acknowledged, and leaves nothing to repair.
//! - **Sharing**: readers never wait; writers of all processes take turns. Opening a store twice in one process gives handles
//!   of one store, with the options of the first. A store must not be used on both sides of a `fork`.
//! - **Group commit**: tasks that commit at the same time share a sync of the disk.
//! - **A full store can be emptied**: deletions may go beyond the limit, and where the disk itself is full, the oldest changes of
//!   the watch log give way to them.
//! - **No background work**: nothing runs but what was called, until a watch waits; then one thread waits for the system to
//!   tell of other processes' commits.
//!
//! # Limits
//!
//! Names up to [`MAX_NAME_BYTES`](crate::storage::MAX_NAME_BYTES), namespace and name together up to
//! [`MAX_PLACE_BYTES`](crate::storage::MAX_PLACE_BYTES); 1024 reads at one moment; [`LmdbOptions::max_map_size`]. LMDB trusts its
//! pages: a file that was cut short, is none of its own, or has something else where a tree begins is refused, but damage
//! further inside is found only by [`LmdbStorage::check`] and [`LmdbOptions::verify`]. A file that is cut while it is open
//! takes the program with it.

mod backup;
mod check;
mod compact;
mod count;
mod env;
mod fault;
mod files;
mod header;
mod layout;
mod log;
mod map;
mod migrate;
mod names;
mod node;
mod options;
mod pages;
mod place;
mod queue;
mod read;
mod rescue;
mod sys;
#[cfg(test)]
mod tests;
mod visit;
mod write;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;

use super::tenants::{Tenant, Visitor};
use super::watch::{LogWatch, check_start};
use super::{
    Key, ListQuery, Outcome, Page, Result, Storage, Stored, Transaction, Watch, WatchQuery, validate,
};

pub use options::{Durability, LmdbOptions};

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
    /// Opens the store in a directory, which is created, for its owner alone, if it is not there. A store of an older format is
    /// brought up to the present one, in one commit; older programs refuse it from then on.
    ///
    /// # Errors
    /// [`Open`](super::Error::Open) when the directory cannot be used, [`NotAStore`](super::Error::NotAStore) when it holds
    /// something else, [`FromTheFuture`](super::Error::FromTheFuture) when a newer program made it,
    /// [`Outdated`](super::Error::Outdated) when it is to be read only and would have to be migrated,
    /// [`Corrupt`](super::Error::Corrupt) when it is damaged, and [`Full`](super::Error::Full) when no space is left to open it.
    pub fn open(directory: impl AsRef<Path>, options: LmdbOptions) -> Result<Self> {
        let read_only = options.read_only;
        Ok(Self { shared: env::open(directory.as_ref(), options)?, read_only })
    }

    /// The directory of the store.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Writes a snapshot of the store to a directory, which is created if it is not there, and answers its bytes. The backup
    /// is a store of its own, without the free space of this one, and is on the disk when this returns.
    ///
    /// Reads and writes go on meanwhile. What is freed while a backup runs is not used anew before it ends, so a busy store
    /// grows.
    ///
    /// ```
    /// # use k1s_runtime::storage::{LmdbOptions, LmdbStorage, Storage};
    /// # let directory = tempfile::tempdir().unwrap();
    /// let store = LmdbStorage::open(directory.path().join("store"), LmdbOptions::default())?;
    /// store.backup(directory.path().join("backup"))?;
    /// let backup = LmdbStorage::open(directory.path().join("backup"), LmdbOptions::default())?;
    /// assert_eq!(pollster::block_on(backup.revision())?, pollster::block_on(store.revision())?);
    /// # Ok::<(), k1s_runtime::storage::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Open`](super::Error::Open) when the directory cannot be written or holds a store already,
    /// [`Full`](super::Error::Full) when it has no space, and [`Corrupt`](super::Error::Corrupt) when this store is damaged. Of
    /// a backup that failed nothing is left in the directory.
    pub fn backup(&self, directory: impl AsRef<Path>) -> Result<u64> {
        self.shared.backup(directory.as_ref())
    }

    /// Checks the whole store: every page, and that objects, indexes, the watch log and the tenants' accounts agree. It reads
    /// all that there is; reads and writes go on meanwhile.
    ///
    /// # Errors
    /// [`Corrupt`](super::Error::Corrupt) with the first damage found.
    pub fn check(&self) -> Result<Checked> {
        self.shared.check()
    }

    /// Waits until all that was committed is on the disk. Only needed with a [`Durability`] other than full.
    ///
    /// # Errors
    /// [`Backend`](super::Error::Backend) and [`Full`](super::Error::Full) when the system refuses.
    pub fn flush(&self) -> Result<()> {
        if self.read_only {
            return Ok(());
        }
        self.shared.with_env(|env| Ok(env.force_sync()?))
    }
}

/// What [`LmdbStorage::check`] has found to be in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// The revision of the snapshot that was checked.
    pub revision: u64,
    /// Tenants that hold something.
    pub tenants: u64,
    /// Objects.
    pub objects: u64,
    /// Entries of secondary indexes.
    pub index_entries: u64,
    /// Changes in the watch log.
    pub changes: u64,
    /// Bytes of the file that are in use or free.
    pub bytes: u64,
    /// Of these, bytes that are free; a [`backup`](LmdbStorage::backup) leaves them out.
    pub free_bytes: u64,
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

    fn commits(&self) -> Option<u64> {
        self.shared.commits()
    }

    async fn tenants(&self) -> Result<Vec<Tenant>> {
        self.shared.read(|txn| visit::tenants(&self.shared, txn))
    }

    async fn visit(&self, tenant: &str, visitor: &mut Visitor<'_>) -> Result<u64> {
        self.shared.make_room()?;
        self.shared.read(|txn| visit::visit(&self.shared, txn, tenant, visitor))
    }
}
