//! Objects as stored text: compact JSON with sorted keys and a hole where the store writes the revision.

use std::io::{self, Write};

use bytes::Bytes;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};
use serde_json::{Map, Value};

use crate::api::{Object, RawObject};
use crate::manifest::go_json_float;
use crate::storage::Stamped;

use super::core::Kind;
use super::{Error, Result, convert};

const VERSION: &str = "resourceVersion";
const OWNERS: &str = "managedFields";

/// Room for most objects, so that their text is not moved while it grows.
const TYPICAL_BYTES: usize = 2048;

/// What a text says in `metadata` that the object does not.
#[derive(Clone, Copy)]
struct Said<'a> {
    version: Version<'a>,
    /// `managedFields` as JSON text, of an object that has none.
    owners: Option<&'a [u8]>,
}

/// What `metadata.resourceVersion` of a text is.
#[derive(Clone, Copy)]
enum Version<'a> {
    Hole,
    Text(&'a str),
    Absent,
}

/// The text to store; `metadata.resourceVersion` of the object does not matter.
pub(crate) fn stamped(object: &Object, api_version: &str) -> Result<Stamped> {
    stamped_with_owners(object, api_version, None)
}

/// The text to store of an object whose `managedFields` have been written already, if it is to have any.
pub(crate) fn stamped_with_owners(
    object: &Object,
    api_version: &str,
    owners: Option<&[u8]>,
) -> Result<Stamped> {
    let (text, hole) = write(object, api_version, Said { version: Version::Hole, owners })?;
    Ok(match hole {
        Some(at) => Stamped::new(text, at),
        None => Stamped::fixed(text),
    })
}

/// The text of an object that is not stored as it is: of a dry run, or of the last state of a deleted object.
pub(crate) fn raw(object: &Object, api_version: &str, resource_version: Option<&str>) -> Result<RawObject> {
    let version = resource_version.map_or(Version::Absent, Version::Text);
    let (text, _) = write(object, api_version, Said { version, owners: None })?;
    Ok(RawObject::new(Bytes::from(text)))
}

fn write(object: &Object, api_version: &str, said: Said<'_>) -> Result<(Vec<u8>, Option<usize>)> {
    let mut text = Vec::with_capacity(TYPICAL_BYTES);
    let mut hole = None;
    let mut separator = b'{';
    for (key, value) in &object.0 {
        text.push(separator);
        separator = b',';
        put_key(&mut text, key);
        match (key.as_str(), value) {
            ("apiVersion", _) => put_text(&mut text, api_version),
            ("metadata", Value::Object(metadata)) => hole = write_metadata(&mut text, metadata, said)?,
            _ => put(&mut text, value)?,
        }
    }
    close(&mut text, separator);
    Ok((text, hole))
}

fn write_metadata(
    text: &mut Vec<u8>,
    metadata: &Map<String, Value>,
    said: Said<'_>,
) -> Result<Option<usize>> {
    let mut hole = None;
    let mut separator = b'{';
    // What is said is put where it is in the order of the keys.
    let (mut owners, mut version) = (said.owners, Some(said.version));
    let mut put_before = |text: &mut Vec<u8>, separator: &mut u8, next: Option<&str>| {
        let is_due = |key: &str| next.is_none_or(|next| next > key);
        let mut begin = |text: &mut Vec<u8>, key: &str| {
            text.push(*separator);
            *separator = b',';
            put_key(text, key);
        };
        if is_due(OWNERS)
            && let Some(owners) = owners.take()
        {
            begin(text, OWNERS);
            text.extend_from_slice(owners);
        }
        if !is_due(VERSION) {
            return;
        }
        match version.take() {
            Some(Version::Hole) => {
                begin(text, VERSION);
                text.extend_from_slice(b"\"\"");
                hole = Some(text.len() - 1);
            }
            Some(Version::Text(digits)) => {
                begin(text, VERSION);
                put_text(text, digits);
            }
            Some(Version::Absent) | None => {}
        }
    };
    for (key, value) in metadata.iter().filter(|(key, _)| *key != VERSION) {
        put_before(text, &mut separator, Some(key));
        text.push(separator);
        separator = b',';
        put_key(text, key);
        put(text, value)?;
    }
    put_before(text, &mut separator, None);
    close(text, separator);
    Ok(hole)
}

