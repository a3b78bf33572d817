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

    /// The text of the quoted scalar that starts at a mark, perhaps behind its anchor and tag, from its quote on, and the line and column of
    /// that, as in the parser's marks. `None` if no quote is there.
    pub(super) fn quoted<'t>(&mut self, mark: &Marker, text: &'t str) -> Option<(&'t str, usize, usize)> {
        let mut rest = self.from(mark, text);
        let (mut line, mut column) = (mark.line(), mark.col());
        loop {
            let length = match rest.chars().next()? {
                '\'' | '"' => return Some((rest, line, column)),
                '&' | '!' => rest.find([' ', '\t', '\n', '\r'])?,
                '#' => rest.find('\n')?,
                letter if letter.is_ascii_whitespace() => 1,
                _ => return None,
            };
            let skipped = &rest[..length];
            (line, column) = match skipped {
                "\n" => (line + 1, 0),
                _ => (line, column + skipped.chars().count()),
            };
            rest = &rest[length..];
        }
    }

    /// Where such a scalar really ends: the parser counts the space and the comment behind it as part of it.
    pub(super) fn end_of_quoted(&mut self, mark: &Marker, text: &str) -> Option<(usize, usize)> {
        let (quoted, mut line, mut column) = self.quoted(mark, text)?;
        let mut letters = quoted.chars().peekable();
        let quote = letters.next()?;
        column += 1;
        while let Some(letter) = letters.next() {
            (line, column) = if letter == '\n' { (line + 1, 0) } else { (line, column + 1) };
            match letter {
                // Any two letters belong together, or a quote and the one that escapes it.
                '\\' if quote == '"' && letters.next_if(|next| *next != '\n').is_some() => column += 1,
                '\'' if quote == '\'' && letters.next_if_eq(&'\'').is_some() => column += 1,
                letter if letter == quote => break,
                _ => {}
            }
        }
        Some((line, column))
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
        assert_eq!(ends, [Some((1, 10)), Some((2, 13)), Some((5, 3))]);
    }

    #[test]
    fn anchors_and_tags_are_no_text() {
        let text = "- &a\" 'x'\n- !!str # c\n  \"y\\\"z\"\n- plain\n";
        let mut cursor = Cursor::default();
        let ends = [1, 2, 4].map(|line| cursor.end_of_quoted(&Marker::new(0, line, 2), text));
        assert_eq!(ends, [Some((1, 9)), Some((3, 8)), None]);
    }
}
