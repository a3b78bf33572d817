//! From the parser's marks, which count characters, to the text: for what the parser does not tell. Marks come in the order of the text, so
//! that all of them together take one walk through it.

use saphyr_parser::Marker;

/// A place in a text that only moves on.
#[derive(Debug)]
pub(super) struct Cursor {
    /// From 1.
    line: usize,
    /// In characters, from 0.
    column: usize,
    byte: usize,
}

impl Default for Cursor {
    fn default() -> Self {
        Self { line: 1, column: 0, byte: 0 }
    }
}

impl Cursor {
    /// The text from a mark on.
    pub(super) fn from<'t>(&mut self, mark: &Marker, text: &'t str) -> &'t str {
        while self.line < mark.line() {
            let rest = &text[self.byte..];
            self.byte += rest.find('\n').map_or(rest.len(), |found| found + 1);
            (self.line, self.column) = (self.line + 1, 0);
        }
        let ahead = mark.col().saturating_sub(self.column);
        let rest = &text[self.byte..];
        self.byte += rest.char_indices().nth(ahead).map_or(rest.len(), |(byte, _)| byte);
        self.column += ahead;
        &text[self.byte..]
    }

    /// Where the quoted scalar that starts at a mark, perhaps with its anchor and tag, really ends; the parser counts the space and the
    /// comment behind it as part of it. Line and column as in the parser's marks.
    pub(super) fn end_of_quoted(&mut self, mark: &Marker, text: &str) -> (usize, usize) {
        let (mut line, mut column) = (mark.line(), mark.col());
        let mut quote = None;
        let mut letters = self.from(mark, text).chars().peekable();
        while let Some(letter) = letters.next() {
            (line, column) = if letter == '\n' { (line + 1, 0) } else { (line, column + 1) };
            match (quote, letter) {
                (None, '\'' | '"') => quote = Some(letter),
                // Any two letters belong together, or a quote and the one that escapes it.
                (Some('"'), '\\') if letters.next_if(|next| *next != '\n').is_some() => column += 1,
                (Some('\''), '\'') if letters.next_if_eq(&'\'').is_some() => column += 1,
                (Some(opening), closing) if opening == closing => break,
                _ => {}
            }
        }
        (line, column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_scalars_end_with_their_quote() {
        let text = "a: 'it''s'  # c\nb: &x \"q\\\" é\" ,\nc: \"a\n  b\\\n c\" # d\n";
        let mut cursor = Cursor::default();
        let ends = [(1, 3), (2, 3), (3, 3)]
            .map(|(line, column)| cursor.end_of_quoted(&Marker::new(0, line, column), text));
        assert_eq!(ends, [(1, 10), (2, 13), (5, 3)]);
    }
}
