//! Manifests are decoded or refused; what was decoded is written and read back as it was; places lie within the text.
#![no_main]

use k1s_runtime::manifest::{
    Limits, Options, Position, Positions, Span, decode_with, parse_json, to_json_compact, to_json_pretty, to_yaml,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    // Aliases that copy megabytes are within the limits, and slow to write a thousand times a second.
    let limits = Limits { alias_bytes: 1 << 16, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    for document in decode_with("t", bytes, options) {
        match document {
            Ok(document) => {
                check_round_trip(&document.value);
                check_positions(&document.value, &mut String::new(), &document.positions, bytes);
                document.duplicates.iter().for_each(|duplicate| check_position(duplicate.position, bytes));
            }
            Err(error) => {
                assert!(!error.to_string().is_empty() && !error.kubectl_message().is_empty());
                check_position(error.location().position, bytes);
            }
        }
    }
});

fn check_round_trip(value: &Value) {
    let yaml = to_yaml(value);
    let read: Vec<Value> = decode_with("t", yaml.as_bytes(), Options::default())
        .map(|document| document.expect("what was written is readable").value)
        .collect();
    assert_eq!(read, [value.clone()], "{yaml}");
    for json in [to_json_compact(value), to_json_pretty(value)] {
        assert_eq!(&parse_json(json.as_bytes()).expect("what was written is readable"), value, "{json}");
    }
}

/// Every value has a place, except those that a merge key brought.
fn check_positions(value: &Value, pointer: &mut String, positions: &Positions, text: &[u8]) {
    match positions.pointer(pointer) {
        Some(place) => {
            check_span(place.value, text);
            place.key.into_iter().for_each(|span| check_span(span, text));
        }
        None => assert!(text.windows(2).any(|pair| pair == b"<<"), "{pointer} has no place"),
    }
    let length = pointer.len();
    let mut child = |token: &str, value: &Value| {
        pointer.push('/');
        pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
        check_positions(value, pointer, positions, text);
        pointer.truncate(length);
    };
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| child(&index.to_string(), item));
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| child(key, value)),
        _ => {}
    }
}

fn check_span(span: Span, text: &[u8]) {
    check_position(span.start, text);
    check_position(span.end, text);
    assert!(span.start <= span.end, "{span:?}");
}

/// Lines end at CR, LF and CRLF; the end of a line is a place, and so is the line after the last one.
fn check_position(position: Position, text: &[u8]) {
    let lines = 2 + text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    let characters = 2 + text.len();
    assert!((1..=lines).contains(&(position.line as usize)), "{position:?}");
    assert!((1..=characters).contains(&(position.column as usize)), "{position:?}");
}
