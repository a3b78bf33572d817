//! What is quoted in error messages after Go has cut it anywhere, in the middle of a character even.

use std::fmt::Write as _;

use crate::gofmt::quote;

/// Bytes that may be a part of text, as `strconv.Quote` prints them.
pub(crate) fn quote_bytes(bytes: &[u8]) -> String {
    let mut quoted = String::from('"');
    for chunk in bytes.utf8_chunks() {
        let valid = quote(chunk.valid());
        quoted.push_str(valid.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(&valid));
        for byte in chunk.invalid() {
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_characters_are_shown_as_bytes() {
        assert_eq!(quote_bytes(b"%z\xc3"), r#""%z\xc3""#);
        assert_eq!(quote_bytes("a\"é€\u{a0}\n".as_bytes()), "\"a\\\"é€\\u00a0\\n\"");
    }
}
