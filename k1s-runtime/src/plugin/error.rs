//! What can be wrong with plugins. None of it ends a program: what is wrong is left out, and told.

use std::io;
use std::path::PathBuf;

use crate::scheme;

/// Something that is left out, and why.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A plugin directory cannot be listed.
    #[error("cannot look for plugins in {}: {why}", .directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// There is more in a plugin directory than is looked at.
    #[error(
        "{} has more than {limit} entries (limit MAX_ENTRIES); those beyond are not looked at, and which these are is \
         left to chance",
        .directory.display()
    )]
    TooManyEntries {
        /// The directory.
        directory: PathBuf,
        /// The limit.
        limit: usize,
    },
    /// The manifests are too many, or too much text together.
    #[error("the plugin manifest {path} and those after it are skipped: there are more than {limit}")]
    TooMuch {
        /// The first one that is left out.
        path: String,
        /// The limit with its name.
        limit: String,
    },
    /// A manifest's path cannot be shown or kept.
    #[error("the plugin manifest {} is skipped: its path is not UTF-8", .0.display())]
    Name(PathBuf),
    /// A manifest cannot be read.
    #[error("the plugin manifest {path} is skipped: {why}")]
    File {
        /// The manifest.
        path: String,
        /// Why.
        why: String,
    },
    /// A manifest is wrong.
    #[error("a plugin manifest is skipped:{}", indented(.why))]
    Manifest {
        /// The manifest.
        path: String,
        /// What is wrong with it, a line each, with the path and the place.
        why: String,
    },
    /// There is more to tell than anybody reads.
    #[error("what else is wrong with plugins, after {limit} messages, is not told")]
    Untold {
        /// How many were told.
        limit: usize,
    },
    /// A kind has no place beside others.
    #[error(transparent)]
    Refused(#[from] scheme::Error),
}

/// What can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(super) fn file(path: &str, why: &io::Error) -> Self {
        Error::File { path: path.to_owned(), why: why.to_string() }
    }
}

/// One line after a space; several in lines of their own.
fn indented(text: &str) -> String {
    match text.lines().count() {
        0 | 1 => format!(" {text}"),
        _ => text.lines().map(|line| format!("\n  {line}")).collect(),
    }
}
