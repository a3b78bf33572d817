//! Test Anything Protocol, version 13, which all harnesses know: a test point for each document, its findings in the YAML block below it.
//! The plan comes last, as nobody knows before how many documents there are.

use std::io::{self, Write};

use super::visible::visible;
use super::{Reporter, words};
use crate::validate::finding::{Finding, Report, Summary, Verdict};

pub(super) struct Tap<'w> {
    out: Box<dyn Write + 'w>,
    points: usize,
}

impl<'w> Tap<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self { out, points: 0 }
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let fields = [
            ("severity", Some(finding.severity.as_str())),
            ("rule", Some(finding.rule)),
            ("field", Some(finding.field.as_str()).filter(|field| !field.is_empty())),
            ("message", Some(finding.message.as_str())),
            ("hint", finding.hint.as_deref()),
        ];
        let mut dash = "-";
        for (key, value) in fields {
            let Some(value) = value else { continue };
            writeln!(self.out, "    {dash} {key}: {}", quoted(value)?)?;
            dash = " ";
        }
        if let Some(span) = finding.span.map(words::ordered) {
            for (key, at) in [("start", span.start), ("end", span.end)] {
                writeln!(self.out, "      {key}: {{ line: {}, column: {} }}", at.line, at.column)?;
            }
        }
        Ok(())
    }
}

/// A YAML scalar in double quotes: JSON's strings are such once nothing unprintable is left in them.
fn quoted(text: &str) -> io::Result<String> {
    Ok(serde_json::to_string(&visible(text))?)
}

/// A description in which nothing is taken for a directive.
fn description(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('#', "\\#")
}

impl Reporter for Tap<'_> {
    fn report(&mut self, report: &Report) -> io::Result<()> {
        if self.points == 0 {
            writeln!(self.out, "TAP version 13")?;
        }
        self.points += 1;
        let result = match report.verdict {
            Verdict::Valid | Verdict::Skipped => "ok",
            Verdict::Invalid | Verdict::Error => "not ok",
        };
        let about = format!("{}:{} {}", report.source, report.line, words::subject(report));
        let directive = if report.verdict == Verdict::Skipped { " # SKIP" } else { "" };
        writeln!(self.out, "{result} {} - {}{directive}", self.points, description(&about))?;
        if report.findings.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "  ---\n  findings:")?;
        for finding in &report.findings {
            self.finding(finding)?;
        }
        writeln!(self.out, "  ...")
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        if self.points == 0 {
            writeln!(self.out, "TAP version 13")?;
        }
        writeln!(self.out, "1..{}", self.points)?;
        self.out.flush()
    }
}
