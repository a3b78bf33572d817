//! How a store is opened.

use crate::storage::LogLimits;

/// When a commit is acknowledged: what of it is on the disk by then. With every level a process that is killed loses nothing
/// that it acknowledged, since the system keeps what was written; they differ in what a power cut or a crash of the system
/// may take.
///
/// The level is that of the process: others on the same store keep theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// The whole commit is on the disk. Nothing acknowledged is lost.
    #[default]
    Full,
    /// The commit's pages are on the disk, but not the page that names them. A power cut may take the latest commit, never
    /// more and never the store. Saves one of two syncs.
    Latest,
    /// Nothing needs to be on the disk yet. A power cut may take all commits since the last
    /// [`flush`](super::LmdbStorage::flush) and, as the disk orders writes as it likes, the store with them. For tests, for caches, and for
    /// bulk loads that end with a flush.
    Process,
}

/// How a store is opened. Of several handles of one store in one process, the first decides on all but `read_only`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LmdbOptions {
    /// Only read: nothing is created or migrated, and `commit` is refused. Off by default.
    pub read_only: bool,
    /// Bytes of address space that the store starts with; it grows by itself. 64 MiB by default.
    pub map_size: u64,
    /// Bytes that the store may grow to, after which writes answer [`Full`](crate::storage::Error::Full). Deletions may go an
    /// eighth beyond, so that a full store can be emptied. 64 GiB by default.
    pub max_map_size: u64,
    /// How much of the past is kept for watches; at most a quarter of `max_map_size`.
    pub log: LogLimits,
    /// Open the store even on a network file system, where other machines must not use it. Off by default.
    pub allow_network: bool,
    /// When a commit is acknowledged. [`Durability::Full`] by default.
    pub durability: Durability,
    /// Check every page before the store is used, as [`check`](super::LmdbStorage::check) does, at the price of reading the
    /// whole file. For files that come from elsewhere: without it only the top of each tree is looked at, and damage further
    /// below may crash the program that comes by it. Off by default.
    pub verify: bool,
}

impl Default for LmdbOptions {
    fn default() -> Self {
        Self {
            read_only: false,
            map_size: 64 << 20,
            max_map_size: 64 << 30,
            log: LogLimits::default(),
            allow_network: false,
            durability: Durability::Full,
            verify: false,
        }
    }
}
