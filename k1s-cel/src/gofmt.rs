//! Numbers and texts as Go prints them: what strings made by expressions and error messages look like.

use std::fmt::Write as _;
use std::num::{IntErrorKind, ParseIntError};

/// A double as Go's `%g` and `%v` print it: the fewest digits that read back the same, with an exponent below 1e-04 and from 1e+06
/// on. (JSON's exponents begin at 1e+21, but that is another routine of Go.)
///
/// ```
/// # use k1s_cel::gofmt::double;
/// assert_eq!([2.5, 1e6, -0.00001].map(double), ["2.5", "1e+06", "-1e-05"]);
/// ```
#[must_use]
pub fn double(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    let size = value.abs();
    if size == 0.0 || (1e-4..1e6).contains(&size) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    format!("{mantissa}e{sign}{exponent:0>2}")
}

/// Text as `strconv.Quote` prints it.
///
/// ```
/// # use k1s_cel::gofmt::quote;
/// assert_eq!(quote("a\u{a0}\"b\u{1}"), r#""a\u00a0\"b\x01""#);
/// ```
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            ' '..='~' => out.push(c),
            c if c.is_ascii() => push_code(&mut out, "\\x", 2, c),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) < 0x1_0000 => push_code(&mut out, "\\u", 4, c),
            c => push_code(&mut out, "\\U", 8, c),
        }
    }
    out.push('"');
    out
}

fn push_code(out: &mut String, prefix: &str, width: usize, c: char) {
    out.push_str(prefix);
    // Writing to a String cannot fail.
    let _ = write!(out, "{:0width$x}", u32::from(c));
}

/// Whether a character is printable (`strconv.IsPrint`).
///
/// Rust's and Go's notions agree; Rust tells through `Debug`, where a combining mark counts as printable after another character
/// only, and where quotes and backslashes are escaped although they are.
#[must_use]
pub fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    let after_a = String::from_iter(['a', c]);
    format!("{after_a:?}").len() == after_a.len() + 2
}

/// Why `strconv.Atoi` does not take a text that Rust does not take either.
pub(crate) fn atoi_error(text: &str, why: &ParseIntError) -> String {
    let why = match why.kind() {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "value out of range",
        _ => "invalid syntax",
    };
    format!("strconv.Atoi: parsing {}: {why}", quote(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles() {
        let texts = [
            1e5,
            1e6,
            123_456_789.0,
            1e21,
            1e-4,
            1e-5,
            0.5,
            -2.0,
            -0.0,
            100_000.5,
            9.999_999_999_999_998e-15,
        ];
        let expected = [
            "100000",
            "1e+06",
            "1.23456789e+08",
            "1e+21",
            "0.0001",
            "1e-05",
            "0.5",
            "-2",
            "-0",
            "100000.5",
            "9.999999999999998e-15",
        ];
        assert_eq!(texts.map(double), expected);
        let texts = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e-300, f64::MAX].map(double);
        assert_eq!(texts, ["+Inf", "-Inf", "NaN", "1e-300", "1.7976931348623157e+308"]);
    }

    #[test]
    fn quotes() {
        assert_eq!(quote("a\u{a0}\"b\u{1}é"), r#""a\u00a0\"b\x01é""#);
    }
}
