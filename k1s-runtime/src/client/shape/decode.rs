//! Decoding a JSON object into a shape, in place: what Go's decoder drops, fills and refuses.

use std::mem;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use crate::api::gotext;
use crate::manifest::{push_index, push_key};

use super::crd::JSON_SCHEMA_PROPS;
use super::tables::OBJECT_META;
use super::{Empty, Shape, Struct, time};

/// What decoding found besides errors.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
    /// Paths of fields that the shape does not have; they were dropped.
    pub(crate) unknown: Vec<String>,
}

/// A value that is not what the shape wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Path of the value, as `metadata.labels.app`.
    pub(crate) path: String,
    /// The message of Go's decoder, which names no item and no key.
    pub(crate) message: String,
}

impl From<Misfit> for String {
    fn from(misfit: Misfit) -> Self {
        misfit.message
    }
}

/// Base64 as Go reads it: padded, line breaks ignored, spare bits not looked at.
const GO_BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical)
        .with_decode_allow_trailing_bits(true),
);

/// Makes an object of a core kind what decoding and encoding it would make of it.
///
/// # Errors
/// The first value of a wrong type.
pub(crate) fn decode(shape: &'static Struct, object: &mut Map<String, Value>) -> Result<Decoded, Misfit> {
    Decoder::default().decode(shape, object)
}

/// The same for the metadata of a custom resource. An absent or null one becomes an empty object.
///
/// # Errors
/// As [`decode`].
pub(crate) fn decode_metadata(object: &mut Map<String, Value>) -> Result<Decoded, Misfit> {
    let slot = object.entry("metadata").or_insert(Value::Null);
    if slot.is_null() {
        *slot = Value::Object(Map::new());
    }
    let Value::Object(metadata) = slot else {
        let (found, wanted) = (gotext::json_type(slot), OBJECT_META.type_name);
        let message = format!("json: cannot unmarshal {found} into Go value of type {wanted}");
        return Err(Misfit { path: "metadata".to_owned(), message });
    };
    let below = |path: String| format!("metadata.{path}");
    let decoded = Decoder::default().decode(&OBJECT_META, metadata);
    let mut decoded = decoded.map_err(|misfit| Misfit { path: below(misfit.path), ..misfit })?;
    decoded.unknown = decoded.unknown.into_iter().map(below).collect();
    Ok(decoded)
}

/// Whether a value is the metadata of an object; null is, too.
///
/// # Errors
/// As [`decode`].
pub(crate) fn check_metadata(value: &Value) -> Result<(), Misfit> {
    if value.is_null() {
        return Ok(());
    }
    decode_metadata(&mut Map::from_iter([("metadata".to_owned(), value.clone())])).map(drop)
}

#[derive(Default)]
struct Decoder {
    decoded: Decoded,
    path: Vec<Step>,
}

enum Step {
    Field(&'static str),
    Index(usize),
    Key(String),
}

impl Decoder {
    fn decode(mut self, shape: &'static Struct, object: &mut Map<String, Value>) -> Result<Decoded, Misfit> {
        match self.object(shape, object) {
            Ok(()) => Ok(self.decoded),
            // The way down is kept as it was where the value was found.
            Err(message) => Err(Misfit { path: self.shown_path(), message }),
        }
    }

    fn object(&mut self, shape: &'static Struct, object: &mut Map<String, Value>) -> Result<(), String> {
        if object.keys().any(|key| !shape.fields.iter().any(|field| field.name == key)) {
            self.drop_unknown(shape, object);
        }
        for field in shape.fields {
            self.path.push(Step::Field(field.name));
            match object.get_mut(field.name) {
                Some(Value::Null) | None => {
                    object.remove(field.name);
                }
                Some(value) => {
                    self.value(field.shape, value, shape.name)?;
                    if field.empty == Empty::Omit && is_zero(value) {
                        object.remove(field.name);
                    }
                }
            }
            if field.empty == Empty::Always && !object.contains_key(field.name) {
                let mut zero = zero(field.shape);
                if let (Shape::Struct(inner), Value::Object(map)) = (field.shape, &mut zero) {
                    self.object(inner, map)?;
                }
                object.insert(field.name.to_owned(), zero);
            }
            self.path.pop();
        }
        Ok(())
    }

    fn drop_unknown(&mut self, shape: &Struct, object: &mut Map<String, Value>) {
        for (key, value) in mem::take(object) {
            if shape.fields.iter().any(|field| field.name == key) {
                object.insert(key, value);
            } else {
                let mut path = self.shown_path();
                push_key(&mut path, &key);
                self.decoded.unknown.push(path);
            }
        }
    }

