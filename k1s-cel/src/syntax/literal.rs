//! Literals: the values that numbers and quoted texts stand for.

use std::borrow::Cow;

/// The value of a decimal or hexadecimal int, with its sign.
pub(super) fn int(text: &str, negative: bool) -> Result<i64, &'static str> {
    let magnitude = magnitude(text).ok_or(INVALID_INT)?;
    let value = if negative { -i128::from(magnitude) } else { i128::from(magnitude) };
    i64::try_from(value).map_err(|_| INVALID_INT)
}

/// The value of a uint, given with its suffix.
pub(super) fn uint(text: &str) -> Result<u64, &'static str> {
    magnitude(text.trim_end_matches(['u', 'U'])).ok_or("invalid uint literal")
}

/// The value of a double, with its sign. Doubles that are too large are refused, too small ones are zero.
pub(super) fn double(text: &str, negative: bool) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(if negative { -value } else { value }),
        _ => Err("invalid double literal"),
    }
}

const INVALID_INT: &str = "invalid int literal";

fn magnitude(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// The text that a string literal stands for, given with its quotes and prefix.
pub(super) fn string(text: &str) -> Result<Cow<'_, str>, &'static str> {
    let (body, raw) = body(text);
    let body = normalize_newlines(body);
    if raw || !body.contains('\\') {
        return Ok(body);
    }
    let mut out = String::with_capacity(body.len());
    unescape(&body, |part| match part {
        Part::Plain(text) => {
            out.push_str(text);
            Ok(())
        }
        Part::Code(code, _) => {
            // Halves of surrogate pairs are no characters; Go's encoder writes the replacement character for them.
            out.push(char::from_u32(code).or(replacement(code)).ok_or(INVALID_ESCAPE)?);
            Ok(())
        }
    })?;
    Ok(Cow::Owned(out))
}

/// The bytes that a bytes literal stands for, given with its quotes and prefixes.
pub(super) fn bytes(text: &str) -> Result<Vec<u8>, &'static str> {
    let (body, raw) = body(text.get(1..).unwrap_or_default());
    let body = normalize_newlines(body);
    if raw {
        return Ok(body.as_bytes().to_vec());
    }
    let mut out = Vec::with_capacity(body.len());
    unescape(&body, |part| match part {
        Part::Plain(text) => {
            out.extend_from_slice(text.as_bytes());
            Ok(())
        }
        // What an escape gives is a byte; those of Unicode have no place here.
        Part::Code(code, false) => {
            out.push(u8::try_from(code).map_err(|_| INVALID_ESCAPE)?);
            Ok(())
        }
        Part::Code(_, true) => Err(INVALID_ESCAPE),
    })?;
    Ok(out)
}

const INVALID_ESCAPE: &str = "unable to unescape string";

fn replacement(code: u32) -> Option<char> {
    (0xd800..=0xdfff).contains(&code).then_some(char::REPLACEMENT_CHARACTER)
}

/// What stands between the quotes, and whether it is raw.
fn body(text: &str) -> (&str, bool) {
    let raw = text.starts_with(['r', 'R']);
    let text = if raw { &text[1..] } else { text };
    let triple = text.len() >= 6 && (text.starts_with("'''") || text.starts_with("\"\"\""));
    let width = if triple { 3 } else { 1 };
    (text.get(width..text.len().saturating_sub(width)).unwrap_or_default(), raw)
}

/// Every end of line is `\n`, whatever the source has.
fn normalize_newlines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A piece of an unescaped text.
enum Part<'t> {
    /// Characters as they stand.
    Plain(&'t str),
    /// What an escape stands for, and whether it is an escape of Unicode (`\u`, `\U`).
    Code(u32, bool),
}

/// Takes `text`, whose escapes the lexer has found well-formed, apart.
fn unescape<'t>(
    text: &'t str,
    mut take: impl FnMut(Part<'t>) -> Result<(), &'static str>,
) -> Result<(), &'static str> {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        take(Part::Plain(&rest[..at]))?;
        let letter = rest.as_bytes().get(at + 1).copied().ok_or(INVALID_ESCAPE)?;
        let digits = |from: usize, count: usize, radix: u32| {
            let digits = rest.get(at + from..at + from + count).ok_or(INVALID_ESCAPE)?;
            u32::from_str_radix(digits, radix).map_err(|_| INVALID_ESCAPE)
        };
        let (code, unicode, length) = match letter {
            b'a' => (0x07, false, 2),
            b'b' => (0x08, false, 2),
            b'f' => (0x0c, false, 2),
            b'n' => (0x0a, false, 2),
            b'r' => (0x0d, false, 2),
            b't' => (0x09, false, 2),
            b'v' => (0x0b, false, 2),
            b'x' | b'X' => (digits(2, 2, 16)?, false, 4),
            b'u' => (digits(2, 4, 16)?, true, 6),
            b'U' => (digits(2, 8, 16)?, true, 10),
            b'0'..=b'3' => (digits(1, 3, 8)?, false, 4),
            b'\\' | b'\'' | b'"' | b'`' | b'?' => (u32::from(letter), false, 2),
            _ => return Err(INVALID_ESCAPE),
        };
        take(Part::Code(code, unicode))?;
        rest = rest.get(at + length..).ok_or(INVALID_ESCAPE)?;
    }
    take(Part::Plain(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_to_their_ranges() {
        assert_eq!(int("9223372036854775808", true), Ok(i64::MIN));
        assert_eq!(int("9223372036854775808", false), Err("invalid int literal"));
        assert_eq!(int("0xff", true), Ok(-255));
        assert_eq!(uint("18446744073709551615u"), Ok(u64::MAX));
        assert_eq!(uint("18446744073709551616U"), Err("invalid uint literal"));
        assert_eq!(double("1e309", false), Err("invalid double literal"));
        assert_eq!(double(".5", true), Ok(-0.5));
    }

    #[test]
    fn escapes_are_characters_in_strings_and_bytes_in_bytes() {
        assert_eq!(string(r"'\x41\303\u00e9\U0001F600\n'").as_deref(), Ok("A\u{c3}\u{e9}\u{1f600}\n"));
        assert_eq!(bytes(r"b'\x41\303é'").as_deref(), Ok([0x41, 0xc3, 0xc3, 0xa9].as_slice()));
        assert_eq!(string(r"'\U00110000'"), Err("unable to unescape string"));
        assert_eq!(string(r"'\ud800'").as_deref(), Ok("\u{fffd}"));
        assert_eq!(bytes(r"b'\u0041'"), Err("unable to unescape string"));
    }

    #[test]
    fn raw_and_triple_quotes() {
        assert_eq!(string(r"r'\n'").as_deref(), Ok(r"\n"));
        assert_eq!(string("'''a\r\n'b'''").as_deref(), Ok("a\n'b"));
        assert_eq!(string("''").as_deref(), Ok(""));
        assert_eq!(bytes(r#"bR"""\x""""#).as_deref(), Ok(br"\x".as_slice()));
    }
}
