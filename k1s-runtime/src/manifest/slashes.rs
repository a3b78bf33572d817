//! `\/` in double-quoted scalars: JSON and YAML 1.2 have that escape, YAML 1.1 does not.
//!
//! The parser resolves it without a word, so the scalar's text is looked at again where it stands in the source.

use saphyr_parser::Marker;

/// Finds the text of one double-quoted scalar after another. They come in the order of the text, so that all of them together take
/// one walk through it.
#[derive(Debug)]
pub(super) struct Slashes {
    /// From 1.
    line: usize,
    /// In characters, from 0.
    column: usize,
    byte: usize,
}

impl Slashes {
    /// `None` if the text has no `\/` anywhere, as nearly all have none.
    pub(super) fn in_text(text: &str) -> Option<Self> {
        text.contains("\\/").then_some(Self { line: 1, column: 0, byte: 0 })
    }

    /// Whether the double-quoted scalar that starts at `mark` has a `\/`.
    pub(super) fn are_in(&mut self, mark: &Marker, text: &str) -> bool {
        self.advance(mark, text);
        let mut raw = text[self.byte..].bytes().skip(1).take_while(|byte| *byte != b'"');
        while let Some(byte) = raw.next() {
            if byte == b'\\' && raw.next() == Some(b'/') {
                return true;
            }
        }
        false
    }

    fn advance(&mut self, mark: &Marker, text: &str) {
        while self.line < mark.line() {
            let rest = &text[self.byte..];
            self.byte += rest.find('\n').map_or(rest.len(), |found| found + 1);
            (self.line, self.column) = (self.line + 1, 0);
        }
        let ahead = mark.col().saturating_sub(self.column);
        let rest = &text[self.byte..];
        self.byte += rest.char_indices().nth(ahead).map_or(rest.len(), |(byte, _)| byte);
        self.column += ahead;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scalar_is_found() {
        let text = "- \"\u{e9}\" # \\/\n- [\"a\", '\\/', \"\\\"\", \"x\\/\"]\n";
        let mut slashes = Slashes::in_text(text).unwrap();
        let found = [(1, 2), (2, 3), (2, 14), (2, 20)]
            .map(|(line, column)| slashes.are_in(&Marker::new(0, line, column), text));
        assert_eq!(found, [false, false, false, true]);
        assert!(Slashes::in_text("a/b").is_none());
    }
}
