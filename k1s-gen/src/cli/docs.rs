//! `k1s-gen docs`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::package::PackageArgs;
use crate::crd::Manifest;
use crate::docs::{self, Options};
use crate::{Error, output, source};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen docs -p inventory -o docs/api                    write Markdown and a page
  k1s-gen docs -p inventory --format html > api.html       print the page
  k1s-gen docs crds/ --format markdown --single            print one Markdown file of what is in files
  k1s-gen docs -p inventory -o docs/api --check            fail if the files are not up to date";

#[derive(Args)]
pub(super) struct DocsArgs {
    /// Files or directories with CustomResourceDefinitions to describe, in place of a crate's kinds
    #[arg(value_name = "FILE", conflicts_with_all = ["package", "manifest_path", "features"])]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) package: PackageArgs,
    /// Directory to write to, or - for the standard output, if what is made is one file
    #[arg(short, long, value_name = "DIR", default_value = "-")]
    pub(super) output: PathBuf,
    /// What to make: index.md with a file a kind, index.html, or both
    #[arg(long, value_enum, default_value = "both")]
    pub(super) format: Format,
    /// Put all Markdown into index.md
    #[arg(long)]
    pub(super) single: bool,
    /// Title of the whole
    #[arg(long, default_value = "API reference")]
    pub(super) title: String,
    /// Write nothing; fail with a diff if a file is not what would be written
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Markdown,
    Html,
    Both,
}

/// Runs the command.
pub(super) fn run(arguments: &DocsArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let to_stream = arguments.output == Path::new("-");
    if to_stream && arguments.check {
        return Err(Error::Package(
            "--check compares with files: name their directory with --output".to_owned(),
        ));
    }
    let one_file = match arguments.format {
        Format::Html => true,
        Format::Markdown => arguments.single,
        Format::Both => false,
    };
    if to_stream && !one_file {
        return Err(Error::Package(
            "these are several files: name a directory with --output, or ask for one with --format html or --format markdown --single"
                .to_owned(),
        ));
    }
    let (definitions, source) = definitions(arguments)?;
    let crds: Vec<_> = definitions.into_iter().map(|definition| definition.crd).collect();
    let options = Options {
        format: match arguments.format {
            Format::Markdown => docs::Format::Markdown,
            Format::Html => docs::Format::Html,
            Format::Both => docs::Format::Both,
        },
        single: arguments.single,
        title: arguments.title.clone(),
        source,
    };
    let files = docs::render(&crds, &options)?;
    deliver(arguments, &files, out, err)
}

/// The definitions, and what they were read from.
fn definitions(arguments: &DocsArgs) -> Result<(Vec<source::Definition>, String), Error> {
    if arguments.files.is_empty() {
        let package = arguments.package.package.as_deref();
        let source = package.map(|name| format!("the crate {name}")).unwrap_or_default();
        return Ok((source::of_crate(&arguments.package.request())?, source));
    }
    let names: Vec<String> = arguments.files.iter().map(|path| path.display().to_string()).collect();
    Ok((source::of_files(&arguments.files)?, names.join(", ")))
}

fn deliver(
    arguments: &DocsArgs,
    files: &[docs::File],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), Error> {
    if arguments.output == Path::new("-") {
        let mut write = || {
            files.iter().try_for_each(|file| out.write_all(file.text.as_bytes()))?;
            out.flush()
        };
        return write().map_err(Error::io("the standard output"));
    }
    let files: Vec<Manifest> =
        files.iter().map(|file| Manifest { file_name: file.name.clone(), yaml: file.text.clone() }).collect();
    if arguments.check {
        return output::check(&files, &arguments.output, err);
    }
    for name in output::write(&files, &arguments.output)? {
        let _ = writeln!(err, "wrote {}", arguments.output.join(name).display());
    }
    Ok(())
}
