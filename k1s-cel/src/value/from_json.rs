//! Reading JSON as values, through a schema or as it is.
//!
//! Nothing is converted ahead: lists and objects become views, and only what an expression looks at is read. Data that contradicts its
//! schema is a failure of the expression that looks at it, in kube-apiserver's words.

use serde_json::{Map as Members, Value as Json};

use crate::schema::{Schema, Shape};
use crate::time;

use super::{Blob, EvalError, EvalResult, List, Map, Value};

const NOT_A_LIST: &str = "invalid data, expected an array for the provided schema with type=array";
const NOT_INT_OR_STRING: &str = "invalid data, expected XIntOrString value to be either a string or integer";
const UNTYPED: &str = "invalid type, expected object, array, number, integer, boolean or string, or no type with \
     x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ";

impl<'a> Value<'a> {
    /// JSON without a schema: numbers without fraction or exponent are integers.
    #[must_use]
    pub fn from_json(json: &'a Json) -> Self {
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(int), _) => Value::Int(int),
                (None, Some(uint)) => Value::Uint(uint),
                (None, None) => Value::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Value::str(text),
            Json::Array(items) => Value::List(List::Plain(items)),
            Json::Object(entries) => Value::Map(Map::Plain(entries)),
        }
    }

    /// JSON as its schema describes it.
    ///
    /// # Errors
    ///
    /// When the JSON contradicts the schema at its root. What lies deeper fails when it is read.
    pub fn typed(json: &'a Json, schema: &'a Schema) -> EvalResult<'a> {
        if json.is_null() {
            return if schema.is_nullable() {
                Ok(Value::Null)
            } else {
                Err(EvalError::other("invalid data, got null for schema with nullable=false"))
            };
        }
        if let Json::Object(members) = json {
            return Value::typed_object(members, schema);
        }
        match schema.shape() {
            Shape::String => text(json).map(Value::str),
            Shape::Integer => match json.as_i64() {
                Some(value) => Ok(Value::Int(value)),
                None => Err(unexpected("int", json)),
            },
            Shape::Number => match json.as_f64() {
                Some(value) => Ok(Value::Double(value)),
                None => Err(unexpected("float", json)),
            },
            Shape::Boolean => match json {
                Json::Bool(value) => Ok(Value::Bool(*value)),
                _ => Err(unexpected("bool", json)),
            },
            Shape::IntOrString => int_or_string(json),
            Shape::List { .. } => list(json, schema),
            Shape::Map { .. } | Shape::Object(_) => {
                Err(EvalError::other("invalid data, expected a map for the provided schema with type=object"))
            }
            Shape::Bytes | Shape::Date | Shape::DateTime | Shape::Duration => {
                formatted(text(json)?, schema.shape())
            }
            Shape::Unseen => Ok(Value::from_json(json)),
            Shape::Unknown if schema.preserves_unknown_fields() => Ok(Value::from_json(json)),
            Shape::Unknown => Err(EvalError::other(UNTYPED)),
        }
    }

    /// [`Value::typed`] of an object, by its members.
    ///
    /// # Errors
    ///
    /// As [`Value::typed`].
    pub fn typed_object(members: &'a Members<String, Json>, schema: &'a Schema) -> EvalResult<'a> {
        let expected = match schema.shape() {
            Shape::Map { values } => return Ok(Value::Map(Map::Json { entries: members, values })),
            Shape::Object(object) if object.has_properties || schema.preserves_unknown_fields() => {
                return Ok(Value::Map(Map::Object { fields: members, schema }));
            }
            Shape::Object(_) => {
                return Err(EvalError::other(
                    "invalid object type, expected either Properties or AdditionalProperties with Allows=true and \
                     non-empty Schema",
                ));
            }
            Shape::List { .. } => return Err(EvalError::other(NOT_A_LIST)),
            Shape::Unseen => return Ok(Value::Map(Map::Plain(members))),
            Shape::Unknown if schema.preserves_unknown_fields() => {
                return Ok(Value::Map(Map::Plain(members)));
            }
            Shape::Unknown => return Err(EvalError::other(UNTYPED)),
            Shape::IntOrString => return Err(EvalError::other(NOT_INT_OR_STRING)),
            Shape::String | Shape::Bytes | Shape::Date | Shape::DateTime | Shape::Duration => "string",
            Shape::Integer => "int",
            Shape::Number => "float",
            Shape::Boolean => "bool",
        };
        Err(unexpected_type(expected, "map[string]interface {}"))
    }
}

