//! What the store looks like inside LMDB: its databases, and how keys and values are written in them.
//!
//! | database | key | value |
//! | --- | --- | --- |
//! | `meta` | `format` | number of the format |
//! | `meta` | `count`, tenant id, resource id, index id or nothing | how many objects are in the index, or at all |
//! | `meta` | `times` | seconds since 1970 and the revision come to by then, again and again |
//! | `meta` | `state` | latest revision, revision before the log's first, bytes in the log |
//! | `names` | kind, name | id |
//! | `objects` | tenant id, resource id, place | revision, index entries, text |
//! | `index` | tenant id, resource id, index id, value, place | long values in full |
//! | `log` | revision | a change, see [`super::log`] |
//! | `tenants` | tenant id | number of objects, bytes of their texts, name; only of tenants with objects |
//!
//! Numbers are big-endian, so that they sort. A *place* is the namespace, a NUL byte and the name. Since tenants, resources
//! and indexes are ids of fixed length, no name can reach into the keys of another, and the longest legal ones fit into
//! the 511 bytes of an LMDB key. Values of an index are written in full up to [`SHORT_VALUE`] bytes; longer ones as a hash, with
//! the full values beside it, so that two values with one hash are still told apart.

use heed::types::Bytes;
use heed::{Database, Env, RoTxn, RwTxn, WithoutTls};

use super::fault::Fault;
use crate::storage::age::Marks;
use crate::storage::validate::{MAX_NAME_BYTES, MAX_PLACE_BYTES};
use crate::storage::{Error, Result};

/// The format that this code writes, and the newest that it reads; [`super::migrate`] brings older ones up to it.
pub(super) const FORMAT: u32 = 2;
/// How many databases there are.
pub(super) const COUNT: u32 = 6;
/// Key of the format's number in `meta`.
pub(super) const FORMAT_KEY: &[u8] = b"format";
const STATE_KEY: &[u8] = b"state";
/// Key of the log's marks in time.
const TIMES_KEY: &[u8] = b"times";
/// Longest index value that is part of the key.
const SHORT_VALUE: usize = 100;
const HASHED: u8 = u8::MAX;
/// LMDB's limit.
const MAX_KEY: usize = 511;

const _: () = assert!(12 + 1 + SHORT_VALUE + MAX_PLACE_BYTES < MAX_KEY, "index keys fit");
const _: () = assert!(SHORT_VALUE < HASHED as usize, "lengths and the mark of a hash differ");
const _: () = assert!(MAX_NAME_BYTES < MAX_KEY, "names fit");

/// A database of bytes under bytes.
pub(super) type Raw = Database<'static, Bytes, Bytes>;

/// The databases of a store.
#[derive(Clone, Copy, Debug)]
pub(super) struct Databases {
    pub(super) meta: Raw,
    pub(super) names: Raw,
    pub(super) objects: Raw,
    pub(super) index: Raw,
    pub(super) log: Raw,
    pub(super) tenants: Raw,
}

/// Their names. A format adds at the end.
pub(super) const NAMES: [&str; COUNT as usize] = ["meta", "names", "objects", "index", "log", "tenants"];

/// What is there of the databases.
pub(super) enum Found {
    /// All of them.
    All(Databases),
    /// Only the first ones, which may be those of an older format; this is `meta`, and how many there are.
    First(Raw, usize),
    /// None, or not ours.
    None,
}

impl Databases {
    /// The databases that are there.
    pub(super) fn open(env: &Env<WithoutTls>, txn: RoTxn<'_, WithoutTls>) -> Result<Found, Fault> {
        let opened = env.open_databases_and_commit(txn, |opener, txn| -> Result<_, heed::Error> {
            let mut databases = [None; COUNT as usize];
            for (database, name) in databases.iter_mut().zip(NAMES) {
                *database = opener.open_database::<Bytes, Bytes>(txn, Some(name))?;
            }
            Ok(heed::CommitOrAbort::<_, ()>::Commit(databases))
        })?;
        Ok(match opened.commit() {
            Some([Some(meta), Some(names), Some(objects), Some(index), Some(log), Some(tenants)]) => {
                Found::All(Self { meta, names, objects, index, log, tenants })
            }
            Some(databases @ [Some(meta), ..]) => {
                Found::First(meta, databases.iter().take_while(|database| database.is_some()).count())
            }
            _ => Found::None,
        })
    }

