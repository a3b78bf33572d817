//! What can be wrong with a schema itself, as opposed to an object that is checked against one.

/// An error of the schema room.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A keyword has a value of the wrong shape.
    #[error("{path}: `{keyword}` must be {expected}")]
    Keyword {
        /// Where in the schema, as `spec.tags[]`; `<root>` for the schema itself.
        path: String,
        /// The keyword.
        keyword: String,
        /// What it should have been.
        expected: &'static str,
    },
    /// A schema is not a JSON object (or, where JSON Schema allows it, a boolean).
    #[error("{path}: a schema must be an object")]
    NotAnObject {
        /// Where in the schema.
        path: String,
    },
    /// A Rust type that refers to itself. A CustomResourceDefinition cannot express it.
    #[error(
        "{path}: the type `{type_name}` contains itself, and a CustomResourceDefinition cannot hold such a type; mark the field `#[schema(schemaless)]`"
    )]
    Recursive {
        /// The field that closes the circle.
        path: String,
        /// The type's name.
        type_name: String,
    },
    /// A `$ref` that points nowhere.
    #[error("{path}: cannot resolve the reference `{reference}`")]
    Reference {
        /// Where in the schema.
        path: String,
        /// The reference.
        reference: String,
    },
    /// Something that JSON Schema can say and Kubernetes cannot.
    #[error("{path}: {what}")]
    Unsupported {
        /// The field.
        path: String,
        /// What it is, and what to do instead.
        what: String,
    },
    /// Subschemas are nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    #[error("{path}: schemas may be nested at most {limit} deep")]
    TooDeep {
        /// Where in the schema.
        path: String,
        /// The limit.
        limit: usize,
    },
    /// A schema grew beyond [`MAX_NODES`](super::MAX_NODES) while references were replaced by what they name.
    #[error("{path}: the schema has more than {limit} subschemas")]
    TooLarge {
        /// Where in the schema.
        path: String,
        /// The limit.
        limit: usize,
    },
    /// The versions of a kind do not fit together.
    #[error("{kind}: {what}")]
    Definition {
        /// The kind.
        kind: String,
        /// What does not fit.
        what: String,
    },
    /// A schema is not where it was when its kind was found.
    #[error("cannot read the schema: {0}")]
    Unreadable(String),
    /// A CustomResourceDefinition cannot be read.
    #[error("cannot read the CustomResourceDefinition: {0}")]
    Crd(String),
}
