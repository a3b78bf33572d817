//! `k1s-gen schema`.

use std::io::Write;

use clap::Args;

use super::output::{MaterialArgs, OutputArgs};
use crate::Error;
use crate::generate::schema;

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen schema -p inventory                 print the one schema that is for all kinds
  k1s-gen schema -p inventory -o schemas      write it as all.json, and GROUP/KIND_VERSION.json for each version of a kind
  k1s-gen schema crds -o schemas              the same of CustomResourceDefinitions in files

An editor with a YAML language server checks a manifest that begins with
  # yaml-language-server: $schema=schemas/all.json";

#[derive(Args)]
pub(super) struct SchemaArgs {
    #[command(flatten)]
    pub(super) material: MaterialArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// Runs the command.
pub(super) fn run(arguments: &SchemaArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    arguments.output.check()?;
    let set = schema::render(&arguments.material.read_kinds()?)?;
    arguments.output.deliver(&set, |file| file.path == schema::ALL, out, err)
}
