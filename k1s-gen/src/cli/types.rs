//! `k1s-gen types`.

use std::io::Write;

use clap::Args;

use super::output::{MaterialArgs, OutputArgs};
use crate::Error;
use crate::generate::{Material, types};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen types -p inventory                    print the type manifest of a crate's kinds
  k1s-gen types -p inventory -o plugin          write plugin/types.yaml
  k1s-gen types crds -o plugin --name shop      the same of CustomResourceDefinitions in files";

#[derive(Args)]
pub(super) struct TypesArgs {
    #[command(flatten)]
    pub(super) material: MaterialArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) name: NameArgs,
}

#[derive(Args)]
pub(super) struct NameArgs {
    /// The type manifest's name; the package's by default, of files the API group of all kinds
    #[arg(long)]
    pub(super) name: Option<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &TypesArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    arguments.output.check()?;
    let material = arguments.material.read_kinds()?;
    warn(&material, err);
    let set = types::render(&material, arguments.name.name.as_deref())?;
    arguments.output.deliver(&set, |_| true, out, err)
}

/// Says what the manifest cannot hold.
pub(super) fn warn(material: &Material, err: &mut dyn Write) {
    for warning in types::warnings(material) {
        let _ = writeln!(err, "warning: {warning}");
    }
}
