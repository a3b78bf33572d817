//! The `scale` subresource: an `autoscaling/v1` Scale as a window on two or three fields of a custom resource.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::api::definition::Scale;
use crate::api::field::FieldError;
use crate::api::{Object, RawObject, ResourceDefinition, status};

use super::apply::{Owners, read};
use super::core::{Inner, Kind, Plan};
use super::managed::{self, Author, Replicas};
use super::update::{Change, check_name};
use super::{
    Error, FieldValidation, GetRequest, Patch, Result, WriteRequest, body, encode, index, limits, patch,
    shape,
};

const API_VERSION: &str = "autoscaling/v1";

/// Reads the scale of an object.
///
/// # Errors
/// 404, and 500 when the object does not say how many replicas it wants.
pub(crate) async fn get(core: &Inner, kind: &Kind, request: &GetRequest) -> Result<RawObject> {
    let found = core.read(kind, &request.target, &request.name).await?;
    let stored = found.ok_or_else(|| status::not_found(kind.subject(), &request.name))?;
    let object = encode::object_in_version(&stored.bytes, kind)?;
    view(kind, &object)
}

/// Plans a PUT of a Scale.
///
/// # Errors
/// As of a PUT of the object.
pub(crate) async fn replace(
    core: &Inner,
    kind: Arc<Kind>,
    request: &WriteRequest,
    scale: &Object,
) -> Result<Plan> {
    let mut scale = scale.clone();
    let named = [("kind", "Scale"), ("apiVersion", API_VERSION)];
    let says_what_it_is = named.iter().all(|(field, _)| scale.0.contains_key(*field));
    for (field, wanted) in named {
        let given = scale.0.get(field).and_then(Value::as_str).unwrap_or_default();
        if !given.is_empty() && given != wanted {
            let message =
                "no kind is registered for the type v1.Scale in scheme \"pkg/runtime/scheme.go:111\"";
            return Err(Error::Api(status::bad_request(message)));
        }
        scale.0.insert(field.to_owned(), wanted.into());
    }
    let handled = |message: &str| {
        Error::Api(status::bad_request(format!(
            "Scale in version \"v1\" cannot be handled as a Scale: {message}"
        )))
    };
    let unknown =
        shape::decode(&shape::SCALE, &mut scale.0).map_err(|misfit| handled(&misfit.message))?.unknown;
    let warnings = match request.options.field_validation {
        FieldValidation::Strict if !unknown.is_empty() => {
            return Err(handled(&body::strict_message(&unknown)));
        }
        FieldValidation::Warn => body::unknown_warnings(&unknown),
        _ => Vec::new(),
    };
    check_name(&scale, &request.name)?;
    let change = open(core, kind, request).await?;
    plan(change, &scale, warnings, says_what_it_is)
}

/// Plans a PATCH of a Scale.
///
/// # Errors
/// As of a PATCH of the object.
pub(crate) async fn patch(
    core: &Inner,
    kind: Arc<Kind>,
    request: &WriteRequest,
    document: &Patch,
) -> Result<Plan> {
    let change = open(core, kind, request).await?;
    if let Patch::Apply { document, force } = document {
        return apply(change, document, *force);
    }
    let mut patched: Value = view(&change.kind, &change.old)?.decode().map_err(Error::Decode)?;
    if let Some(owners) = managed::entries_of_scale(&change.kind, &change.old) {
        patched["metadata"]["managedFields"] = owners;
    }
    patch::apply_document(&mut patched, document)?;
    let text = patch::shown(Some(&shape::SCALE), &patched, document);
    let mut scale = Object::try_from(patched).unwrap_or_default();
    let unknown = shape::decode(&shape::SCALE, &mut scale.0)
        .map_err(|misfit| patch::undecodable(&text, &misfit.message))?
        .unknown;
    let warnings = match request.options.field_validation {
        FieldValidation::Strict if !unknown.is_empty() => {
            return Err(patch::undecodable(&text, &body::strict_message(&unknown)));
        }
        FieldValidation::Warn => body::unknown_warnings(&unknown),
        _ => Vec::new(),
    };
    check_name(&scale, &request.name)?;
    plan(change, &scale, warnings, true)
}

async fn open<'a>(core: &'a Inner, kind: Arc<Kind>, request: &'a WriteRequest) -> Result<Change<'a>> {
    let found = core.read(&kind, &request.target, &request.name).await?;
    let stored = found.ok_or_else(|| status::not_found(kind.subject(), &request.name))?;
    let old = encode::object_in_version(&stored.bytes, &kind)?;
    Ok(Change { core, kind, request, old, stored, owners: Owners::Compare })
}

