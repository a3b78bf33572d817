//! Scalars with tags, map keys and merge keys as values, and what copying a value costs.

use std::borrow::Cow;

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::{Map, Value};

use super::builder::{Fault, Key};
use super::positions::Position;
use super::scalar::{Scalar, resolve};
use super::wording;

/// Adds what a merge key brings. As in go-yaml v2 it overrides what stands before it and yields to what follows; of
/// several maps the first wins.
pub(super) fn merge(
    map: &mut Map<String, Value>,
    merged: &mut Vec<String>,
    value: Value,
    at: Position,
) -> Result<(), Fault> {
    let maps = match value {
        Value::Array(list) => list,
        other => vec![other],
    };
    for one in maps.into_iter().rev() {
        let Value::Object(one) = one else {
            let words = "yaml: map merge requires map or sequence of maps as the value".to_owned();
            return Err(Fault::Yaml {
                at,
                words,
                hint: Some("`<<` takes an alias of a map; quote it to use it as a key"),
            });
        };
        for (key, value) in one {
            merged.push(key.clone());
            map.insert(key, value);
        }
    }
    Ok(())
}

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

pub(super) fn key_of(scalar: Scalar, at: Position) -> Key {
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
pub(super) fn key_of_value(value: &Value, at: Position) -> Result<Key, Fault> {
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
            Err(Fault::Yaml { at, words, hint: Some("a key must be a scalar") })
        }
    }
}

/// What copying a value costs.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) nodes: usize,
    pub(super) bytes: usize,
    pub(super) depth: usize,
}

impl Size {
    /// Measures a value that is within the depth limit.
    pub(super) fn of(value: &Value) -> Self {
        let node = size_of::<Value>();
        match value {
            Value::String(text) => Self { nodes: 1, bytes: node + text.len(), depth: 0 },
            Value::Array(list) => list.iter().fold(Self { nodes: 1, bytes: node, depth: 1 }, Self::plus),
            Value::Object(map) => {
                map.iter().fold(Self { nodes: 1, bytes: node, depth: 1 }, |sum, (key, value)| {
                    let sum = sum.plus(value);
                    Self { bytes: sum.bytes + size_of::<String>() + key.len(), ..sum }
                })
            }
            _ => Self { nodes: 1, bytes: node, depth: 0 },
        }
    }

    fn plus(self, child: &Value) -> Self {
        let child = Self::of(child);
        Self {
            nodes: self.nodes + child.nodes,
            bytes: self.bytes + child.bytes,
            depth: self.depth.max(child.depth + 1),
        }
    }
}
