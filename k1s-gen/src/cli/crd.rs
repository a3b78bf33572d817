//! `k1s-gen crd`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::package::PackageArgs;
use crate::{Error, crd, extract, output};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen crd -p inventory                    print them
  k1s-gen crd -p inventory -o crds            write one file a kind
  k1s-gen crd -p inventory -o crds --check    fail if the files are not up to date";

#[derive(Args)]
pub(super) struct CrdArgs {
    #[command(flatten)]
    pub(super) package: PackageArgs,
    /// Directory to write to, or - for the standard output
    #[arg(short, long, value_name = "DIR", default_value = "-")]
    pub(super) output: PathBuf,
    /// Where an API server finds the webhook that converts kinds whose versions have a hub: NAMESPACE/NAME or NAMESPACE/NAME/PATH of
    /// a Service, or https://...; system/webhook-service/convert by default
    #[arg(long, value_name = "WHERE")]
    pub(super) conversion_webhook: Option<crd::Webhook>,
    /// Write nothing; fail with a diff if a file is not what would be written
    #[arg(long)]
    pub(super) check: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &CrdArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let to_stream = arguments.output == Path::new("-");
    if to_stream && arguments.check {
        return Err(Error::Package(
            "--check compares with files: name their directory with --output".to_owned(),
        ));
    }
    let mut crds = extract::custom_resource_definitions(&arguments.package.request())?;
    if let Some(webhook) = &arguments.conversion_webhook {
        crds.iter_mut().for_each(|crd| webhook.put(crd));
    }
    let manifests: Vec<_> = crds.iter().map(crd::checked).collect::<Result<_, Error>>()?;
    if to_stream {
        return output::stream(&manifests, out).map_err(Error::io("the standard output"));
    }
    if arguments.check {
        return output::check(&manifests, &arguments.output, err);
    }
    for name in output::write(&manifests, &arguments.output)? {
        let _ = writeln!(err, "wrote {}", arguments.output.join(name).display());
    }
    Ok(())
}
