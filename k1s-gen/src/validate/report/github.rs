//! Workflow commands of GitHub Actions: `::error file=…,line=…::message`, which it shows beside the lines of a pull request.

use std::io::{self, Write};

use super::visible::visible;
use super::{Options, Reporter, words};
use crate::validate::finding::{Finding, Report, Summary};

pub(super) struct Github<'w> {
    out: Box<dyn Write + 'w>,
    options: Options,
}

impl<'w> Github<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>, options: Options) -> Self {
        Self { out, options }
    }

    fn finding(&mut self, report: &Report, finding: &Finding) -> io::Result<()> {
        write!(
            self.out,
            "::{} file={}",
            finding.severity.as_str(),
            property(&words::slashed(&report.source))
        )?;
        if let Some(span) = finding.span.map(words::ordered) {
            write!(self.out, ",line={},endLine={}", span.start.line, span.end.line)?;
            // GitHub takes columns only within one line.
            if span.start.line == span.end.line {
                write!(self.out, ",col={},endColumn={}", span.start.column, span.end.column)?;
            }
        }
        write!(self.out, ",title={}", property(finding.rule))?;
        let mut message = visible(&words::sentence(finding)).into_owned();
        if report.object.is_some() {
            message.push_str(&format!(" ({})", visible(&words::subject(report))));
        }
        if let Some(hint) = &finding.hint {
            message.push_str(&format!("\nhelp: {}", visible(hint)));
        }
        writeln!(self.out, "::{}", data(&message))
    }
}

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}

impl Reporter for Github<'_> {
    fn report(&mut self, report: &Report) -> io::Result<()> {
        for finding in &report.findings {
            self.finding(report, finding)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.options.summary {
            // Only numbers are in it: a plain line of the log.
            writeln!(self.out, "{}", words::summary(summary, false))?;
        }
        self.out.flush()
    }
}
