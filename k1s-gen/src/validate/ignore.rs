//! Comments in YAML that say which findings are meant to be:
//!
//! - `# k1s-gen:ignore` behind a key or value, or on a line of its own above it, is for findings that point into that line;
//! - `# k1s-gen:ignore[required, cel] reason` is for those of these rules only;
//! - `# k1s-gen:ignore-document[…]` is for the whole document it stands in, or in front of;
//! - `# k1s-gen:ignore-file[…]` above the first document is for the whole file.
//!
//! What ignores nothing is warned about (rule `unused-ignore`), unless it names `unused-ignore` too; what cannot be understood is an error
//! (rule `ignore-comment`).

use std::collections::BTreeMap;

use k1s_runtime::manifest::{Position, parts};

use super::finding::{Finding, Report, Severity, Span, Verdict};
use super::rules;

mod comments;
mod directive;

use comments::{Comment, comments};
use directive::{Directive, Fault, MARK, Named, Reach};

/// The ignore comments of a source.
///
/// ```
/// use k1s_gen::validate::ignore::Ignores;
/// let text = "kind: Item\nspec:\n  colour: red # k1s-gen:ignore[unknown-field] until v2\n";
/// let ignores = Ignores::scan(text);
/// # let mut reports = Vec::new();
/// let misplaced = ignores.apply(&mut reports); // takes what is ignored out of the reports of the source
/// # assert_eq!(misplaced[0].rule, "unused-ignore");
/// ```
#[derive(Debug, Default)]
pub struct Ignores {
    parts: Vec<Part>,
    /// Those for findings that start in some lines, from the first to the last; both grow.
    lines: Vec<(u32, u32, Ignore)>,
    /// Those for a part, by its index.
    documents: BTreeMap<usize, Vec<Ignore>>,
    file: Vec<Ignore>,
    faults: Vec<Finding>,
    /// Whether a document was skipped or could not be judged: nobody knows what else would have been found in it.
    unjudged: bool,
}

/// A part of the source, which holds one document at most.
#[derive(Debug)]
struct Part {
    line: u32,
    /// Whether anything is in it.
    filled: bool,
    report: Judged,
}

/// What was said of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    /// Nothing: it is empty, or the source could not be read as far.
    Unseen,
    Yes,
    No,
}

/// One comment.
#[derive(Debug)]
struct Ignore {
    /// The rules with their places; none for all.
    rules: Vec<(&'static str, Span)>,
    /// The comment's place.
    span: Span,
    /// Whether it took a finding away, for each rule; one for all if none is named.
    used: Vec<bool>,
}

impl Ignores {
    /// Finds the ignore comments of a source. Sources in JSON have none.
    pub fn scan(text: &str) -> Self {
        let mut ignores = Self::default();
        if !text.contains(MARK) || text.trim_ascii_start().starts_with('{') {
            return ignores;
        }
        let texts: Vec<(u32, &str)> = parts(text.as_bytes())
            .map(|(line, part)| (clamp(line), std::str::from_utf8(part).unwrap_or_default()))
            .collect();
        let part = |(line, text): &(u32, &str)| Part {
            line: *line,
            filled: text.lines().any(is_content),
            report: Judged::Unseen,
        };
        ignores.parts = texts.iter().map(part).collect();
        for (index, (line, text)) in texts.into_iter().enumerate() {
            if text.contains(MARK) {
                let place = Placing { part: index, first: line, content: content_lines(text) };
                for comment in comments(text) {
                    ignores.take(&comment, &place);
                }
            }
        }
        ignores
    }

    /// Whether there is no ignore comment, good or bad.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.documents.is_empty() && self.file.is_empty() && self.faults.is_empty()
    }

    /// Takes the findings out of the report of a document of the source that are to be ignored. To be called with every report, also of
    /// those without findings.
    pub fn suppress(&mut self, report: &mut Report) {
        if self.is_empty() {
            return;
        }
        let part = self.part_of(clamp(report.line));
        let judged = matches!(report.verdict, Verdict::Valid | Verdict::Invalid);
        self.unjudged |= !judged;
        if let Some(part) = self.parts.get_mut(part) {
            // A list has several reports: what could not be judged of one counts for all.
            part.report = if judged && part.report != Judged::No { Judged::Yes } else { Judged::No };
        }
        let Self { lines, documents, file, .. } = self;
        let mut documents = documents.get_mut(&part);
        report.retain(|finding| {
            if rules::find(finding.rule).is_some_and(|rule| !rule.ignorable) {
                return true;
            }
            let line = finding.span.map_or(0, |span| span.start.line);
            let from = lines.partition_point(|(_, to, _)| *to < line);
            let to = lines.partition_point(|(from, _, _)| *from <= line).max(from);
            let lines = lines[from..to].iter_mut().map(|(_, _, comment)| comment);
            // All that are for it are of use.
            let all =
                lines.chain(documents.iter_mut().flat_map(|some| some.iter_mut())).chain(file.iter_mut());
            all.filter_map(|comment| comment.takes(finding.rule).then_some(())).count() == 0
        });
    }

