//! `k1s-gen validate`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ColorChoice};
use k1s_runtime::manifest;

use super::package::PackageArgs;
use super::progress::Progress;
use crate::source;
use crate::validate::baseline::{Baseline, Recorder};
use crate::validate::collect::Collector;
use crate::validate::objects::Objects;
use crate::validate::report::{Format, Options, wants_color};
use crate::validate::{
    Error, Event, Filter, Ignored, Judge, JudgedDocument, Old, Run, Schemas, Strictness, Summary,
};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen validate --crds crds manifests              validate files and directories against CustomResourceDefinitions
  k1s-gen validate -p shop manifests --summary        against the kinds that a crate derives
  k1s-gen validate -p shop manifests -o github        in a workflow of GitHub Actions
  k1s-gen validate -p shop manifests --old main       also compare with what is in the branch main: immutable fields, transition rules
  kustomize build | k1s-gen validate --crds crds -    the standard input

The exit code is 0 if an API server would take everything, 1 if not, and 2 if validation cannot begin.";

#[derive(Args)]
pub(super) struct ValidateArgs {
    /// Files, directories, or - for the standard input
    #[arg(value_name = "FILE", required_unless_present = "filename")]
    files: Vec<PathBuf>,
    /// The same, as kubectl takes them
    #[arg(short, long, value_name = "FILE", value_delimiter = ',')]
    filename: Vec<PathBuf>,
    #[command(flatten)]
    against: AgainstArgs,
    #[command(flatten)]
    how: HowArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// What manifests are validated against.
#[derive(Args)]
#[command(next_help_heading = "Schemas")]
struct AgainstArgs {
    #[command(flatten)]
    package: PackageArgs,
    /// CustomResourceDefinitions: files or directories
    #[arg(long, value_name = "FILE")]
    crds: Vec<PathBuf>,
    /// Type manifests of plugins: files, or directories with types.yaml files
    #[arg(long, value_name = "FILE")]
    types: Vec<PathBuf>,
    /// JSON Schemas for other kinds: a directory or a template of paths, as kubeconform's; looked for in the order given
    #[arg(long, value_name = "TEMPLATE")]
    schema_location: Vec<String>,
    /// Version of Kubernetes in templates of paths
    #[arg(long, value_name = "VERSION", value_parser = kubernetes_version, default_value = "master")]
    kubernetes_version: String,
    /// Pass over objects whose kind no schema is known for
    #[arg(long)]
    ignore_missing_schemas: bool,
}

/// How they are validated.
#[derive(Args)]
#[command(next_help_heading = "Validation")]
struct HowArgs {
    /// Refuse unknown and duplicate fields; the default
    #[arg(long, overrides_with = "no_strict")]
    strict: bool,
    /// Only warn of unknown and duplicate fields
    #[arg(long, overrides_with = "strict")]
    no_strict: bool,
    /// Kinds to pass over: Kind or group/version/Kind
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    skip: Vec<String>,
    /// Kinds that may not be there
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    reject: Vec<String>,
    /// Pass over files whose path a regular expression matches
    #[arg(long, value_name = "REGEX")]
    ignore_filename_pattern: Vec<String>,
    /// Compare with the objects of a directory, or of the same files in a git revision: immutable fields, transition rules
    #[arg(long, value_name = "REV-OR-DIR")]
    old: Option<String>,
    /// Do not mind objects that stand there twice
    #[arg(long)]
    allow_duplicates: bool,
    /// Findings that are known: they are not told again
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found into a baseline, and succeed
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Directory to keep the results of files in which nothing was wrong
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// How many threads validate; as many as there are processors by default
    #[arg(short = 'n', value_name = "THREADS", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// End with the first document that an API server would refuse
    #[arg(long)]
    exit_on_error: bool,
}

/// What is told.
#[derive(Args)]
#[command(next_help_heading = "Output")]
struct OutputArgs {
    /// Format of the output
    #[arg(short, long, value_enum, default_value = "pretty")]
    output: Format,
    /// Print a summary at the end
    #[arg(long)]
    summary: bool,
    /// Also name the documents in which nothing is wrong
    #[arg(long)]
    verbose: bool,
    /// Print the objects as they would be stored, with their defaults; findings go to the standard error
    #[arg(long)]
    defaults: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value = "auto")]
    color: ColorChoice,
}

/// `1.36.2`, `v1.36` or `master`.
fn kubernetes_version(text: &str) -> Result<String, String> {
    let version = text.strip_prefix('v').unwrap_or(text);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = version.split('.').collect();
    if version == "master" || ((2..=3).contains(&parts.len()) && parts.iter().all(|part| is_number(part))) {
        return Ok(version.to_owned());
    }
    Err("expected a version as 1.36.2, or master".to_owned())
}