/// Applies a Scale to the Scale of an object.
fn apply(change: Change<'_>, document: &Value, force: bool) -> Result<Plan> {
    let document = read(document)?;
    limits::check_depth(&document)?;
    let seen: Object = view(&change.kind, &change.old)?.decode().map_err(Error::Decode)?;
    let wanted = index::lookup(&document.0, ".spec.replicas");
    let differs = wanted.is_some() && wanted != index::lookup(&seen.0, ".spec.replicas");
    let author = Author::of(change.request);
    let owners = managed::apply_scale(&change.kind, &change.old, differs, &document, author, force)?;
    let object = change.old.clone();
    let mut plan = Change { owners: Owners::Known(owners), ..change }.plan(object, Vec::new())?;
    plan.as_scale = true;
    Ok(plan)
}

/// Plans to put the wanted replicas into the object. Replicas of a Scale that did not say that it is one have no owner.
fn plan(change: Change<'_>, scale: &Object, warnings: Vec<String>, is_typed: bool) -> Result<Plan> {
    let Some(paths) = change.kind.definition.scale.clone() else {
        return Err(Error::Api(status::not_found(change.kind.subject(), &change.request.name)));
    };
    let mut object = change.old.clone();
    let replicas = index::lookup(&scale.0, ".spec.replicas").cloned().unwrap_or_else(|| 0.into());
    set(&mut object.0, &paths.spec_replicas_path, replicas);
    if let Some(version) = scale.resource_version() {
        object.set_metadata("resourceVersion", version);
    }
    let path = &paths.spec_replicas_path;
    let number = |object: &Object| index::lookup(&object.0, path).and_then(Value::as_i64).unwrap_or(0);
    let replicas = match (number(&change.old), number(&object)) {
        (old, new) if old == new => Replicas::Same,
        (_, new) if new == 0 || !is_typed => Replicas::Dropped,
        _ => Replicas::Changed,
    };
    let owners =
        managed::hand_over_scale(&change.kind, path, &change.old, replicas, Author::of(change.request));
    let change = Change { owners: Owners::Known(owners), ..change };
    let mut plan = change.plan(object, warnings)?;
    plan.as_scale = true;
    Ok(plan)
}

/// The Scale of an object.
///
/// # Errors
/// 500 when the object does not say how many replicas it wants.
pub(crate) fn view(kind: &Kind, object: &Object) -> Result<RawObject> {
    let Some(paths) = &kind.definition.scale else {
        return Err(Error::Api(status::not_found(kind.subject(), object.name())));
    };
    let Some(wanted) = index::lookup(&object.0, &paths.spec_replicas_path).and_then(Value::as_i64) else {
        return Err(no_replicas(paths));
    };
    let mut metadata = Map::new();
    for field in ["name", "namespace", "uid", "creationTimestamp"] {
        if let Some(value) = object.metadata().and_then(|metadata| metadata.get(field)) {
            metadata.insert(field.to_owned(), value.clone());
        }
    }
    let running = index::lookup(&object.0, &paths.status_replicas_path).and_then(Value::as_i64).unwrap_or(0);
    let mut state = json!({"replicas": running});
    let selector = paths.label_selector_path.as_deref().and_then(|path| index::lookup(&object.0, path));
    if let Some(Value::String(selector)) = selector
        && !selector.is_empty()
    {
        state["selector"] = selector.as_str().into();
    }
    let spec = if wanted == 0 { json!({}) } else { json!({"replicas": wanted}) };
    let scale = json!({
        "apiVersion": API_VERSION, "kind": "Scale", "metadata": metadata, "spec": spec, "status": state
    });
    encode::raw(&Object::try_from(scale).unwrap_or_default(), API_VERSION, object.resource_version())
}

fn no_replicas(paths: &Scale) -> Error {
    let message = format!("the spec replicas field {:?} does not exist", paths.spec_replicas_path);
    Error::Api(status::internal(message))
}

/// What is wrong with the fields that a Scale shows.
pub(crate) fn validate(definition: &ResourceDefinition, object: &Object, errors: &mut Vec<FieldError>) {
    let Some(paths) = &definition.scale else { return };
    for path in [&paths.spec_replicas_path, &paths.status_replicas_path] {
        let replicas = index::lookup(&object.0, path).and_then(Value::as_i64);
        if let Some(replicas) = replicas.filter(|replicas| *replicas < 0) {
            let detail = "should be a non-negative integer";
            errors.push(FieldError::invalid(path.as_str(), Value::from(replicas), detail));
        }
    }
}

/// Sets the value at a path of plain members; members on the way that are no objects become some.
fn set(object: &mut Map<String, Value>, path: &str, value: Value) {
    let mut map = object;
    let mut segments = path.trim_start_matches('.').split('.').peekable();
    while let Some(segment) = segments.next() {
        if segments.peek().is_none() {
            map.insert(segment.to_owned(), value);
            return;
        }
        let slot = map.entry(segment).or_insert(Value::Null);
        if !slot.is_object() {
            *slot = Value::Object(Map::new());
        }
        let Value::Object(inner) = slot else { return };
        map = inner;
    }
}
