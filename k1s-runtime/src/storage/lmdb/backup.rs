//! Backups: a snapshot written to another directory while the store goes on.

use std::fs::File;
use std::io::{Error as IoError, ErrorKind};
use std::path::Path;

use heed::CompactionOption;

use super::env::Shared;
use super::fault::Fault;
use super::place;
use crate::storage::{Error, Result};

/// The name under which a backup is written until it is whole.
const PARTIAL: &str = "data.mdb.partial";
const INTERRUPTED: &str =
    "a backup is being written there, or one was interrupted; in that case remove data.mdb.partial";

impl Shared {
    /// Writes a compacted snapshot to a directory and answers its bytes.
    pub(super) fn backup(&self, directory: &Path) -> Result<u64> {
        let failed = |source| Error::Open { path: directory.to_owned(), source };
        place::create(directory).map_err(failed)?;
        if directory.join(place::DATA).exists() {
            let text = "there is a store already; name another place for the backup";
            return Err(failed(IoError::new(ErrorKind::AlreadyExists, text)));
        }
        self.make_room()?;
        let partial = directory.join(PARTIAL);
        let file = place::create_file(&partial).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => failed(IoError::new(error.kind(), INTERRUPTED)),
            _ => failed(error),
        })?;
        let written = self.copy(file).and_then(|bytes| {
            // A link never replaces what has come there meanwhile; where there are none, nothing has come a moment ago.
            let data = directory.join(place::DATA);
            std::fs::hard_link(&partial, &data)
                .or_else(|error| match error.kind() {
                    ErrorKind::AlreadyExists => Err(error),
                    _ => std::fs::copy(&partial, &data).and_then(|_| File::open(&data)?.sync_all()),
                })
                .map_err(failed)?;
            Ok(bytes)
        });
        // Whether whole or not, it is no longer needed under this name.
        let removed = std::fs::remove_file(&partial).map_err(failed);
        let bytes = written.map_err(|error| told_of(error, directory))?;
        removed?;
        place::sync(directory).map_err(|error| place::failure(directory, error))?;
        Ok(bytes)
    }

    fn copy(&self, mut file: File) -> Result<u64> {
        self.with_env(|env| {
            env.copy_to_file(&mut file, CompactionOption::Enabled).map_err(|error| match error.into() {
                // What LMDB says where pages are neither used nor free.
                Fault::Incompatible => Error::Corrupt("pages are lost".to_owned()).into(),
                fault => fault,
            })?;
            file.sync_all().map_err(Fault::Io)?;
            Ok(file.metadata().map_err(Fault::Io)?.len())
        })
    }
}

/// It is the backup's place that is full, not the store's.
fn told_of(error: Error, directory: &Path) -> Error {
    match error {
        Error::Full { .. } => Error::Full { reason: format!("no space is left for {}", directory.display()) },
        error => error,
    }
}
