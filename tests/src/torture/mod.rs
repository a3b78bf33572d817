//! Tests that would catch a store that lies: writers that are killed, counters that many processes raise, readers that look for half
//! a transaction, disks that fill up, files that are not what they were. `docs/storage.md` says how the long versions are
//! run; `tests/torture.rs` runs short ones.
//!
//! Each test starts further processes of the program `torture`, which do the jobs of [`work`].

mod damage;
mod full;
mod increments;
mod kills;
mod kit;
mod readers;
mod witness;
mod work;

use std::path::PathBuf;

pub use damage::damaged_files;
pub use full::{full_disk, full_file, full_map};
pub use increments::increments;
pub use kills::kills;
pub use readers::whole_transactions;
pub use work::{Job, work};

/// Where the test runs, and with which chance.
#[derive(Clone, Debug)]
pub struct Place {
    /// The program `torture`.
    pub program: PathBuf,
    /// An empty directory for stores.
    pub directory: PathBuf,
    /// What moments and damages of chance are made from.
    pub seed: u64,
}

/// Why a test did not pass.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The store broke a promise.
    #[error("{0}")]
    Broken(String),
    /// The store refused what it should not.
    #[error(transparent)]
    Storage(#[from] k1s_runtime::storage::Error),
    /// A process could not be started or not be talked with.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What a test answers: what it has done, in a line.
pub type Result<T = String, E = Failure> = std::result::Result<T, E>;

/// Breaks unless something holds.
fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<()> {
    if holds { Ok(()) } else { Err(Failure::Broken(what())) }
}
