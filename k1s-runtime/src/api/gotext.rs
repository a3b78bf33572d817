//! Values as Go prints them: the API server's messages are Go's `%q`, `%v` and `encoding/json`.

use serde_json::Value;

pub use k1s_cel::gofmt::{is_printable, quote};

pub use crate::manifest::{go_float as float, go_json_float as json_float, to_json_compact as json};

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

/// The type that Go decodes a JSON value into where none is given: its `%T`.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_i64() => "int64",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
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
