//! Conversion of a JSON object into a shape as `runtime.DefaultUnstructuredConverter` does it for patched objects: what it
//! refuses, in its words, which are not those of Go's JSON decoder.

use serde_json::{Map, Value};

use crate::api::gotext;

use super::decode::canonical_base64;
use super::{Shape, Struct, time};

/// Checks the values of an object against a shape, and makes integers of whole floating-point numbers where integers belong.
///
/// # Errors
/// The converter's message about the first value that does not fit. The object is then half converted.
pub(crate) fn convert(shape: &'static Struct, object: &mut Map<String, Value>) -> Result<(), String> {
    shape.fields.iter().try_for_each(|field| match object.get_mut(field.name) {
        Some(found) => value(field.shape, found),
        None => Ok(()),
    })
}

fn value(shape: Shape, found: &mut Value) -> Result<(), String> {
    if found.is_null() {
        return Ok(());
    }
    match shape {
        // These read themselves, as they do from a body.
        Shape::Any | Shape::SchemaOrArray | Shape::SchemaOrBool => Ok(()),
        Shape::Text if found.is_i64() => Err("cannot convert int64 to string".to_owned()),
        Shape::Text => scalar(found.is_string(), "string"),
        Shape::Bool => scalar(found.is_boolean(), "bool"),
        Shape::Float64 => scalar(found.is_number(), "float64"),
        Shape::Int32 => integer(found, "int32", |number| Value::from(number as i32)),
        Shape::Int64 => integer(found, "int64", Value::from),
        Shape::Bytes => match found {
            Value::String(text) => {
                canonical_base64(text).map_err(|message| format!("error decoding from json: {message}"))
            }
            Value::Array(_) => Ok(()),
            other => Err(format!("cannot restore slice from {}", reflected(other))),
        },
        Shape::Time => timestamp(found, time::normalise_seconds),
        Shape::MicroTime => timestamp(found, time::normalise_micros),
        Shape::Map(inner) => match found {
            Value::Object(map) => map.values_mut().try_for_each(|entry| value(*inner, entry)),
            other => Err(format!("cannot restore map from {}", reflected(other))),
        },
        Shape::List(inner) => match found {
            Value::Array(items) => items.iter_mut().try_for_each(|item| value(*inner, item)),
            other => Err(format!("cannot restore slice from {}", reflected(other))),
        },
        Shape::Struct(inner) => match found {
            Value::Object(map) => convert(inner, map),
            other => Err(format!("cannot restore struct from: {}", reflected(other))),
        },
    }
}

fn scalar(fits: bool, wanted: &str) -> Result<(), String> {
    if fits { Ok(()) } else { Err(format!("unrecognized type: {wanted}")) }
}

/// Go converts between numbers without looking at their range.
fn integer(found: &mut Value, wanted: &str, narrow: fn(i64) -> Value) -> Result<(), String> {
    let Value::Number(number) = &*found else { return scalar(false, wanted) };
    let whole = match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => whole,
        (None, Some(double)) if double.fract() == 0.0 => double as i64,
        _ => return Err(format!("cannot convert float64 to {wanted}")),
    };
    *found = narrow(whole);
    Ok(())
}

fn timestamp(found: &mut Value, normalise: fn(&mut String) -> Result<(), String>) -> Result<(), String> {
    match found {
        Value::String(text) => normalise(text),
        other => {
            Err(format!("json: cannot unmarshal {} into Go value of type string", gotext::json_type(other)))
        }
    }
}

/// The kind that Go's reflection knows a decoded value by.
fn reflected(value: &Value) -> &'static str {
    match value {
        Value::Null => "invalid",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_i64() => "int64",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "slice",
        Value::Object(_) => "map",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::root;
    use super::*;

    fn converted(kind: &str, object: Value) -> Result<Value, String> {
        let Value::Object(mut map) = object else { panic!("an object") };
        convert(root("", kind).unwrap(), &mut map)?;
        Ok(Value::Object(map))
    }

    #[test]
    fn what_does_not_fit_is_told_in_the_words_of_the_converter() {
        for (kind, object, message) in [
            ("ConfigMap", json!({"data": {"a": 1}}), "cannot convert int64 to string"),
            ("ConfigMap", json!({"data": {"a": 1.5}}), "unrecognized type: string"),
            ("ConfigMap", json!({"data": "x"}), "cannot restore map from string"),
            ("ConfigMap", json!({"metadata": []}), "cannot restore struct from: slice"),
            ("ConfigMap", json!({"metadata": {"finalizers": {}}}), "cannot restore slice from map"),
            ("ConfigMap", json!({"immutable": "x"}), "unrecognized type: bool"),
            ("Event", json!({"count": 1.5}), "cannot convert float64 to int32"),
            ("Event", json!({"count": "1"}), "unrecognized type: int32"),
            (
                "Secret",
                json!({"data": {"a": "***"}}),
                "error decoding from json: illegal base64 data at input byte 0",
            ),
        ] {
            assert_eq!(converted(kind, object), Err(message.to_owned()));
        }
    }

    #[test]
    fn whole_numbers_become_integers() {
        assert_eq!(converted("Event", json!({"count": 2.0})), Ok(json!({"count": 2})));
        assert_eq!(converted("Event", json!({"count": 4_294_967_297_i64})), Ok(json!({"count": 1})));
    }
}
