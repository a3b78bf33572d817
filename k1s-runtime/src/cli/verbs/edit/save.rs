//! Writes what has changed, and sorts out what was refused.

use serde_json::Value;

use super::buffer::Reason;
use super::{EditArgs, Mode, STRATEGY};
use crate::Object;
use crate::cli::context::Context;
use crate::cli::error::{Error, quoted};
use crate::cli::files::check_identity;
use crate::cli::merge::{LAST_APPLIED, diff};
use crate::cli::outcome::Outcomes;
use crate::cli::resources::{Info, decode};
use crate::cli::verbs::apply::{annotation_patch, changes_identity};
use crate::cli::verbs::patch;
use crate::cli::write;
use crate::client::{FieldValidation, Patch, Subresource, WriteBody};
use crate::manifest::{parse_json, parse_yaml, to_json_compact};

/// Writes edited objects.
pub(super) struct Saver {
    outcomes: Outcomes,
    manager: String,
    validation: FieldValidation,
    subresource: Option<Subresource>,
    output_patch: bool,
}

/// What was refused.
#[derive(Default)]
pub(super) struct Refusals {
    /// Invalid objects, which the user can edit again.
    pub invalid: Vec<Reason>,
    /// An object is gone.
    pub not_found: bool,
    /// An object was refused for another reason.
    pub retryable: bool,
}

impl Saver {
    /// Reads the flags.
    ///
    /// # Errors
    /// When a value is none that a flag takes.
    pub(super) fn new(args: &EditArgs, context: &Context<'_>) -> Result<Self, Error> {
        Ok(Self {
            outcomes: Outcomes::new(&args.output, STRATEGY, context)?,
            manager: args.manager(context),
            validation: args.validate.validation()?,
            subresource: patch::subresource(&args.subresource),
            output_patch: args.output_patch,
        })
    }

    /// Whether a text may be objects at all.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn check(&self, text: &str) -> Result<(), String> {
        if self.validation == FieldValidation::Ignore {
            return Ok(());
        }
        let value = parse_yaml(text.as_bytes()).map_err(|error| error.decoder_message())?;
        check_identity(&value)
    }

    /// Writes the objects that differ from what they were.
    ///
    /// # Errors
    /// When an object has become another one; what the API refuses is in the answer.
    pub(super) fn save(
        &mut self,
        originals: &[Info],
        edited: Vec<Object>,
        mode: Mode,
        context: &mut Context<'_>,
    ) -> Result<Refusals, Error> {
        let mut refusals = Refusals::default();
        for object in edited {
            let original = originals.iter().find(|info| is_same(&info.object, &object, mode));
            let original = original.ok_or_else(|| {
                Error::message(format!("no original object found for {}", quoted(object.name())))
            })?;
            if object == original.object {
                self.outcomes.print(&object, "skipped", context)?;
                continue;
            }
            match self.save_one(original, &object, mode, context) {
                Ok(stored) => self.outcomes.print(&stored, "edited", context)?,
                Err(error @ Error::Status(_)) if mode == Mode::Objects => {
                    let line = refusals.add(&error, original);
                    writeln!(context.err()?, "{line}")?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(refusals)
    }

    fn save_one(
        &self,
        original: &Info,
        object: &Object,
        mode: Mode,
        context: &mut Context<'_>,
    ) -> Result<Object, Error> {
        let document = match mode {
            Mode::Objects => diff(&original.object.0, &object.0),
            Mode::LastApplied => {
                annotation_patch(&(to_json_compact(&Value::Object(object.0.clone())) + "\n"))
            }
        };
        if mode == Mode::Objects && changes_identity(&document) {
            return Err(Error::message("At least one of apiVersion, kind and name was changed"));
        }
        if self.output_patch {
            let shown = to_json_compact(&Value::Object(document.clone()));
            writeln!(context.out(), "Patch: {shown}")?;
        }
        let document = Patch::Merge(Value::Object(document));
        let mut request = write::patch(original, document, self.subresource.clone(), STRATEGY, &self.manager);
        request.options.field_validation = self.validation;
        match write::send(request, context)?.body {
            WriteBody::Object(raw) if mode == Mode::Objects => decode(&raw),
            _ => Ok(object.clone()),
        }
    }
}

impl Refusals {
    /// Sorts an error in. Answers what is said about it.
    fn add(&mut self, error: &Error, info: &Info) -> String {
        let resource = info.definition.qualified_resource();
        let name = quoted(&info.name);
        let status = error.status();
        match status.map_or("", |status| status.reason.as_str()) {
            "Invalid" => {
                let causes = status.and_then(|status| status.details.as_ref()).map(|details| &details.causes);
                let causes =
                    causes.into_iter().flatten().map(|cause| format!("{}: {}", cause.field, cause.message));
                let head = format!("{resource} {name} was not valid");
                self.invalid.push(Reason { head, causes: causes.collect() });
                format!("error: {resource} {name} is invalid")
            }
            "NotFound" => {
                self.not_found = true;
                format!("error: {resource} {name} could not be found on the server")
            }
            _ => {
                self.retryable = true;
                format!("error: {resource} {name} could not be patched: {error}")
            }
        }
    }
}

/// Objects are known by uid; what was applied has none.
fn is_same(original: &Object, edited: &Object, mode: Mode) -> bool {
    match mode {
        Mode::Objects => original.uid() == edited.uid(),
        Mode::LastApplied => {
            original.gvk() == edited.gvk()
                && original.name() == edited.name()
                && original.namespace() == edited.namespace()
        }
    }
}

/// The objects as they were applied; those that never were are left out.
///
/// # Errors
/// When an annotation cannot be read.
pub(super) fn last_applied_of(infos: Vec<Info>) -> Result<Vec<Info>, Error> {
    let mut applied = Vec::new();
    for mut info in infos {
        let Some(text) = info.object.annotation(LAST_APPLIED) else { continue };
        let value = parse_json(text.as_bytes()).map_err(|error| Error::message(error.decoder_message()))?;
        info.object = Object::try_from(value).map_err(|_| {
            Error::message(format!("the {LAST_APPLIED} annotation of {} is no object", info.name))
        })?;
        applied.push(info);
    }
    Ok(applied)
}