    /// Creates the databases, and the stamp of the format in a new store.
    pub(super) fn create(env: &Env<WithoutTls>, txn: RwTxn<'_>) -> Result<Self, Fault> {
        let created = env.create_databases_and_commit(txn, |opener, txn| -> Result<_, Fault> {
            let mut create = |name| opener.create_database::<Bytes, Bytes>(txn, Some(name));
            let [meta, names, objects, index, log, tenants] = NAMES;
            let old = [create(meta)?, create(names)?, create(objects)?, create(index)?, create(log)?];
            let [meta, names, objects, index, log] = old;
            let all = [meta, names, objects, index, log, create(tenants)?];
            if meta.get(txn, FORMAT_KEY)?.is_none() {
                meta.put(txn, FORMAT_KEY, &FORMAT.to_be_bytes())?;
            }
            Ok(heed::CommitOrAbort::<_, std::convert::Infallible>::Commit(all))
        })?;
        match created {
            heed::CommitOrAbort::Commit([meta, names, objects, index, log, tenants]) => {
                Ok(Self { meta, names, objects, index, log, tenants })
            }
            heed::CommitOrAbort::Abort(never) => match never {},
        }
    }
}

/// The numbers that change with every commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The latest revision.
    pub(super) revision: u64,
    /// The revision before the first in the log.
    pub(super) oldest: u64,
    /// What the log's entries are counted with together.
    pub(super) log_bytes: u64,
}

impl State {
    pub(super) fn read(databases: &Databases, txn: &RoTxn<'_>) -> Result<Self, Fault> {
        let Some(raw) = databases.meta.get(txn, STATE_KEY)? else { return Ok(Self::default()) };
        let number = |at: usize| take_u64(raw, at).ok_or_else(|| damaged("the state is cut short"));
        Ok(Self { revision: number(0)?, oldest: number(8)?, log_bytes: number(16)? })
    }

    pub(super) fn write(self, databases: &Databases, txn: &mut RwTxn<'_>) -> Result<(), Fault> {
        let mut raw = [0; 24];
        raw[..8].copy_from_slice(&self.revision.to_be_bytes());
        raw[8..16].copy_from_slice(&self.oldest.to_be_bytes());
        raw[16..].copy_from_slice(&self.log_bytes.to_be_bytes());
        Ok(databases.meta.put(txn, STATE_KEY, &raw)?)
    }
}

/// The log's marks in time; none in a store that has none yet.
pub(super) fn read_marks(databases: &Databases, txn: &RoTxn<'_>) -> Result<Marks, Fault> {
    Ok(databases.meta.get(txn, TIMES_KEY)?.map(Marks::decode).unwrap_or_default())
}

pub(super) fn write_marks(databases: &Databases, txn: &mut RwTxn<'_>, marks: &Marks) -> Result<(), Fault> {
    Ok(databases.meta.put(txn, TIMES_KEY, &marks.encode())?)
}

/// The number of the format.
pub(super) fn format(meta: Raw, txn: &RoTxn<'_>) -> Result<Option<u32>, Fault> {
    let raw = meta.get(txn, FORMAT_KEY)?;
    Ok(raw.and_then(|raw| raw.try_into().ok()).map(u32::from_be_bytes))
}

/// What a tenant holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) objects: u64,
    /// Bytes of the objects' texts.
    pub(super) bytes: u64,
}

impl Held {
    /// Splits an entry of `tenants` into what is held and the tenant's name.
    pub(super) fn parse(raw: &[u8]) -> Result<(Self, &str)> {
        let bad = || damaged("the account of a tenant is cut short");
        let (objects, bytes) = take_u64(raw, 0).zip(take_u64(raw, 8)).ok_or_else(bad)?;
        let name = raw.get(16..).and_then(|name| std::str::from_utf8(name).ok()).ok_or_else(bad)?;
        Ok((Self { objects, bytes }, name))
    }

    pub(super) fn write(self, name: &str) -> Vec<u8> {
        [&self.objects.to_be_bytes()[..], &self.bytes.to_be_bytes(), name.as_bytes()].concat()
    }
}

/// The ids with which the keys of one tenant's resource begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    pub(super) tenant: u32,
    pub(super) resource: u32,
}

impl Scope {
    /// The start of all keys of objects.
    pub(super) fn prefix(self) -> [u8; 8] {
        let [a, b, c, d] = self.tenant.to_be_bytes();
        let [e, f, g, h] = self.resource.to_be_bytes();
        [a, b, c, d, e, f, g, h]
    }

    /// The start of all keys of one value in one index.
    pub(super) fn index_prefix(self, index: u32, value: &[u8]) -> Vec<u8> {
        let mut key = Vec::with_capacity(MAX_KEY);
        key.extend_from_slice(&self.prefix());
        key.extend_from_slice(&index.to_be_bytes());
        match u8::try_from(value.len()) {
            Ok(length) if value.len() <= SHORT_VALUE => {
                key.push(length);
                key.extend_from_slice(value);
            }
            _ => {
                key.push(HASHED);
                key.extend_from_slice(&hash(value).to_be_bytes());
            }
        }
        key
    }
}

