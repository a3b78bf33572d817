//! One line for each finding, in the words of kubeconform's text output, with the place behind the file name.

use std::io::{self, Write};

use super::visible::visible;
use super::words;
use super::{Options, Reporter};
use crate::validate::finding::{Report, Severity, Summary, Verdict};

pub(super) struct Text<'w> {
    out: Box<dyn Write + 'w>,
    options: Options,
    sources: Sources,
}

/// Whether all that was read came from the standard input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sources {
    stdin: bool,
    files: bool,
}

impl Sources {
    pub(super) fn see(&mut self, source: &str) {
        *(if source == "stdin" { &mut self.stdin } else { &mut self.files }) = true;
    }

    pub(super) fn only_stdin(self) -> bool {
        self.stdin && !self.files
    }
}

impl<'w> Text<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>, options: Options) -> Self {
        Self { out, options, sources: Sources::default() }
    }
}

impl Reporter for Text<'_> {
    fn report(&mut self, report: &Report) -> io::Result<()> {
        self.sources.see(&report.source);
        let name = words::kind_and_name(report);
        // kubeconform's lines have nothing there if it cannot tell what the document is.
        let name = if name.is_empty() { name } else { format!("{name} ") };
        let name = visible(&name);
        for finding in &report.findings {
            let place = words::place(&report.source, finding.span);
            let verdict = match (finding.severity, report.verdict) {
                (Severity::Warning, _) => "has a warning",
                (Severity::Error, Verdict::Error) => "failed validation",
                (Severity::Error, _) => "is invalid",
            };
            let sentence = words::sentence(finding);
            write!(self.out, "{} - {name}{verdict}: {}", visible(&place), visible(&sentence))?;
            if let Some(hint) = &finding.hint {
                write!(self.out, " ({})", visible(hint))?;
            }
            writeln!(self.out, " [{}]", finding.rule)?;
        }
        let source = visible(&report.source);
        let told = words::errors(report).next().is_some();
        match report.verdict {
            Verdict::Valid if self.options.verbose => writeln!(self.out, "{source} - {name}is valid"),
            Verdict::Skipped if self.options.verbose => writeln!(self.out, "{source} - {name}skipped"),
            Verdict::Invalid if !told => writeln!(self.out, "{source} - {name}is invalid"),
            Verdict::Error if !told => writeln!(self.out, "{source} - {name}failed validation"),
            _ => Ok(()),
        }
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.options.summary {
            writeln!(self.out, "{}", words::summary(summary, self.sources.only_stdin()))?;
        }
        self.out.flush()
    }
}
