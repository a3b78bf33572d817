//! What keeps validation from beginning. What is wrong with manifests is no error but a finding.

use std::io;
use std::path::PathBuf;

use k1s_runtime::schema;
use k1s_runtime::schema::type_manifest::TypeManifestError;

use crate::source::git;

/// An error of the set-up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or directory cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A CustomResourceDefinition cannot be validated against, as an API server would not take it.
    #[error("an API server would refuse {kind}:{reasons}")]
    Refused {
        /// The kind with its group.
        kind: String,
        /// What it would say, a line each.
        reasons: String,
    },
    /// A kind cannot be added to those that are there.
    #[error("{place}kind {kind} cannot be added: {reason}")]
    Clash {
        /// `file:line:column: `, or nothing.
        place: String,
        /// The kind with its group.
        kind: String,
        /// What it clashes with.
        reason: String,
    },
    /// A schema cannot be used.
    #[error(transparent)]
    Schema(#[from] schema::Error),
    /// A type manifest cannot be used.
    #[error(transparent)]
    Types(#[from] TypeManifestError),
    /// A directory that was named for type manifests has none.
    #[error("{0}: no types.yaml is there, nor in a directory below")]
    NoTypes(PathBuf),
    /// A place of JSON Schemas is none.
    #[error("schema location {location:?}: {reason}")]
    Location {
        /// As it was given.
        location: String,
        /// What is wrong.
        reason: String,
    },
    /// The state to compare with cannot be read.
    #[error(transparent)]
    Git(#[from] git::Error),
    /// The state to compare with is neither a directory nor a revision.
    #[error("--old {old}: it is no directory, and no revision that git knows: {source}")]
    Old {
        /// As it was given.
        old: String,
        /// What git said.
        source: git::Error,
    },
    /// The state to compare with could be two things.
    #[error(
        "--old {0}: there is a directory and a revision of this name; write ./{0} for the directory, or the commit for the revision"
    )]
    OldIsBoth(String),
    /// The cache cannot be written.
    #[error("cache {path}: {source}")]
    Cache {
        /// Its file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(io::Error),
}

impl Error {
    /// For `map_err` on an operation on a path.
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        move |source| Error::Io { path: path.into(), source }
    }
}