/// Ends an object, whose next separator would have been this.
fn close(text: &mut Vec<u8>, separator: u8) {
    if separator == b'{' {
        text.push(b'{');
    }
    text.push(b'}');
}

fn put_key(text: &mut Vec<u8>, key: &str) {
    put_text(text, key);
    text.push(b':');
}

fn put(text: &mut Vec<u8>, value: &Value) -> Result<()> {
    match value {
        Value::String(value) => put_text(text, value),
        Value::Object(map) => {
            let mut separator = b'{';
            for (key, value) in map {
                text.push(separator);
                separator = b',';
                put_key(text, key);
                put(text, value)?;
            }
            close(text, separator);
        }
        Value::Array(items) => {
            text.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(b',');
                }
                put(text, item)?;
            }
            text.push(b']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            let mut serializer = serde_json::Serializer::with_formatter(text, GoNumbers);
            value.serialize(&mut serializer).map_err(Error::Encode)?;
        }
    }
    Ok(())
}

fn put_text(text: &mut Vec<u8>, value: &str) {
    text.push(b'"');
    put_escaped(text, value);
    text.push(b'"');
}

/// Writes what stands between the quotes of a JSON string.
pub(crate) fn put_escaped(text: &mut Vec<u8>, value: &str) {
    let mut rest = value.as_bytes();
    if may_need_escapes(rest) {
        while let Some(at) = rest.iter().position(|&byte| needs_escape(byte)) {
            text.extend_from_slice(&rest[..at]);
            match rest[at] {
                byte @ (b'"' | b'\\') => text.extend_from_slice(&[b'\\', byte]),
                b'\n' => text.extend_from_slice(b"\\n"),
                b'\r' => text.extend_from_slice(b"\\r"),
                b'\t' => text.extend_from_slice(b"\\t"),
                0x08 => text.extend_from_slice(b"\\b"),
                0x0c => text.extend_from_slice(b"\\f"),
                byte => text.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            }
            rest = &rest[at + 1..];
        }
    }
    text.extend_from_slice(rest);
}

/// Whether each byte needs an escape.
static NEEDS_ESCAPE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < b' ' as usize {
        table[byte] = true;
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

fn needs_escape(byte: u8) -> bool {
    NEEDS_ESCAPE[usize::from(byte)]
}

/// Whether any byte of a text needs an escape, asked of eight at a time: of most texts none does.
fn may_need_escapes(text: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGH;
    let is = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let (words, tail) = text.as_chunks::<8>();
    let in_word = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        below(word, b' ') | is(word, b'"') | is(word, b'\\') != 0
    };
    words.iter().any(in_word) || tail.iter().any(|&byte| needs_escape(byte))
}

/// Writes numbers as Go's encoder does: a whole number that was read as a float has no fraction.
struct GoNumbers;

impl Formatter for GoNumbers {
    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        // What does not fit Go's int64 was read as a float.
        if i64::try_from(value).is_ok() {
            CompactFormatter.write_u64(writer, value)
        } else {
            self.write_f64(writer, value as f64)
        }
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(go_json_float(value).as_bytes())
    }
}

/// Stored text as a version of its kind shows it. In the version that it is stored in it is shown as it is.
///
/// # Errors
/// [`Error::Decode`] when the text is not an object's, and those of [`convert::from_stored`].
pub(crate) fn in_version(bytes: Bytes, kind: &Kind) -> Result<RawObject> {
    if is_in_version(&bytes, &kind.api_version) {
        return Ok(RawObject::new(bytes));
    }
    let object = object_in_version(&bytes, kind)?;
    let version = object.resource_version().map(str::to_owned);
    raw(&object, &kind.api_version, version.as_deref())
}

/// The same, decoded.
///
/// # Errors
/// As [`in_version`].
pub(crate) fn object_in_version(bytes: &[u8], kind: &Kind) -> Result<Object> {
    convert::from_stored(kind, serde_json::from_slice(bytes).map_err(Error::Decode)?)
}

