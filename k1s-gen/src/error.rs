//! What can go wrong while generating.

use std::io;
use std::path::PathBuf;

use k1s_runtime::schema::type_manifest::TypeManifestError;
use k1s_runtime::{client, manifest, schema};

use crate::docs;

/// An error of the generator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A kind has a schema that a CustomResourceDefinition cannot hold, or its versions do not fit together.
    #[error(transparent)]
    Schema(#[from] schema::Error),
    /// An API server would not take what is generated.
    #[error("an API server would refuse {name}:{reasons}")]
    Refused {
        /// Name of the CustomResourceDefinition.
        name: String,
        /// What it would say, a line each.
        reasons: String,
    },
    /// A file or directory cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `cargo` cannot be started.
    #[error(
        "cannot run {program}: {source}; install Rust, or name its cargo in the environment variable CARGO"
    )]
    Cargo {
        /// What was run.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// `cargo` answered with an error, or the program that it built did.
    #[error("{what} failed:\n{stderr}")]
    Failed {
        /// What was run.
        what: String,
        /// What it said.
        stderr: String,
    },
    /// The package cannot be generated from.
    #[error("{0}")]
    Package(String),
    /// A program's answer is not what was expected.
    #[error("cannot read the answer of {what}: {source}")]
    Answer {
        /// Who answered.
        what: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A workspace's manifest cannot be read.
    #[error("{path}: {reason}")]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file is neither YAML nor JSON.
    #[error(transparent)]
    Document(#[from] manifest::Error),
    /// Kinds cannot be described.
    #[error(transparent)]
    Docs(#[from] docs::Error),
    /// A revision of a git repository cannot be read.
    #[error(transparent)]
    Git(#[from] crate::source::git::Error),
    /// A workspace cannot be made, or not be changed so.
    #[error(transparent)]
    Scaffold(#[from] crate::scaffold::Error),
    /// A definition cannot be converted.
    #[error(transparent)]
    Convert(#[from] crate::convert::Error),
    /// Definitions cannot be compared.
    #[error(transparent)]
    Diff(#[from] crate::diff::Error),
    /// An API server would refuse what was checked.
    #[error("{complaints} {} about {refused} of {checked} {}", if *complaints == 1 { "complaint" } else { "complaints" }, if *checked == 1 { "kind" } else { "kinds" })]
    Complaints {
        /// How many complaints were written.
        complaints: usize,
        /// How many kinds they are about.
        refused: usize,
        /// How many kinds were checked.
        checked: usize,
    },
    /// An object cannot be reviewed.
    #[error(transparent)]
    Review(#[from] client::Error),
    /// The kinds of a crate make no type manifest.
    #[error(transparent)]
    Types(#[from] TypeManifestError),
    /// Files that somebody else wrote stand where generated ones go.
    #[error("{}: not written by k1s-gen, and so not overwritten; move it away, or say --force", paths.join("\n"))]
    Foreign {
        /// The files.
        paths: Vec<String>,
    },
    /// Generated files are not what would be generated now.
    #[error("{stale} of {all} files are stale")]
    Stale {
        /// How many are.
        stale: usize,
        /// How many there should be.
        all: usize,
    },
}

impl Error {
    /// For `map_err` on an operation on a path.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        move |source| Error::Io { path: path.into(), source }
    }
}
