//! `k1s-gen check`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::package::PackageArgs;
use crate::check::{self, Summary};
use crate::{Error, source};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen check -p inventory             check the kinds of a crate
  k1s-gen check crds other/item.yaml     check CustomResourceDefinitions in files and directories
  k1s-gen check -p inventory --costs     show what each rule is estimated to cost

The exit code is 0 if an API server would take everything, and 1 if not.";

#[derive(Args)]
pub(super) struct CheckArgs {
    /// Files or directories with CustomResourceDefinitions to check, in place of a crate's kinds
    #[arg(value_name = "FILE", conflicts_with_all = ["package", "manifest_path", "features"])]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) package: PackageArgs,
    /// Also list the rules with what they are estimated to cost and may cost
    #[arg(long)]
    pub(super) costs: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &CheckArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let definitions = if arguments.files.is_empty() {
        source::of_crate(&arguments.package.request())?
    } else {
        source::of_files(&arguments.files)?
    };
    let report = check::report(&definitions, arguments.costs, out);
    let Summary { checked, refused, complaints } = report.map_err(Error::io("the standard output"))?;
    if complaints > 0 {
        return Err(Error::Complaints { complaints, refused, checked });
    }
    let _ = writeln!(err, "checked {checked} {}", if checked == 1 { "kind" } else { "kinds" });
    Ok(())
}