/// Whether text that this module wrote is in a version, without decoding it. `apiVersion` sorts before almost everything;
/// where it does not come first the answer is no, and the slow way is taken.
pub(crate) fn is_in_version(bytes: &[u8], api_version: &str) -> bool {
    bytes
        .strip_prefix(b"{\"apiVersion\":\"")
        .and_then(|rest| rest.strip_prefix(api_version.as_bytes()))
        .is_some_and(|rest| rest.starts_with(b"\""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Object {
        Object::try_from(value).unwrap()
    }

    #[test]
    fn the_revision_has_its_place_in_the_sorted_text() {
        let object = object(json!({"apiVersion": "a/v2", "kind": "K",
            "metadata": {"name": "n", "uid": "u", "resourceVersion": "7"}, "spec": {}}));
        let text = stamped(&object, "a/v1").unwrap().stamp(42);
        assert_eq!(
            String::from_utf8_lossy(&text),
            r#"{"apiVersion":"a/v1","kind":"K","metadata":{"name":"n","resourceVersion":"42","uid":"u"},"spec":{}}"#
        );
        assert_eq!(
            raw(&object, "a/v1", None).unwrap().as_bytes(),
            br#"{"apiVersion":"a/v1","kind":"K","metadata":{"name":"n","uid":"u"},"spec":{}}"#
        );
    }

    #[test]
    fn metadata_may_be_empty_or_end_before_the_revision() {
        let empty = object(json!({"metadata": {}}));
        assert_eq!(&stamped(&empty, "v1").unwrap().stamp(1)[..], br#"{"metadata":{"resourceVersion":"1"}}"#);
        assert_eq!(raw(&empty, "v1", None).unwrap().as_bytes(), br#"{"metadata":{}}"#);
    }

    #[test]
    fn owners_that_were_written_before_have_their_place_too() {
        let written = |metadata: Value| {
            let object = object(json!({ "metadata": metadata }));
            let text = stamped_with_owners(&object, "v1", Some(b"[7]")).unwrap().stamp(42);
            String::from_utf8_lossy(&text).into_owned()
        };
        assert_eq!(
            written(json!({"labels": {}, "name": "n", "uid": "u"})),
            r#"{"metadata":{"labels":{},"managedFields":[7],"name":"n","resourceVersion":"42","uid":"u"}}"#
        );
        let both = r#"{"metadata":{"managedFields":[7],"resourceVersion":"42"}}"#;
        assert_eq!(written(json!({})), both);
        assert_eq!(written(json!({"uid": "u"})), both.replace("42\"", "42\",\"uid\":\"u\""));
    }

    #[test]
    fn strings_and_all_else_are_those_of_the_json_crate() {
        let controls: String = (0..=0x20_u8).map(char::from).collect();
        for value in [
            json!([controls, "é".repeat(20), format!("{}\\", "é".repeat(20)), "\u{80}\u{a2}\u{dc}\u{9f}"]),
            json!(["a\"b\\c\n\u{1}\u{7f}é\u{2028}", "", null, true, [], {}]),
            json!({"\"": {"\n": [[-1, 0]]}}),
        ] {
            let object = object(json!({ "spec": value }));
            assert_eq!(raw(&object, "", None).unwrap().as_bytes(), serde_json::to_vec(&object).unwrap());
        }
    }

    #[test]
    fn text_tells_its_version() {
        let text = br#"{"apiVersion":"a/v1","spec":{}}"#;
        assert!(is_in_version(text, "a/v1"));
        assert!(!is_in_version(text, "a/v") && !is_in_version(text, "a/v10"));
    }

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        let object = object(json!({"a": 1.0, "b": 1e15, "c": 1.5, "d": 1e21, "e": 7, "f": -2.0,
            "g": u64::MAX, "h": i64::MAX}));
        assert_eq!(
            String::from_utf8_lossy(raw(&object, "", None).unwrap().as_bytes()),
            r#"{"a":1,"b":1000000000000000,"c":1.5,"d":1e+21,"e":7,"f":-2,"g":18446744073709552000,"h":9223372036854775807}"#
        );
    }
}
