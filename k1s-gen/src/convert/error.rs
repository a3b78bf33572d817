//! What can go wrong while converting, and what is worth a word.

use std::fmt;
use std::path::PathBuf;

use k1s_runtime::schema;

/// An error of a conversion.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A CustomResourceDefinition of a version that API servers no longer serve.
    #[error(
        "{place}{name} is of {version}, which API servers no longer serve: update it to apiextensions.k8s.io/v1 first, as a newer \
         controller-gen writes it"
    )]
    Outdated {
        /// `file:line:column: `.
        place: String,
        /// Its name.
        name: String,
        /// Its `apiVersion`.
        version: String,
    },
    /// An API server would not take the definition.
    #[error("{place}an API server would refuse {name}:{reasons}")]
    Refused {
        /// `file:line:column: ` of the first reason.
        place: String,
        /// Its name.
        name: String,
        /// What it would say, a line each.
        reasons: String,
    },
    /// A name that API servers take and the derive does not.
    #[error("{place}{path}: {reason}")]
    Name {
        /// `file:line:column: `.
        place: String,
        /// Path of the field that holds it.
        path: String,
        /// Why not.
        reason: String,
    },
    /// A schema cannot be read.
    #[error("{place}{path}: {source}")]
    Schema {
        /// `file:line:column: `.
        place: String,
        /// Path of the schema.
        path: String,
        /// What is wrong with it.
        source: schema::Error,
    },
    /// What was asked to be derived is no path of a derive.
    #[error("`{0}` is no derive: give names of derive macros, as `Eq` or `schemars::JsonSchema`")]
    Derive(String),
    /// The source that was put together is no Rust; a mistake of this program.
    #[error("{name} cannot be written as Rust: {reason}")]
    Source {
        /// The module.
        name: String,
        /// What the parser said.
        reason: String,
    },
    /// A file or the standard input holds no definition.
    #[error("{0}: no CustomResourceDefinition is there")]
    Nothing(PathBuf),
    /// Two definitions would be one module.
    #[error("two modules would be named `{0}`: convert their definitions into different directories")]
    Twice(String),
    /// A file is there already, with another content.
    #[error("{0} is there already and differs; `--force` overwrites it")]
    Present(PathBuf),
    /// Some definitions could not be converted; each has been told.
    #[error("{failed} of {all} inputs could not be converted")]
    Incomplete {
        /// How many.
        failed: usize,
        /// Of how many.
        all: usize,
    },
}

/// Something of a definition that is not in the module, or not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// `file:line:column: `, or nothing.
    pub place: String,
    /// Path of the field.
    pub path: String,
    /// What became of it, and what to do.
    pub what: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}: {}", self.place, self.path, self.what)
    }
}
