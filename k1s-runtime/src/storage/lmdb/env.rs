//! Opening a store, once a process, and running transactions on it while its map grows.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, Weak};
use std::time::Duration;

use event_listener::Event;
use heed::{Env, RoTxn, RwTxn, WithoutTls};

use super::fault::Fault;
use super::files::FileWatch;
use super::header::{DataFile, examine};
use super::layout::{self, Databases, FORMAT, FORMAT_KEY, State, damaged};
use super::log::RawEntry;
use super::names::Names;
use super::queue::Queue;
use super::{LmdbOptions, place, sys};
use crate::storage::{Error, Result};

/// Map sizes are multiples of this, which is one of every page size.
const GRAIN: u64 = 64 << 10;
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

/// The environment. Transactions hold the lock for reading; changing the size of the map takes it for writing.
struct Map {
    env: Env<WithoutTls>,
    resizing: RwLock<()>,
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
        let missing_tail = match found {
            DataFile::Short(missing) if options.read_only => {
                return Err(Error::Corrupt(format!(
                    "{} lacks {missing} bytes at its end; open it for writing to have it checked",
                    data.display()
                )));
            }
            DataFile::Short(missing) => Some(missing),
            _ => None,
        };
        if let Some(missing) = missing_tail {
            append_zeros(&data, missing).map_err(|error| place::failure(&path, error))?;
        }
        place::reserve_lock(&path)?;
        let length = std::fs::metadata(&data).map_or(0, |data| data.len());
        let size = options.map_size.max(length.saturating_mul(2)).min(options.max_map_size.max(length));
        let env = sys::open(&path, map_size(size), layout::COUNT, options.read_only)
            .map_err(|error| Fault::from(error).into_open_error(&path))?;
        let map = Map { env, resizing: RwLock::new(()) };
        // Readers that died keep pages from being reused. Whether it works out does not matter for opening.
        let _ = map.env.clear_stale_readers();
        let databases = map.databases(&path, options.read_only).map_err(|fault| fault.into_error(&path))?;
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
        shared.check_format()?;
        if missing_tail.is_some() {
            shared.read(|txn| shared.check_everything(txn))?;
        }
        Ok(shared)
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

    fn check_format(&self) -> Result<()> {
        let found = self.read(|txn| {
            let raw = self.databases.meta.get(txn, FORMAT_KEY)?;
            Ok(raw.and_then(|raw| raw.try_into().ok()).map(u32::from_be_bytes))
        })?;
        match found {
            Some(FORMAT) => Ok(()),
            Some(found) if found > FORMAT => {
                Err(Error::FromTheFuture { path: self.path.clone(), found, known: FORMAT })
            }
            _ => Err(not_a_store(&self.path, "it has no stamp of a format")),
        }
    }

    /// Reads all that there is, to find whether what was missing at the end of the file mattered.
    fn check_everything(&self, txn: &RoTxn<'_>) -> Result<(), Fault> {
        State::read(&self.databases, txn)?;
        for entry in self.databases.objects.iter(txn)? {
            whole(layout::Row::parse(entry?.1)?.text)?;
        }
        for entry in self.databases.log.iter(txn)? {
            let (_, raw) = entry?;
            RawEntry::parse(raw)?;
            whole(raw)?;
        }
        for database in [self.databases.names, self.databases.index] {
            for entry in database.iter(txn)? {
                entry?;
            }
        }
        Ok(())
    }
}

/// No text ends in a zero byte, but what is missing from a file reads as such.
fn whole(text: &[u8]) -> Result<()> {
    if text.last() == Some(&0) {
        return Err(damaged("the end of its file is missing"));
    }
    Ok(())
}

impl Map {
    fn hold(&self) -> RwLockReadGuard<'_, ()> {
        self.resizing.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn size(&self) -> u64 {
        let _guard = self.hold();
        self.env.info().map_size as u64
    }

    /// Adopts the size that another process has given the map.
    fn follow(&self) -> Result<(), Fault> {
        let guard = self.resizing.write().unwrap_or_else(PoisonError::into_inner);
        Ok(sys::resize(&self.env, 0, &guard)?)
    }

    /// Doubles the map, unless that has been done since it had `from` bytes.
    fn grow(&self, from: u64, limit: u64) -> Result<(), Fault> {
        let guard = self.resizing.write().unwrap_or_else(PoisonError::into_inner);
        let now = self.env.info().map_size as u64;
        if now > from {
            return Ok(());
        }
        let next = map_size(now.saturating_mul(2).min(limit));
        if next as u64 <= now {
            let reason = format!("it has reached its limit of {limit} bytes");
            return Err(Error::Full { reason }.into());
        }
        Ok(sys::resize(&self.env, next, &guard)?)
    }

    /// Takes back what [`Map::grow`] gave beyond the limit, as far as it is not in use.
    fn shrink_to(&self, limit: u64) -> Result<(), Fault> {
        if self.size() <= limit.saturating_add(GRAIN) {
            return Ok(());
        }
        let guard = self.resizing.write().unwrap_or_else(PoisonError::into_inner);
        Ok(sys::resize(&self.env, map_size(limit), &guard)?)
    }

    /// The databases of a store; made now if there is none yet.
    fn databases(&self, path: &Path, read_only: bool) -> Result<Databases, Fault> {
        match Databases::open(&self.env, self.env.read_txn()?) {
            Ok(Some(databases)) => return Ok(databases),
            Ok(None) if self.env.unnamed_database_stat().entries == 0 => {}
            Ok(None) | Err(Fault::Incompatible) => {
                return Err(not_a_store(path, "it is an LMDB file of another program").into());
            }
            Err(fault) => return Err(fault),
        }
        if read_only {
            return Err(not_a_store(path, "it is empty").into());
        }
        // Whoever else does the same has either done it all or not begun.
        Databases::create(&self.env, self.env.write_txn()?)
    }
}

fn not_a_store(path: &Path, reason: &str) -> Error {
    Error::NotAStore { path: path.to_owned(), reason: reason.to_owned() }
}

fn map_size(bytes: u64) -> usize {
    let bytes = bytes.clamp(4 * GRAIN, isize::MAX as u64 - GRAIN);
    usize::try_from(bytes.next_multiple_of(GRAIN)).unwrap_or(usize::MAX)
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
