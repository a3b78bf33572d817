//! A source line as a terminal shows it, and what of it to underline.

use unicode_width::UnicodeWidthStr;

use super::visible::push_visible;
use crate::validate::finding::Span;

/// Columns that a tab takes.
const TAB: &str = "    ";

/// A line, or the part of it that fits, and where in it a span is, in columns of a terminal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Snippet {
    /// The line with nothing in it that a terminal would obey.
    pub(super) text: String,
    /// Columns in front of the span.
    pub(super) before: usize,
    /// Columns of the span; at least 1.
    pub(super) length: usize,
}

/// The part of a line around the first line of a span that fits into so many columns. `None` if the line does not reach that far.
pub(super) fn snippet(line: &str, span: Span, width: usize) -> Option<Snippet> {
    let shown = Shown::new(line.trim_end_matches(['\n', '\r']));
    let characters = shown.starts.len() - 1;
    let start = (span.start.column as usize).saturating_sub(1);
    if start > characters {
        return None;
    }
    let end = if span.end.line > span.start.line {
        characters
    } else {
        (span.end.column as usize).saturating_sub(1)
    };
    let end = end.clamp(start, characters);
    let (from, to) = shown.window(start, end, width);
    let mut text = String::new();
    if from > 0 {
        text.push('…');
    }
    let before = text.width() + shown.columns(from, start);
    text.push_str(shown.part(from, to));
    if to < characters {
        text.push('…');
    }
    Some(Snippet { text, before, length: shown.columns(start, end.min(to)).max(1) })
}

/// A line as it is shown, with the start of each of its characters and the end.
struct Shown {
    text: String,
    starts: Vec<usize>,
}

impl Shown {
    fn new(line: &str) -> Self {
        let mut shown = Shown { text: String::with_capacity(line.len()), starts: Vec::new() };
        for character in line.chars() {
            shown.starts.push(shown.text.len());
            match character {
                '\t' => shown.text.push_str(TAB),
                other => push_visible(&mut shown.text, other),
            }
        }
        shown.starts.push(shown.text.len());
        shown
    }

    fn part(&self, from: usize, to: usize) -> &str {
        &self.text[self.starts[from]..self.starts[to]]
    }

    /// Columns that the characters of a range take.
    fn columns(&self, from: usize, to: usize) -> usize {
        self.part(from, to).width()
    }

    /// The characters to show of a line: all if they fit, else some in front of the span and what fits behind.
    fn window(&self, start: usize, end: usize, width: usize) -> (usize, usize) {
        let characters = self.starts.len() - 1;
        if self.text.width() <= width {
            return (0, characters);
        }
        // A span that ends within the width can be seen without cutting anything in front.
        let mut from = 0;
        if self.columns(0, end) > width {
            from = start;
            let context = width / 4;
            let mut columns = 0;
            while from > 0 {
                columns += self.columns(from - 1, from);
                if columns > context {
                    break;
                }
                from -= 1;
            }
        }
        let (mut to, mut columns) = (from, 0);
        while to < characters {
            columns += self.columns(to, to + 1);
            if columns > width {
                break;
            }
            to += 1;
        }
        // At least the first character of the span, however wide it is.
        (from, to.max(start + 1).min(characters))
    }
}

#[cfg(test)]
mod tests {
    use k1s_runtime::manifest::Position;

    use super::*;

    fn at(line: &str, start: u32, end: u32, width: usize) -> (String, String) {
        let position = |column| Position { line: 1, column };
        let snippet = snippet(line, Span { start: position(start), end: position(end) }, width).unwrap();
        (snippet.text, " ".repeat(snippet.before) + &"^".repeat(snippet.length))
    }

    fn both(text: &str, carets: &str) -> (String, String) {
        (text.to_owned(), carets.to_owned())
    }

    #[test]
    fn carets_stand_under_the_span() {
        assert_eq!(at("  name: hammer\r\n", 9, 15, 80), both("  name: hammer", "        ^^^^^^"));
        // A place with no length, and one behind the end.
        assert_eq!(at("name:", 1, 1, 80), both("name:", "^"));
        assert_eq!(at("name:", 6, 6, 80), both("name:", "     ^"));
    }

    #[test]
    fn wide_and_combining_characters_and_tabs_are_measured() {
        assert_eq!(at("漢字: 値", 5, 6, 80), both("漢字: 値", "      ^^"));
        assert_eq!(at("a\u{301}: x", 5, 6, 80), both("a\u{301}: x", "   ^"));
        assert_eq!(at("\ta:\tb", 5, 6, 80), both("    a:    b", "          ^"));
        assert_eq!(at("👩\u{200d}🔧: x", 6, 7, 80), both("👩\u{200d}🔧: x", "    ^"));
    }

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_counted() {
        assert_eq!(at("a\u{1b}[2Jb", 6, 7, 80), both("a\\u{1b}[2Jb", "          ^"));
    }

    #[test]
    fn long_lines_are_cut_around_the_span() {
        let line = format!("{}needle{}", "x".repeat(100), "y".repeat(100));
        assert_eq!(at(&line, 101, 107, 20), both("…xxxxxneedleyyyyyyyyy…", "      ^^^^^^"));
        assert_eq!(at(&line, 3, 5, 10), both("xxxxxxxxxx…", "  ^^"));
        let (text, carets) = at(&"漢".repeat(50), 1, 51, 9);
        assert_eq!((text.as_str(), carets.len()), ("漢漢漢漢…", 8));
    }

    #[test]
    fn spans_of_many_lines_are_underlined_to_the_end_of_the_first() {
        let position = |line, column| Position { line, column };
        let span = Span { start: position(1, 3), end: position(4, 1) };
        let snippet = snippet("a: [1,", span, 80).unwrap();
        assert_eq!((snippet.before, snippet.length), (2, 4));
    }

    #[test]
    fn a_line_that_was_cut_before_the_span_is_not_shown() {
        let span = Span { start: Position { line: 1, column: 90 }, end: Position { line: 1, column: 95 } };
        assert_eq!(snippet("short", span, 80), None);
    }
}
