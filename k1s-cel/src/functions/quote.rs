//! Text in double quotes as Go's `%q` and `strconv.Quote` write it: what error messages quote user input with.

use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;

/// What Go prints as it is, outside of ASCII: letters, marks, numbers, punctuation and symbols.
static PRINTABLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[\p{L}\p{M}\p{N}\p{P}\p{S}]$").ok());

/// Quotes text.
pub(crate) fn quote(text: &str) -> String {
    quote_bytes(text.as_bytes())
}

/// Quotes bytes that may be a part of text, cut anywhere.
pub(crate) fn quote_bytes(bytes: &[u8]) -> String {
    let mut quoted = String::with_capacity(bytes.len() + 2);
    quoted.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            push(&mut quoted, c);
        }
        for byte in chunk.invalid() {
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push('"');
    quoted
}

fn push(quoted: &mut String, c: char) {
    let named = match c {
        '\u{7}' => Some('a'),
        '\u{8}' => Some('b'),
        '\u{c}' => Some('f'),
        '\n' => Some('n'),
        '\r' => Some('r'),
        '\t' => Some('t'),
        '\u{b}' => Some('v'),
        '"' | '\\' => Some(c),
        _ => None,
    };
    let code = u32::from(c);
    let _ = match (named, c) {
        (Some(name), _) => write!(quoted, "\\{name}"),
        (None, ' '..='~') => write!(quoted, "{c}"),
        (None, '\0'..='\u{7f}') => write!(quoted, "\\x{code:02x}"),
        (None, c) if is_printable(c) => write!(quoted, "{c}"),
        (None, '\u{80}'..='\u{ffff}') => write!(quoted, "\\u{code:04x}"),
        (None, _) => write!(quoted, "\\U{code:08x}"),
    };
}

fn is_printable(c: char) -> bool {
    let mut buffer = [0; 4];
    let text: &str = c.encode_utf8(&mut buffer);
    PRINTABLE.as_ref().is_some_and(|printable| printable.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go_does() {
        assert_eq!(quote("a\"b\\\n\u{1}\u{7f}"), r#""a\"b\\\n\x01\x7f""#);
        assert_eq!(quote("é€😀\u{a0}\u{200b}\u{10ffff}"), "\"é€😀\\u00a0\\u200b\\U0010ffff\"");
        assert_eq!(quote_bytes(b"%z\xc3"), r#""%z\xc3""#);
    }
}
