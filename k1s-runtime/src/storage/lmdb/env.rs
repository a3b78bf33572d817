//! Opening a store, once a process, and running transactions on it while its map grows.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLockReadGuard, Weak};
use std::time::Duration;

use event_listener::Event;
use heed::{Env, RoTxn, RwTxn, WithoutTls};

use super::fault::Fault;
use super::files::FileWatch;
use super::header::{DataFile, examine};
use super::layout::{self, Databases};
use super::map::Map;
use super::names::Names;
use super::pages::{Extent, Pages};
use super::queue::Queue;
use super::{LmdbOptions, migrate, place};
use crate::storage::{Error, Result};

/// Address space to be free before a long read.
const ROOM: u64 = 1 << 30;
/// How often a transaction is begun anew before its failure is believed.
const ATTEMPTS: usize = 64;

/// An open store; one for all handles of this process.
pub(super) struct Shared {
    pub(super) path: PathBuf,
    pub(super) options: LmdbOptions,
    pub(super) databases: Databases,
    pub(super) names: Names,
    pub(super) queue: Queue,
    pub(super) changed: Event,
    /// The last transaction that watches were told of.
    told_transaction: AtomicUsize,
    /// The last transaction that [`Shared::commits`] has found to be visible.
    seen_transaction: AtomicUsize,
    pub(super) files: Mutex<Weak<FileWatch>>,
    map: Map,
}

type Open = Mutex<HashMap<PathBuf, Weak<Shared>>>;

/// The stores that are open in this process. LMDB must not open one twice.
static OPEN: std::sync::LazyLock<Open> = std::sync::LazyLock::new(Open::default);

/// Opens the store in a directory, or shares it if it is open.
pub(super) fn open(path: &Path, options: LmdbOptions) -> Result<Arc<Shared>> {
    let directory = place::prepare(path, &options)?;
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(shared) = open.get(&directory).and_then(Weak::upgrade) {
        if shared.options.read_only && !options.read_only {
            return Err(refused(path, "this program has it open for reading only"));
        }
        return Ok(shared);
    }
    // The last handle may be on its way out on another thread.
    let closing = heed::env_closing_event(&directory);
    if closing.is_some_and(|event| !event.wait_timeout(Duration::from_secs(10))) {
        return Err(refused(path, "another part of this program has it open"));
    }
    let shared = Arc::new(Shared::open(directory.clone(), options)?);
    open.retain(|_, shared| shared.strong_count() > 0);
    open.insert(directory, Arc::downgrade(&shared));
    Ok(shared)
}

fn refused(path: &Path, text: &str) -> Error {
    Error::Open { path: path.to_owned(), source: std::io::Error::new(std::io::ErrorKind::ResourceBusy, text) }
}

impl Shared {
    fn open(path: PathBuf, mut options: LmdbOptions) -> Result<Self> {
        // A log that may fill the store would keep what was deleted to make room.
        options.log.bytes = options.log.bytes.min(options.max_map_size / 4);
        let data = path.join(place::DATA);
        let found = examine(&path, &data)?;
        place::reserve_lock(&path)?;
        let length = std::fs::metadata(&data).map_or(0, |data| data.len());
        let size = options.map_size.max(length.saturating_mul(2)).min(options.max_map_size.max(length));
        let map = Map::open(&path, size, &options)?;
        // Readers that died keep pages from being reused. Whether it works out does not matter for opening.
        let _ = map.env.clear_stale_readers();
        // From here on LMDB follows what the pages say.
        let whole = options.verify || matches!(found, DataFile::Short(_));
        let fail = |fault: Fault| fault.into_error(&path);
        map.check_pages(&path, Extent::Tops).map_err(fail)?;
        let databases = map.databases(&path, options.read_only).map_err(fail)?;
        if found == DataFile::Missing {
            place::sync(&path).map_err(|error| place::failure(&path, error))?;
        }
        let shared = Self {
            path,
            options,
            databases,
            names: Names::default(),
            queue: Queue::default(),
            changed: Event::new(),
            told_transaction: AtomicUsize::default(),
            seen_transaction: AtomicUsize::default(),
            files: Mutex::default(),
            map,
        };
        let format = shared.known_format()?;
        if whole {
            shared.check_pages(Extent::Whole)?;
        }
        if let DataFile::Short(missing) = found
            && !shared.options.read_only
        {
            append_zeros(&data, missing).map_err(|error| place::failure(&shared.path, error))?;
        }
        migrate::run(&shared, format)?;
        if shared.options.verify {
            shared.check_contents()?;
        }
        Ok(shared)
    }

    /// Checks pages of the latest snapshot.
    pub(super) fn check_pages(&self, extent: Extent) -> Result<Pages> {
        self.retry(|guard| {
            let pages = self.map.check_pages(&self.path, extent);
            drop(guard);
            pages
        })
    }