    /// What there is to say about the comments themselves, in order of place, once all reports were seen.
    pub fn finish(self) -> Vec<Finding> {
        let judged = |part: usize| match self.parts.get(part).map_or(Judged::Unseen, |part| part.report) {
            Judged::Yes => true,
            Judged::No => false,
            Judged::Unseen => !self.unjudged,
        };
        let lines = self.lines.iter().map(|(_, _, comment)| comment);
        let lines = lines.filter(|comment| judged(self.part_of(comment.span.start.line)));
        let documents = self.documents.iter().filter(|(part, _)| judged(**part)).flat_map(|(_, some)| some);
        let file = self.file.iter().filter(|_| !self.unjudged);
        let unused: Vec<Finding> = lines.chain(documents).chain(file).flat_map(Ignore::unused).collect();
        let mut findings = self.faults;
        findings.extend(unused);
        findings.sort_by_key(|finding| finding.span);
        findings
    }

    /// Does all of it: takes what is ignored out of the reports of the source, and adds what there is to say about the comments to the
    /// report of the document in which they stand, or the nearest one. Answers with that if there is no report.
    pub fn apply(mut self, reports: &mut [Report]) -> Vec<Finding> {
        for report in reports.iter_mut() {
            self.suppress(report);
        }
        let findings = self.finish();
        if reports.is_empty() {
            return findings;
        }
        let mut placed: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            let line = finding.span.map_or(0, |span| span.start.line as usize);
            let at = reports.partition_point(|report| report.line <= line).saturating_sub(1);
            placed.entry(at).or_default().push(finding);
        }
        for (at, findings) in placed {
            if let Some(report) = reports.get_mut(at) {
                report.add(findings);
            }
        }
        Vec::new()
    }

    /// The index of the part that a line is in.
    fn part_of(&self, line: u32) -> usize {
        self.parts.partition_point(|part| part.line <= line).saturating_sub(1)
    }

    /// Takes a comment of a part down.
    fn take(&mut self, comment: &Comment, of: &Placing) {
        let Some((directive, faults)) = directive::parse(&comment.text) else { return };
        // Behind the `#`.
        let place = |offset: usize, length: usize| {
            let line = of.line(comment.at.line);
            let column = comment.at.column.saturating_add(clamp(offset)).saturating_add(1);
            let end = Position { line, column: column.saturating_add(clamp(length)) };
            Span { start: Position { line, column }, end }
        };
        self.faults.extend(
            faults.into_iter().map(|Fault { offset, length, message, hint }| {
                complaint(message, hint, place(offset, length))
            }),
        );
        let Some(Directive { reach, rules }) = directive else { return };
        let length = comment.text.trim_end().chars().count();
        let mut span = place(0, length);
        span.start.column = comment.at.column;
        let used = vec![false; rules.len().max(1)];
        let rules =
            rules.iter().map(|Named { rule, offset, length }| (*rule, place(*offset, *length))).collect();
        let ignore = Ignore { rules, span, used };
        match reach {
            Reach::Line => {
                let (from, to) = of.lines(comment);
                self.lines.push((from, to, ignore));
            }
            Reach::Document => {
                // Above the separator of a document it is that document's.
                let after = self.parts[of.part..].iter().position(|part| part.filled).unwrap_or(0);
                self.documents.entry(of.part + after).or_default().push(ignore);
            }
            Reach::File if of.is_top(comment) && !self.parts[..of.part].iter().any(|part| part.filled) => {
                self.file.push(ignore);
            }
            Reach::File => {
                let message = format!("{MARK}ignore-file must stand above the first document");
                self.faults.push(complaint(
                    message,
                    format!("move it up, or use {MARK}ignore-document"),
                    span,
                ));
            }
        }
    }
}

/// Where comments of a part stand.
struct Placing {
    /// Its index.
    part: usize,
    /// The line of the source in which it starts.
    first: u32,
    /// Its lines that hold something, counted from its start.
    content: Vec<u32>,
}

impl Placing {
    /// A line of the part as a line of the source.
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

    /// Whether nothing of the part is in front of a comment.
    fn is_top(&self, comment: &Comment) -> bool {
        comment.behind.is_none() && self.content.first().is_none_or(|first| *first > comment.at.line)
    }
}

impl Ignore {
    /// Whether it takes a finding of a rule away; if so, it was of use.
    fn takes(&mut self, rule: &str) -> bool {
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
    fn unused(&self) -> Vec<Finding> {
        if self.rules.iter().any(|(rule, _)| *rule == rules::UNUSED_IGNORE) {
            return Vec::new();
        }
        let warning = |message: String, span| Finding {
            severity: Severity::Warning,
            rule: rules::UNUSED_IGNORE,
            field: String::new(),
            message,
            hint: Some("remove it".to_owned()),
            span: Some(span),
        };
        if !self.used.contains(&true) {
            return vec![warning("this comment ignores nothing".to_owned(), self.span)];
        }
        let unused = self.rules.iter().zip(&self.used).filter(|(_, used)| !**used);
        unused
            .map(|((rule, span), _)| warning(format!("nothing of rule {rule} is ignored here"), *span))
            .collect()
    }
}

fn complaint(message: String, hint: String, span: Span) -> Finding {
    Finding {
        severity: Severity::Error,
        rule: rules::IGNORE_COMMENT,
        field: String::new(),
        message,
        hint: Some(hint),
        span: Some(span),
    }
}

/// The lines of a part with something in them. Inside of scalars the answer can be wrong, but no comment stands there, and the line in
/// which a scalar starts is one.
fn content_lines(part: &str) -> Vec<u32> {
    part.lines().zip(1..).filter(|(text, _)| is_content(text)).map(|(_, line)| line).collect()
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
