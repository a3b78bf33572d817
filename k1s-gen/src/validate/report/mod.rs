//! The output formats of validation, a file each, over one trait. All of them write as reports come in and hold no more than those of one
//! source; everything that others wrote is escaped as the format and a terminal need it.

mod github;
mod json;
mod junit;
mod pretty;
mod sarif;
mod snippet;
mod tap;
mod text;
mod visible;
mod words;

use std::io::{self, Write};

use clap::{ColorChoice, ValueEnum};

use super::finding::{Report, Summary};

/// What takes reports and writes them down.
///
/// ```
/// use k1s_gen::validate::report::{Format, Options};
/// use k1s_gen::validate::{ObjectRef, Report, Summary, Verdict};
///
/// let object = ObjectRef { kind: "Item".into(), name: "hammer".into(), ..ObjectRef::default() };
/// let report = Report {
///     source: "items.yaml".into(),
///     index: 0,
///     line: 1,
///     object: Some(object),
///     verdict: Verdict::Valid,
///     findings: Vec::new(),
///     lines: Vec::new(),
///     suppressed: 0,
/// };
/// let mut summary = Summary { files: 1, ..Summary::default() };
/// let mut out = Vec::new();
/// {
///     let mut reporter = Format::Text.reporter(&mut out, Options { verbose: true, ..Options::default() });
///     summary.count(&report);
///     reporter.report(&report)?;
///     reporter.finish(&summary)?;
/// }
/// assert_eq!(String::from_utf8_lossy(&out), "items.yaml - Item hammer is valid\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Reporter {
    /// Takes the report of the next document. Those of one source come one after another.
    ///
    /// # Errors
    /// The writer's.
    fn report(&mut self, report: &Report) -> io::Result<()>;

    /// Ends the output; to be called once, also if there was no report.
    ///
    /// # Errors
    /// The writer's.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, ValueEnum)]
pub enum Format {
    /// For people: each finding with its source line and hint
    #[default]
    Pretty,
    /// A line for each finding, much like kubeconform's
    Text,
    /// One JSON document in kubeconform's layout, with places and rules
    Json,
    /// JUnit XML: a test suite for each file, a test case for each document
    Junit,
    /// Test Anything Protocol, version 13: a test point for each document
    Tap,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions, which show findings beside the lines of a pull request
    Github,
}

/// What a [`Reporter`] may be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether documents without findings are named too. Default: no. JUnit and TAP always name them, SARIF and GitHub never do.
    pub verbose: bool,
    /// Whether a summary ends the output, in the formats that have none by nature. Default: no.
    pub summary: bool,
    /// Whether [`Format::Pretty`] uses colours; see [`wants_color`]. Default: no.
    pub color: bool,
    /// Columns that [`Format::Pretty`] may use for a source line. Default (0): 120.
    pub width: usize,
}

impl Format {
    /// A reporter that writes in this format.
    pub fn reporter<'w>(self, out: impl Write + 'w, options: Options) -> Box<dyn Reporter + 'w> {
        let out: Box<dyn Write + 'w> = Box::new(out);
        match self {
            Format::Pretty => Box::new(pretty::Pretty::new(out, options)),
            Format::Text => Box::new(text::Text::new(out, options)),
            Format::Json => Box::new(json::Json::new(out, options)),
            Format::Junit => Box::new(junit::Junit::new(out)),
            Format::Tap => Box::new(tap::Tap::new(out)),
            Format::Sarif => Box::new(sarif::Sarif::new(out)),
            Format::Github => Box::new(github::Github::new(out, options)),
        }
    }
}

/// Whether to use colours: as asked for, or else if the output is a terminal that can show them and the environment
/// (`NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`, `TERM`) does not say otherwise.
pub fn wants_color(choice: ColorChoice, is_terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let shown = is_terminal
                && anstyle_query::term_supports_ansi_color()
                && anstyle_query::clicolor() != Some(false);
            !anstyle_query::no_color() && (shown || anstyle_query::clicolor_force())
        }
    }
}
