//! The command line: `k1s-gen crd -p inventory -o crds`, `k1s-gen check -p inventory`.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::check::{self, Summary};
use crate::extract::{self, Request};
use crate::{Error, crd, output};

const CRD_EXAMPLES: &str = "\
Examples:
  k1s-gen crd -p inventory                    print them
  k1s-gen crd -p inventory -o crds            write one file a kind
  k1s-gen crd -p inventory -o crds --check    fail if the files are not up to date";

const CHECK_EXAMPLES: &str = "\
Examples:
  k1s-gen check -p inventory             check the kinds of a crate
  k1s-gen check crds other/item.yaml     check CustomResourceDefinitions in files and directories
  k1s-gen check -p inventory --costs     show what each rule is estimated to cost

The exit code is 0 if an API server would take everything, and 1 if not.";

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
    /// Say what an API server would refuse in kinds that a crate derives, or in files: schemas, defaults, rules and their costs
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
}

#[derive(Args)]
struct PackageArgs {
    /// Package whose library holds the kinds; the one of the current directory by default
    #[arg(short, long)]
    package: Option<String>,
    /// Path of the package's or the workspace's Cargo.toml
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// Features of the package to enable
    #[arg(short = 'F', long, value_delimiter = ',')]
    features: Vec<String>,
}

impl PackageArgs {
    fn request(&self) -> Request {
        Request {
            package: self.package.clone(),
            manifest_path: self.manifest_path.clone(),
            features: self.features.clone(),
        }
    }
}

#[derive(Args)]
struct CheckArgs {
    /// Files or directories with CustomResourceDefinitions to check, in place of a crate's kinds
    #[arg(value_name = "FILE", conflicts_with_all = ["package", "manifest_path", "features"])]
    files: Vec<PathBuf>,
    #[command(flatten)]
    package: PackageArgs,
    /// Also list the rules with what they are estimated to cost and may cost
    #[arg(long)]
    costs: bool,
}

#[derive(Args)]
struct CrdArgs {
    #[command(flatten)]
    package: PackageArgs,
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
    let result = match &cli.command {
        Command::Crd(arguments) => write_crds(arguments, out, err),
        Command::Check(arguments) => check(arguments, out, err),
    };
    match result {
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

fn check(arguments: &CheckArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let definitions = if arguments.files.is_empty() {
        check::of_crate(&arguments.package.request())?
    } else {
        check::of_files(&arguments.files)?
    };
    let report = check::report(&definitions, arguments.costs, out);
    let Summary { checked, refused, complaints } = report.map_err(Error::io("the standard output"))?;
    if complaints > 0 {
        return Err(Error::Complaints { complaints, refused, checked });
    }
    let _ = writeln!(err, "checked {checked} {}", if checked == 1 { "kind" } else { "kinds" });
    Ok(())
}