    fn value(&mut self, shape: Shape, value: &mut Value, owner: &str) -> Result<(), String> {
        match (shape, &mut *value) {
            (Shape::Any, _) | (Shape::Text, Value::String(_)) | (Shape::Bool, Value::Bool(_)) => Ok(()),
            (Shape::Int32 | Shape::Int64, Value::Number(number)) => {
                let fits = match number.as_i64() {
                    Some(number) => matches!(shape, Shape::Int64) || i32::try_from(number).is_ok(),
                    None => false,
                };
                let shown = number.to_string();
                if fits { Ok(()) } else { Err(self.wrong_type(&format!("number {shown}"), shape, owner)) }
            }
            (Shape::Float64, Value::Number(_)) => Ok(()),
            // These read themselves: what they find is not told, and their paths begin anew.
            (Shape::SchemaOrArray | Shape::SchemaOrBool, Value::Object(schema)) => self.schema(schema),
            (Shape::SchemaOrArray, Value::Array(schemas)) => {
                schemas.iter_mut().filter_map(Value::as_object_mut).try_for_each(|schema| self.schema(schema))
            }
            (Shape::SchemaOrArray, other) => {
                *other = Value::Null;
                Ok(())
            }
            (Shape::SchemaOrBool, Value::Bool(_)) => Ok(()),
            (Shape::SchemaOrBool, _) => Err("boolean or JSON schema expected".to_owned()),
            (Shape::Bytes, Value::String(text)) => canonical_base64(text),
            (Shape::Time, Value::String(text)) => time::normalise_seconds(text),
            (Shape::MicroTime, Value::String(text)) => time::normalise_micros(text),
            (Shape::Map(inner), Value::Object(map)) => self.map(*inner, map, owner),
            (Shape::List(inner), Value::Array(items)) => self.list(*inner, items, owner),
            (Shape::Struct(inner), Value::Object(map)) => self.object(inner, map),
            (Shape::Time | Shape::MicroTime, other) => Err(format!(
                "json: cannot unmarshal {} into Go value of type string",
                gotext::json_type(other)
            )),
            (_, other) => Err(self.wrong_type(gotext::json_type(other), shape, owner)),
        }
    }

    /// A schema, which reads itself.
    fn schema(&mut self, schema: &mut Map<String, Value>) -> Result<(), String> {
        let decoded = decode(&JSON_SCHEMA_PROPS, schema);
        decoded.map(drop).map_err(|Misfit { path, message }| {
            self.path.push(Step::Key(path));
            message
        })
    }

    fn map(&mut self, inner: Shape, map: &mut Map<String, Value>, owner: &str) -> Result<(), String> {
        for (key, value) in map.iter_mut() {
            if value.is_null() {
                *value = zero(inner);
                continue;
            }
            self.path.push(Step::Key(key.clone()));
            self.value(inner, value, owner)?;
            self.path.pop();
        }
        Ok(())
    }

    fn list(&mut self, inner: Shape, items: &mut [Value], owner: &str) -> Result<(), String> {
        for (index, value) in items.iter_mut().enumerate() {
            if value.is_null() {
                *value = zero(inner);
            }
            self.path.push(Step::Index(index));
            self.value(inner, value, owner)?;
            self.path.pop();
        }
        Ok(())
    }

    fn wrong_type(&self, found: &str, shape: Shape, owner: &str) -> String {
        let fields: Vec<&str> = self
            .path
            .iter()
            .filter_map(|step| if let Step::Field(name) = step { Some(*name) } else { None })
            .collect();
        let wanted = shape.type_name();
        format!(
            "json: cannot unmarshal {found} into Go struct field {owner}.{} of type {wanted}",
            fields.join(".")
        )
    }

    fn shown_path(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Field(name) => push_key(&mut path, name),
                Step::Key(key) => push_key(&mut path, key),
                Step::Index(index) => push_index(&mut path, *index),
            }
        }
        path
    }
}

