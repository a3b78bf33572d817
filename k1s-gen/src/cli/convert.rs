//! `k1s-gen convert`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::Error;
use crate::convert::{self, Options, input, output};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen convert config/crd/bases -o src/api          a module for each version of each kind, and a mod.rs
  k1s-gen convert cronjobs.yaml                        print the module
  kubectl get crd cronjobs.example.com -o yaml | k1s-gen convert -

The CustomResourceDefinition that `k1s-gen crd` makes of the modules is the one that they were made of.
The exit code is 0 if everything was converted, and 1 if not; what can be converted is.";

#[derive(Args)]
pub(super) struct ConvertArgs {
    /// Files or directories with CustomResourceDefinitions; `-` for the standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Directory to write the modules to, or `-` for the standard output
    #[arg(short, long, value_name = "DIR", default_value = "-")]
    pub(super) output: PathBuf,
    /// A derive of every type besides Clone, Debug, PartialEq, Serialize and Deserialize
    #[arg(long = "derive", value_name = "NAME", value_delimiter = ',')]
    pub(super) derives: Vec<String>,
    /// Overwrite files that are there and differ
    #[arg(long)]
    pub(super) force: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &ConvertArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let options = Options { derives: arguments.derives.clone() };
    let definitions = input::definitions(&arguments.files, &mut io::stdin().lock());
    let (all, mut failed, mut modules) = (definitions.len(), 0, Vec::new());
    for definition in definitions {
        match definition.and_then(|definition| Ok(convert::modules(&definition, &options)?)) {
            Ok(converted) => modules.extend(converted),
            Err(error) => {
                failed += 1;
                let _ = writeln!(err, "error: {error}");
            }
        }
    }
    for warning in modules.iter().flat_map(|module| &module.warnings) {
        let _ = writeln!(err, "warning: {warning}");
    }
    if arguments.output == Path::new("-") {
        output::stream(&modules, out).map_err(Error::io("the standard output"))?;
    } else if !modules.is_empty() {
        for path in output::write(&modules, &arguments.output, arguments.force)? {
            let _ = writeln!(err, "wrote {}", path.display());
        }
    }
    if failed > 0 {
        return Err(convert::Error::Incomplete { failed, all }.into());
    }
    Ok(())
}
