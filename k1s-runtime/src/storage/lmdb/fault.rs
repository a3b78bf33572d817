//! What LMDB says, sorted by what can be done about it.

use std::path::Path;

use heed::MdbError;

use super::place;
use crate::storage::Error;

/// Why a transaction did not succeed.
#[derive(Debug)]
pub(super) enum Fault {
    /// The map is full; a larger one may do.
    MapFull,
    /// Another process has enlarged the map.
    MapResized,
    /// A database is of another type than ours.
    Incompatible,
    /// Too many reads run at once, or readers have died.
    ReadersFull,
    /// The system refused.
    Io(std::io::Error),
    /// Nothing can be done about it here.
    Final(Error),
}

impl Fault {
    /// The error for the caller, when nothing more is to be tried.
    pub(super) fn into_error(self, directory: &Path) -> Error {
        match self.into_open_error(directory) {
            Error::Open { path, source } => Error::Backend(format!("{}: {source}", path.display())),
            error => error,
        }
    }

    /// The error for the caller who opens the store.
    pub(super) fn into_open_error(self, directory: &Path) -> Error {
        match self {
            Self::Io(source) => place::failure(directory, source),
            other => other.into_plain_error(),
        }
    }

    /// The error where the store's place is not known.
    pub(super) fn into_plain_error(self) -> Error {
        match self {
            Self::MapFull => Error::Full { reason: "its map cannot grow further".to_owned() },
            Self::Incompatible => Error::Corrupt("a database is of another type".to_owned()),
            Self::MapResized => Error::Backend("the map is being resized all the time".to_owned()),
            Self::ReadersFull => Error::Backend("too many reads at once".to_owned()),
            Self::Io(source) => Error::Backend(source.to_string()),
            Self::Final(error) => error,
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

impl From<heed::Error> for Fault {
    fn from(error: heed::Error) -> Self {
        let error = match error {
            heed::Error::Mdb(error) => error,
            heed::Error::Io(error) => return Self::Io(error),
            other => return Self::Final(Error::Backend(other.to_string())),
        };
        match error {
            MdbError::MapFull => Self::MapFull,
            MdbError::MapResized => Self::MapResized,
            MdbError::ReadersFull => Self::ReadersFull,
            MdbError::Incompatible => Self::Incompatible,
            MdbError::TxnFull => {
                Self::Final(Error::Full { reason: "one commit cannot hold so much".to_owned() })
            }
            MdbError::PageNotFound | MdbError::Corrupted | MdbError::Invalid | MdbError::VersionMismatch => {
                Self::Final(Error::Corrupt(error.to_string()))
            }
            MdbError::Panic => Self::Final(Error::Backend(
                "an earlier write failed half-way; close the store and open it again".to_owned(),
            )),
            other => Self::Final(Error::Backend(other.to_string())),
        }
    }
}
