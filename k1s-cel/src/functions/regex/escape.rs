//! Escapes of single characters.

use super::fault::{Code, Fault};

/// The code point that an escape at the beginning of `text` stands for, and what follows. Surrogates are code points in Go, too,
/// although no text has them.
pub(super) fn escape(text: &str) -> Result<(u32, &str), Fault> {
    let mut chars = text.chars();
    // The backslash.
    chars.next();
    let Some(escaped) = chars.next() else { return Err(Code::TrailingBackslash.of("")) };
    let rest = chars.as_str();
    let fault = |rest: &str| Code::Escape.of(consumed(text, rest));
    match escaped {
        '1'..='7' if !rest.starts_with(|next| matches!(next, '0'..='7')) => Err(fault(rest)),
        '0'..='7' => Ok(octal(text)),
        'x' => hexadecimal(rest).map_err(fault),
        'a' => Ok((0x07, rest)),
        'f' => Ok((0x0c, rest)),
        'n' => Ok((0x0a, rest)),
        'r' => Ok((0x0d, rest)),
        't' => Ok((0x09, rest)),
        'v' => Ok((0x0b, rest)),
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => Ok((u32::from(other), rest)),
        _ => Err(fault(rest)),
    }
}

/// What has been read of `text` when `rest` is left.
pub(super) fn consumed<'t>(text: &'t str, rest: &str) -> &'t str {
    text.get(..text.len().saturating_sub(rest.len())).unwrap_or(text)
}

/// `\0`, `\12`, `\123`.
fn octal(text: &str) -> (u32, &str) {
    let digits = text.bytes().skip(1).take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let (escape, rest) = text.split_at(1 + digits);
    (u32::from_str_radix(&escape[1..], 8).unwrap_or_default(), rest)
}

/// `41` or `{41}`, after `\x`. The error is what is left after the part that is wrong.
fn hexadecimal(text: &str) -> Result<(u32, &str), &str> {
    let mut chars = text.chars();
    match chars.next() {
        None => Err(text),
        Some('{') => braced(chars.as_str()),
        Some(high) => {
            let low = chars.next();
            let rest = chars.as_str();
            match (high.to_digit(16), low.and_then(|low| low.to_digit(16))) {
                (Some(high), Some(low)) => Ok((high * 16 + low, rest)),
                _ => Err(rest),
            }
        }
    }
}

fn braced(text: &str) -> Result<(u32, &str), &str> {
    let mut code = 0_u32;
    let mut chars = text.chars();
    let mut digits = 0;
    loop {
        let Some(next) = chars.next() else { return Err("") };
        let rest = chars.as_str();
        if next == '}' {
            return if digits > 0 { Ok((code, rest)) } else { Err(rest) };
        }
        let Some(digit) = next.to_digit(16) else { return Err(rest) };
        code = code * 16 + digit;
        if code > u32::from(char::MAX) {
            return Err(rest);
        }
        digits += 1;
    }
}
