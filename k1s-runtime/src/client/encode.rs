//! Objects as stored text: compact JSON with sorted keys and a hole where the store writes the revision.

use std::io::{self, Write};

use bytes::Bytes;
use serde::Serialize;
use serde_json::ser::Formatter;
use serde_json::{Map, Value};

use crate::api::{Object, RawObject};
use crate::manifest::go_json_float;
use crate::storage::Stamped;

use super::core::Kind;
use super::{Error, Result, convert};

/// Room for most objects, so that their text is not moved while it grows.
const TYPICAL_BYTES: usize = 2048;

/// What `metadata.resourceVersion` of a text is.
#[derive(Clone, Copy)]
enum Version<'a> {
    Hole,
    Text(&'a str),
    Absent,
}

/// The text to store; `metadata.resourceVersion` of the object does not matter.
pub(crate) fn stamped(object: &Object, api_version: &str) -> Result<Stamped> {
    let (text, hole) = write(object, api_version, Version::Hole)?;
    Ok(match hole {
        Some(at) => Stamped::new(text, at),
        None => Stamped::fixed(text),
    })
}

/// The text of an object that is not stored as it is: of a dry run, or of the last state of a deleted object.
pub(crate) fn raw(object: &Object, api_version: &str, resource_version: Option<&str>) -> Result<RawObject> {
    let version = resource_version.map_or(Version::Absent, Version::Text);
    let (text, _) = write(object, api_version, version)?;
    Ok(RawObject::new(Bytes::from(text)))
}

fn write(object: &Object, api_version: &str, version: Version<'_>) -> Result<(Vec<u8>, Option<usize>)> {
    let mut text = Vec::with_capacity(TYPICAL_BYTES);
    let mut hole = None;
    let mut separator = b'{';
    for (key, value) in &object.0 {
        text.push(separator);
        separator = b',';
        put_key(&mut text, key)?;
        match (key.as_str(), value) {
            ("apiVersion", _) => put(&mut text, api_version)?,
            ("metadata", Value::Object(metadata)) => {
                hole = write_metadata(&mut text, metadata, version)?;
            }
            _ => put(&mut text, value)?,
        }
    }
    if separator == b'{' {
        text.push(b'{');
    }
    text.push(b'}');
    Ok((text, hole))
}

fn write_metadata(
    text: &mut Vec<u8>,
    metadata: &Map<String, Value>,
    version: Version<'_>,
) -> Result<Option<usize>> {
    const FIELD: &str = "resourceVersion";
    let mut hole = None;
    let mut pending = !matches!(version, Version::Absent);
    let mut separator = b'{';
    let mut put_version = |text: &mut Vec<u8>, separator: &mut u8| {
        text.push(*separator);
        *separator = b',';
        text.extend_from_slice(b"\"resourceVersion\":\"");
        match version {
            Version::Hole => hole = Some(text.len()),
            Version::Text(digits) => text.extend_from_slice(digits.as_bytes()),
            Version::Absent => {}
        }
        text.push(b'"');
    };
    for (key, value) in metadata {
        if key == FIELD {
            continue;
        }
        if pending && key.as_str() > FIELD {
            pending = false;
            put_version(text, &mut separator);
        }
        text.push(separator);
        separator = b',';
        put_key(text, key)?;
        put(text, value)?;
    }
    if pending {
        put_version(text, &mut separator);
    }
    if separator == b'{' {
        text.push(b'{');
    }
    text.push(b'}');
    Ok(hole)
}

fn put_key(text: &mut Vec<u8>, key: &str) -> Result<()> {
    put(text, key)?;
    text.push(b':');
    Ok(())
}

fn put<T: Serialize + ?Sized>(text: &mut Vec<u8>, value: &T) -> Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(text, GoNumbers)).map_err(Error::Encode)
}

/// Writes numbers as Go's encoder does: a whole number that was read as a float has no fraction.
struct GoNumbers;

impl Formatter for GoNumbers {
    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        // What does not fit Go's int64 was read as a float.
        if i64::try_from(value).is_ok() {
            write!(writer, "{value}")
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
