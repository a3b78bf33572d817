//! PATCH: from a stored object and a patch document to the object that takes its place.

mod json;
mod merge;

use serde_json::Value;

use crate::api::Object;
use crate::api::field::FieldError;
use crate::api::status::{self, Subject};

use super::body::{self, Fault};
use super::core::Kind;
use super::{Error, FieldValidation, Patch, Result, Subresource};

/// Whether a kind, or its subresource, takes this kind of patch.
///
/// # Errors
/// 415, naming the media types that are taken.
pub(crate) fn check_supported(kind: &Kind, subresource: Option<&Subresource>, patch: &Patch) -> Result<()> {
    let strategic = matches!(patch, Patch::Strategic(_));
    if !strategic {
        return Ok(());
    }
    let mut accepted = vec!["application/json-patch+json", "application/merge-patch+json"];
    let custom = kind.builtin.is_none() || subresource == Some(&Subresource::Scale);
    if custom {
        accepted.push("application/apply-patch+yaml");
    }
    let message = format!(
        "the body of the request was in an unknown format - accepted media types include: {}",
        accepted.join(", ")
    );
    Err(Error::Api(status::other(415, "UnsupportedMediaType", message)))
}

/// Applies a document to any JSON object.
///
/// # Errors
/// 422 when a JSON patch fails, 400 when the document is not one.
pub(crate) fn apply_document(target: &mut Value, patch: &Patch) -> Result<()> {
    match patch {
        Patch::Json(operations) => json::apply(target, operations).map_err(|failure| match failure {
            json::Failure::Malformed(message) => Error::Api(status::bad_request(message)),
            json::Failure::Rejected => Error::Api(status::other(422, "Invalid", json::REJECTED)),
        }),
        Patch::Merge(document) | Patch::Strategic(document) => {
            if !document.is_object() {
                let message = "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}";
                return Err(Error::Api(status::bad_request(message)));
            }
            merge::apply(target, document);
            Ok(())
        }
    }
}

/// Applies a patch to a stored object and decodes the outcome. Returns it with the warnings about unknown fields.
///
/// # Errors
/// As [`apply_document`], and 422 with the field `patch` when the outcome is not an object of the kind.
pub(crate) fn apply(
    kind: &Kind,
    old: &Object,
    patch: &Patch,
    validation: FieldValidation,
) -> Result<(Object, Vec<String>)> {
    let mut patched = old.clone().into_value();
    apply_document(&mut patched, patch)?;
    let text = patched.to_string();
    let mut object = Object::try_from(patched).map_err(|_| {
        undecodable(&text, "json: cannot unmarshal array into Go value of type map[string]interface {}")
    })?;
    let unknown = body::shape_up(kind, &mut object, false).map_err(|fault| match fault {
        Fault::Undecodable(message) | Fault::Unrecognized(message) => undecodable(&text, &message),
        Fault::Answer(error) => error,
    })?;
    match validation {
        FieldValidation::Strict if !unknown.is_empty() => {
            Err(undecodable(&text, &body::strict_message(&unknown)))
        }
        FieldValidation::Warn => Ok((object, body::unknown_warnings(&unknown))),
        _ => Ok((object, Vec::new())),
    }
}

/// 422 of a patch whose outcome is not an object of the kind.
pub(crate) fn undecodable(text: &str, message: &str) -> Error {
    let error = FieldError::invalid("patch", text, message);
    Error::Api(status::invalid(Subject { group: "", resource: "" }, "", &[error]))
}
