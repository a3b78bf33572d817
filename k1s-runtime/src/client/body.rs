//! From the body of a write to an object: type and object metadata decoded, unknown fields dropped, defaults filled in.

use std::sync::Arc;

use kube_core::GroupVersionKind;
use serde_json::Value;

use crate::api::field::FieldError;
use crate::api::{Object, Status, gotext, status};
use crate::schema::CompiledSchema;

use super::core::Kind;
use super::shape::Misfit;
use super::{Error, FieldValidation, Result, shape};

/// Why a body is not an object of its kind. Create and update say it as 400, patches as 422.
pub(crate) enum Fault {
    /// A message of the decoder, given with the body's kind and version.
    Undecodable(Misfit),
    /// A message given as it is.
    Unrecognized(String),
    /// The body is of another version than the endpoint; its unknown fields are those of its own version.
    OtherVersion(String),
    /// An answer of its own.
    Answer(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Answer(error)
    }
}

/// A fault of the object as a whole.
fn whole(message: String) -> Fault {
    Fault::Undecodable(Misfit { path: String::new(), message })
}

/// Decodes the body of a create or update. `version_of` finds the kind that a body of another version is of.
///
/// Returns the warnings about unknown fields.
pub(crate) fn decode(
    kind: &Kind,
    object: &mut Object,
    validation: FieldValidation,
    version_of: impl Fn(&GroupVersionKind) -> Option<Arc<Kind>>,
) -> Result<Vec<String>> {
    let (api_version, kind_name) = (object.api_version().to_owned(), object.kind().to_owned());
    let cannot_handle = |message: &str| {
        let version = api_version.rsplit('/').next().unwrap_or_default();
        let (version, name) = if kind.builtin.is_some() && kind_name.is_empty() {
            (kind.definition.version.as_str(), kind.definition.kind.as_str())
        } else {
            (version, kind_name.as_str())
        };
        let wanted = &kind.definition.kind;
        Error::Api(status::bad_request(format!(
            "{name} in version \"{version}\" cannot be handled as a {wanted}: {message}"
        )))
    };
    let (unknown, refused) = match shape_up(kind, object, true) {
        Ok(unknown) => (unknown, None),
        Err(Fault::OtherVersion(message)) => {
            let unknown = unknown_in_other_version(kind, object, version_of)?;
            (unknown, Some(Error::Api(status::bad_request(message))))
        }
        Err(Fault::Undecodable(misfit)) => return Err(cannot_handle(&misfit.message)),
        Err(Fault::Unrecognized(message)) => return Err(Error::Api(status::bad_request(message))),
        Err(Fault::Answer(error)) => return Err(error),
    };
    let warnings = match validation {
        FieldValidation::Ignore => Vec::new(),
        FieldValidation::Strict if !unknown.is_empty() => {
            return Err(cannot_handle(&strict_message(&unknown)));
        }
        FieldValidation::Warn | FieldValidation::Strict => unknown_warnings(&unknown),
    };
    match refused {
        Some(error) => Err(error.after(warnings)),
        None => Ok(warnings),
    }
}

/// The unknown fields of a body that is not of the endpoint's version. Of a version that there is not, every field is.
fn unknown_in_other_version(
    kind: &Kind,
    object: &mut Object,
    version_of: impl Fn(&GroupVersionKind) -> Option<Arc<Kind>>,
) -> Result<Vec<String>> {
    let mut unknown = match shape::decode_metadata(&mut object.0) {
        Ok(decoded) => decoded.unknown,
        Err(_) => Vec::new(),
    };
    let gvk = object.gvk();
    if !is_of(kind, object) {
        return Ok(unknown);
    }
    match version_of(&gvk) {
        Some(kind) => unknown.extend(kind.schema()?.prune(&mut object.0)),
        None => {
            let fields =
                object.0.keys().filter(|key| !matches!(key.as_str(), "apiVersion" | "kind" | "metadata"));
            unknown.extend(fields.cloned());
        }
    }
    Ok(unknown)
}