    /// The number of the store's format, which is one that this program knows.
    fn known_format(&self) -> Result<u32> {
        let format = self.read(|txn| layout::format(self.databases.meta, txn))?;
        migrate::accept(&self.path, format, self.options.read_only)
    }

    /// Makes room in the map, so that a long read does not keep writers from growing it: nobody can while a transaction runs.
    pub(super) fn make_room(&self) -> Result<()> {
        if self.options.read_only {
            return Ok(());
        }
        let wanted = self.map.used().saturating_add(ROOM).min(self.options.max_map_size);
        self.map.grow_to(wanted).map_err(|fault| fault.into_error(&self.path))
    }

    /// The environment, while nobody changes the size of its map.
    pub(super) fn with_env<R>(&self, call: impl FnOnce(&Env<WithoutTls>) -> Result<R, Fault>) -> Result<R> {
        let guard = self.map.hold();
        let result = call(&self.map.env);
        drop(guard);
        result.map_err(|fault| fault.into_error(&self.path))
    }

    /// Runs `call` on a snapshot.
    pub(super) fn read<R>(&self, mut call: impl FnMut(&RoTxn<'_>) -> Result<R, Fault>) -> Result<R> {
        self.retry(|guard| {
            let txn = self.map.env.read_txn()?;
            let result = call(&txn);
            drop((txn, guard));
            result
        })
    }

    /// Runs `call` in a write transaction, from which it answers whether there is something to commit. It may run several
    /// times, as the map grows up to `limit` bytes.
    pub(super) fn write<R>(
        &self,
        limit: u64,
        mut call: impl FnMut(&mut RwTxn<'_>) -> Result<(R, bool), Fault>,
    ) -> Result<R> {
        self.map.shrink_to(limit).map_err(|fault| fault.into_error(&self.path))?;
        loop {
            let grown_from = self.map.size();
            let result = self.retry(|guard| {
                let mut txn = self.map.env.write_txn()?;
                let result = match call(&mut txn) {
                    Ok((result, true)) => txn.commit().map_err(Fault::from).map(|()| Some(result)),
                    Ok((result, false)) => Ok(Some(result)),
                    Err(fault) => Err(fault),
                };
                drop(guard);
                match result {
                    Err(Fault::MapFull) => Ok(None),
                    result => result,
                }
            })?;
            match result {
                Some(result) => return Ok(result),
                // What readers hold that died is as good as free.
                None if self.map.env.clear_stale_readers().is_ok_and(|died| died > 0) => {}
                None => self.map.grow(grown_from, limit).map_err(|fault| fault.into_error(&self.path))?,
            }
        }
    }

    /// The last transaction that anyone has written. For a moment, LMDB does not show it to readers yet.
    pub(super) fn written_transaction(&self) -> usize {
        let _guard = self.map.hold();
        self.map.env.info().last_txn_id
    }

    /// The last transaction that readers see.
    pub(super) fn visible_transaction(&self) -> Result<usize> {
        self.read(|txn| Ok(txn.id()))
    }

    /// The last transaction that readers see, without a transaction of its own unless it is a new one.
    pub(super) fn commits(&self) -> Option<u64> {
        let mut last = self.seen_transaction.load(Ordering::Acquire);
        if self.written_transaction() != last {
            last = self.visible_transaction().ok()?;
            self.seen_transaction.store(last, Ordering::Release);
        }
        Some(last as u64)
    }

    /// Wakes watches, unless they were woken for all that is visible.
    pub(super) fn tell(&self) {
        let visible = self.visible_transaction().unwrap_or(usize::MAX);
        if self.told_transaction.swap(visible, Ordering::AcqRel) != visible {
            self.changed.notify(usize::MAX);
        }
    }

    fn retry<R>(&self, mut attempt: impl FnMut(RwLockReadGuard<'_, ()>) -> Result<R, Fault>) -> Result<R> {
        let mut attempts = 1;
        loop {
            let fault = match attempt(self.map.hold()) {
                Ok(result) => return Ok(result),
                Err(fault) => fault,
            };
            let helped = match fault {
                Fault::MapResized => self.map.follow(),
                Fault::ReadersFull => self.map.env.clear_stale_readers().map(drop).map_err(Fault::from),
                fault => Err(fault),
            };
            helped.map_err(|fault| fault.into_error(&self.path))?;
            if attempts == ATTEMPTS {
                return Err(Error::Backend("too many reads at once, or the map keeps changing".to_owned()));
            }
            attempts += 1;
            std::thread::yield_now();
        }
    }
}

/// Appends, so that what another process writes there meanwhile stays.
fn append_zeros(path: &Path, mut count: u64) -> std::io::Result<()> {
    let zeros = [0; 64 << 10];
    let mut file = File::options().append(true).open(path)?;
    while count > 0 {
        let part = zeros.len().min(usize::try_from(count).unwrap_or(usize::MAX));
        file.write_all(&zeros[..part])?;
        count -= part as u64;
    }
    file.sync_all()
}
