//! `%s`: values as text, and as literals inside of lists and maps.

use super::super::strings::Built;
use super::clause::Verb;
use super::number;
use crate::gofmt;
use crate::limits::MAX_BUILT_BYTES;
use crate::stack;
use crate::value::{EvalError, List, Map, Value};

/// Writes a value as `%s` has it.
pub(super) fn write(built: &mut Built, value: &Value<'_>, depth: u32) -> Result<(), EvalError> {
    match value {
        Value::List(list) => with_room(depth, || write_list(built, list, depth)),
        Value::Map(map) => with_room(depth, || write_map(built, map, depth)),
        Value::Null => built.push("null"),
        Value::Bool(value) => built.push(if *value { "true" } else { "false" }),
        Value::Int(value) => built.push(&value.to_string()),
        Value::Uint(value) => built.push(&value.to_string()),
        Value::Double(value) => built.push(&gofmt::double(*value)),
        Value::String(text) | Value::Type(text) => built.push(text),
        Value::Bytes(bytes) => built.push(utf8(bytes)?),
        Value::Timestamp(moment) => built.push(&moment.to_string()),
        Value::Duration(length) => built.push(&duration(*length)),
        Value::Optional(_) | Value::Opaque(_) => {
            Err(EvalError::other(Verb::String.refusal(value.type_name())))
        }
    }
}

/// How deep lists may lie within one another before room on the stack is looked for again.
const LEVELS: u32 = 16;

fn with_room<R>(depth: u32, walk: impl FnOnce() -> R) -> R {
    if depth % LEVELS == LEVELS - 1 { stack::with_room(2 * LEVELS, walk) } else { walk() }
}

fn write_list(built: &mut Built, list: &List<'_>, depth: u32) -> Result<(), EvalError> {
    built.push("[")?;
    for (index, element) in list.iter().enumerate() {
        if index > 0 {
            built.push(", ")?;
        }
        write_literal(built, &element?, depth + 1)?;
    }
    built.push("]")
}

/// Entries are in the order of their keys as printed.
fn write_map(built: &mut Built, map: &Map<'_>, depth: u32) -> Result<(), EvalError> {
    let mut entries = Vec::new();
    let mut size = 0_usize;
    for key in map.keys() {
        let mut printed = (Built::default(), Built::default());
        match &key {
            Value::String(_) | Value::Bool(_) | Value::Int(_) | Value::Uint(_) => {
                write_literal(&mut printed.0, &key, depth + 1)?;
            }
            other => {
                let why = format!("no formatting function for map key of type {}", other.type_name());
                return Err(EvalError::other(why));
            }
        }
        write_literal(&mut printed.1, &map.get(&key)?, depth + 1)?;
        let printed = (printed.0.into_string(), printed.1.into_string());
        size = size.saturating_add(printed.0.len()).saturating_add(printed.1.len());
        if size > MAX_BUILT_BYTES {
            return Err(EvalError::TooLarge);
        }
        entries.push(printed);
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    built.push("{")?;
    for (index, (key, value)) in entries.iter().enumerate() {
        if index > 0 {
            built.push(", ")?;
        }
        built.push(key)?;
        built.push(":")?;
        built.push(value)?;
    }
    built.push("}")
}

/// Writes a value as a literal.
fn write_literal(built: &mut Built, value: &Value<'_>, depth: u32) -> Result<(), EvalError> {
    match value {
        Value::String(text) => quote(built, text),
        Value::Bytes(bytes) => {
            built.push("b")?;
            quote(built, utf8(bytes)?)
        }
        Value::Double(value) => built.push(&number::literal(*value)),
        Value::Timestamp(moment) => built.push(&format!("timestamp(\"{moment}\")")),
        Value::Duration(length) => built.push(&format!("duration(\"{}\")", duration(*length))),
        Value::Optional(_) | Value::Opaque(_) => {
            Err(EvalError::other(format!("no formatting function for {}", value.type_name())))
        }
        plain => write(built, plain, depth),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, EvalError> {
    std::str::from_utf8(bytes).map_err(|_| {
        EvalError::other(
            "could not convert argument \"invalid UTF-8 in bytes, cannot convert to string\" to string",
        )
    })
}

/// A length of time in seconds.
#[expect(clippy::cast_precision_loss, reason = "Go counts the seconds as doubles, too")]
fn duration(nanoseconds: i64) -> String {
    const SECOND: i64 = 1_000_000_000;
    let seconds = (nanoseconds / SECOND) as f64 + (nanoseconds % SECOND) as f64 / 1e9;
    format!("{seconds}s")
}

/// Text in quotation marks as Go's `%q` has it, which takes at most four bytes for one of the text's.
fn quote(built: &mut Built, text: &str) -> Result<(), EvalError> {
    if text.len() > MAX_BUILT_BYTES / 4 {
        return Err(EvalError::TooLarge);
    }
    built.push(&gofmt::quote(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(value: &Value<'_>) -> Result<String, String> {
        super::super::plain(value).map_err(|error| error.to_string())
    }

    #[test]
    fn lists_hold_literals() {
        let list = Value::list(vec![
            Value::str("a\"\u{ad}é"),
            Value::Double(2.5),
            Value::Double(f64::NEG_INFINITY),
            Value::Null,
            Value::list(vec![Value::Int(9), Value::Bool(true)]),
            Value::Timestamp(crate::value::Moment::EPOCH),
            Value::Duration(1_500_000_000),
            Value::Bytes(crate::value::Blob::Borrowed(b"x")),
        ]);
        let printed = r#"["a\"\u00adé", 2.500000, "-Inf", null, [9, true], timestamp("1970-01-01T00:00:00Z"), duration("1.5s"), b"x"]"#;
        assert_eq!(print(&list).as_deref(), Ok(printed));
    }

    #[test]
    fn maps_are_sorted_by_their_printed_keys() {
        let json = serde_json::json!({"b": 1, "a": {"x": [1.5]}, "\n": null});
        assert_eq!(
            print(&Value::from_json(&json)).as_deref(),
            Ok(r#"{"\n":null, "a":{"x":[1.500000]}, "b":1}"#)
        );
    }

    #[test]
    fn what_has_no_text_is_refused() {
        assert_eq!(
            print(&Value::list(vec![Value::none()])),
            Err("no formatting function for optional_type".to_owned())
        );
        assert!(print(&Value::none()).is_err_and(|why| why.ends_with("was given optional_type")));
        assert!(print(&Value::Bytes(crate::value::Blob::Borrowed(b"\xff"))).is_err());
    }

    #[test]
    fn deep_lists_do_not_overflow_the_stack() {
        let deep = (0..3000).fold(Value::Null, |inner, _| Value::list(vec![inner]));
        assert_eq!(print(&deep).map(|text| text.len()), Ok(6004));
        // Values are dropped by recursion.
        std::mem::forget(deep);
    }

    #[test]
    fn durations_are_seconds() {
        assert_eq!(duration(2), "0.000000002s");
        assert_eq!(duration(-8_747_000_000_000), "-8747s");
    }
}