/// Why a run fails as a whole.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Validate(#[from] Error),
    #[error(transparent)]
    Source(#[from] crate::Error),
    #[error(transparent)]
    Baseline(#[from] crate::validate::baseline::Error),
    #[error("--ignore-filename-pattern: {0}")]
    Pattern(#[from] regex::Error),
}

/// Runs the command.
pub(super) fn run(arguments: &ValidateArgs, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    match validate(arguments, out, err) {
        Ok(summary) if arguments.how.write_baseline.is_some() || summary.invalid + summary.errors == 0 => {
            ExitCode::SUCCESS
        }
        Ok(_) => ExitCode::from(1),
        // Whoever reads the output has had enough.
        Err(Failure::Validate(Error::Output(error))) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::from(1)
        }
        Err(error) => {
            // Nothing is left to tell if the terminal is gone.
            let _ = writeln!(err, "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn validate(arguments: &ValidateArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<Summary, Failure> {
    let HowArgs { skip, reject, ignore_filename_pattern, old, cache, threads, .. } = &arguments.how;
    let paths = [arguments.files.as_slice(), arguments.filename.as_slice()].concat();
    let ignored = Ignored::new(ignore_filename_pattern)?;
    let baseline = arguments.how.baseline.as_deref().map(Baseline::read).transpose()?;
    let strictness = Strictness {
        unknown_fields: !arguments.how.no_strict,
        ignore_missing_schemas: arguments.against.ignore_missing_schemas,
    };
    let schemas = arguments.against.schemas(strictness.unknown_fields)?;
    let old = old.as_deref().map(|old| Old::read(old, &paths)).transpose()?;
    let judge = Judge {
        schemas: &schemas,
        strictness,
        filter: Filter::new(skip, reject),
        old: old.as_ref(),
        keep_stored: arguments.output.defaults,
    };
    let run = Run { paths, ignored, threads: *threads, cache: cache.clone() };
    let mut recorder = arguments.how.write_baseline.as_deref().map(Recorder::new);
    let summary = {
        let (findings, objects): (&mut dyn Write, Option<&mut dyn Write>) = match arguments.output.defaults {
            true => (err, Some(out)),
            false => (out, None),
        };
        let progress = Progress::new(arguments.output.verbose);
        let writer = BufWriter::new(progress.around(findings));
        let mut collector = Collector::new(arguments.output.reporter(writer));
        collector.objects = (!arguments.how.allow_duplicates).then(|| Objects::new("default"));
        collector.baseline = baseline;
        collector.recorder = recorder.as_mut();
        let sink = Sink { collector, objects, progress: &progress, stop: arguments.how.exit_on_error };
        sink.take_all(&run, &judge)?
    };
    if let Some(recorder) = &recorder {
        recorder.write()?;
    }
    Ok(summary)
}

/// Where judged documents go.
struct Sink<'w> {
    collector: Collector<'w>,
    /// Where objects go as they would be stored.
    objects: Option<&'w mut dyn Write>,
    progress: &'w Progress,
    /// Whether the first failure ends it.
    stop: bool,
}

impl Sink<'_> {
    fn take_all(mut self, run: &Run, judge: &Judge<'_>) -> Result<Summary, Error> {
        let mut taken = Ok(());
        run.over(judge, &mut io::stdin(), |event| match self.take(event) {
            Ok(flow) => flow,
            Err(error) => {
                taken = Err(error);
                ControlFlow::Break(())
            }
        })?;
        taken.map_err(Error::Output)?;
        self.progress.finish();
        self.collector.finish().map_err(Error::Output)
    }

    fn take(&mut self, event: Event) -> io::Result<ControlFlow<()>> {
        let JudgedDocument { comments, objects, .. } = match event {
            Event::Document(document) => document,
            Event::Source(source) => {
                self.collector.source(&source)?;
                return Ok(ControlFlow::Continue(()));
            }
        };
        let mut items = Vec::with_capacity(objects.len());
        for judged in objects {
            if let (Some(out), Some(object)) = (&mut self.objects, judged.stored) {
                write!(out, "---\n{}", manifest::to_yaml(&object.into_value()))?;
            }
            items.push(judged.item);
        }
        self.progress.count(items.len());
        let failed = self.collector.document(comments, items)?;
        Ok(if failed && self.stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

impl AgainstArgs {
    fn schemas(&self, strict: bool) -> Result<Schemas, Failure> {
        let mut schemas = Schemas::new();
        if self.package.is_named() {
            schemas.add_definitions(&source::of_crate(&self.package.request())?)?;
        }
        if !self.crds.is_empty() {
            schemas.add_definitions(&source::of_files(&self.crds)?)?;
        }
        for types in &self.types {
            schemas.add_types(types)?;
        }
        schemas.set_kubernetes(&self.kubernetes_version, strict);
        for location in &self.schema_location {
            schemas.add_location(location)?;
        }
        Ok(schemas)
    }
}

impl OutputArgs {
    fn reporter<'w>(&self, out: impl Write + 'w) -> Box<dyn crate::validate::report::Reporter + 'w> {
        let is_terminal = if self.defaults { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
        let options = Options {
            verbose: self.verbose,
            summary: self.summary,
            color: wants_color(self.color, is_terminal),
            width: 0,
        };
        self.output.reporter(out, options)
    }
}

#[cfg(test)]
mod tests {
    use super::kubernetes_version;

    #[test]
    fn versions_are_kubernetes_versions() {
        for (text, version) in [
            ("1.36.2", Some("1.36.2")),
            ("v1.36", Some("1.36")),
            ("master", Some("master")),
            ("latest", None),
            ("1.", None),
        ] {
            assert_eq!(kubernetes_version(text).ok().as_deref(), version, "{text}");
        }
    }
}
