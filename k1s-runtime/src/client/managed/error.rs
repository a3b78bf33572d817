//! What keeps ownership from being worked out.

use crate::api::status;

use super::conflict::Conflict;

/// Why an apply does not take place.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The applied object is not one of the request.
    #[error("{0}")]
    BadRequest(String),
    /// Ownership or an object could not be read or converted: the server answers 500.
    #[error("{0}")]
    Failed(String),
    /// Fields have other owners.
    #[error("apply failed with {} conflicts", .0.len())]
    Conflicts(Vec<Conflict>),
    /// An answer of the client's own.
    #[error(transparent)]
    Client(#[from] crate::client::Error),
}

impl From<Error> for crate::client::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::BadRequest(message) => Self::Api(status::bad_request(message)),
            Error::Failed(message) => Self::Api(status::other(500, "", message)),
            Error::Conflicts(conflicts) => Self::Api(super::conflict::status(&conflicts)),
            Error::Client(error) => error,
        }
    }
}
