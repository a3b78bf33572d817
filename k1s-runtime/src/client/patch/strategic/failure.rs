//! Why a strategic merge patch was not applied, and the answer that each reason gets.

use serde_json::Value;

use super::super::json::REJECTED;
use crate::api::gotext;
use crate::api::jsonpath::go_text;
use crate::api::status;
use crate::client::Error;

/// Why a patch was not applied. The texts are the server's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::client::patch) enum Failure {
    /// A `$deleteFromPrimitiveList` that names no field.
    #[error("invalid patch format of primitive list")]
    PrimitiveList,
    /// A `$retainKeys` that is not a list.
    #[error("invalid patch format of retainKeys")]
    RetainKeys,
    /// A `$setElementOrder` that names no field.
    #[error("invalid patch format of setElementOrder list")]
    ElementOrder,
    /// The patch sets a field that its own `$retainKeys` leaves out.
    #[error("patch content doesn't match retainKeys list")]
    NotRetained,
    /// A list that is to be merged holds lists.
    #[error("lists of lists are not supported")]
    ListOfLists,
    /// Everything that the server does not foresee.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    /// An item of a list lacks the field that items are matched by.
    pub(super) fn no_merge_key(item: &Value, key: &str) -> Self {
        Self::Other(format!("map: {} does not contain declared merge key: {key}", go_text(item)))
    }

    /// A value is of another type than it has to be.
    pub(super) fn wrong_type(wanted: &str, found: &Value) -> Self {
        Self::Other(format!("expected a {wanted}, but received a {}", go_type(found)))
    }

    /// A `$patch` that says nothing known. `object` is the object it is in.
    pub(super) fn unknown_directive(directive: &Value, object: &Value) -> Self {
        let shown = match directive {
            Value::String(text) => text.clone(),
            Value::Null => "%!s(<nil>)".to_owned(),
            Value::Bool(_) | Value::Number(_) => {
                format!("%!s({}={})", go_type(directive), go_text(directive))
            }
            Value::Array(_) | Value::Object(_) => go_text(directive),
        };
        Self::Other(format!("unknown patch type: {shown} in map: {}", go_text(object)))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let message = failure.to_string();
        Error::Api(match failure {
            Failure::PrimitiveList | Failure::RetainKeys | Failure::ElementOrder => {
                status::bad_request(message)
            }
            Failure::NotRetained | Failure::ListOfLists => status::other(422, "Invalid", REJECTED),
            Failure::Other(_) => status::other(500, "", message),
        })
    }
}

/// The type that Go decodes a value into, as its formatter shows it.
fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "%!s(<nil>)",
        value => gotext::type_name(value),
    }
}
