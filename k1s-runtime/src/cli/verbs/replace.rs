//! `replace`: puts objects in place of those that are there.

use crate::Object;
use crate::cli::context::{Context, wait};
use crate::cli::error::Error;
use crate::cli::files::{Checks, FileFlags};
use crate::cli::merge::set_configuration;
use crate::cli::outcome::Outcomes;
use crate::cli::print::PrintFlags;
use crate::cli::resources::{Info, Selection, decode};
use crate::cli::write::{self, DryRunFlag, Strategy, ValidateFlag};
use crate::client::{FieldValidation, GetRequest, Target, WriteBody};

/// Arguments of `replace`.
#[derive(clap::Args)]
pub(crate) struct ReplaceArgs {
    #[command(flatten)]
    files: FileFlags,
    /// Remember the configuration in the annotation that apply uses.
    #[arg(long)]
    save_config: bool,
    /// Name of the writer.
    #[arg(long, value_name = "NAME")]
    field_manager: Option<String>,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    #[command(flatten)]
    output: PrintFlags,
}

pub(crate) fn run(args: &ReplaceArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let strategy = args.dry_run.strategy(context)?;
    let validation = args.validate.validation()?;
    args.files.require()?;
    let mut outcomes = Outcomes::new(&args.output, strategy, context)?;
    let selected = Selection {
        files: args.files.clone(),
        checks: if validation == FieldValidation::Ignore { Checks::None } else { Checks::Identity },
        ..Selection::default()
    }
    .resolve(context)?;
    let manager = args.field_manager.clone().unwrap_or_else(|| format!("{}-replace", context.name()));
    let mut found = 0_usize;
    write::write_each(
        &selected,
        context,
        &mut |context, info| {
            found += 1;
            if args.save_config {
                set_configuration(&mut info.object);
            }
            if strategy == Strategy::Client {
                return Ok(None);
            }
            let object = based_on_the_latest(info, context).map_err(|e| e.when("replacing", &info.source))?;
            Ok(Some(write::update(info, object, strategy, validation, &manager)))
        },
        &mut |context, mut info, answer| {
            let written = answer.map_err(|error| error.when("replacing", &info.source))?;
            if let Some(WriteBody::Object(raw)) = written.map(|written| written.body) {
                info.object = decode(&raw)?;
            }
            outcomes.print(&info.object, "replaced", context)
        },
    )?;
    if found == 0 {
        return Err(Error::message("no objects passed to replace"));
    }
    Ok(())
}

/// The object, with the version of the one that it replaces unless it says itself which one that is.
fn based_on_the_latest(info: &Info, context: &mut Context<'_>) -> Result<Object, Error> {
    let mut object = info.object.clone();
    if object.resource_version().is_none() {
        let target = Target { gvk: info.definition.gvk(), namespace: info.namespace.clone() };
        let request =
            GetRequest { target, name: info.name.clone(), subresource: None, resource_version: None };
        let current = decode(&wait(context.client()?.get(&request))?)?;
        if let Some(version) = current.resource_version() {
            object.set_metadata("resourceVersion", version);
        }
    }
    Ok(object)
}
