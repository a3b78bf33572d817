//! The command line: one file a command, which declares its flags and calls the library. `k1s-gen crd -p inventory -o crds`.

mod all;
mod check;
mod convert;
mod crd;
mod diff;
mod docs;
mod output;
mod package;
mod progress;
mod rbac;
mod scaffold;
mod schema;
mod types;
mod validate;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::Error;

/// Generates what a k1s program needs besides its code.
#[derive(Parser)]
#[command(name = "k1s-gen", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write everything that can be generated from a crate or from files: definitions, schemas, reference, type manifest, roles
    #[command(after_help = all::EXAMPLES)]
    All(all::AllArgs),
    /// Write the CustomResourceDefinitions of the kinds that a crate derives, or of files in one form
    #[command(after_help = crd::EXAMPLES)]
    Crd(crd::CrdArgs),
    /// Write the JSON Schemas of kinds, for editors and validators
    #[command(after_help = schema::EXAMPLES)]
    Schema(schema::SchemaArgs),
    /// Write the type manifest, types.yaml, by which programs know kinds that they have no code of
    #[command(after_help = types::EXAMPLES)]
    Types(types::TypesArgs),
    /// Write the roles that allow what the reconcilers of a crate say they do
    #[command(after_help = rbac::EXAMPLES)]
    Rbac(rbac::RbacArgs),
    /// Say what an API server would refuse in kinds that a crate derives, or in files: schemas, defaults, rules and their costs
    #[command(after_help = check::EXAMPLES)]
    Check(check::CheckArgs),
    /// Make Rust types of CustomResourceDefinitions, of which the same CustomResourceDefinitions are generated
    #[command(after_help = convert::EXAMPLES)]
    Convert(convert::ConvertArgs),
    /// Validate manifests with the verdict of an API server
    #[command(after_help = validate::EXAMPLES)]
    Validate(Box<validate::ValidateArgs>),
    /// Make a workspace with kinds, a command line, samples, tests and CI
    #[command(after_help = scaffold::NEW_EXAMPLES)]
    New(scaffold::NewArgs),
    /// Add a kind or a version to a workspace made by `new`
    #[command(after_help = scaffold::ADD_EXAMPLES)]
    Add(scaffold::AddArgs),
    /// Bring a workspace made by `new` up to date, merged with your edits
    Upgrade(scaffold::UpgradeArgs),
    /// Say what changed between CustomResourceDefinitions, and what that breaks
    #[command(after_help = diff::EXAMPLES)]
    Diff(diff::DiffArgs),
    /// Write the reference of kinds, as Markdown and as an HTML page: of a crate, or of CustomResourceDefinitions in files
    #[command(after_help = docs::EXAMPLES)]
    Docs(docs::DocsArgs),
}

/// The command line's shape; for reference pages.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs a command line, the program's name first, and answers with the exit code: 0, 1 for errors, 2 for wrong usage.
pub fn main_with(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let stream: &mut dyn Write = if error.use_stderr() { err } else { out };
            // Nothing is left to tell if the terminal is gone.
            let _ = write!(stream, "{error}");
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = match &cli.command {
        Command::All(arguments) => all::run(arguments, err),
        Command::Crd(arguments) => crd::run(arguments, out, err),
        Command::Schema(arguments) => schema::run(arguments, out, err),
        Command::Types(arguments) => types::run(arguments, out, err),
        Command::Rbac(arguments) => rbac::run(arguments, out, err),
        Command::Check(arguments) => check::run(arguments, out, err),
        Command::Convert(arguments) => convert::run(arguments, out, err),
        Command::Docs(arguments) => docs::run(arguments, out, err),
        Command::Validate(arguments) => return validate::run(arguments, out, err),
        Command::New(arguments) => scaffold::new(arguments, out, err),
        Command::Add(arguments) => scaffold::add(arguments, out, err),
        Command::Upgrade(arguments) => scaffold::upgrade(arguments, out, err),
        Command::Diff(arguments) => return diff::run(arguments, out, err),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has had enough.
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(err, "error: {error}");
            if let Error::Stale { .. } = error {
                let _ = writeln!(err, "run the command again without --check to bring them up to date");
            }
            ExitCode::FAILURE
        }
    }
}