/// Whether an object says that it is of a kind, in whichever version.
fn is_of(kind: &Kind, object: &Object) -> bool {
    let found = object.gvk();
    found.group == kind.definition.group && found.kind == kind.definition.kind
}

/// The warnings about unknown fields.
pub(crate) fn unknown_warnings(unknown: &[String]) -> Vec<String> {
    unknown.iter().map(|path| format!("unknown field {path:?}")).collect()
}

/// What strict decoding says about unknown fields.
pub(crate) fn strict_message(unknown: &[String]) -> String {
    format!("strict decoding error: {}", unknown_warnings(unknown).join(", "))
}

/// Makes an object what the server would hold after decoding it. Returns the paths of the fields that were dropped.
///
/// `complain` asks for the API version to be checked as bodies' is; a patched object's is checked by validation.
pub(crate) fn shape_up(
    kind: &Kind,
    object: &mut Object,
    complain: bool,
) -> std::result::Result<Vec<String>, Fault> {
    let definition = &kind.definition;
    if let Some(shape) = shape::root(&definition.group, &definition.kind) {
        check_core_type(kind, object)?;
        let decoded = shape::decode(shape, &mut object.0).map_err(Fault::Undecodable)?;
        return Ok(decoded.unknown);
    }
    check_custom_type(kind, object, complain)?;
    let mut unknown = shape::decode_metadata(&mut object.0).map_err(Fault::Undecodable)?.unknown;
    if complain && object.api_version() != kind.api_version {
        let (found, expected) = (object.api_version(), &kind.api_version);
        return Err(Fault::OtherVersion(format!(
            "the API version in the data ({found}) does not match the expected API version ({expected})"
        )));
    }
    if !is_of(kind, object) {
        // Validation will refuse it; its fields are none of this kind's business.
        return Ok(unknown);
    }
    let schema = kind.schema()?;
    check_embedded(schema, object)?;
    unknown.extend(schema.prune(&mut object.0));
    schema.visit_embedded_resources(&mut object.0, |resource| {
        if resource.contains_key("metadata") {
            // It has been found to be metadata, and what that does not know is gone: this writes times anew.
            let _ = shape::decode_metadata(resource);
        }
    });
    schema.default(&mut object.0);
    Ok(unknown)
}

/// Makes an object that was put together by server-side apply what the server would hold. Its fields are known to be those of
/// its kind; nulls of custom resources are left for validation to see.
///
/// # Errors
/// 500 when it cannot be decoded.
pub(crate) fn settle_applied(kind: &Kind, object: &mut Object) -> Result<()> {
    let definition = &kind.definition;
    let fault = |misfit: Misfit| Error::Api(status::other(500, "", misfit.message));
    if let Some(shape) = shape::root(&definition.group, &definition.kind) {
        shape::decode(shape, &mut object.0).map_err(fault)?;
        return Ok(());
    }
    shape::decode_metadata(&mut object.0).map_err(fault)?;
    let schema = kind.schema()?;
    schema.visit_embedded_resources(&mut object.0, |resource| {
        if resource.contains_key("metadata") {
            // What cannot be decoded is told of by validation.
            let _ = shape::decode_metadata(resource);
        }
    });
    schema.fill_defaults(&mut object.0);
    Ok(())
}

fn check_core_type(kind: &Kind, object: &mut Object) -> std::result::Result<(), Fault> {
    let definition = &kind.definition;
    for (field, own) in [("apiVersion", kind.api_version.as_str()), ("kind", definition.kind.as_str())] {
        match object.0.get(field) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if text.is_empty() => {}
            Some(_) => continue,
        }
        object.0.insert(field.to_owned(), own.into());
    }
    if object.api_version() == kind.api_version && object.kind() == definition.kind {
        return Ok(());
    }
    if object.api_version() == kind.api_version
        && let Some(shape) = shape::root(&definition.group, object.kind())
    {
        // It is decoded as what it says it is, and only then found to be something else.
        shape::decode(shape, &mut object.0.clone()).map_err(Fault::Undecodable)?;
        let (found, wanted) = (object.kind(), &definition.kind);
        let package = definition.group.split('.').next().filter(|name| !name.is_empty()).unwrap_or("core");
        return Err(whole(format!("converting (v1.{found}) to ({package}.{wanted}): unknown conversion")));
    }
    Err(whole(format!(
        "no kind \"{}\" is registered for version \"{}\" in scheme \"pkg/runtime/scheme.go:111\"",
        object.kind(),
        object.api_version()
    )))
}

