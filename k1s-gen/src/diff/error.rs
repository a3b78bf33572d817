//! What keeps definitions from being compared.

use std::path::PathBuf;

use k1s_runtime::schema;

/// An error of a comparison.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A CustomResourceDefinition cannot be read.
    #[error("{place}{name}: {reason}")]
    Unreadable {
        /// Where it stands, as `file:line:column: `; empty if it is from no file.
        place: String,
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: schema::Error,
    },
    /// One side has a CustomResourceDefinition twice.
    #[error("{second}{name} is there twice; {}", if first.is_empty() { "give each kind once" } else { first })]
    Twice {
        /// Its name.
        name: String,
        /// The place of the first, as `the first is at file:line:column`; empty if it is from no file.
        first: String,
        /// The place of the second, as `file:line:column: `.
        second: String,
    },
    /// What is to be compared has no CustomResourceDefinition.
    #[error("{0}: no CustomResourceDefinition is there")]
    Empty(String),
    /// What is to be compared is not there.
    #[error("{path}: no such file or directory{hint}")]
    NoInput {
        /// What was named.
        path: String,
        /// What else it could be, beginning with `, `; or empty.
        hint: String,
    },
    /// Neither side has a path.
    #[error("{path}: neither in revision `{revision}` nor in the working tree")]
    Nowhere {
        /// The path.
        path: PathBuf,
        /// The revision.
        revision: String,
    },
    /// The flags and arguments do not fit together.
    #[error("{0}")]
    Usage(&'static str),
    /// A revision has a file that cannot be written down.
    #[error("revision `{revision}` has a file that cannot be written: {path}")]
    Path {
        /// The revision.
        revision: String,
        /// The file.
        path: PathBuf,
    },
}
