//! What can go wrong in a store, in words for the person whose store it is.

use std::path::PathBuf;

/// An error of a storage backend.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The changes asked for have left the watch log.
    #[error("too old resource version: {requested} ({oldest})")]
    Compacted {
        /// The revision asked for.
        requested: u64,
        /// The oldest revision a watch can still start after.
        oldest: u64,
    },
    /// A revision that the store has not reached.
    #[error("resource version {requested} is ahead of the store's {current}")]
    Future {
        /// The revision asked for.
        requested: u64,
        /// The store's revision.
        current: u64,
    },
    /// The path could not be read, written or created.
    #[error("cannot open the store at {path}: {source}")]
    Open {
        /// The store's path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is there, but it is not a k1s store.
    #[error("{path} is not a k1s store ({reason}); nothing was changed; name another place with --store")]
    NotAStore {
        /// The store's path.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The store was written by a newer k1s.
    #[error(
        "the store at {path} has format {found}, newer than the {known} this program knows; use a newer program"
    )]
    FromTheFuture {
        /// The store's path.
        path: PathBuf,
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// The store is of an older format, and was to be opened for reading only.
    #[error(
        "the store at {path} has format {found}, older than the {known} this program reads; open it for writing once, which \
         brings it up to date"
    )]
    Outdated {
        /// The store's path.
        path: PathBuf,
        /// The format found.
        found: u32,
        /// The format that is read.
        known: u32,
    },
    /// No space is left, on the disk or under the configured size limit.
    #[error("the store is full: {reason}; nothing of this write was kept")]
    Full {
        /// Which limit was hit.
        reason: String,
    },
    /// A key is longer than the backend can hold, or has a byte that no key may have.
    #[error("key {key:?} cannot be stored: {reason}")]
    BadKey {
        /// The key.
        key: String,
        /// Why not.
        reason: String,
    },
    /// An export could not be written, or not be read.
    #[error("line {line} of the export: {reason}")]
    Transfer {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// What is stored cannot be understood.
    #[error("the store is damaged: {0}; go back to a backup, or export what can still be read")]
    Corrupt(String),
    /// Anything else the backend said.
    #[error("storage failed: {0}")]
    Backend(String),
}
