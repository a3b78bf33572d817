//! What can go wrong while scaffolding.

use std::io;
use std::path::PathBuf;

use super::field::FieldError;
use super::merge::Conflict;

/// An error of scaffolding. Nothing has been written when one is answered, except for the files of [`Error::Conflicts`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name that Rust or Kubernetes would refuse.
    #[error("{what} {value:?} {why}\nhint: {hint}")]
    Name {
        /// What it names.
        what: &'static str,
        /// The name.
        value: String,
        /// What is wrong with it.
        why: String,
        /// What to do.
        hint: String,
    },
    /// A field's description cannot be read.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A directory that is to become a workspace holds files of something else.
    #[error("{} is not empty and was not made by k1s-gen\nhint: name another directory with --path", .0.display())]
    NotEmpty(PathBuf),
    /// There is no workspace to add to.
    #[error("{} is not in a workspace made by k1s-gen\nhint: make one with `k1s-gen new NAME --group GROUP`, or name its directory with --path", .0.display())]
    NotAWorkspace(PathBuf),
    /// The workspace cannot be changed so.
    #[error("{message}\nhint: {hint}")]
    Refused {
        /// What does not fit.
        message: String,
        /// What to do.
        hint: String,
    },
    /// A kind's own code is not what a version can be made of.
    #[error("{path}: {message}\nhint: {hint}")]
    Code {
        /// The file, from the workspace's root, with line and column where there is one.
        path: String,
        /// What is missing in it.
        message: String,
        /// What to do.
        hint: String,
    },
    /// What k1s-gen keeps of a workspace cannot be read.
    #[error("{}: {reason}\nhint: restore the file from version control", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file would be written through a symbolic link.
    #[error("{} is a symbolic link: nothing is written through links\nhint: replace it by a file or directory of its own", .0.display())]
    Link(PathBuf),
    /// A file or directory cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Files of the user cannot be merged with what is generated.
    #[error("{}", super::merge::report(.0))]
    Conflicts(Vec<Conflict>),
}

impl Error {
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        move |source| Error::Io { path: path.into(), source }
    }
}
