//! What the generators share: flags, the one name, and sending the object.

use kube_core::GroupVersionKind;
use serde_json::{Value, json};

use crate::Object;
use crate::cli::context::{Context, wait};
use crate::cli::error::Error;
use crate::cli::merge::set_configuration;
use crate::cli::outcome::Outcomes;
use crate::cli::print::PrintFlags;
use crate::cli::resources::{Info, decode};
use crate::cli::write::{self, DryRunFlag, Strategy, ValidateFlag};
use crate::client::{FieldValidation, WriteBody};

/// Flags of every generator.
#[derive(clap::Args)]
pub(super) struct GeneratorFlags {
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    /// Remember the configuration in the annotation that apply uses.
    #[arg(long)]
    save_config: bool,
    /// Name of the writer.
    #[arg(long, value_name = "NAME")]
    field_manager: Option<String>,
    #[command(flatten)]
    output: PrintFlags,
}

/// A generator about to run.
pub(super) struct Generation<'f> {
    flags: &'f GeneratorFlags,
    strategy: Strategy,
    validation: FieldValidation,
    outcomes: Outcomes,
}

/// The one name on the command line. `command` is the generator's path, as `create configmap`.
///
/// # Errors
/// When there is not exactly one.
pub(super) fn only_name<'w>(
    words: &'w [String],
    command: &str,
    context: &Context<'_>,
) -> Result<&'w str, Error> {
    match words {
        [name] if name.is_empty() => Err(Error::message("name must be specified")),
        [name] => Ok(name),
        _ => Err(context.usage_error(command, &format!("exactly one NAME is required, got {}", words.len()))),
    }
}

impl GeneratorFlags {
    /// Reads the flags.
    ///
    /// # Errors
    /// When a value is none that a flag takes.
    pub(super) fn begin(&self, context: &mut Context<'_>) -> Result<Generation<'_>, Error> {
        let strategy = self.dry_run.strategy(context)?;
        let outcomes = Outcomes::new(&self.output, strategy, context)?;
        Ok(Generation { flags: self, strategy, validation: self.validate.validation()?, outcomes })
    }
}

impl Generation<'_> {
    /// Creates the object, unless the client is to stop before, and says so.
    ///
    /// # Errors
    /// The API's.
    pub(super) fn finish(mut self, mut object: Object, context: &mut Context<'_>) -> Result<(), Error> {
        let gvk: GroupVersionKind = object.gvk();
        let definition = wait(context.client()?.resolve(&gvk))?;
        let explicit = context.namespace_is_explicit().then(|| context.namespace().to_owned());
        if let Some(namespace) = explicit.filter(|_| definition.is_namespaced()) {
            object.set_namespace(&namespace);
        }
        // What kubectl's typed objects print before the server has seen them.
        object.set_metadata("creationTimestamp", Value::Null);
        if self.flags.save_config {
            set_configuration(&mut object);
        }
        if self.strategy != Strategy::Client {
            let info = Info {
                namespace: definition.is_namespaced().then(|| context.namespace().to_owned()),
                definition,
                name: object.name().to_owned(),
                object: Object::default(),
                source: String::new(),
            };
            let manager = self.flags.field_manager.clone();
            let manager = manager.unwrap_or_else(|| format!("{}-create", context.name()));
            let request = write::create(&info, object.clone(), self.strategy, self.validation, &manager);
            if let WriteBody::Object(raw) = write::send(request, context)?.body {
                object = decode(&raw)?;
            }
        }
        self.outcomes.print(&object, "created", context)
    }
}

/// An object of the core group with a name.
pub(super) fn core_object(kind: &str, name: &str) -> Object {
    let value = json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}});
    Object::try_from(value).unwrap_or_default()
}

/// kubectl's generators pass on what the server says without its form.
pub(super) fn failed(what: &str, error: Error) -> Error {
    match error {
        Error::Status(status) => Error::message(format!("{what} {}", status.message)),
        other => other,
    }
}