fn zero(shape: Shape) -> Value {
    match shape {
        Shape::Text | Shape::Bytes => Value::from(""),
        Shape::Bool => Value::from(false),
        Shape::Int32 | Shape::Int64 | Shape::Float64 => Value::from(0),
        Shape::Struct(_) => Value::Object(Map::new()),
        Shape::Time | Shape::MicroTime | Shape::Map(_) | Shape::List(_) | Shape::Any => Value::Null,
        Shape::SchemaOrArray | Shape::SchemaOrBool => Value::Null,
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

/// Checks base64 text and rewrites it as Go writes it.
pub(super) fn canonical_base64(text: &mut String) -> Result<(), String> {
    if text.contains(['\n', '\r']) {
        text.retain(|c| c != '\n' && c != '\r');
    }
    match GO_BASE64.decode(text.as_bytes()) {
        Ok(bytes) => {
            *text = base64::engine::general_purpose::STANDARD.encode(bytes);
            Ok(())
        }
        Err(_) => Err(format!("illegal base64 data at input byte {}", bad_base64_position(text))),
    }
}

/// Where Go's decoder stops: at the first byte outside the alphabet, or at the start of an incomplete quantum.
fn bad_base64_position(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let mut at = 0;
    while at < bytes.len() {
        let quantum = &bytes[at..bytes.len().min(at + 4)];
        let bad = quantum.iter().position(|&byte| !is_digit(byte));
        match bad {
            None if quantum.len() == 4 => at += 4,
            None => return at,
            Some(offset) if bytes[at + offset] != b'=' || offset < 2 => return at + offset,
            // Padding: complete, followed by garbage, or cut short.
            Some(2) if quantum.get(3) != Some(&b'=') => return (at + 3).min(bytes.len()),
            Some(_) => return at + 4,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::root;
    use super::*;

    fn decoded(kind: &str, value: Value) -> Result<(Value, Vec<String>), String> {
        let Value::Object(mut map) = value else { panic!("an object") };
        let decoded = decode(root("", kind).unwrap(), &mut map)?;
        Ok((Value::Object(map), decoded.unknown))
    }

    #[test]
    fn empty_fields_go_and_null_entries_become_zero() {
        let (value, unknown) = decoded(
            "ConfigMap",
            json!({"metadata": {"labels": {}, "name": "a"}, "data": {"a": null}, "binaryData": {}, "junk": 1}),
        )
        .unwrap();
        assert_eq!(value, json!({"metadata": {"name": "a"}, "data": {"a": ""}}));
        assert_eq!(unknown, ["junk"]);
    }

    #[test]
    fn wrong_types_are_named_as_go_names_them() {
        for (value, message) in [
            (
                json!({"data": {"a": 1}}),
                "json: cannot unmarshal number into Go struct field ConfigMap.data of type string",
            ),
            (
                json!({"metadata": {"labels": {"a": 1}}}),
                "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
            ),
            (
                json!({"metadata": "x"}),
                "json: cannot unmarshal string into Go struct field ConfigMap.metadata of type v1.ObjectMeta",
            ),
            (json!({"binaryData": {"a": "YQ"}}), "illegal base64 data at input byte 0"),
            (json!({"binaryData": {"a": "not base64!"}}), "illegal base64 data at input byte 3"),
        ] {
            assert_eq!(decoded("ConfigMap", value).unwrap_err(), message);
        }
    }

    #[test]
    fn schemas_are_decoded_through_their_own_fields() {
        let decoded = |schema: Value| {
            let mut map = Map::from_iter([
                ("metadata".to_owned(), json!({"name": "c"})),
                ("spec".to_owned(), json!({"versions": [{"schema": {"openAPIV3Schema": schema}}]})),
            ]);
            decode(root("apiextensions.k8s.io", "CustomResourceDefinition").unwrap(), &mut map)
                .map(|decoded| decoded.unknown)
                .map_err(String::from)
        };
        assert_eq!(
            decoded(json!({"properties": {"a": {"readOnly": true}}, "items": {"readOnly": true}})).unwrap(),
            ["spec.versions[0].schema.openAPIV3Schema.properties.a.readOnly"]
        );
        assert_eq!(
            decoded(json!({"items": {"not": {"minimum": "1"}}})).unwrap_err(),
            "json: cannot unmarshal string into Go struct field JSONSchemaProps.not.minimum of type float64"
        );
        assert_eq!(
            decoded(json!({"additionalProperties": 1})).unwrap_err(),
            "boolean or JSON schema expected"
        );
    }

    #[test]
    fn wrong_values_have_their_whole_path() {
        let path = |object: Value| {
            let Value::Object(mut map) = object else { panic!("an object") };
            decode(root("", "ConfigMap").unwrap(), &mut map).unwrap_err().path
        };
        assert_eq!(path(json!({"data": {"a.b": 1}})), "data.a.b");
        assert_eq!(
            path(json!({"metadata": {"ownerReferences": [{}, {"uid": 1}]}})),
            "metadata.ownerReferences[1].uid"
        );
        let mut object = Map::from_iter([("metadata".to_owned(), json!({"labels": []}))]);
        assert_eq!(decode_metadata(&mut object).unwrap_err().path, "metadata.labels");
    }

    #[test]
    fn events_always_show_some_fields() {
        let (value, _) = decoded("Event", json!({"metadata": {"name": "e"}})).unwrap();
        assert_eq!(
            value,
            json!({"metadata": {"name": "e"}, "involvedObject": {}, "source": {}, "firstTimestamp": null,
                "lastTimestamp": null, "eventTime": null, "reportingComponent": "", "reportingInstance": ""})
        );
    }
}
