//! Requests from visited objects, and how their warnings and errors come back.

use serde_json::{Map, Value};

use super::flags::Strategy;
use crate::Object;
use crate::cli::context::{Context, wait};
use crate::cli::error::Error;
use crate::cli::resources::Info;
use crate::client::{
    self, DeleteOptions, FieldValidation, Patch, Subresource, Target, WriteOptions, WriteRequest, WriteVerb,
    Written,
};

/// Where an object's requests go.
fn target(info: &Info) -> Target {
    Target { gvk: info.definition.gvk(), namespace: info.namespace.clone() }
}

fn options(strategy: Strategy, manager: &str) -> WriteOptions {
    WriteOptions {
        dry_run: strategy.option(),
        field_manager: Some(manager.to_owned()),
        ..WriteOptions::default()
    }
}

/// POST of the object as visited.
pub(crate) fn create(
    info: &Info,
    object: Object,
    strategy: Strategy,
    field_validation: FieldValidation,
    manager: &str,
) -> WriteRequest {
    WriteRequest {
        target: target(info),
        name: String::new(),
        subresource: None,
        verb: WriteVerb::Create(object),
        options: WriteOptions { field_validation, ..options(strategy, manager) },
    }
}

/// PUT of an object in the visited one's place.
pub(crate) fn update(
    info: &Info,
    object: Object,
    strategy: Strategy,
    field_validation: FieldValidation,
    manager: &str,
) -> WriteRequest {
    WriteRequest {
        target: target(info),
        name: info.name.clone(),
        subresource: None,
        verb: WriteVerb::Update(object),
        options: WriteOptions { field_validation, ..options(strategy, manager) },
    }
}

/// PATCH of the object.
pub(crate) fn patch(
    info: &Info,
    patch: Patch,
    subresource: Option<Subresource>,
    strategy: Strategy,
    manager: &str,
) -> WriteRequest {
    WriteRequest {
        target: target(info),
        name: info.name.clone(),
        subresource,
        verb: WriteVerb::Patch(patch),
        options: options(strategy, manager),
    }
}

/// PATCH of the object with a merge patch.
pub(crate) fn merge_patch(
    info: &Info,
    document: Map<String, Value>,
    strategy: Strategy,
    manager: &str,
) -> WriteRequest {
    patch(info, Patch::Merge(Value::Object(document)), None, strategy, manager)
}

/// DELETE of the object.
pub(crate) fn delete(info: &Info, options: DeleteOptions, strategy: Strategy) -> WriteRequest {
    WriteRequest {
        target: target(info),
        name: info.name.clone(),
        subresource: None,
        verb: WriteVerb::Delete(options),
        options: WriteOptions { dry_run: strategy.option(), ..WriteOptions::default() },
    }
}

/// Sends one request and prints its warnings.
///
/// # Errors
/// The API's, and those of standard error.
pub(crate) fn send(request: WriteRequest, context: &mut Context<'_>) -> Result<Written, Error> {
    let client = context.client()?;
    let answers = wait(client.write(vec![request]));
    match answers.into_iter().next() {
        Some(Ok(written)) => {
            warn(&written, context)?;
            Ok(written)
        }
        Some(Err(error)) => Err(refused(error, context)?),
        None => Err(Error::message("the store did not answer")),
    }
}

/// Prints the warnings that came before a failure.
///
/// # Errors
/// Those of standard error.
pub(super) fn refused(error: client::Error, context: &mut Context<'_>) -> Result<Error, Error> {
    let (error, warnings) = error.into_parts();
    warnings.iter().try_for_each(|text| context.warn(text))?;
    Ok(error.into())
}

/// Prints the warnings of an answer.
pub(super) fn warn(written: &Written, context: &mut Context<'_>) -> Result<(), Error> {
    written.warnings.iter().try_for_each(|text| context.warn(text))
}
