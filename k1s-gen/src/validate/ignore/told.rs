//! What is told of comments, with the lines that show it.

use crate::validate::finding::{Finding, Report};

/// Characters of a line that are kept to be shown.
const LINE: usize = 300;

/// A finding about a comment.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) finding: Finding,
    /// The line in which the comment stands.
    pub(super) shown: String,
}

/// As much of a line as is shown.
pub(super) fn shown(line: &str) -> String {
    line.chars().take(LINE).collect()
}

/// Adds findings to a report.
pub(super) fn tell(told: Vec<Told>, report: &mut Report) {
    let line = |told: &Told| Some((told.finding.span?.start.line, told.shown.clone()));
    report.lines.extend(told.iter().filter_map(line));
    report.lines.sort_by_key(|(number, _)| *number);
    report.lines.dedup_by_key(|(number, _)| *number);
    report.add(told.into_iter().map(|told| told.finding));
}
