//! How a string is written in YAML: libyaml's analysis of its characters together with go-yaml's rule that a text that
//! would read as another type is quoted.

use super::scalar::{Scalar, resolve};

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// What the characters of a text allow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Analysis {
    plain: bool,
    single_quoted: bool,
    block: bool,
    /// Whether there is a line break of any kind.
    pub(super) multiline: bool,
}

impl Analysis {
    pub(super) fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { plain: true, single_quoted: true, block: false, multiline: false };
        }
        let mut indicator = text.starts_with("---") || text.starts_with("...");
        let (mut special, mut multiline) = (false, false);
        let (mut break_space, mut space_break) = (false, false);
        let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
        let mut chars = text.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            let blank_follows = chars.peek().is_none_or(|next| matches!(next, ' ' | '\t'));
            indicator |= match c {
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
                    first
                }
                '?' | '-' => first && blank_follows,
                ':' => blank_follows,
                '#' => after_blank,
                _ => false,
            };
            // go-yaml writes these two as they are. YAML 1.2 has them for plain characters, and the spaces that go-yaml puts after
            // them for spaces.
            special |= !is_printable(c) || matches!(c, '\u{2028}' | '\u{2029}');
            let (space, line_break) = (c == ' ', is_break(c));
            multiline |= line_break;
            break_space |= space && after_break;
            space_break |= line_break && after_space;
            (after_space, after_break) = (space, line_break);
            after_blank = space || line_break || c == '\t';
            first = false;
        }
        let edge = |c: char| c == ' ' || is_break(c);
        let edges = text.starts_with(edge) || text.ends_with(edge);
        let unquotable = break_space || space_break || special;
        Self {
            plain: !(indicator || multiline || edges || unquotable),
            single_quoted: !unquotable,
            block: !(text.ends_with(' ') || space_break || special),
            multiline,
        }
    }

    /// The style for a string value; `simple_key` if it is a key on one line with its value.
    pub(super) fn style(self, text: &str, simple_key: bool) -> Style {
        if text.contains('\n') {
            return if self.block && !simple_key { Style::Literal } else { Style::DoubleQuoted };
        }
        if reads_as_another_type(text) || simple_key && text == "<<" {
            return Style::DoubleQuoted;
        }
        if self.plain {
            return Style::Plain;
        }
        if self.single_quoted && !(simple_key && self.multiline) {
            Style::SingleQuoted
        } else {
            Style::DoubleQuoted
        }
    }
}

fn reads_as_another_type(text: &str) -> bool {
    !matches!(resolve(text), Scalar::Text) || is_base_60(text)
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`: a number for other YAML 1.1 readers.
fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = text.split(':');
    let whole = parts.next().unwrap_or_default();
    let digits_or_lines = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    if !whole.starts_with(|c: char| c.is_ascii_digit()) || !digits_or_lines(whole) {
        return false;
    }
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return false;
    }
    while let Some(part) = parts.next() {
        let (part, fraction) = match part.split_once('.') {
            Some((part, fraction)) if parts.peek().is_none() => (part, fraction),
            Some(_) => return false,
            None => (part, ""),
        };
        let sound = match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [b'0'..=b'5', digit] => digit.is_ascii_digit(),
            _ => false,
        };
        if !sound || !digits_or_lines(fraction) {
            return false;
        }
    }
    true
}

/// What go-yaml writes as it is. Tabs and everything outside the basic plane are escaped.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}') && c != '\u{FEFF}'
}

/// Line breaks of YAML 1.1.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambiguous_texts_are_quoted() {
        let style = |text: &str| Analysis::of(text).style(text, false);
        for text in [
            "true",
            "y",
            "",
            "1",
            "1_000",
            "0x10",
            "~",
            "2001-02-03T04:05:06Z",
            "190:20:30",
            "a\tb",
            "😀",
            ".inf",
            "`\u{2028}b",
            "a\u{2029}\n",
        ] {
            assert_eq!(style(text), Style::DoubleQuoted, "{text}");
        }
        for text in ["# x", "- x", "a: b", "x #y", "*x", " x", "x ", "'x'", "@x", "a:", "---x", "{}"] {
            assert_eq!(style(text), Style::SingleQuoted, "{text}");
        }
        for text in ["a", "a:b", "a#b", "-x", "?x", "a, b", "1.2.3.4", "é", "0x", "a b", "<<", ":x"] {
            assert_eq!(style(text), Style::Plain, "{text}");
        }
        assert_eq!(style("a\nb"), Style::Literal);
        assert_eq!(style("a \nb"), Style::DoubleQuoted);
    }
}
