//! Findings for people, as rustc shows them: what, where, the source line with the place underlined, what to do.

use std::io::{self, Write};

use anstyle::{AnsiColor, Color, Style};

use super::snippet::{Snippet, snippet};
use super::visible::{cut, visible};
use super::words::{self, count};
use super::{Options, Reporter};
use crate::validate::finding::{Finding, Report, Severity, Span, Summary, Verdict};

/// Columns for source lines if nothing is said.
const WIDTH: usize = 120;

/// Characters of a message's line. Messages quote values, which can be as long as a file.
const MESSAGE: usize = 1_000;

pub(super) struct Pretty<'w> {
    out: Box<dyn Write + 'w>,
    options: Options,
    style: Styles,
}

/// What is written how; all plain without colours.
#[derive(Clone, Copy, Debug, Default)]
struct Styles {
    error: Style,
    warning: Style,
    good: Style,
    frame: Style,
    strong: Style,
}

impl Styles {
    fn colored() -> Self {
        let bold = |color| Style::new().bold().fg_color(Some(Color::Ansi(color)));
        Styles {
            error: bold(AnsiColor::BrightRed),
            warning: bold(AnsiColor::BrightYellow),
            good: bold(AnsiColor::BrightGreen),
            frame: bold(AnsiColor::BrightBlue),
            strong: Style::new().bold(),
        }
    }

    fn of(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
        }
    }
}

impl<'w> Pretty<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>, options: Options) -> Self {
        let style = if options.color { Styles::colored() } else { Styles::default() };
        Self { out, options, style }
    }

    fn finding(&mut self, report: &Report, finding: &Finding) -> io::Result<()> {
        let (style, strong, frame) = (self.style.of(finding.severity), self.style.strong, self.style.frame);
        let sentence = words::sentence(finding);
        let mut lines = sentence.lines().map(visible);
        let title = lines.next().unwrap_or_default();
        let severity = finding.severity.as_str();
        writeln!(
            self.out,
            "{style}{severity}[{}]{style:#}{strong}: {}{strong:#}",
            finding.rule,
            cut(&title, MESSAGE)
        )?;
        for line in lines {
            // Indented, so that no message can look like another finding.
            writeln!(self.out, "  {}", cut(&line, MESSAGE))?;
        }
        let line = finding.span.map_or(0, |span| span.start.line);
        let gutter = " ".repeat(line.max(1).ilog10() as usize + 1);
        let place = words::place(&report.source, finding.span);
        write!(self.out, "{gutter}{frame}-->{frame:#} {}", visible(&place))?;
        if report.object.is_some() {
            write!(self.out, " in {}", cut(&visible(&words::subject(report)), MESSAGE))?;
        }
        writeln!(self.out)?;
        if let Some(span) = finding.span {
            self.source(report, span, style, &gutter, finding.hint.is_some())?;
        }
        if let Some(hint) = &finding.hint {
            for (index, line) in hint.lines().enumerate() {
                let label = if index == 0 { "= help:" } else { "       " };
                writeln!(self.out, "{gutter} {frame}{label}{frame:#} {}", cut(&visible(line), MESSAGE))?;
            }
        }
        writeln!(self.out)
    }

    /// The source line with the span underlined, if the report has it; with room below if something follows.
    fn source(
        &mut self,
        report: &Report,
        span: Span,
        style: Style,
        gutter: &str,
        more: bool,
    ) -> io::Result<()> {
        let number = span.start.line;
        let Some((_, line)) = report.lines.iter().find(|(of, _)| *of == number) else { return Ok(()) };
        let width = if self.options.width == 0 { WIDTH } else { self.options.width };
        let width = width.saturating_sub(gutter.len() + 5).max(20);
        let Some(Snippet { text, before, length }) = snippet(line, span, width) else { return Ok(()) };
        let frame = self.style.frame;
        let (space, carets) = (" ".repeat(before), "^".repeat(length));
        writeln!(self.out, "{gutter} {frame}|{frame:#}")?;
        writeln!(self.out, "{frame}{number} |{frame:#} {text}")?;
        write!(self.out, "{gutter} {frame}|{frame:#} {space}{style}{carets}")?;
        if span.end.line > number {
            write!(self.out, " to line {}", span.end.line)?;
        }
        writeln!(self.out, "{style:#}")?;
        if more {
            writeln!(self.out, "{gutter} {frame}|{frame:#}")?;
        }
        Ok(())
    }

    /// A line about a document as a whole.
    fn document(&mut self, style: Style, verdict: &str, report: &Report) -> io::Result<()> {
        let about = format!("{}:{} {}", report.source, report.line, words::subject(report));
        writeln!(self.out, "{style}{verdict}{style:#}: {}", cut(&visible(&about), MESSAGE))
    }
}

impl Reporter for Pretty<'_> {
    fn report(&mut self, report: &Report) -> io::Result<()> {
        for finding in &report.findings {
            self.finding(report, finding)?;
        }
        let told = words::errors(report).next().is_some();
        match report.verdict {
            Verdict::Valid if self.options.verbose => self.document(self.style.good, "valid", report),
            Verdict::Skipped if self.options.verbose => self.document(self.style.warning, "skipped", report),
            Verdict::Invalid if !told => self.document(self.style.error, "invalid", report),
            Verdict::Error if !told => self.document(self.style.error, "error", report),
            _ => Ok(()),
        }
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.options.summary {
            let Summary { files, valid, invalid, errors, skipped, warnings, suppressed } = *summary;
            let style = if invalid + errors > 0 { self.style.error } else { self.style.good };
            let documents = count(summary.documents(), "document");
            write!(self.out, "{style}{documents}{style:#} in {}", count(files, "file"))?;
            let parts = [
                (valid, "valid"),
                (invalid, "invalid"),
                (errors, "not judged"),
                (skipped, "skipped"),
                (warnings, if warnings == 1 { "warning" } else { "warnings" }),
                (suppressed, "suppressed"),
            ];
            let mut separator = ": ";
            for (number, what) in parts.into_iter().filter(|(number, _)| *number > 0) {
                write!(self.out, "{separator}{number} {what}")?;
                separator = ", ";
            }
            writeln!(self.out)?;
        }
        self.out.flush()
    }
}
