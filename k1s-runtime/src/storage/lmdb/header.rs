//! Looks at a data file before LMDB maps it, since a map of a file that is no store, or was cut short, ends in a crash
//! where reading ends in an error.
//!
//! The layout is that of LMDB's first two pages (`MDB_meta`): native byte order and word size. On machines whose words
//! are not of 64 bits only the magic number is looked at.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::storage::{Error, Result};

const MAGIC: u32 = 0xBEEF_C0DE;
/// Version of the format of files, `MDB_DATA_VERSION`.
const VERSION: u32 = 1;
const META_PAGE: u16 = 0x08;
/// Bytes from the start of the page to the end of what is looked at.
const META_BYTES: usize = 152;

/// What a data file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DataFile {
    /// There is none, or it is empty.
    Missing,
    /// A file that LMDB may map, of so many bytes.
    Sound(u64),
    /// It lacks so many bytes at its end. LMDB leaves out free pages there, but it may also have been cut.
    Short(u64),
}

/// What a meta page says of its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meta {
    /// Bytes of a page.
    pub(super) page_size: u64,
    /// The tree of free pages.
    pub(super) free: Tree,
    /// The tree of databases.
    pub(super) main: Tree,
    /// The last page that was ever given out.
    pub(super) last_page: u64,
    /// The transaction that wrote the snapshot.
    pub(super) transaction: u64,
}

/// What is said of a tree (`MDB_db`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tree {
    pub(super) flags: u16,
    pub(super) depth: u16,
    pub(super) branches: u64,
    pub(super) leaves: u64,
    /// Pages of long values.
    pub(super) long: u64,
    pub(super) entries: u64,
    pub(super) root: u64,
}

impl Tree {
    /// How long its description is.
    pub(super) const BYTES: usize = 48;

    /// Reads it from where its description starts.
    pub(super) fn parse(raw: &[u8]) -> Option<Self> {
        let raw: &[u8; Self::BYTES] = raw.first_chunk()?;
        let u16_at = |at: usize| u16::from_ne_bytes([raw[at], raw[at + 1]]);
        let u64_at = |at: usize| u64::from_ne_bytes(std::array::from_fn(|byte| raw[at + byte]));
        Some(Self {
            flags: u16_at(4),
            depth: u16_at(6),
            branches: u64_at(8),
            leaves: u64_at(16),
            long: u64_at(24),
            entries: u64_at(32),
            root: u64_at(40),
        })
    }
}

/// Examines the data file of the store at `store`.
pub(super) fn examine(store: &Path, file: &Path) -> Result<DataFile> {
    let open = |source| Error::Open { path: store.to_owned(), source };
    let mut data = match File::open(file) {
        Ok(data) => data,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(DataFile::Missing),
        Err(error) => return Err(open(error)),
    };
    if !data.metadata().map_err(open)?.is_file() {
        return Err(not_a_store(store, "its data.mdb is not a file"));
    }
    let mut page = [0; META_BYTES];
    let first = match read(&mut data, 0, &mut page) {
        Ok(0) => return Ok(DataFile::Missing),
        Ok(META_BYTES) => meta(&page).map_err(|reason| not_a_store(store, reason))?,
        Ok(_) => return Err(not_a_store(store, "its data.mdb is too short")),
        Err(error) => return Err(open(error)),
    };
    if !cfg!(target_pointer_width = "64") {
        return Ok(DataFile::Sound(data.metadata().map_err(open)?.len()));
    }
    let second = match read(&mut data, first.page_size, &mut page) {
        Ok(META_BYTES) => {
            meta(&page).map_err(|_| damaged(store, "its second page is not what it should be"))?
        }
        Ok(_) => return Err(damaged(store, "its data.mdb ends within the first pages")),
        Err(error) => return Err(open(error)),
    };
    let newest = if second.transaction > first.transaction { second } else { first };
    // Asked for after the pages were read: the file only grows, and grows before a page says so.
    let length = data.metadata().map_err(open)?.len();
    let needed = newest.last_page.checked_add(1).and_then(|pages| pages.checked_mul(newest.page_size));
    match needed {
        Some(needed) if needed <= length => Ok(DataFile::Sound(length)),
        Some(needed) if needed / 2 <= length => Ok(DataFile::Short(needed - length)),
        _ => Err(damaged(store, "more than half of its data.mdb is missing")),
    }
}

/// Both meta pages of a file that was examined.
pub(super) fn metas(file: &mut File) -> Result<[Meta; 2]> {
    let changed = || Error::Corrupt("its first pages are no longer what they were".to_owned());
    let mut page = [0; META_BYTES];
    let mut meta_at = |at: u64| match read(file, at, &mut page) {
        Ok(META_BYTES) => meta(&page).map_err(|_| changed()),
        _ => Err(changed()),
    };
    let first = meta_at(0)?;
    Ok([first, meta_at(first.page_size)?])
}

fn read(file: &mut File, at: u64, page: &mut [u8; META_BYTES]) -> std::io::Result<usize> {
    file.seek(SeekFrom::Start(at))?;
    let mut filled = 0;
    while filled < page.len() {
        match file.read(&mut page[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

fn meta(page: &[u8; META_BYTES]) -> std::result::Result<Meta, &'static str> {
    let u16_at = |at: usize| u16::from_ne_bytes([page[at], page[at + 1]]);
    let u32_at = |at: usize| u32::from_ne_bytes([page[at], page[at + 1], page[at + 2], page[at + 3]]);
    let u64_at = |at: usize| u64::from_ne_bytes(std::array::from_fn(|byte| page[at + byte]));
    let magic_at = if cfg!(target_pointer_width = "64") { 16 } else { 12 };
    if u32_at(magic_at) != MAGIC {
        return Err("its data.mdb is of another kind");
    }
    let (Some(free), Some(main)) = (Tree::parse(&page[40..]), Tree::parse(&page[88..])) else {
        return Err("its data.mdb is of another kind");
    };
    let (page_size, last_page, transaction) = (u32_at(40).into(), u64_at(136), u64_at(144));
    let meta = Meta { page_size, free, main, last_page, transaction };
    if !cfg!(target_pointer_width = "64") {
        return Ok(meta);
    }
    let sized = (512..=65_536).contains(&page_size) && page_size.is_power_of_two();
    if u16_at(10) & META_PAGE == 0 || u32_at(20) != VERSION || !sized {
        return Err("its data.mdb is of another kind");
    }
    let root_exists = |root: u64| root == u64::MAX || (2..=last_page).contains(&root);
    if !root_exists(free.root) || !root_exists(main.root) {
        return Err("its data.mdb points outside of itself");
    }
    Ok(meta)
}

fn not_a_store(store: &Path, reason: &str) -> Error {
    Error::NotAStore { path: store.to_owned(), reason: reason.to_owned() }
}

fn damaged(store: &Path, reason: &str) -> Error {
    Error::Corrupt(format!("{}: {reason}", store.display()))
}
