//! What a client answers when it does not answer with an object.

use kube_core::response::Status;

use crate::storage;

/// An error of a [`Client`](super::Client).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The API refused, exactly as kube-apiserver would.
    #[error("{}", .0.message)]
    Api(Box<Status>),
    /// A failure of which the API had something to say before: of unknown fields, of a deprecated version.
    #[error("{error}")]
    Warned {
        /// The failure.
        error: Box<Error>,
        /// `Warning` headers, in order.
        warnings: Vec<String>,
    },
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// An object does not fit the Rust type it was asked for as.
    #[error("cannot decode the object: {0}")]
    Decode(#[source] serde_json::Error),
    /// An object could not be written as JSON.
    #[error("cannot encode the object: {0}")]
    Encode(#[source] serde_json::Error),
}

/// What a client call answers.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The status, if the API refused.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Error::Api(status) => Some(status),
            Error::Warned { error, .. } => error.status(),
            _ => None,
        }
    }

    /// The failure on its own, and the warnings that came with it.
    pub fn into_parts(self) -> (Self, Vec<String>) {
        match self {
            Error::Warned { error, warnings } => (*error, warnings),
            error => (error, Vec::new()),
        }
    }

    /// The failure, after these warnings.
    pub(crate) fn after(self, mut said: Vec<String>) -> Self {
        if said.is_empty() {
            return self;
        }
        let (error, warnings) = self.into_parts();
        said.extend(warnings);
        Error::Warned { error: Box::new(error), warnings: said }
    }

    /// Whether it is a 404 NotFound.
    pub fn is_not_found(&self) -> bool {
        self.status().is_some_and(Status::is_not_found)
    }

    /// Whether it is a 409 Conflict.
    pub fn is_conflict(&self) -> bool {
        self.status().is_some_and(|status| status.reason == "Conflict")
    }

    /// Whether it is a 409 AlreadyExists.
    pub fn is_already_exists(&self) -> bool {
        self.status().is_some_and(Status::is_already_exists)
    }

    /// Whether it is a 422 Invalid.
    pub fn is_invalid(&self) -> bool {
        self.status().is_some_and(Status::is_invalid)
    }
}

impl From<Box<Status>> for Error {
    fn from(status: Box<Status>) -> Self {
        Error::Api(status)
    }
}
