//! Where faults stand in the text, and the lines that show them.

use k1s_runtime::manifest::{Document, Place, Position, Positions, Span};

use super::fault::{Fault, Part};
use super::finding::{Finding, Report};

/// Longest line that is kept for output, in characters; what shows it cuts it to what fits.
const LINE: usize = 4_096;

/// Finds faults in one document.
pub(super) struct Locator<'d> {
    positions: Option<&'d Positions>,
    /// Path of the object in the document, with the dot that follows.
    prefix: &'d str,
    /// Where to point if nothing better is known.
    fallback: Option<Position>,
}

impl<'d> Locator<'d> {
    /// For an object of a document that starts in a line.
    pub(super) fn of(document: Option<&'d Document>, prefix: &'d str, line: usize) -> Self {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let positions = document.map(|document| &document.positions);
        Self { positions, prefix, fallback: Some(Position { line, column: 1 }) }
    }

    /// For faults at one place.
    pub(super) fn at(position: Position) -> Self {
        Self { positions: None, prefix: "", fallback: Some(position) }
    }

    /// For faults in a line, or of a file as a whole if it is 0.
    pub(super) fn at_line(line: u32) -> Self {
        let fallback = (line > 0).then_some(Position { line, column: 1 });
        Self { positions: None, prefix: "", fallback }
    }

    /// A fault with its place.
    pub(super) fn finding(&self, fault: Fault) -> Finding {
        let span = self.span(&fault);
        let Fault { severity, rule, field, message, hint, .. } = fault;
        Finding { severity, rule, field, message, hint, span }
    }

    /// Puts faults into a report, in order of their places, with the lines of the text that show them. `first` is the text's first line.
    pub(super) fn report(&self, faults: Vec<Fault>, text: &[u8], first: usize, report: &mut Report) {
        report.findings.extend(faults.into_iter().map(|fault| self.finding(fault)));
        report.findings.sort_by(|a, b| (a.span, &a.field, a.rule).cmp(&(b.span, &b.field, b.rule)));
        let mut wanted: Vec<u32> =
            report.findings.iter().filter_map(|finding| Some(finding.span?.start.line)).collect();
        wanted.dedup();
        report.lines = lines(text, first, &wanted);
    }

    fn span(&self, fault: &Fault) -> Option<Span> {
        let nowhere =
            self.fallback.map(|at| Span { start: at, end: Position { column: at.column + 1, ..at } });
        let Some(positions) = self.positions.filter(|positions| !positions.is_empty()) else {
            return nowhere;
        };
        let path = fault.place.as_deref().unwrap_or(&fault.field);
        if path.is_empty() || path == self.prefix.trim_end_matches('.') {
            // What is wrong with an object as a whole is shown at its kind, or where it begins.
            let kind = positions.field(&format!("{}kind", self.prefix)).map(|place| place.value);
            return kind.or_else(|| positions.nearest(path).map(shown)).or(nowhere);
        }
        let found = match (positions.field(path), fault.part) {
            (Some(Place { key: Some(key), .. }), Part::Key) => Some(key),
            (Some(place), _) => Some(shown(place)),
            (None, _) => positions.nearest(path).map(|place| match place.key {
                Some(key) => key,
                // Of the root only the beginning.
                None => beginning(place.value),
            }),
        };
        found.or(nowhere)
    }
}

/// The value, unless it is so long that its key says more.
fn shown(place: Place) -> Span {
    match place.key {
        Some(key) if place.value.start.line != place.value.end.line => key,
        Some(key) if place.value.start == place.value.end => key,
        _ => beginning(place.value),
    }
}

/// What of a value stands in its first line; a character of it if that is all that is known.
fn beginning(span: Span) -> Span {
    let Span { start, end } = span;
    if start.line == end.line && start.column < end.column {
        return span;
    }
    Span { start, end: Position { line: start.line, column: start.column + 1 } }
}

/// The wanted lines of a text, whose first one has the number `first`. The wanted ones are in ascending order.
fn lines(text: &[u8], first: usize, wanted: &[u32]) -> Vec<(u32, String)> {
    let mut wanted = wanted.iter().copied().peekable();
    let mut found = Vec::new();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let Ok(number) = u32::try_from(first + index) else { break };
        while wanted.next_if(|wanted| *wanted < number).is_some() {}
        match wanted.peek() {
            None => break,
            Some(next) if *next == number => {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let line = &line[..line.len().min(LINE * 4)];
                found.push((number, String::from_utf8_lossy(line).chars().take(LINE).collect()));
            }
            Some(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_are_wanted_are_kept() {
        let text = b"a\nb\r\nc\n";
        assert_eq!(lines(text, 5, &[6, 7]), [(6, "b".to_owned()), (7, "c".to_owned())]);
        assert_eq!(lines(text, 5, &[1, 5]), [(5, "a".to_owned())]);
        assert!(lines(text, 5, &[]).is_empty());
        assert_eq!(lines("é".repeat(10_000).as_bytes(), 1, &[1])[0].1.chars().count(), LINE);
    }
}
