//! The one place of this crate with `unsafe`: opening an LMDB environment and changing the size of its map.
#![expect(
    unsafe_code,
    reason = "LMDB maps a file that others could change; each block says why that is sound here"
)]

use std::path::Path;
use std::sync::RwLockWriteGuard;

use heed::{Env, EnvFlags, EnvOpenOptions, Result, WithoutTls};

use super::options::{Durability, LmdbOptions};

/// Reader slots of a new store: how many reads can run at one moment, in all processes together.
const MAX_READERS: u32 = 1024;

/// Opens the environment of a directory whose data file was examined by [`super::header::examine`].
pub(super) fn open(
    directory: &Path,
    map_size: usize,
    databases: u32,
    how: &LmdbOptions,
) -> Result<Env<WithoutTls>> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options.map_size(map_size).max_readers(MAX_READERS).max_dbs(databases);
    let mut flags = match how.durability {
        Durability::Full => EnvFlags::empty(),
        Durability::Latest => EnvFlags::NO_META_SYNC,
        Durability::Process => EnvFlags::NO_SYNC,
    };
    flags.set(EnvFlags::READ_ONLY, how.read_only);
    // SAFETY: NO_LOCK and WRITE_MAP let processes or stray writes corrupt what is mapped; these flags do not. Without a sync
    // a crash of the system may leave a file that is none of LMDB's. What its first pages and the tops of its trees say
    // is checked before they are followed, and whoever asks for that durability is told to verify the rest.
    unsafe { options.flags(flags) };
    // SAFETY: a map is sound as long as its file changes only in the ways that LMDB coordinates, and what it holds is
    // LMDB's. The directory and its files are created for their owner alone; locking is never switched off; file systems
    // that do not share memory between machines are refused; the file was examined: it begins as LMDB's do and is as long
    // as it says. Opening twice in one process is refused by heed and never tried by `env`, which shares one environment.
    unsafe { options.open(directory) }
}

/// Changes the size of the map; 0 adopts the size that another process has given it.
///
/// Every transaction of this process holds the same lock for reading; the guard proves that none is running.
pub(super) fn resize(
    env: &Env<WithoutTls>,
    size: usize,
    _no_transaction: &RwLockWriteGuard<'_, ()>,
) -> Result<()> {
    // SAFETY: LMDB asks that no transaction of this process is active, which the guard proves.
    unsafe { env.resize(size) }
}