fn text(json: &Json) -> Result<&str, EvalError> {
    json.as_str().ok_or_else(|| unexpected("string", json))
}

fn int_or_string(json: &Json) -> EvalResult<'_> {
    match json {
        Json::String(text) => Ok(Value::str(text)),
        Json::Number(number) if number.is_i64() => Ok(Value::from_json(json)),
        _ => Err(EvalError::other(NOT_INT_OR_STRING)),
    }
}

fn list<'a>(json: &'a Json, schema: &'a Schema) -> EvalResult<'a> {
    match (schema.shape(), json) {
        (Shape::List { items: Some(element), list_type }, Json::Array(items)) => {
            Ok(Value::List(List::Json { items, element, list_type }))
        }
        (_, Json::Array(_)) => {
            Err(EvalError::other("invalid array type, expected Items with a non-empty Schema"))
        }
        _ => Err(EvalError::other(NOT_A_LIST)),
    }
}

fn formatted<'a>(text: &'a str, shape: &Shape) -> EvalResult<'a> {
    match shape {
        Shape::Date => time::parse_date(text)
            .map(Value::Timestamp)
            .map_err(|why| EvalError::other(format!("Invalid date formatted string {text}: {why}"))),
        Shape::DateTime => time::parse_date_time(text)
            .map(Value::Timestamp)
            .map_err(|why| EvalError::other(format!("Invalid date-time formatted string {text}: {why}"))),
        Shape::Duration => time::parse_openapi_duration(text)
            .map(Value::Duration)
            .map_err(|why| EvalError::other(format!("Invalid duration {text}: {why}"))),
        _ => decode(text)
            .map(|bytes| Value::Bytes(Blob::Shared(bytes.into())))
            .map_err(|why| EvalError::other(format!("Invalid byte formatted string {text}: {why}"))),
    }
}

/// kube-apiserver admits the alphabet of base64 with `+` and `/` as `format: byte`, but reads it for expressions with the one that has
/// `-` and `_` in their place.
fn decode(text: &str) -> Result<Vec<u8>, String> {
    use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
    use base64::{DecodeError, Engine as _, alphabet};

    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    const ENGINE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);
    ENGINE.decode(text).map_err(|error| {
        let at = match error {
            DecodeError::InvalidByte(at, _) | DecodeError::InvalidLastSymbol(at, _) => at,
            DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => text.len(),
        };
        format!("illegal base64 data at input byte {at}")
    })
}

/// Go's name of the type that a JSON value is decoded to.
fn unexpected(expected: &str, json: &Json) -> EvalError {
    let got = match json {
        Json::Null => "<nil>",
        Json::Bool(_) => "bool",
        Json::Number(number) if number.is_i64() => "int64",
        Json::Number(_) => "float64",
        Json::String(_) => "string",
        Json::Array(_) => "[]interface {}",
        Json::Object(_) => "map[string]interface {}",
    };
    unexpected_type(expected, got)
}

fn unexpected_type(expected: &str, got: &str) -> EvalError {
    EvalError::other(format!("invalid data, expected {expected}, got {got}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_with_the_alphabet_for_file_names() {
        assert_eq!(decode("_w==").unwrap(), [255]);
        assert_eq!(decode("_x==").unwrap(), [255]);
        assert_eq!(decode("/w==").unwrap_err(), "illegal base64 data at input byte 0");
    }
}
