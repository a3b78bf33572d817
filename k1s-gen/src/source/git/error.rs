//! What can go wrong with a revision.

use std::io;
use std::path::{Path, PathBuf};

/// A revision that cannot be read, or has not what is asked of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `git` cannot be started, or not in this directory.
    #[error("cannot run git in {directory}: {source}")]
    Start {
        /// Where it was to run.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The directory is in no repository that git will read.
    #[error("{directory} is in no git repository: {said}")]
    NoRepository {
        /// The directory.
        directory: PathBuf,
        /// What git said.
        said: String,
    },
    /// No revision has such a name.
    #[error("`{name}` cannot be the name of a git revision")]
    Name {
        /// The name.
        name: String,
    },
    /// The repository has no such commit.
    #[error("the git repository of {directory} has no revision `{name}`{hint}")]
    Unknown {
        /// The name.
        name: String,
        /// Where it was looked for.
        directory: PathBuf,
        /// What to do, beginning with `; `; empty if that is not known.
        hint: String,
    },
    /// The revision has neither a file nor a directory of that path.
    #[error("{path}: not in revision `{revision}`")]
    NoPath {
        /// The path.
        path: PathBuf,
        /// The revision.
        revision: String,
    },
    /// The path leads out of the repository.
    #[error("{path}: outside of the git repository, so revision `{revision}` has nothing there")]
    Outside {
        /// The path.
        path: PathBuf,
        /// The revision.
        revision: String,
    },
    /// The file is larger than [`MAX_BYTES`](super::MAX_BYTES).
    #[error("{path}: {bytes} bytes in revision `{revision}`; at most {} are read", super::MAX_BYTES)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The revision.
        revision: String,
        /// Its size.
        bytes: u64,
    },
    /// `git` answered with an error.
    #[error("git {what} failed: {said}")]
    Failed {
        /// Its command.
        what: String,
        /// What it said.
        said: String,
    },
    /// The conversation with `git cat-file` broke off.
    #[error("git cat-file broke off: {0}")]
    Broken(#[from] io::Error),
}

impl Error {
    /// The same, of the first thing that was asked of a repository.
    pub(super) fn of_repository(self, directory: &Path) -> Self {
        match self {
            Error::Failed { said, .. } => Error::NoRepository { directory: directory.to_path_buf(), said },
            other => other,
        }
    }
}
