//! `edit`, and `apply edit-last-applied`: objects in the user's editor, until what comes back is accepted or given up.
//!
//! `buffer` is the text that is edited, `editor` runs the program that edits it, `session` loops between the two, `save`
//! writes what has changed.

mod buffer;
mod editor;
mod save;
mod session;

use crate::cli::context::Context;
use crate::cli::error::{Error, quoted};
use crate::cli::files::FileFlags;
use crate::cli::print::PrintFlags;
use crate::cli::resources::Selection;
use crate::cli::verbs::patch;
use crate::cli::write::{Strategy, ValidateFlag};

/// Arguments of `edit` and `apply edit-last-applied`.
#[derive(clap::Args)]
pub(crate) struct EditArgs {
    /// TYPE NAME…, or TYPE/NAME….
    words: Vec<String>,
    #[command(flatten)]
    files: FileFlags,
    /// A part of the object with rules of its own: status.
    #[arg(long, default_value = "")]
    subresource: String,
    /// Print the patch as well.
    #[arg(long)]
    output_patch: bool,
    /// Name of the writer.
    #[arg(long, value_name = "NAME")]
    field_manager: Option<String>,
    #[command(flatten)]
    validate: ValidateFlag,
    #[command(flatten)]
    output: PrintFlags,
}

/// What is edited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The objects.
    Objects,
    /// What was applied the time before.
    LastApplied,
}

/// `edit`.
pub(crate) fn run(args: &EditArgs, context: &mut Context<'_>) -> Result<(), Error> {
    start(args, Mode::Objects, context)
}

/// `apply edit-last-applied`.
pub(crate) fn run_last_applied(args: &EditArgs, context: &mut Context<'_>) -> Result<(), Error> {
    start(args, Mode::LastApplied, context)
}

fn start(args: &EditArgs, mode: Mode, context: &mut Context<'_>) -> Result<(), Error> {
    let format = match args.output.output.as_deref().unwrap_or_default() {
        "json" => buffer::Format::Json,
        "" | "yaml" | "name" => buffer::Format::Yaml,
        other => {
            return Err(Error::message(format!(
                "The flag 'output' must be one of yaml|json, not {}",
                quoted(other)
            )));
        }
    };
    let saver = save::Saver::new(args, context)?;
    let selected = Selection {
        words: &args.words,
        files: args.files.clone(),
        types_alone: true,
        latest: true,
        subresource: patch::subresource(&args.subresource),
        ..Selection::default()
    }
    .resolve(context)?;
    let (mut infos, result) = selected.infos(context);
    result?;
    if infos.is_empty() {
        return Err(Error::message("edit cancelled, no objects found"));
    }
    for info in &mut infos {
        // Nobody edits who owns what, so that nothing of it is missing in what comes back.
        info.object.metadata_mut().remove("managedFields");
    }
    if mode == Mode::LastApplied {
        infos = save::last_applied_of(infos)?;
        if infos.is_empty() {
            return Err(Error::message(format!(
                "no last-applied-configuration annotation found on resources, to create the annotation, use command \
                 `{} apply set-last-applied --create-annotation`",
                context.name()
            )));
        }
    }
    session::run(infos, mode, format, saver, context)
}

impl EditArgs {
    fn manager(&self, context: &Context<'_>) -> String {
        self.field_manager.clone().unwrap_or_else(|| format!("{}-edit", context.name()))
    }
}

/// Edits are always real.
const STRATEGY: Strategy = Strategy::None;
