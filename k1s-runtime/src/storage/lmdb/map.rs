//! The map of a store's file: its size, and what is in it when it is opened.

use std::path::Path;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use heed::{Env, WithoutTls};

use super::fault::Fault;
use super::layout::{self, Databases, Found};
use super::pages::{self, Extent, Pages};
use super::{LmdbOptions, migrate, place, sys};
use crate::storage::{Error, Result};

/// How often a snapshot is taken anew that was gone before it could be read.
const ATTEMPTS: usize = 64;
/// Map sizes are multiples of this, which is one of every page size.
const GRAIN: u64 = 64 << 10;
/// The environment. Transactions hold the lock for reading; changing the size of the map takes it for writing.
pub(super) struct Map {
    pub(super) env: Env<WithoutTls>,
    resizing: RwLock<()>,
}

impl Map {
    /// Maps the file of a store, whose first pages were examined.
    pub(super) fn open(path: &Path, size: u64, options: &LmdbOptions) -> Result<Self> {
        let env = sys::open(path, map_size(size), layout::COUNT, options)
            .map_err(|error| Fault::from(error).into_open_error(path))?;
        Ok(Self { env, resizing: RwLock::new(()) })
    }

    pub(super) fn hold(&self) -> RwLockReadGuard<'_, ()> {
        self.resizing.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn size(&self) -> u64 {
        let _guard = self.hold();
        self.env.info().map_size as u64
    }

    /// Bytes of it that pages were given out in.
    pub(super) fn used(&self) -> u64 {
        let _guard = self.hold();
        let pages = self.env.info().last_page_number as u64 + 1;
        pages.saturating_mul(self.env.unnamed_database_stat().page_size.into())
    }

    /// Adopts the size that another process has given the map.
    pub(super) fn follow(&self) -> Result<(), Fault> {
        let guard = self.resizing.write().unwrap_or_else(PoisonError::into_inner);
        Ok(sys::resize(&self.env, 0, &guard)?)
    }

    /// Doubles the map, unless that has been done since it had `from` bytes.
    pub(super) fn grow(&self, from: u64, limit: u64) -> Result<(), Fault> {
        let guard = self.resizing.write().unwrap_or_else(PoisonError::into_inner);
        let now = self.env.info().map_size as u64;
        if now > from {
            return Ok(());
        }
        let next = map_size(now.saturating_mul(2).min(limit));
        if next as u64 <= now {
            let reason =
                format!("it has reached its limit of {limit} bytes; delete objects or raise max_map_size");
            return Err(Error::Full { reason }.into());
        }
        Ok(sys::resize(&self.env, next, &guard)?)
    }

    /// Makes the map at least so large.
    pub(super) fn grow_to(&self, wanted: u64) -> Result<(), Fault> {
        if self.size() >= wanted {
            return Ok(());
        }
        let guard = self.resizing.write().unwrap_or_else(PoisonError::into_inner);
        if self.env.info().map_size as u64 >= wanted {
            return Ok(());
        }
        Ok(sys::resize(&self.env, map_size(wanted), &guard)?)
    }

    /// Takes back what [`Map::grow`] gave beyond the limit, as far as it is not in use.
    pub(super) fn shrink_to(&self, limit: u64) -> Result<(), Fault> {
        if self.size() <= limit.saturating_add(GRAIN) {
            return Ok(());
        }
        let guard = self.resizing.write().unwrap_or_else(PoisonError::into_inner);
        Ok(sys::resize(&self.env, map_size(limit), &guard)?)
    }

    /// The databases of a store; made now if there is none yet, and those that an older format lacks.
    pub(super) fn databases(&self, path: &Path, read_only: bool) -> Result<Databases, Fault> {
        match Databases::open(&self.env, self.env.read_txn()?) {
            Ok(Found::All(databases)) => return Ok(databases),
            Ok(Found::First(meta, count)) => {
                let txn = self.env.read_txn()?;
                let format = layout::format(meta, &txn)?;
                drop(txn);
                let format = migrate::accept(path, format, read_only)?;
                if count < migrate::databases_of(format) {
                    return Err(not_a_store(path, "it lacks a database").into());
                }
            }
            Ok(Found::None) if self.env.unnamed_database_stat().entries == 0 => {
                if read_only {
                    return Err(not_a_store(path, "it is empty").into());
                }
            }
            Ok(Found::None) | Err(Fault::Incompatible) => {
                return Err(not_a_store(path, "it is an LMDB file of another program").into());
            }
            Err(fault) => return Err(fault),
        }
        // Whoever else does the same has either done it all or not begun.
        Databases::create(&self.env, self.env.write_txn()?)
    }

    /// Checks pages of the latest snapshot, with ordinary reads.
    pub(super) fn check_pages(&self, path: &Path, extent: Extent) -> Result<Pages, Fault> {
        if !cfg!(target_pointer_width = "64") {
            return Ok(Pages::default());
        }
        let data = path.join(place::DATA);
        for _ in 0..ATTEMPTS {
            // The transaction keeps its pages from being written to.
            let txn = self.env.read_txn()?;
            if let Some(pages) = pages::check(&data, txn.id() as u64, extent)? {
                return Ok(pages);
            }
        }
        Err(Error::Backend("the store is written to so much that it cannot be checked".to_owned()).into())
    }
}

pub(super) fn not_a_store(path: &Path, reason: &str) -> Error {
    Error::NotAStore { path: path.to_owned(), reason: reason.to_owned() }
}

fn map_size(bytes: u64) -> usize {
    let bytes = bytes.clamp(4 * GRAIN, isize::MAX as u64 - GRAIN);
    usize::try_from(bytes.next_multiple_of(GRAIN)).unwrap_or(usize::MAX)
}
