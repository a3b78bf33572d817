//! `apply`: makes objects be as files say, and remembers what was said in an annotation.
//!
//! `one` decides what an object needs, `run` takes the objects through batches, `prune` removes what the files no longer
//! name, `last_applied` shows and sets the annotation. `server_side` leaves all of that to the API.

mod last_applied;
mod one;
mod prune;
mod run;
mod server_side;

pub(super) use last_applied::annotation_patch;
pub(super) use one::changes_identity;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::files::FileFlags;
use crate::cli::flags::parse_bool;
use crate::cli::print::PrintFlags;
use crate::cli::verbs::edit;
use crate::cli::write::{DryRunFlag, ValidateFlag};

/// Arguments of `apply`.
#[derive(clap::Args)]
pub(crate) struct ApplyArgs {
    #[command(subcommand)]
    command: Option<LastAppliedVerb>,
    #[arg(hide = true)]
    words: Vec<String>,
    #[command(flatten)]
    files: FileFlags,
    /// Only objects whose labels match.
    #[arg(short = 'l', long, default_value = "")]
    selector: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    #[command(flatten)]
    output: PrintFlags,
    /// Delete and create anew what cannot be changed.
    #[arg(long)]
    force: bool,
    /// Take over fields that others have changed. Accepted for kubectl's sake: merge patches always do.
    #[arg(
        long,
        action = clap::ArgAction::Set,
        num_args = 0..=1,
        require_equals = true,
        default_value = "true",
        default_missing_value = "true",
        value_parser = parse_bool
    )]
    overwrite: bool,
    /// Delete what was applied before and is no longer in the files; needs a selector or --all.
    #[arg(long)]
    prune: bool,
    /// With --prune: whatever its labels.
    #[arg(long)]
    all: bool,
    /// With --prune: a kind to look at, as group/version/kind.
    #[arg(long, value_name = "GVK", value_delimiter = ',')]
    prune_allowlist: Vec<String>,
    /// Merge in the server, with ownership of fields.
    #[arg(long)]
    server_side: bool,
    /// With --server-side: take fields from their owners.
    #[arg(long)]
    force_conflicts: bool,
    /// Name of the writer.
    #[arg(long, value_name = "NAME")]
    field_manager: Option<String>,
    /// With --server-side: apply to a subresource, as status.
    #[arg(long, value_name = "NAME", default_value = "")]
    subresource: String,
}

/// Commands about the annotation.
#[derive(clap::Subcommand)]
enum LastAppliedVerb {
    /// View the latest last-applied-configuration annotations of a resource/object
    #[command(name = "view-last-applied")]
    View(last_applied::ViewArgs),
    /// Set the last-applied-configuration annotation on a live object to match the contents of a file
    #[command(name = "set-last-applied")]
    Set(last_applied::SetArgs),
    /// Edit latest last-applied-configuration annotations of a resource/object
    #[command(name = "edit-last-applied")]
    Edit(edit::EditArgs),
}

pub(crate) fn run(args: &ApplyArgs, context: &mut Context<'_>) -> Result<(), Error> {
    match &args.command {
        Some(LastAppliedVerb::View(args)) => last_applied::view(args, context),
        Some(LastAppliedVerb::Set(args)) => last_applied::set(args, context),
        Some(LastAppliedVerb::Edit(args)) => edit::run_last_applied(args, context),
        None if args.server_side => server_side::run(args, context),
        None => run::run(args, context),
    }
}
