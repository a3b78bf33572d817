//! `apply --server-side`: the files go to the API as they are, which merges them and keeps account of who owns which field.
//!
//! An object that was applied on the client's side before is taken over: what that way of applying owned is owned by this one from
//! then on, so that what the files leave out goes.

use serde_json::{Map, Value, json};

use super::ApplyArgs;
use crate::Object;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::files::Checks;
use crate::cli::merge::{LAST_APPLIED, hand_over, owners_of_annotation};
use crate::cli::outcome::Outcomes;
use crate::cli::resources::{Info, Selection, decode};
use crate::cli::verbs::patch::subresource;
use crate::cli::write::{self, Answer, Strategy};
use crate::client::{FieldValidation, Patch, Subresource, WriteBody, WriteRequest};

/// The default name of the writer. It is kubectl's, as the annotation is, so that ownership carries over to it and from it.
pub(super) const MANAGER: &str = "kubectl";
/// The writer that keeps the annotation of objects that were taken over.
const ANNOTATION_MANAGER: &str = "kubectl-last-applied";

/// What to do about conflicts, as kubectl says it.
const ADVICE: &str = "Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// Arguments, understood.
struct Settings {
    strategy: Strategy,
    validation: FieldValidation,
    manager: String,
    force: bool,
    subresource: Option<Subresource>,
}

pub(super) fn run(args: &ApplyArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let (strategy, validation) = args.check(context)?;
    let settings = Settings {
        strategy,
        validation,
        manager: args.field_manager.clone().unwrap_or_else(|| MANAGER.to_owned()),
        force: args.force_conflicts,
        subresource: subresource(&args.subresource),
    };
    let mut outcomes = Outcomes::new(&args.output, settings.strategy, context)?;
    let selected = Selection {
        files: args.files.clone(),
        labels: Some(args.selector.as_str()).filter(|selector| !selector.is_empty()),
        checks: if settings.validation == FieldValidation::Ignore { Checks::None } else { Checks::Identity },
        ..Selection::default()
    }
    .resolve(context)?;
    let mut found = 0;
    let mut shown = Vec::new();
    let applied = write::write_each(
        &selected,
        context,
        &mut |_, info| {
            found += 1;
            Ok(Some(settings.request(info, &info.object)))
        },
        &mut |context, info, answer| {
            let object = settings.settle(&info, answer, context)?;
            if outcomes.shows_objects() {
                shown.push(object);
                return Ok(());
            }
            outcomes.print(&object, "serverside-applied", context)
        },
    );
    if found == 0 && applied.is_ok() {
        return Err(Error::message("no objects passed to apply"));
    }
    if outcomes.shows_objects() {
        outcomes.print_all(shown, context)?;
    }
    applied
}

impl Settings {
    fn request(&self, info: &Info, object: &Object) -> WriteRequest {
        let document = Value::Object(object.0.clone());
        let patch = Patch::Apply { document, force: self.force };
        let mut request = write::patch(info, patch, self.subresource.clone(), self.strategy, &self.manager);
        request.options.field_validation = self.validation;
        request
    }

    /// The object after it was applied and, if need be, taken over from the client's side.
    fn settle(&self, info: &Info, answer: Answer, context: &mut Context<'_>) -> Result<Object, Error> {
        let object = object_of(answer.map_err(explain)?.map(|written| written.body), info)?;
        if self.strategy != Strategy::None || self.subresource.is_some() {
            return Ok(object);
        }
        let object = self.keep_annotation(info, object, context)?;
        let Some(entries) = hand_over(&object, &self.manager) else { return Ok(object) };
        let version = object.resource_version().unwrap_or_default();
        let operations = json!([
            {"op": "replace", "path": "/metadata/managedFields", "value": entries},
            {"op": "replace", "path": "/metadata/resourceVersion", "value": version},
        ]);
        let patch = Patch::Json(operations);
        write::send(write::patch(info, patch, None, self.strategy, &self.manager), context)?;
        let written = write::send(self.request(info, &info.object), context)?;
        object_of(Some(written.body), info)
    }

    /// Owns the annotation of client-side apply apart, so that taking over the rest does not take it away.
    fn keep_annotation(
        &self,
        info: &Info,
        object: Object,
        context: &mut Context<'_>,
    ) -> Result<Object, Error> {
        let Some(text) = object.annotation(LAST_APPLIED).filter(|_| self.manager == MANAGER) else {
            return Ok(object);
        };
        if owners_of_annotation(&object).is_empty() {
            return Ok(object);
        }
        let mut metadata = Map::new();
        metadata.insert("name".to_owned(), object.name().into());
        if let Some(namespace) = object.namespace() {
            metadata.insert("namespace".to_owned(), namespace.into());
        }
        metadata.insert("annotations".to_owned(), json!({LAST_APPLIED: text}));
        let document =
            json!({"apiVersion": object.api_version(), "kind": object.kind(), "metadata": metadata});
        let patch = Patch::Apply { document, force: false };
        let request = write::patch(info, patch, None, self.strategy, ANNOTATION_MANAGER);
        let written = write::send(request, context)?;
        object_of(Some(written.body), info)
    }
}

fn object_of(body: Option<WriteBody>, info: &Info) -> Result<Object, Error> {
    match body {
        Some(WriteBody::Object(raw)) => decode(&raw),
        _ => Ok(info.object.clone()),
    }
}

/// Adds what to do about conflicts.
fn explain(error: Error) -> Error {
    let is_conflict = |error: &Error| {
        error.status().is_some_and(|status| {
            let causes = status.details.iter().flat_map(|details| &details.causes);
            status.code == 409 && causes.into_iter().any(|cause| cause.reason == "FieldManagerConflict")
        })
    };
    match error.status() {
        Some(status) if is_conflict(&error) => Error::message(format!("{}\n{ADVICE}", status.message)),
        _ => error,
    }
}
