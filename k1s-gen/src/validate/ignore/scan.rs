//! The ignore comments of one document's text.

use k1s_runtime::manifest::{Position, Span};

use super::comments::{Comment, comments};
use super::directive::{self, Directive, Fault, MARK, Named, Reach};
use super::told::{Told, shown};
use crate::validate::finding::{Finding, Severity};
use crate::validate::rules;

/// The ignore comments of the text of one document.
#[derive(Debug, Default)]
pub struct Comments {
    /// Whether anything but comments is in the text.
    pub(super) filled: bool,
    /// Those for findings that start in some lines, from the first to the last; both grow.
    pub(super) lines: Vec<(u32, u32, Ignore)>,
    pub(super) document: Vec<Ignore>,
    /// Those for the whole file, of which nothing of the text is in front.
    pub(super) file: Vec<Ignore>,
    pub(super) faults: Vec<Told>,
}

/// One comment.
#[derive(Debug)]
pub(super) struct Ignore {
    /// The rules with their places; none for all.
    rules: Vec<(&'static str, Span)>,
    /// The comment's place.
    span: Span,
    /// The line it stands in, to be shown.
    shown: String,
    /// Whether it took a finding away, for each rule; one for all if none is named.
    used: Vec<bool>,
}

impl Comments {
    /// Finds the comments of a document's text, whose first line has this number.
    pub fn of(text: &[u8], line: usize) -> Self {
        // What is not UTF-8 is no YAML, and is told so by others.
        let Ok(text) = std::str::from_utf8(text) else { return Self { filled: true, ..Self::default() } };
        let mut found = Self { filled: text.lines().any(is_content), ..Self::default() };
        if text.contains(MARK) {
            let lines: Vec<&str> = text.lines().collect();
            let content = lines.iter().zip(1..).filter(|(text, _)| is_content(text)).map(|(_, line)| line);
            let place = Placing { first: clamp(line), content: content.collect() };
            for comment in comments(text) {
                found.take(&comment, &place, &lines);
            }
        }
        found
    }

    /// Whether there is no comment for us, good or bad.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.document.is_empty() && self.file.is_empty() && self.faults.is_empty()
    }

    fn take(&mut self, comment: &Comment, of: &Placing, lines: &[&str]) {
        let Some((directive, faults)) = directive::parse(&comment.text) else { return };
        let text = lines.get(comment.at.line as usize - 1).copied().unwrap_or_default();
        // Behind the `#`.
        let place = |offset: usize, length: usize| {
            let line = of.line(comment.at.line);
            let column = comment.at.column.saturating_add(clamp(offset)).saturating_add(1);
            let end = Position { line, column: column.saturating_add(clamp(length)) };
            Span { start: Position { line, column }, end }
        };
        for Fault { offset, length, message, hint } in faults {
            self.faults.push(complaint(message, hint, place(offset, length), shown(text)));
        }
        let Some(Directive { reach, rules }) = directive else { return };
        let length = comment.text.trim_end().chars().count();
        let mut span = place(0, length);
        span.start.column = comment.at.column;
        let used = vec![false; rules.len().max(1)];
        let rules =
            rules.iter().map(|Named { rule, offset, length }| (*rule, place(*offset, *length))).collect();
        let ignore = Ignore { rules, span, shown: shown(text), used };
        match reach {
            Reach::Line => {
                let (from, to) = of.lines(comment);
                self.lines.push((from, to, ignore));
            }
            Reach::Document => self.document.push(ignore),
            Reach::File if of.is_top(comment) => self.file.push(ignore),
            Reach::File => self.faults.push(ignore.too_late()),
        }
    }
}

impl Ignore {
    /// Whether it takes a finding of a rule away; if so, it was of use.
    pub(super) fn takes(&mut self, rule: &str) -> bool {
        let which = match self.rules.is_empty() {
            true => Some(0),
            false => self.rules.iter().position(|(named, _)| *named == rule),
        };
        if let Some(used) = which.and_then(|which| self.used.get_mut(which)) {
            *used = true;
        }
        which.is_some()
    }

    /// Warnings about what of it was of no use.
    pub(super) fn unused(&self) -> Vec<Told> {
        if self.rules.iter().any(|(rule, _)| *rule == rules::UNUSED_IGNORE) {
            return Vec::new();
        }
        let warning = |message: String, span| {
            let finding = Finding {
                severity: Severity::Warning,
                rule: rules::UNUSED_IGNORE,
                field: String::new(),
                message,
                hint: Some("remove it".to_owned()),
                span: Some(span),
            };
            Told { finding, shown: self.shown.clone() }
        };
        if !self.used.contains(&true) {
            return vec![warning("this comment ignores nothing".to_owned(), self.span)];
        }
        let unused = self.rules.iter().zip(&self.used).filter(|(_, used)| !**used);
        unused
            .map(|((rule, span), _)| warning(format!("nothing of rule {rule} is ignored here"), *span))
            .collect()
    }

    /// That it is for a file, and does not stand at its top.
    pub(super) fn too_late(self) -> Told {
        let message = format!("{MARK}ignore-file must stand above the first document");
        complaint(message, format!("move it up, or use {MARK}ignore-document"), self.span, self.shown)
    }
}

/// Where comments of a text stand.
struct Placing {
    /// The line of the source in which the text starts.
    first: u32,
    /// The lines that hold something, counted from the start of the text. Inside of scalars the answer can be wrong, but no comment
    /// stands there, and the line in which a scalar starts is one.
    content: Vec<u32>,
}

impl Placing {
    /// A line of the text as a line of the source.
    fn line(&self, line: u32) -> u32 {
        self.first.saturating_add(line - 1)
    }

    /// The lines that a comment is for: of what it stands behind, else the next one with something in it, else only its own.
    fn lines(&self, comment: &Comment) -> (u32, u32) {
        let own = comment.at.line;
        let (from, to) = match comment.behind {
            Some(from) => (from, own),
            None => {
                let next = self.content.partition_point(|line| *line <= own);
                self.content.get(next).map_or((own, own), |line| (*line, *line))
            }
        };
        (self.line(from), self.line(to))
    }

    /// Whether nothing of the text is in front of a comment.
    fn is_top(&self, comment: &Comment) -> bool {
        comment.behind.is_none() && self.content.first().is_none_or(|first| *first > comment.at.line)
    }
}

fn complaint(message: String, hint: String, span: Span, shown: String) -> Told {
    let finding = Finding {
        severity: Severity::Error,
        rule: rules::IGNORE_COMMENT,
        field: String::new(),
        message,
        hint: Some(hint),
        span: Some(span),
    };
    Told { finding, shown }
}

/// Whether a line holds more than space, a comment, a marker or a directive.
fn is_content(line: &str) -> bool {
    let line = line.trim();
    let marker = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']) && !is_content(rest);
    !(line.is_empty()
        || line.starts_with(['#', '%'])
        || line.strip_prefix("---").is_some_and(marker)
        || line.strip_prefix("...").is_some_and(marker))
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
