//! `k1s-gen rbac`.

use std::io::Write;

use clap::Args;

use super::output::OutputArgs;
use super::package::PackageArgs;
use crate::Error;
use crate::extract::{self, Part};
use crate::generate::{Provenance, rbac};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen rbac -p shop                                print the roles that the #[rbac(...)] of a crate ask for
  k1s-gen rbac -p shop --role-name manager -o rbac    write rbac/role.yaml";

#[derive(Args)]
pub(super) struct RbacArgs {
    #[command(flatten)]
    pub(super) package: PackageArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) role: RoleArgs,
}

#[derive(Args)]
pub(super) struct RoleArgs {
    /// The roles' name; the package's by default
    #[arg(long, value_name = "NAME")]
    pub(super) role_name: Option<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &RbacArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    arguments.output.check()?;
    let extracted = extract::read(&arguments.package.request(), &[Part::Rules])?;
    if extracted.rules.is_empty() {
        return Err(Error::Package(format!(
            "package `{}` has no rules: say what its reconcilers do with #[rbac(...)]",
            extracted.package
        )));
    }
    let name = arguments.role.role_name.clone().unwrap_or_else(|| extracted.package.clone());
    let provenance = Provenance::Package { name: extracted.package, version: extracted.version };
    let set = rbac::render(&extracted.rules, &name, &provenance)?;
    arguments.output.deliver(&set, |_| true, out, err)
}
