//! Values as Go prints them: the API server's messages are Go's `%q`, `%v` and `encoding/json`.

use std::fmt::Write as _;

use serde_json::Value;

pub use crate::manifest::{go_float as float, go_json_float as json_float, to_json_compact as json};

/// Text as `%q` (`strconv.Quote`) prints it.
///
/// ```
/// assert_eq!(k1s_runtime::api::gotext::quote("a\u{a0}\"b\u{1}"), r#""a\u00a0\"b\x01""#);
/// ```
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
/// Rust's and Go's notions agree; Rust tells through `Debug`, where a combining mark counts as printable after another
/// character only, and where quotes and backslashes are escaped although they are.
pub fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    let after_a = String::from_iter(['a', c]);
    format!("{after_a:?}").len() == after_a.len() + 2
}

/// A value as `field.Error` shows it: strings quoted, numbers and booleans plain, anything else as JSON.
pub fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (None, Some(number)) => float(number),
            _ => number.to_string(),
        },
        other => json(other),
    }
}

/// The type of a JSON value as Go's decoder names it.
pub fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
