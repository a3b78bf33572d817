//! `k1s-gen docs`.

use std::io::Write;

use clap::{Args, ValueEnum};

use super::output::{MaterialArgs, OutputArgs};
use crate::Error;
use crate::docs::{self, Options};
use crate::generate::reference;

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen docs -p inventory -o docs/api                    write Markdown and a page
  k1s-gen docs -p inventory --format html > api.html       print the page
  k1s-gen docs crds/ --format markdown --single            print one Markdown file of what is in files
  k1s-gen docs -p inventory -o docs/api --check            fail if the files are not up to date";

#[derive(Args)]
pub(super) struct DocsArgs {
    #[command(flatten)]
    pub(super) material: MaterialArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    /// What to make: index.md with a file a kind, index.html, or both
    #[arg(long, value_enum, default_value = "both")]
    pub(super) format: Format,
    /// Put all Markdown into index.md
    #[arg(long)]
    pub(super) single: bool,
    /// Title of the whole
    #[arg(long, default_value = "API reference")]
    pub(super) title: String,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Markdown,
    Html,
    Both,
}

/// Runs the command.
pub(super) fn run(arguments: &DocsArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    arguments.output.check()?;
    let one_file = match arguments.format {
        Format::Html => true,
        Format::Markdown => arguments.single,
        Format::Both => false,
    };
    if arguments.output.to_stream() && !one_file {
        return Err(Error::Package(
            "these are several files: name a directory with --output, or ask for one with --format html or --format markdown --single"
                .to_owned(),
        ));
    }
    let options = Options {
        format: match arguments.format {
            Format::Markdown => docs::Format::Markdown,
            Format::Html => docs::Format::Html,
            Format::Both => docs::Format::Both,
        },
        single: arguments.single,
        title: arguments.title.clone(),
        ..Options::default()
    };
    let set = reference::render(&arguments.material.read_kinds()?, &options)?;
    arguments.output.deliver(&set, |_| true, out, err)
}