/// The least key that is greater than all that start so. Prefixes start with ids, which never are all ones.
pub(super) fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            break;
        }
    }
    end
}

/// Whether a value of an index stands in full beside its key.
pub(super) fn is_long(value: &[u8]) -> bool {
    value.len() > SHORT_VALUE
}

/// FNV-1a of 128 bits, which will never change. That values collide costs time, not correctness.
fn hash(value: &[u8]) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    value.iter().fold(0x6C62_272E_07BB_0142_62B8_2175_6295_C58D, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(PRIME)
    })
}

/// The parts of an object's value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) revision: u64,
    /// Ids and values of its index entries, see [`index_block`].
    pub(super) indexes: &'a [u8],
    pub(super) text: &'a [u8],
}

impl<'a> Row<'a> {
    pub(super) fn parse(raw: &'a [u8]) -> Result<Self> {
        Self::split(raw).ok_or_else(|| damaged("an object is cut short"))
    }

    fn split(raw: &'a [u8]) -> Option<Self> {
        let revision = take_u64(raw, 0).filter(|revision| *revision != 0)?;
        let length = usize::try_from(take_u64(raw, 8)?).ok()?;
        let rest = raw.get(16..)?;
        (length <= rest.len()).then(|| {
            let (indexes, text) = rest.split_at(length);
            Self { revision, indexes, text }
        })
    }

    pub(super) fn len(&self) -> usize {
        16 + self.indexes.len() + self.text.len()
    }

    pub(super) fn write(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        out.write_all(&self.revision.to_be_bytes())?;
        out.write_all(&(self.indexes.len() as u64).to_be_bytes())?;
        out.write_all(self.indexes)?;
        out.write_all(self.text)
    }
}

/// Appends a value with its length.
pub(super) fn push_chunk(out: &mut Vec<u8>, value: &[u8]) {
    out.extend_from_slice(&(value.len() as u64).to_be_bytes());
    out.extend_from_slice(value);
}

/// Splits off a value with its length.
pub(super) fn take_chunk(raw: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::try_from(take_u64(raw, 0)?).ok()?;
    let rest = raw.get(8..)?;
    (length <= rest.len()).then(|| rest.split_at(length))
}

/// The values of a list of chunks; stops where one is cut short.
pub(super) fn chunks(mut raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (value, rest) = take_chunk(raw)?;
        raw = rest;
        Some(value)
    })
}

/// Appends an index entry to the block that an object carries.
pub(super) fn push_entry(block: &mut Vec<u8>, index: u32, value: &[u8]) {
    block.extend_from_slice(&index.to_be_bytes());
    push_chunk(block, value);
}

/// The index entries of an object's block.
pub(super) fn entries(mut block: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    std::iter::from_fn(move || {
        let (index, rest) = block.split_first_chunk()?;
        let (value, rest) = take_chunk(rest)?;
        block = rest;
        Some((u32::from_be_bytes(*index), value))
    })
}

pub(super) fn take_u64(raw: &[u8], at: usize) -> Option<u64> {
    raw.get(at..)?.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

pub(super) fn damaged(what: &str) -> Error {
    Error::Corrupt(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Row, after_prefix, chunks, entries, hash, push_chunk, push_entry};

    #[test]
    fn what_is_written_is_read() {
        let mut block = Vec::new();
        push_entry(&mut block, 7, b"value");
        push_entry(&mut block, 8, b"");
        assert_eq!(entries(&block).collect::<Vec<_>>(), [(7, &b"value"[..]), (8, b"")]);
        let (mut raw, row) = (Vec::new(), Row { revision: 9, indexes: &block, text: b"{}" });
        row.write(&mut raw).unwrap();
        assert_eq!(raw.len(), row.len());
        let read = Row::parse(&raw).unwrap();
        assert_eq!((read.revision, read.indexes, read.text), (9, &block[..], &b"{}"[..]));
    }

    #[test]
    fn what_is_cut_short_is_not_read_past_its_end() {
        let mut list = Vec::new();
        push_chunk(&mut list, b"one");
        push_chunk(&mut list, b"two");
        assert_eq!(chunks(&list[..list.len() - 1]).collect::<Vec<_>>(), [b"one"]);
        assert!(Row::parse(&[0; 40]).is_err());
        assert!(Row::parse(&[1; 15]).is_err());
        assert!(Row::parse(&[1; 40]).is_err());
    }

    #[test]
    fn hashes_and_ends_of_prefixes_are_as_documented() {
        assert_eq!(hash(b""), 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D);
        assert_eq!(hash(b"a"), 0xD228_CB69_6F1A_8CAF_7891_2B70_4E4A_8964);
        assert_eq!(after_prefix(&[1, 2, 255]), [1, 3]);
    }
}
