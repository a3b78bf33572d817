//! What can go wrong around a replay; what goes wrong inside one is a difference.

use std::io;
use std::path::PathBuf;

/// A replay that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or directory cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A transcript or baseline is not what it should be.
    #[error("{}: {source}", path.display())]
    Json {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// The `keep` of a step is not a regular expression.
    #[error("keep: {0}")]
    Keep(#[from] regex::Error),
}

impl Error {
    /// An I/O error at a path.
    pub fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source }
    }
}
