//! What can be wrong with kinds that are to be described.

use k1s_runtime::schema;

/// An error of the reference of kinds.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A CustomResourceDefinition lacks what every one has, or its schema cannot be read.
    #[error("{name}: {source}")]
    Definition {
        /// Name of the CustomResourceDefinition, and the version if it is about one.
        name: String,
        /// What is wrong.
        source: schema::Error,
    },
    /// Two CustomResourceDefinitions define one kind.
    #[error("{kind} is defined twice; name one of the two definitions only")]
    Twice {
        /// The kind with its group, as `Item.shop.example.com`.
        kind: String,
    },
    /// A CustomResourceDefinition has a version twice.
    #[error("{kind}: the version {version} is there twice")]
    VersionTwice {
        /// The kind with its group, as `Item.shop.example.com`.
        kind: String,
        /// The version.
        version: String,
    },
}
