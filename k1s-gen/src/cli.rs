//! The command line: `k1s-gen crd -p inventory -o crds`.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::extract::{self, Request};
use crate::{Error, crd, output};

const CRD_EXAMPLES: &str = "\
Examples:
  k1s-gen crd -p inventory                    print them
  k1s-gen crd -p inventory -o crds            write one file a kind
  k1s-gen crd -p inventory -o crds --check    fail if the files are not up to date";

/// Generates what a k1s program needs besides its code.
#[derive(Parser)]
#[command(name = "k1s-gen", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the CustomResourceDefinitions of the kinds that a crate derives
    #[command(after_help = CRD_EXAMPLES)]
    Crd(CrdArgs),
}

#[derive(Args)]
struct CrdArgs {
    /// Package whose library holds the kinds; the one of the current directory by default
    #[arg(short, long)]
    package: Option<String>,
    /// Path of the package's or the workspace's Cargo.toml
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// Features of the package to enable
    #[arg(short = 'F', long, value_delimiter = ',')]
    features: Vec<String>,
    /// Directory to write to, or - for the standard output
    #[arg(short, long, value_name = "DIR", default_value = "-")]
    output: PathBuf,
    /// Where an API server finds the webhook that converts kinds whose versions have a hub: NAMESPACE/NAME or NAMESPACE/NAME/PATH of
    /// a Service, or https://...; system/webhook-service/convert by default
    #[arg(long, value_name = "WHERE")]
    conversion_webhook: Option<crd::Webhook>,
    /// Write nothing; fail with a diff if a file is not what would be written
    #[arg(long)]
    check: bool,
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
    let Command::Crd(arguments) = cli.command;
    match write_crds(&arguments, out, err) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(err, "error: {error}");
            if let Error::Stale { .. } = error {
                let _ = writeln!(err, "run the command again without --check to bring them up to date");
            }
            ExitCode::FAILURE
        }
    }
}

fn write_crds(arguments: &CrdArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let to_stream = arguments.output == Path::new("-");
    if to_stream && arguments.check {
        return Err(Error::Package(
            "--check compares with files: name their directory with --output".to_owned(),
        ));
    }
    let request = Request {
        package: arguments.package.clone(),
        manifest_path: arguments.manifest_path.clone(),
        features: arguments.features.clone(),
    };
    let mut crds = extract::custom_resource_definitions(&request)?;
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
