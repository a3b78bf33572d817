//! Comments in YAML that say which findings are meant to be:
//!
//! - `# k1s-gen:ignore` behind a key or value, or on a line of its own above it, is for findings that point into that line;
//! - `# k1s-gen:ignore[required, cel] reason` is for those of these rules only;
//! - `# k1s-gen:ignore-document[…]` is for the whole document it stands in, or in front of;
//! - `# k1s-gen:ignore-file[…]` above the first document is for the whole file.
//!
//! What ignores nothing is warned about (rule `unused-ignore`), unless it names `unused-ignore` too; what cannot be understood is an error
//! (rule `ignore-comment`). [`Comments`] are read from the text of a document, by whatever thread has it; [`Ignores`] is given them with the
//! document's reports, in order.

use std::sync::Arc;

use k1s_runtime::manifest::{Options, Parts};

use super::finding::{Report, Verdict};
use super::rules;

mod comments;
mod directive;
mod scan;
mod told;

pub use scan::Comments;

use directive::MARK;
use scan::Ignore;
use told::{Told, tell};

/// The ignore comments of a source, as far as its documents have come in.
#[derive(Debug, Default)]
pub struct Ignores {
    file: Vec<Ignore>,
    /// Those for a document that stand in front of its separator.
    waiting: Vec<Ignore>,
    /// Whether there was a document already.
    filled: bool,
    /// Whether a document was skipped or could not be judged: nobody knows what else would have been found in it.
    unjudged: bool,
    /// What has no report to stand in.
    told: Vec<Told>,
}

impl Ignores {
    /// Takes the next document of the source: what is to be ignored is taken out of its reports, and what there is to say about its
    /// comments is added to the first of them. A document that is a list has several reports, one with nothing in it has none.
    pub fn document<'r>(&mut self, comments: Comments, reports: impl IntoIterator<Item = &'r mut Report>) {
        let mut reports: Vec<&mut Report> = reports.into_iter().collect();
        let judged = reports.iter().all(|report| matches!(report.verdict, Verdict::Valid | Verdict::Invalid));
        self.unjudged |= !judged;
        let first = !self.filled;
        self.filled |= comments.filled;
        if comments.is_empty() && self.file.is_empty() && self.waiting.is_empty() {
            return;
        }
        let Comments { filled, mut lines, mut document, file, faults: mut told } = comments;
        match first {
            true => self.file.extend(file),
            false => told.extend(file.into_iter().map(Ignore::too_late)),
        }
        if filled {
            document.append(&mut self.waiting);
        } else {
            self.waiting.append(&mut document);
        }
        for report in &mut reports {
            suppress(report, &mut lines, &mut document, &mut self.file);
        }
        if judged {
            let comments = lines.iter().map(|(_, _, comment)| comment).chain(&document);
            told.extend(comments.flat_map(Ignore::unused));
        }
        match reports.first_mut() {
            _ if told.is_empty() => {}
            Some(report) => tell(told, report),
            None => self.told.append(&mut told),
        }
    }

    /// Ends the source and begins the next. Answers with what there is to say about comments that belong to no document, as a report of
    /// its own.
    pub fn finish(&mut self, source: &Arc<str>) -> Option<Report> {
        let Self { file, waiting, unjudged, mut told, .. } = std::mem::take(self);
        told.extend(waiting.iter().flat_map(Ignore::unused));
        if !unjudged {
            told.extend(file.iter().flat_map(Ignore::unused));
        }
        if told.is_empty() {
            return None;
        }
        let mut report = Report {
            source: source.clone(),
            index: 0,
            line: 1,
            object: None,
            verdict: Verdict::Valid,
            findings: Vec::new(),
            lines: Vec::new(),
            suppressed: 0,
        };
        tell(told, &mut report);
        Some(report)
    }
}

/// Takes out of a report what is to be ignored.
fn suppress(
    report: &mut Report,
    lines: &mut [(u32, u32, Ignore)],
    document: &mut [Ignore],
    file: &mut [Ignore],
) {
    report.retain(|finding| {
        if rules::find(finding.rule).is_some_and(|rule| !rule.ignorable) {
            return true;
        }
        let line = finding.span.map_or(0, |span| span.start.line);
        let from = lines.partition_point(|(_, to, _)| *to < line);
        let to = lines.partition_point(|(from, _, _)| *from <= line).max(from);
        let lines = lines[from..to].iter_mut().map(|(_, _, comment)| comment);
        // All that are for it are of use.
        let all = lines.chain(document.iter_mut()).chain(file.iter_mut());
        all.filter_map(|comment| comment.takes(finding.rule).then_some(())).count() == 0
    });
}

/// Whether a text may have ignore comments, for those who would rather not look closer.
pub fn mentions(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.contains(MARK))
}

/// Does all of it for a source whose text and reports are at hand: see [`Ignores::document`] and [`Ignores::finish`]. Sources in JSON have
/// no comments.
///
/// ```
/// use k1s_gen::validate::ignore::apply;
/// # let source = std::sync::Arc::from("items.yaml");
/// # let mut reports = Vec::new();
/// let text = b"kind: Item\nspec:\n  colour: red # k1s-gen:ignore[unknown-field] until v2\n";
/// let about_comments = apply(&source, text, &mut reports);
/// # assert_eq!(about_comments.unwrap().findings[0].rule, "unused-ignore");
/// ```
pub fn apply(source: &Arc<str>, text: &[u8], reports: &mut [Report]) -> Option<Report> {
    if !mentions(text) || text.trim_ascii_start().first() == Some(&b'{') {
        return None;
    }
    let mut ignores = Ignores::default();
    let mut rest = reports;
    // A stream that is too large ends early, for the decoder as for us.
    let mut parts = Parts::new(source, text, Options::default()).map_while(Result::ok).peekable();
    while let Some(part) = parts.next() {
        let end = parts.peek().map_or(usize::MAX, |next| next.line);
        let (own, others) = rest.split_at_mut(rest.partition_point(|report| report.line < end));
        ignores.document(Comments::of(&part.text, part.line), own);
        rest = others;
    }
    ignores.finish(source)
}
