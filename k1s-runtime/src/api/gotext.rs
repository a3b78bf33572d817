//! Values as Go prints them: the API server's messages are Go's `%q`, `%v` and `encoding/json`.

use std::fmt::Write as _;

use serde_json::Value;

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

/// Rust's and Go's notions of a printable character agree; Rust tells through `Debug`, where a combining mark counts as
/// printable after another character only.
fn is_printable(c: char) -> bool {
    let after_a = String::from_iter(['a', c]);
    format!("{after_a:?}").len() == after_a.len() + 2
}

/// A number as `%v` prints a `float64`: shortest, with an exponent below 1e-4 and from 1e6 on.
///
/// ```
/// use k1s_runtime::api::gotext::float;
/// assert_eq!(float(2.5), "2.5");
/// assert_eq!(float(1e6), "1e+06");
/// assert_eq!(float(-0.00001), "-1e-05");
/// ```
pub fn float(number: f64) -> String {
    let (digits, exponent) = scientific(number);
    if (-4..SHORTEST_PRECISION).contains(&exponent) || number == 0.0 {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// A number as `encoding/json` writes a `float64`.
pub fn json_float(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        return number.to_string();
    }
    let (digits, exponent) = scientific(number);
    let sign = if exponent < 0 { '-' } else { '+' };
    // Go drops the exponent's leading zero in JSON when it is negative.
    format!("{digits}e{sign}{:0width$}", exponent.abs(), width = if exponent < 0 { 1 } else { 2 })
}

/// Where `%v` changes to an exponent when the digits are the shortest that identify the number.
const SHORTEST_PRECISION: i32 = 6;

fn scientific(number: f64) -> (String, i32) {
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (digits.to_owned(), exponent.parse().unwrap_or_default())
}

/// JSON text as `json.Marshal` writes it: `<`, `>`, `&` and the line separators escaped, floats in Go's form.
///
/// ```
/// let value = serde_json::json!({"b": 1.0, "a": "<"});
/// assert_eq!(k1s_runtime::api::gotext::json(&value), r#"{"a":"\u003c","b":1}"#);
/// ```
pub fn json(value: &Value) -> String {
    let mut out = String::new();
    push_json(&mut out, value);
    out
}

fn push_json(out: &mut String, value: &Value) {
    match value {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (None, Some(float)) => out.push_str(&json_float(float)),
            _ => out.push_str(&number.to_string()),
        },
        Value::String(text) => push_json_text(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_json(out, item);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_json_text(out, key);
                out.push(':');
                push_json(out, item);
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) => out.push_str(&value.to_string()),
    }
}

fn push_json_text(out: &mut String, text: &str) {
    for c in Value::from(text).to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => push_code(out, "\\u", 4, c),
            c => out.push(c),
        }
    }
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
