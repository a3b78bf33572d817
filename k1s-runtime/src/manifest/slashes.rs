//! `\/` in double-quoted scalars: JSON and YAML 1.2 have that escape, YAML 1.1 does not.
//!
//! The parser resolves it without a word, so the scalar's text is looked at again where it stands in the source.

use saphyr_parser::Marker;

use super::cursor::Cursor;

/// Finds the text of one double-quoted scalar after another. They come in the order of the text, so that all of them together take
/// one walk through it.
#[derive(Debug)]
pub(super) struct Slashes(Cursor);

impl Slashes {
    /// `None` if the text has no `\/` anywhere, as nearly all have none.
    pub(super) fn in_text(text: &str) -> Option<Self> {
        text.contains("\\/").then(|| Self(Cursor::default()))
    }

    /// Whether the double-quoted scalar that starts at `mark` has a `\/`.
    pub(super) fn are_in(&mut self, mark: &Marker, text: &str) -> bool {
        let quoted = self.0.quoted(mark, text).map_or("", |(quoted, ..)| quoted);
        let mut raw = quoted.bytes().skip(1).take_while(|byte| *byte != b'"');
        while let Some(byte) = raw.next() {
            if byte == b'\\' && raw.next() == Some(b'/') {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scalar_is_found() {
        let text = "- \"\u{e9}\" # \\/\n- [\"a\", '\\/', \"\\\"\", \"x\\/\"]\n- &a !!str \"\\/\"\n";
        let mut slashes = Slashes::in_text(text).unwrap();
        let found = [(1, 2), (2, 3), (2, 14), (2, 20), (3, 2)]
            .map(|(line, column)| slashes.are_in(&Marker::new(0, line, column), text));
        assert_eq!(found, [false, false, false, true, true]);
        assert!(Slashes::in_text("a/b").is_none());
    }
}
