//! Values: what expressions yield. Values of objects are views of the JSON that they come from, read through its schema.

mod compare;
mod equal;
mod error;
mod from_json;
mod key;
mod list;
mod map;
mod opaque;
mod text;

use std::sync::Arc;

pub use error::EvalError;
pub use key::Key;
pub use list::List;
pub(crate) use map::key_text;
pub use map::{Map, ValueMap};
pub use opaque::{Opaque, OpaqueValue};
pub use text::{Blob, Text};

pub use crate::time::Moment;

/// What evaluating yields.
pub type EvalResult<'a> = Result<Value<'a>, EvalError>;

/// A value. `'a` is the lifetime of the data and of the program that it is read by.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    String(Text<'a>),
    /// Bytes.
    Bytes(Blob<'a>),
    /// A moment between the years 1 and 9999.
    Timestamp(Moment),
    /// A length of time, in nanoseconds: at most about 292 years, as in cel-go.
    Duration(i64),
    /// A list.
    List(List<'a>),
    /// A map or an object.
    Map(Map<'a>),
    /// A type, by name.
    Type(Text<'a>),
    /// A value that may be missing.
    Optional(Option<Arc<Value<'a>>>),
    /// A value of a type that functions define.
    Opaque(Opaque),
}

impl<'a> Value<'a> {
    /// Text that borrows.
    #[must_use]
    pub fn str(text: &'a str) -> Self {
        Value::String(Text::Borrowed(text))
    }

    /// Text that was made.
    #[must_use]
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Value::String(Text::Shared(text.into()))
    }

    /// A list that was made.
    #[must_use]
    pub fn list(elements: Vec<Value<'a>>) -> Self {
        Value::List(List::Values(Arc::new(elements)))
    }

    /// A value of a type that functions define.
    #[must_use]
    pub fn opaque(value: impl OpaqueValue) -> Self {
        Value::Opaque(Opaque::new(value))
    }

    /// `optional.of(value)`.
    #[must_use]
    pub fn some(value: Value<'a>) -> Self {
        Value::Optional(Some(Arc::new(value)))
    }

    /// `optional.none()`.
    #[must_use]
    pub fn none() -> Self {
        Value::Optional(None)
    }

    /// The name of the value's type, as `type(x)` yields it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null_type",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Uint(_) => "uint",
            Value::Double(_) => "double",
            Value::String(_) => "string",
            Value::Bytes(_) => "bytes",
            Value::Timestamp(_) => "google.protobuf.Timestamp",
            Value::Duration(_) => "google.protobuf.Duration",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Type(_) => "type",
            Value::Optional(_) => crate::ty::OPTIONAL,
            Value::Opaque(opaque) => opaque.type_name(),
        }
    }

    /// What `size()` counts, for costs: code points, bytes, elements, entries; 1 for what has no size.
    #[must_use]
    pub fn cost_size(&self) -> u64 {
        match self {
            Value::String(text) => text.count(),
            Value::Bytes(bytes) => bytes.len() as u64,
            Value::List(list) => list.len() as u64,
            Value::Map(map) => map.len() as u64,
            Value::Opaque(opaque) => opaque.size().unwrap_or(1),
            _ => 1,
        }
    }
}
