//! Classes in brackets.
//!
//! Go has neither classes within classes nor operations on them; what stands for such in the `regex` crate is literal there.

use std::fmt::Write as _;

use super::escape::{consumed, escape};
use super::fault::{Code, Fault};
use super::property::property;

/// A class of its own, written for either place: outside of brackets and within.
pub(super) const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";

/// A class at the beginning of `text`, written anew, and what follows. Texts shorter than `name_end` have no `:]`: looking for it
/// again and again would take time that grows with the square of the pattern's length.
pub(super) fn class(text: &str, name_end: usize) -> Result<(String, &str), Fault> {
    let unclosed = || Code::MissingBracket.of(text);
    let mut out = String::from("[");
    let mut rest = text.get(1..).unwrap_or_default();
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    // A bracket right at the beginning is literal.
    let mut first = true;
    while first || !rest.starts_with(']') {
        first = false;
        if rest.len() >= name_end
            && let Some((item, after)) = named(rest)?
        {
            out.push_str(item);
            rest = after;
        } else if rest.starts_with("\\p") || rest.starts_with("\\P") {
            let (item, after) = property(rest)?;
            out.push_str(&item);
            rest = after;
        } else if let Some((item, after)) = perl(rest) {
            out.push_str(item);
            rest = after;
        } else {
            let (low, after) = member(rest).ok_or_else(unclosed)??;
            let (high, after) = match after.strip_prefix('-') {
                Some(end) if !end.is_empty() && !end.starts_with(']') => {
                    member(end).ok_or_else(unclosed)??
                }
                _ => (low, after),
            };
            if high < low {
                return Err(Code::CharRange.of(consumed(rest, after)));
            }
            push_range(&mut out, low, high);
            rest = after;
        }
    }
    out.push(']');
    Ok((out, rest.get(1..).unwrap_or_default()))
}

/// `\d` and its like, which are ASCII in Go, and what follows.
pub(super) fn perl(text: &str) -> Option<(&'static str, &str)> {
    let class = match text.strip_prefix('\\')?.chars().next()? {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => r"[\t\n\f\r\x20]",
        'S' => r"[^\t\n\f\r\x20]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        _ => return None,
    };
    Some((class, text.get(2..).unwrap_or_default()))
}

/// `[:alpha:]`: what begins like one and is closed must be one.
fn named(text: &str) -> Result<Option<(&str, &str)>, Fault> {
    const NAMES: &[&str] = &[
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
        "upper", "word", "xdigit",
    ];
    let Some((name, rest)) = text.strip_prefix("[:").and_then(|inside| inside.split_once(":]")) else {
        return Ok(None);
    };
    let written = consumed(text, rest);
    if NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
        Ok(Some((written, rest)))
    } else {
        Err(Code::CharRange.of(written))
    }
}

/// A code point of a class, and what follows; none at the end of the pattern.
fn member(text: &str) -> Option<Result<(u32, &str), Fault>> {
    let first = text.chars().next()?;
    if first == '\\' {
        return Some(escape(text));
    }
    Some(Ok((u32::from(first), text.get(first.len_utf8()..).unwrap_or_default())))
}

/// Adds a range without the surrogates in it.
fn push_range(out: &mut String, low: u32, high: u32) {
    const SURROGATES: std::ops::RangeInclusive<u32> = 0xd800..=0xdfff;
    let parts = [(low, high.min(SURROGATES.start() - 1)), (low.max(SURROGATES.end() + 1), high)];
    let before = out.len();
    for (low, high) in parts {
        if low <= high {
            push_code_point(out, low);
            if low < high {
                out.push('-');
                push_code_point(out, high);
            }
        }
    }
    if out.len() == before {
        out.push_str(NOTHING);
    }
}

/// Adds a code point that is not a surrogate.
pub(super) fn push_code_point(out: &mut String, code: u32) {
    match char::from_u32(code) {
        Some(plain) if plain.is_ascii_alphanumeric() || !plain.is_ascii() => out.push(plain),
        _ => {
            // Writing to a string does not fail.
            let _ = write!(out, "\\x{{{code:x}}}");
        }
    }
}
