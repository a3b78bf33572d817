//! `k1s-gen diff`.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::package::PackageArgs;
use crate::Error;
use crate::diff::input::{self, Input, Sides};
use crate::diff::report::{self, Format, Options};
use crate::diff::{self, Class, rules};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen diff --old main crds/                what changed in files since a git revision
  k1s-gen diff --old main -p inventory         what changed in the kinds of a crate since then
  k1s-gen diff old.yaml new.yaml               what is different between files or directories
  k1s-gen diff v1.2.0:crds crds                the same, with one side in a git revision
  k1s-gen diff crds -p inventory               from files to the kinds of a crate
  kubectl get crd -o yaml | k1s-gen diff - crds
  k1s-gen diff --old main crds -o markdown     for a comment on a pull request
  k1s-gen diff --rules                         how changes are classified

A directory with a Cargo.toml is a crate. The exit code is 0 if nothing changed that --fail-on names, 1 if something did, and 2
for errors and wrong usage.";

#[derive(Args)]
pub(super) struct DiffArgs {
    /// What there was and what is to be: files, directories, crates, REVISION:PATH of git, or - for the standard input; with --old,
    /// the paths to compare
    #[arg(value_name = "OLD NEW")]
    inputs: Vec<String>,
    /// Compare with a git revision: main, origin/main, v1.2.0, HEAD~3
    #[arg(long, value_name = "REVISION")]
    old: Option<String>,
    #[command(flatten)]
    package: PackageArgs,
    /// How to write the changes
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
    /// The least class of changes to exit with 1 for
    #[arg(long, value_enum, value_name = "CLASS", default_value_t)]
    fail_on: FailOn,
    /// The least class of changes to show; json has all
    #[arg(long, value_enum, value_name = "CLASS", default_value_t)]
    show: Show,
    /// List how changes are classified, and why, as text, json or markdown
    #[arg(long, conflicts_with_all = ["inputs", "old", "package", "manifest_path", "features"])]
    rules: bool,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Output {
    #[default]
    Text,
    Json,
    Markdown,
    Github,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum FailOn {
    #[default]
    Breaking,
    Compatible,
    Never,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Show {
    Breaking,
    Compatible,
    #[default]
    Safe,
}

impl DiffArgs {
    fn options(&self) -> Options {
        Options {
            format: match self.output {
                Output::Text => Format::Text,
                Output::Json => Format::Json,
                Output::Markdown => Format::Markdown,
                Output::Github => Format::Github,
            },
            show: match self.show {
                Show::Breaking => Class::Breaking,
                Show::Compatible => Class::Compatible,
                Show::Safe => Class::Safe,
            },
            fail_on: match self.fail_on {
                FailOn::Breaking => Some(Class::Breaking),
                FailOn::Compatible => Some(Class::Compatible),
                FailOn::Never => None,
            },
        }
    }

    fn names_crate(&self) -> bool {
        self.package.package.is_some() || self.package.manifest_path.is_some()
    }

    fn sides(&self) -> Result<Sides, Error> {
        let features = &self.package.features;
        if let Some(revision) = &self.old {
            return match (self.inputs.as_slice(), self.names_crate()) {
                ([], _) => input::crate_since(revision, &self.package.request()),
                (_, true) => {
                    Err(diff::Error::Usage("--old compares either a crate or paths: leave one of them out"))?
                }
                (paths, false) if paths.iter().any(|path| path == "-") => Err(diff::Error::Usage(
                    "--old compares paths that the revision has too: give `-` as OLD or NEW without --old",
                ))?,
                (paths, false) => input::since(revision, paths, features),
            };
        }
        let (old, new) = match (self.inputs.as_slice(), self.names_crate()) {
            ([old, new], false) => (Input::parse(old, features)?, Input::parse(new, features)?),
            ([old], true) => (Input::parse(old, &[])?, Input::Crate(self.package.request())),
            _ => Err(diff::Error::Usage(
                "give OLD and NEW, or OLD and a crate with --package, or --old REVISION and what to compare with it",
            ))?,
        };
        if matches!((&old, &new), (Input::Stdin, Input::Stdin)) {
            Err(diff::Error::Usage("only one of OLD and NEW can be the standard input"))?;
        }
        let mut stdin = io::stdin();
        Ok(Sides { old: old.read(&mut stdin)?, new: new.read(&mut stdin)?, notes: Vec::new() })
    }
}

/// Runs the command: 0, 1 if something changed that is not to, 2 for errors.
pub(super) fn run(arguments: &DiffArgs, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    match compare(arguments, out, err) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nothing is left to tell if the terminal is gone.
            let _ = writeln!(err, "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether nothing failed.
fn compare(arguments: &DiffArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<bool, Error> {
    let options = arguments.options();
    if arguments.rules {
        rules::write(options.format, out).map_err(Error::io("the standard output"))?;
        return Ok(true);
    }
    let sides = arguments.sides()?;
    for note in &sides.notes {
        let _ = writeln!(err, "note: {note}");
    }
    let comparison = diff::compare(&sides.old, &sides.new)?;
    report::write(&comparison, &options, out).map_err(Error::io("the standard output"))?;
    Ok(options.fail_on.is_none_or(|least| comparison.worst() < Some(least)))
}
