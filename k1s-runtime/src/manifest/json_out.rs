//! JSON as Go's encoder writes it: `<`, `>`, `&` and the line separators escaped, doubles in Go's format.

use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::number::{go_json_float, go_json_number};

/// A formatter with Go's strings and numbers, and another one's white space.
struct Go<F>(F);

impl<F: Formatter> Formatter for Go<F> {
    fn write_f64<W: ?Sized + io::Write>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        out.write_all(go_json_float(value).as_bytes())
    }

    fn write_u64<W: ?Sized + io::Write>(&mut self, out: &mut W, value: u64) -> io::Result<()> {
        out.write_all(go_json_number(&value.into()).as_bytes())
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        // Asked of all bytes, many at a time: the separators begin with 0xE2, and most text has none of these.
        let special = |byte: u8| matches!(byte, b'<' | b'>' | b'&' | 0xE2);
        if !fragment.bytes().fold(false, |found, byte| found | special(byte)) {
            return out.write_all(fragment.as_bytes());
        }
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (plain, tail) = rest.split_at(at);
            out.write_all(plain.as_bytes())?;
            let mut chars = tail.chars();
            if let Some(special) = chars.next() {
                write!(out, "\\u{:04x}", u32::from(special))?;
            }
            rest = chars.as_str();
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = write(&mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes one line of JSON without a line's end, as `json.Marshal` does.
///
/// # Errors
/// What the writer fails with.
pub fn write_json_compact(out: &mut impl io::Write, value: &Value) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Go(CompactFormatter))).map_err(io::Error::from)
}

/// Writes JSON as `kubectl -o json` does: four spaces a level, a line's end at the end.
///
/// # Errors
/// What the writer fails with.
pub fn write_json_pretty(out: &mut impl io::Write, value: &impl Serialize) -> io::Result<()> {
    let formatter = Go(PrettyFormatter::with_indent(b"    "));
    value.serialize(&mut Serializer::with_formatter(&mut *out, formatter)).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// One line of JSON, as `json.Marshal` writes it: for the last-applied annotation and jsonpath output.
///
/// ```
/// # use k1s_runtime::manifest::to_json_compact;
/// assert_eq!(to_json_compact(&serde_json::json!({"a": ["<", 1.0]})), r#"{"a":["\u003c",1]}"#);
/// ```
pub fn to_json_compact(value: &Value) -> String {
    text(|out| write_json_compact(out, value))
}

/// JSON as `kubectl -o json` prints it.
///
/// ```
/// # use k1s_runtime::manifest::to_json_pretty;
/// assert_eq!(to_json_pretty(&serde_json::json!({"a": [], "b": 1})), "{\n    \"a\": [],\n    \"b\": 1\n}\n");
/// ```
pub fn to_json_pretty(value: &impl Serialize) -> String {
    text(|out| write_json_pretty(out, value))
}
