//! Floor 3: revisioned key-value backends with a watch log.
//!
//! A backend knows nothing of Kubernetes beyond its key: it keeps JSON texts under `tenant/resource/namespace/name`,
//! numbers every change with one store-wide revision, and keeps a log of changes for watchers. What a write means is
//! decided in `client`; every backend passes the one suite in [`conformance`].
//!
//! # What every backend promises
//!
//! - **One commit**: a [`Transaction`] holds its objects, index entries and watch-log entries; all of it is there or none.
//! - **Durability**: when `commit` has answered, what it acknowledged survives the process (and, in durable backends,
//!   the machine's power).
//! - **Revisions** are handed out in commit order, start at 1, and never repeat, also across restarts. Every mutation gets a
//!   revision of its own, which is the object's `resourceVersion`.
//! - **Read your own writes**, in this process and in others on the same store.

mod age;
mod apply;
pub mod conformance;
mod error;
#[cfg(feature = "lmdb")]
pub mod lmdb;
pub mod memory;
mod page;
mod past;
mod stamp;
pub mod tenants;
mod types;
mod validate;
mod watch;

pub use error::Error;
#[cfg(feature = "lmdb")]
pub use lmdb::{Durability, LmdbOptions, LmdbStorage};
pub use memory::MemoryStorage;
pub use stamp::Stamped;
pub use types::{
    Change, ChangeKind, Expect, Filter, IndexEntry, IndexMatch, Key, KeyBuf, ListQuery, Mutation, Outcome,
    Page, Stored, Transaction, Watch, WatchQuery,
};
pub use validate::{MAX_NAME_BYTES, MAX_PLACE_BYTES};
pub use watch::LogLimits;

use async_trait::async_trait;

/// What a storage call answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A revisioned store. Object-safe: pass it as `Arc<dyn Storage>`.
///
/// The methods are async because a remote store must wait. The embedded backends need no async runtime; they answer on the
/// first poll, except a durable `commit`, which first lets others join it, and a watch that waits.
#[async_trait]
pub trait Storage: Send + Sync + 'static {
    /// The object under a key.
    ///
    /// # Errors
    /// [`Error::Corrupt`] and [`Error::Backend`], as every method.
    async fn get(&self, key: Key<'_>) -> Result<Option<Stored>>;

    /// Objects of one resource in key order: namespace, then name, each by bytes; now, or as of a revision in the past.
    ///
    /// A list of the past costs as much as a list of the present and reading all changes since then.
    ///
    /// # Errors
    /// [`Error::Compacted`] when the log no longer reaches back to [`ListQuery::at`], [`Error::Future`] when the store is not
    /// there yet.
    async fn list(&self, query: ListQuery<'_>) -> Result<Page>;

    /// Applies transactions in order in ONE commit. Each is atomic and stands for itself: one whose expectation fails is
    /// skipped whole ([`Outcome::Conflict`]) and the others are applied.
    ///
    /// # Errors
    /// [`Error::BadKey`], also for a key that a transaction names twice, and [`Error::Full`]; nothing of the batch is kept.
    async fn commit(&self, batch: Vec<Transaction>) -> Result<Vec<Outcome>>;

    /// The changes after a revision, then those to come.
    ///
    /// # Errors
    /// [`Error::Compacted`] when the log no longer reaches back so far, [`Error::Future`] when the store is not there yet.
    async fn watch(&self, query: WatchQuery) -> Result<Box<dyn Watch>>;

    /// Forgets the changes up to a revision (all, if the store has not got so far), and those that the log's limits say should go.
    /// Objects are not touched. Answers the oldest revision that a watch can start after from now on.
    ///
    /// # Errors
    /// [`Error::Backend`] in a store that is open for reading only.
    async fn compact(&self, revision: u64) -> Result<u64>;

    /// The latest revision; 0 in an empty store.
    async fn revision(&self) -> Result<u64>;

    /// A number that is another one after each commit that reads can see, of whichever process: whoever has read something and
    /// finds the same number again need not read it again. It costs next to nothing; a backend that cannot tell without asking answers
    /// `None`, and [`Storage::revision`] has to do.
    fn commits(&self) -> Option<u64> {
        None
    }

    /// The tenants that hold objects, by name. The price does not grow with what they hold.
    async fn tenants(&self) -> Result<Vec<tenants::Tenant>>;

    /// Shows all objects of a tenant, as they are at one moment, until the visitor breaks; answers that moment's revision. The
    /// objects of a resource come together and in key order; the order of resources is the store's.
    async fn visit(&self, tenant: &str, visitor: &mut tenants::Visitor<'_>) -> Result<u64>;
}