fn check_custom_type(kind: &Kind, object: &Object, complain: bool) -> std::result::Result<(), Fault> {
    let wanted = &kind.definition.kind;
    let unrecognized = |why: &str| {
        let shown: String = text_of(object).chars().take(30).collect();
        let dots = if text_of(object).len() > 30 { " ..." } else { "" };
        Fault::Unrecognized(format!(
            "the object provided is unrecognized (must be of type {wanted}): {why} ({shown}{dots})"
        ))
    };
    for field in ["kind", "apiVersion"] {
        if let Some(value) = object.0.get(field)
            && !value.is_string()
            && !value.is_null()
        {
            let found = gotext::json_type(value);
            return Err(unrecognized(&format!(
                "couldn't get version/kind; json parse error: json: cannot unmarshal {found} into Go struct field \
                 .{field} of type string"
            )));
        }
    }
    if object.kind().is_empty() {
        let why = format!("Object 'Kind' is missing in '{}'", text_of(object));
        return Err(if complain { unrecognized(&why) } else { whole(why) });
    }
    let found = object.api_version();
    if found.matches('/').count() > 1 {
        return Err(unrecognized(&format!("unexpected GroupVersion string: {found}")));
    }
    Ok(())
}

/// Resources inside the object are decoded as the object is: their type, and their metadata.
fn check_embedded(schema: &CompiledSchema, object: &Object) -> std::result::Result<(), Fault> {
    for (path, resource) in schema.embedded_resources(&object.0) {
        let fault = |field: &str, value: &Value, why: &str| {
            let error = FieldError::invalid(format!("{path}.{field}"), value.clone(), why);
            Fault::Undecodable(Misfit { message: error.to_string(), path: error.field })
        };
        for field in ["apiVersion", "kind"] {
            if let Some(value) = resource.get(field).filter(|value| !value.is_string()) {
                return Err(fault(field, value, "must be a string"));
            }
        }
        if let Some(metadata) = resource.get("metadata") {
            shape::check_metadata(metadata).map_err(|why| fault("metadata", metadata, &why.message))?;
        }
    }
    Ok(())
}

fn text_of(object: &Object) -> String {
    serde_json::to_string(object).unwrap_or_default()
}

/// What validation says of an object whose apiVersion or kind is not the request's.
pub(crate) fn type_errors(kind: &Kind, object: &Object) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let wanted = [("kind", kind.definition.kind.as_str()), ("apiVersion", kind.api_version.as_str())];
    let found = [object.kind(), object.api_version()];
    for ((field, wanted), found) in wanted.into_iter().zip(found) {
        if found != wanted {
            errors.push(FieldError::invalid(field, found, format!("must be {wanted}")));
        }
    }
    errors
}

/// Puts the request's namespace into the object, or refuses the object's.
pub(crate) fn settle_namespace(
    kind: &Kind,
    object: &mut Object,
    request_namespace: Option<&str>,
) -> std::result::Result<(), Box<Status>> {
    if !kind.definition.is_namespaced() {
        // A stray namespace is dropped without a word.
        if object.namespace().is_some() {
            object.metadata_mut().remove("namespace");
        }
        return Ok(());
    }
    let wanted = request_namespace.unwrap_or_default();
    match object.namespace() {
        None if !wanted.is_empty() => {
            object.set_namespace(wanted);
            Ok(())
        }
        Some(found) if found != wanted => Err(status::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        )),
        _ => Ok(()),
    }
}
