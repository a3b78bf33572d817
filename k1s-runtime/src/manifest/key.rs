//! What YAML scalars become: values, by their style and tag, and keys, by go-yaml's rules.

use std::borrow::Cow;

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::Value;

use super::builder::Fault;
use super::positions::{Position, Span};
use super::scalar::{Scalar, resolve};
use super::wording;

/// What a map's builder is waiting for.
pub(super) enum Key {
    /// A key.
    Awaited,
    /// The value of this key.
    Named(String, Span),
    /// The value of a merge key.
    Merge(Span),
    /// The value of a key that JSON cannot have; go-yaml shows both.
    Unsupported { at: Span, words: &'static str },
}

/// The value of a scalar.
pub(super) fn scalar_value(
    content: Cow<'_, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    at: Position,
) -> Result<Value, Fault> {
    let not_json = |words: String| Fault::Yaml { at, words, hint: None };
    let scalar = match tag {
        None if style != ScalarStyle::Plain => return Ok(Value::String(content.into_owned())),
        None => resolve(&content),
        Some(tag) => match wording::core_tag(tag) {
            Some("!") => resolve(&content),
            Some("binary") => return wording::binary(&content).map_err(not_json),
            Some(name @ ("int" | "float" | "bool" | "null" | "timestamp")) => {
                tagged(resolve(&content), name, &content).map_err(not_json)?
            }
            _ => Scalar::Text,
        },
    };
    if let Scalar::Float(float) = scalar
        && !float.is_finite()
    {
        let name = if float.is_nan() { "NaN" } else { ["-Inf", "+Inf"][usize::from(float > 0.0)] };
        let hint = Some("JSON has no such number; quote it if it is text");
        return Err(Fault::Yaml { at, words: format!("json: unsupported value: {name}"), hint });
    }
    Ok(scalar.into_value(content).unwrap_or_default())
}

/// Checks a resolved scalar against its explicit tag.
fn tagged(scalar: Scalar, name: &str, content: &str) -> Result<Scalar, String> {
    match scalar {
        Scalar::Int(int) if name == "float" => Ok(Scalar::Float(int as f64)),
        other if other.tag().strip_prefix("!!") == Some(name) => Ok(other),
        other => Err(format!("yaml: cannot decode {} `{content}` as a !!{name}", other.tag())),
    }
}

/// The key that a scalar makes.
pub(super) fn key_of_scalar(
    content: Cow<'_, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    at: Span,
) -> Result<Key, Fault> {
    if tag.is_some() {
        return key_of_value(&scalar_value(content, style, tag, at.start)?, at);
    }
    if style != ScalarStyle::Plain {
        return Ok(Key::Named(content.into_owned(), at));
    }
    if content == "<<" {
        return Ok(Key::Merge(at));
    }
    Ok(match resolve(&content) {
        Scalar::Text | Scalar::Timestamp => Key::Named(content.into_owned(), at),
        other => key_of(other, at),
    })
}

fn key_of(scalar: Scalar, at: Span) -> Key {
    let name = match scalar {
        Scalar::Bool(truth) => truth.to_string(),
        Scalar::Int(int) => int.to_string(),
        Scalar::Float(float) if float.is_nan() => ".nan".to_owned(),
        Scalar::Float(f64::INFINITY) => ".inf".to_owned(),
        Scalar::Float(f64::NEG_INFINITY) => "-.inf".to_owned(),
        Scalar::Float(float) => super::number::go_float32(float),
        Scalar::Null => {
            let words = "unsupported map key of type: %!s(<nil>), key: <nil>";
            return Key::Unsupported { at, words };
        }
        Scalar::Big(_) | Scalar::Timestamp | Scalar::Text => {
            return Key::Unsupported { at, words: "unsupported map key of type: uint64" };
        }
    };
    Key::Named(name, at)
}

/// The key that a tagged or aliased value makes.
pub(super) fn key_of_value(value: &Value, at: Span) -> Result<Key, Fault> {
    match value {
        Value::String(text) => Ok(Key::Named(text.clone(), at)),
        Value::Bool(truth) => Ok(key_of(Scalar::Bool(*truth), at)),
        Value::Number(number) => Ok(number.as_i64().map_or_else(
            || key_of(Scalar::Float(number.as_f64().unwrap_or_default()), at),
            |int| key_of(Scalar::Int(int), at),
        )),
        Value::Null => Ok(key_of(Scalar::Null, at)),
        Value::Array(_) | Value::Object(_) => {
            let words = format!("yaml: invalid map key: {}", wording::go_syntax(value));
            Err(Fault::Yaml { at: at.start, words, hint: Some("a key must be a scalar") })
        }
    }
}
