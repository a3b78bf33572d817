//! What one object needs to be as its file says.

use serde_json::{Map, Value};

use crate::Object;
use crate::api::has_null;
use crate::cli::context::{Context, wait};
use crate::cli::error::{Error, quoted};
use crate::cli::merge::{LAST_APPLIED, set_configuration, three_way};
use crate::cli::resources::{Info, decode};
use crate::client::{GetRequest, Target};
use crate::manifest::{parse_json, to_json_compact};

/// What is to be done about an object.
pub(super) enum Action {
    /// It is not there: make it.
    Create,
    /// It is there and differs.
    Patch(Map<String, Value>),
    /// It is there, and whether it differs was not asked.
    Assume,
    /// It is as it should be.
    Nothing,
}

/// An object on its way.
pub(super) struct Applied {
    /// The object as it is in the store; if it is not there, its identity alone.
    pub info: Info,
    /// The object of the file, with the annotation.
    pub wanted: Object,
    /// What is to be done.
    pub action: Action,
}

/// Reads the object's present state and decides. With `compare` off it is only asked whether the object is there.
///
/// # Errors
/// The store's, and those of an object that cannot be applied.
pub(super) fn decide(mut info: Info, compare: bool, context: &mut Context<'_>) -> Result<Applied, Error> {
    if info.name.is_empty()
        && let Some(prefix) = info.object.generate_name()
    {
        return Err(Error::message(format!("from {prefix}: cannot use generate name with apply")));
    }
    set_configuration(&mut info.object);
    let Some(current) = current(&info, context)? else {
        let identity = Object::new(info.object.api_version(), info.object.kind(), &info.name);
        let mut wanted = std::mem::replace(&mut info.object, identity);
        remove_nulls(&mut wanted.0);
        return Ok(Applied { info, wanted, action: Action::Create });
    };
    let wanted = std::mem::replace(&mut info.object, current);
    if !compare {
        return Ok(Applied { info, wanted, action: Action::Assume });
    }
    let original = match info.object.annotation(LAST_APPLIED) {
        Some(text) => original(text, &info)?,
        None => {
            warn_about_missing_annotation(&info, context)?;
            Map::new()
        }
    };
    let patch = three_way(&original, &wanted.0, &info.object.0);
    if changes_identity(&patch) {
        let error = Error::message("At least one of apiVersion, kind and name was changed");
        return Err(while_patching(error, &patch, &info));
    }
    let action = if patch.is_empty() { Action::Nothing } else { Action::Patch(patch) };
    Ok(Applied { info, wanted, action })
}

/// The object as it is in the store.
fn current(info: &Info, context: &mut Context<'_>) -> Result<Option<Object>, Error> {
    let target = Target { gvk: info.definition.gvk(), namespace: info.namespace.clone() };
    let request = GetRequest { target, name: info.name.clone(), subresource: None, resource_version: None };
    let read = if info.name.is_empty() {
        Err(Error::message("resource name may not be empty"))
    } else {
        match wait(context.client()?.get(&request)) {
            Ok(raw) => decode(&raw).map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    };
    read.map_err(|error| {
        let doing = format!("retrieving current configuration of:\n{}\nfrom server for:", describe(info));
        error.when(&doing, &info.source)
    })
}

/// What was applied the time before.
fn original(text: &str, info: &Info) -> Result<Map<String, Value>, Error> {
    match parse_json(text.as_bytes()) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) | Err(_) if text.trim().is_empty() => Ok(Map::new()),
        Ok(_) => Err(unreadable("it is not an object", info)),
        Err(error) => Err(unreadable(&error.decoder_message(), info)),
    }
}

fn unreadable(why: &str, info: &Info) -> Error {
    Error::message(format!("the {LAST_APPLIED} annotation of {} cannot be read: {why}", info.name))
        .when("applying", &info.source)
}

fn warn_about_missing_annotation(info: &Info, context: &mut Context<'_>) -> Result<(), Error> {
    let (plural, name, program) = (&info.definition.plural, &info.name, context.name());
    let text = format!(
        "resource {plural}/{name} is missing the {LAST_APPLIED} annotation which is required by {program} apply. \
         {program} apply should only be used on resources created declaratively by either {program} create \
         --save-config or {program} apply. The missing annotation will be patched automatically."
    );
    context.warn(&text)
}

/// Says which patch failed, as kubectl does where several objects fail.
pub(super) fn while_patching(error: Error, patch: &Map<String, Value>, info: &Info) -> Error {
    let patch = to_json_compact(&Value::Object(patch.clone()));
    error.when(&format!("applying patch:\n{patch}\nto:\n{}\nfor:", describe(info)), &info.source)
}

/// The object in the words of kubectl's messages.
fn describe(info: &Info) -> String {
    let definition = &info.definition;
    let group_version = format!("{}/{}", definition.group, definition.version);
    let resource = quoted(&format!("{group_version}, Resource={}", definition.plural));
    let kind = quoted(&format!("{group_version}, Kind={}", definition.kind));
    let (name, namespace) = (quoted(&info.name), quoted(info.namespace.as_deref().unwrap_or_default()));
    format!("Resource: {resource}, GroupVersionKind: {kind}\nName: {name}, Namespace: {namespace}")
}

/// Whether a patch would make another object of it.
pub(in crate::cli::verbs) fn changes_identity(patch: &Map<String, Value>) -> bool {
    let renames = |value: &Value| value.as_object().is_some_and(|metadata| metadata.contains_key("name"));
    patch.contains_key("apiVersion")
        || patch.contains_key("kind")
        || patch.get("metadata").is_some_and(renames)
}

/// A merge patch cannot set a `null`, so a new object has none either.
fn remove_nulls(map: &mut Map<String, Value>) {
    if has_null(map) {
        remove_found_nulls(map);
    }
}

fn remove_found_nulls(map: &mut Map<String, Value>) {
    map.retain(|_, value| !value.is_null());
    map.values_mut().for_each(remove_nulls_within);
}

fn remove_nulls_within(value: &mut Value) {
    match value {
        Value::Object(map) => remove_found_nulls(map),
        Value::Array(items) => items.iter_mut().for_each(remove_nulls_within),
        _ => {}
    }
}
