//! How large values of a schema can be: what cost estimates start from.
//!
//! Source: kube-apiserver's answers to CustomResourceDefinitions with and without bounds. What a schema leaves open is bounded by
//! the largest request: so many of the smallest elements fit into it.

use crate::limits::MAX_REQUEST_BYTES;

use super::Shape;

/// The longest a date-time or duration is as JSON, with its quotation marks; dates likewise.
const TIME_BYTES: u64 = 32;
const DATE_BYTES: u64 = 12;
/// A code point takes at most this many bytes, which costs are counted in where `maxLength` bounds code points.
const BYTES_PER_CODE_POINT: u64 = 4;

/// The bounds that a schema gives for its values' size; negative ones count as none at all, as 0.
#[derive(Clone, Copy, Default)]
pub(super) struct Bounds {
    pub(super) max_length: Option<u64>,
    pub(super) max_items: Option<u64>,
    pub(super) max_properties: Option<u64>,
    /// The length in bytes of the longest value of `enum`.
    pub(super) longest_enum: Option<u64>,
}

/// The most code points, bytes, elements or entries of a value.
pub(super) fn max_elements(shape: &Shape, bounds: &Bounds) -> u64 {
    let text = MAX_REQUEST_BYTES - 2;
    match shape {
        Shape::String => match (bounds.max_length, bounds.longest_enum) {
            (Some(length), _) => length.saturating_mul(BYTES_PER_CODE_POINT),
            (None, Some(longest)) => longest,
            (None, None) => text,
        },
        Shape::IntOrString => {
            bounds.max_length.map_or(text, |length| length.saturating_mul(BYTES_PER_CODE_POINT))
        }
        Shape::Bytes => bounds.max_length.unwrap_or(text),
        Shape::Duration | Shape::DateTime => TIME_BYTES,
        Shape::Date => DATE_BYTES,
        Shape::List { items, .. } => bounds.max_items.unwrap_or_else(|| {
            let smallest = items.as_ref().map_or(0, |items| items.min_serialized);
            (MAX_REQUEST_BYTES - 2) / (smallest + 1)
        }),
        // An entry is at least its value, an empty name in quotation marks, a colon, a comma and a little of a name.
        Shape::Map { values } => {
            bounds.max_properties.unwrap_or_else(|| (MAX_REQUEST_BYTES - 2) / (values.min_serialized + 6))
        }
        Shape::Boolean
        | Shape::Integer
        | Shape::Number
        | Shape::Object(_)
        | Shape::Unknown
        | Shape::Unseen => 0,
    }
}

/// The fewest bytes of a value as JSON; `required` are the bytes of an object's required properties without defaults.
pub(super) fn min_serialized(shape: &Shape, required: u64) -> u64 {
    match shape {
        Shape::Boolean => 4,
        Shape::Integer | Shape::Number | Shape::IntOrString | Shape::Unknown | Shape::Unseen => 1,
        Shape::String | Shape::Bytes | Shape::List { .. } | Shape::Map { .. } => 2,
        Shape::Duration => 3,
        Shape::Date => DATE_BYTES,
        Shape::DateTime => 21,
        Shape::Object(_) => 2 + required,
    }
}

/// The bytes that a required property adds: its name, quotation marks, colon, comma and its smallest value.
pub(super) fn property_bytes(name: &str, min_serialized: u64) -> u64 {
    name.len() as u64 + min_serialized + 4
}
