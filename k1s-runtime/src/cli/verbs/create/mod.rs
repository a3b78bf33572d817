//! `create`: makes objects from files, or from flags.
//!
//! `file` takes the objects of files through batches; `config_map`, `secret` and `plain` (namespaces and service accounts)
//! make one object each from flags.

mod config_map;
mod file;
mod generator;
mod plain;
mod secret;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::files::FileFlags;
use crate::cli::print::PrintFlags;
use crate::cli::write::{DryRunFlag, ValidateFlag};

/// Arguments of `create`.
#[derive(clap::Args)]
pub(crate) struct CreateArgs {
    #[command(subcommand)]
    command: Option<Generator>,
    #[arg(hide = true)]
    words: Vec<String>,
    #[command(flatten)]
    files: FileFlags,
    /// Only objects whose labels match.
    #[arg(short = 'l', long, default_value = "")]
    selector: String,
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

/// Kinds that can be made from flags.
#[derive(clap::Subcommand)]
enum Generator {
    /// Create a config map from a local file, directory or literal value
    #[command(name = "configmap", visible_alias = "cm")]
    ConfigMap(config_map::ConfigMapArgs),
    /// Create a namespace with the specified name
    #[command(visible_alias = "ns")]
    Namespace(plain::PlainArgs),
    /// Create a secret using a specified subcommand
    Secret(secret::SecretArgs),
    /// Create a service account with the specified name
    #[command(name = "serviceaccount", visible_alias = "sa")]
    ServiceAccount(plain::PlainArgs),
}

pub(crate) fn run(args: &CreateArgs, context: &mut Context<'_>) -> Result<(), Error> {
    match &args.command {
        Some(Generator::ConfigMap(args)) => config_map::run(args, context),
        Some(Generator::Namespace(args)) => plain::run(plain::Plain::Namespace, args, context),
        Some(Generator::Secret(args)) => secret::run(args, context),
        Some(Generator::ServiceAccount(args)) => plain::run(plain::Plain::ServiceAccount, args, context),
        None => file::run(args, context),
    }
}
