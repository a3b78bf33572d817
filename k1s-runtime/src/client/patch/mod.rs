//! PATCH: from a stored object and a patch document to the object that takes its place.

mod json;
mod merge;
mod shown;
mod strategic;

pub(crate) use shown::patched as shown;

use serde_json::{Map, Value};

use crate::api::Object;
use crate::api::field::FieldError;
use crate::api::gotext;
use crate::api::jsonpath::go_text;
use crate::api::status::{self, Subject};

use super::body::{self, Fault};
use super::core::Kind;
use super::limits::{self, MAX_DEPTH};
use super::shape::{self, Struct};
use super::{Error, FieldValidation, Patch, Result, Subresource};

/// Whether a kind, or its subresource, takes this kind of patch.
///
/// # Errors
/// 415, naming the media types that are taken.
pub(crate) fn check_supported(kind: &Kind, subresource: Option<&Subresource>, patch: &Patch) -> Result<()> {
    let custom = kind.builtin.is_none() || subresource == Some(&Subresource::Scale);
    if !custom || !matches!(patch, Patch::Strategic(_)) {
        return Ok(());
    }
    let message = "the body of the request was in an unknown format - accepted media types include: \
                   application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";
    Err(Error::Api(status::other(415, "UnsupportedMediaType", message)))
}

/// Applies a document to any JSON object; a strategic merge patch as a merge patch.
///
/// # Errors
/// 422 when a JSON patch fails, 400 when the document is not one.
pub(crate) fn apply_document(target: &mut Value, patch: &Patch) -> Result<()> {
    match patch {
        Patch::Json(operations) => json::apply(target, operations).map_err(|failure| match failure {
            json::Failure::Malformed(message) => Error::Api(status::bad_request(message)),
            json::Failure::Rejected => Error::Api(status::other(422, "Invalid", json::REJECTED)),
        }),
        Patch::Merge(document) | Patch::Strategic(document) | Patch::Apply { document, .. } => {
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
/// As [`apply_document`], those of a strategic merge patch, and 422 with the field `patch` when the outcome is not an
/// object of the kind.
pub(crate) fn apply(
    kind: &Kind,
    old: &Object,
    patch: &Patch,
    validation: FieldValidation,
) -> Result<(Object, Vec<String>)> {
    let (mut object, text) = match (patch, shape::root(&kind.definition.group, &kind.definition.kind)) {
        (Patch::Strategic(document), Some(shape)) => merge_strategically(shape, old, document)?,
        (_, shape) => merge_or_edit(shape, old, patch)?,
    };
    let mut unknown = body::shape_up(kind, &mut object, false).map_err(|fault| match fault {
        Fault::Undecodable(misfit) => undecodable(&text, &misfit.message),
        Fault::Unrecognized(message) | Fault::OtherVersion(message) => undecodable(&text, &message),
        Fault::Answer(error) => error,
    })?;
    if matches!(patch, Patch::Strategic(_)) {
        unknown.sort_unstable();
    }
    match validation {
        FieldValidation::Strict if !unknown.is_empty() => {
            Err(undecodable(&text, &body::strict_message(&unknown)))
        }
        FieldValidation::Warn => Ok((object, body::unknown_warnings(&unknown))),
        _ => Ok((object, Vec::new())),
    }
}

/// The outcome of a JSON or merge patch, and how a message shows it.
fn merge_or_edit(shape: Option<&'static Struct>, old: &Object, patch: &Patch) -> Result<(Object, String)> {
    let mut patched = old.clone().into_value();
    apply_document(&mut patched, patch)?;
    let text = shown(shape, &patched, patch);
    let object = Object::try_from(patched).map_err(|_| {
        undecodable(&text, "json: cannot unmarshal array into Go value of type map[string]interface {}")
    })?;
    Ok((object, text))
}

/// What a strategic merge patch makes of an object, without the API's rules; `None` if its kind is not a core one.
///
/// # Errors
/// Those of a strategic merge patch.
#[cfg(feature = "cli")]
pub(crate) fn apply_strategic(object: &Object, document: &Value) -> Result<Option<Object>> {
    let shape = shape::root(&object.gvk().group, object.kind());
    shape.map(|shape| merge_strategically(shape, object, document).map(|(patched, _)| patched)).transpose()
}

/// The outcome of a strategic merge patch; messages show the patch instead.
fn merge_strategically(shape: &'static Struct, old: &Object, document: &Value) -> Result<(Object, String)> {
    if !limits::fits(document, MAX_DEPTH) {
        let message = format!("the patch is nested too deeply: limit is {MAX_DEPTH} levels");
        return Err(Error::Api(status::bad_request(message)));
    }
    let mut object = old.clone();
    let mut patch = match document {
        Value::Object(patch) => patch.clone(),
        // Go's decoder takes null for an empty map.
        Value::Null => return Ok((object, go_text(&Value::Object(Map::new())))),
        other => {
            let found = gotext::json_type(other);
            let message =
                format!("json: cannot unmarshal {found} into Go value of type map[string]interface {{}}");
            return Err(Error::Api(status::bad_request(message)));
        }
    };
    strategic::apply(shape, &mut object.0, &mut patch)?;
    let text = go_text(&Value::Object(patch));
    shape::convert(shape, &mut object.0).map_err(|message| undecodable(&text, &message))?;
    Ok((object, text))
}

/// 422 of a patch whose outcome is not an object of the kind.
pub(crate) fn undecodable(text: &str, message: &str) -> Error {
    let error = FieldError::invalid("patch", text, message);
    Error::Api(status::invalid(Subject { group: "", resource: "" }, "", &[error]))
}
