//! `k1s-gen all`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::crd::WebhookArgs;
use super::output::{MaterialArgs, ModeArgs};
use super::rbac::RoleArgs;
use super::types::{self, NameArgs};
use crate::Error;
use crate::generate::all::{self, Options};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen all -p inventory -o generated            write everything
  k1s-gen all -p inventory -o generated --check    fail if anything there is not up to date

The directory then has:
  crds/GROUP_PLURAL.yaml              CustomResourceDefinitions, one a kind
  docs/index.html, docs/*.md          the reference of kinds
  schemas/all.json                    a JSON Schema of all kinds, for editors
  schemas/GROUP/KIND_VERSION.json     and of each, for validators
  types.yaml                          the type manifest
  rbac/role.yaml                      roles, if the crate has #[rbac(...)]";

#[derive(Args)]
pub(super) struct AllArgs {
    #[command(flatten)]
    pub(super) material: MaterialArgs,
    /// Directory to write to
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,
    #[command(flatten)]
    pub(super) mode: ModeArgs,
    #[command(flatten)]
    pub(super) name: NameArgs,
    #[command(flatten)]
    pub(super) role: RoleArgs,
    #[command(flatten)]
    pub(super) webhook: WebhookArgs,
}

/// Runs the command.
pub(super) fn run(arguments: &AllArgs, err: &mut dyn Write) -> Result<(), Error> {
    if arguments.output == Path::new("-") {
        return Err(Error::Package("everything is several files: name a directory with --output".to_owned()));
    }
    let material = arguments.material.read()?;
    types::warn(&material, err);
    let options = Options {
        name: arguments.name.name.clone(),
        role_name: arguments.role.role_name.clone(),
        conversion_webhook: arguments.webhook.conversion_webhook.clone(),
    };
    arguments.mode.deliver(&all::render(&material, &options)?, &arguments.output, err)
}
