//! Maps: views of JSON objects, with declared fields or without, and maps that expressions made.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::schema::{Schema, Shape, escape, unescape};

use super::{EvalError, EvalResult, Key, Text, Value};

type JsonMap = serde_json::Map<String, Json>;

/// A map, or an object with declared fields.
#[derive(Clone, Debug)]
pub enum Map<'a> {
    /// A JSON object whose members have one schema.
    Json {
        /// The members.
        entries: &'a JsonMap,
        /// The schema of each.
        values: &'a Schema,
    },
    /// A JSON object with declared fields. A field that is null counts as absent; one that the schema does not know is not seen.
    Object {
        /// The members.
        fields: &'a JsonMap,
        /// The schema of the whole.
        schema: &'a Schema,
    },
    /// A JSON object without a schema.
    Plain(&'a JsonMap),
    /// What an expression made.
    Values(Arc<ValueMap<'a>>),
}

/// A map that an expression made; entries keep their order.
#[derive(Clone, Debug, Default)]
pub struct ValueMap<'a> {
    entries: Vec<(Value<'a>, Value<'a>)>,
    places: HashMap<Key<'a>, usize>,
}

impl<'a> ValueMap<'a> {
    /// Adds an entry.
    ///
    /// # Errors
    ///
    /// When the key is of a type that maps cannot have, or there already.
    pub fn insert(&mut self, key: Value<'a>, value: Value<'a>) -> Result<(), EvalError> {
        let place = Key::of(&key)
            .filter(|_| !matches!(key, Value::Double(_)))
            .ok_or_else(|| EvalError::other(format!("unsupported key type: {}", key.type_name())))?;
        if self.places.contains_key(&place) {
            return Err(EvalError::other(format!("Failed with repeated key: {}", key_text(&key))));
        }
        self.places.insert(place, self.entries.len());
        self.entries.push((key, value));
        Ok(())
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains(&self, key: &Value<'a>) -> bool {
        Key::of(key).is_some_and(|key| self.places.contains_key(&key))
    }

    /// The entries in the order in which they were added.
    #[must_use]
    pub fn entries(&self) -> &[(Value<'a>, Value<'a>)] {
        &self.entries
    }
}

impl<'a> Map<'a> {
    /// How many entries there are; for objects, members of the JSON, known or not.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Map::Json { entries, .. } | Map::Plain(entries) | Map::Object { fields: entries, .. } => {
                entries.len()
            }
            Map::Values(map) => map.entries.len(),
        }
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key, if there is one.
    ///
    /// # Errors
    ///
    /// When maps cannot have such a key, or when the value contradicts its schema.
    pub fn find(&self, key: &Value<'a>) -> Result<Option<Value<'a>>, EvalError> {
        match self {
            Map::Values(map) => {
                let Some(key) = Key::of(key) else { return Err(EvalError::NoSuchOverload) };
                Ok(map.places.get(&key).map(|place| map.entries[*place].1.clone()))
            }
            Map::Json { .. } | Map::Object { .. } => match key {
                Value::String(name) => self.find_name(name),
                _ => Err(EvalError::NoSuchOverload),
            },
            Map::Plain(_) => match key {
                Value::String(name) => self.find_name(name),
                _ => Ok(None),
            },
        }
    }

    /// [`Self::find`] for a name as expressions write it.
    ///
    /// # Errors
    ///
    /// When the value contradicts its schema.
    pub fn find_name(&self, name: &str) -> Result<Option<Value<'a>>, EvalError> {
        match self {
            Map::Object { schema, .. } => match unescape(name) {
                Some(property) if matches!(schema.shape(), Shape::Object(_)) => self.find_property(&property),
                _ => Ok(None),
            },
            Map::Values(map) => {
                let key = Key::String(Text::Borrowed(name));
                Ok(map.places.get(&key).map(|place| map.entries[*place].1.clone()))
            }
            _ => self.find_property(name),
        }
    }

    /// [`Self::find`] for a property's name as the JSON has it.
    ///
    /// # Errors
    ///
    /// When the value contradicts its schema.
    pub fn find_property(&self, property: &str) -> Result<Option<Value<'a>>, EvalError> {
        match self {
            Map::Json { entries, values } => {
                let Some(json) = entries.get(property) else { return Ok(None) };
                Value::typed(json, values).map(Some)
            }
            Map::Object { fields, schema } => {
                let Shape::Object(object) = schema.shape() else { return Ok(None) };
                let Some(json) = fields.get(property).filter(|json| !json.is_null()) else { return Ok(None) };
                let Some(schema) = object.properties.get(property) else { return Ok(None) };
                Value::typed(json, schema).map(Some)
            }
            Map::Plain(entries) => Ok(entries.get(property).map(Value::from_json)),
            Map::Values(_) => self.find_name(property),
        }
    }

    /// The value of a key.
    ///
    /// # Errors
    ///
    /// When there is none, and as [`Self::find`].
    pub fn get(&self, key: &Value<'a>) -> EvalResult<'a> {
        self.find(key)?.ok_or_else(|| EvalError::NoSuchKey(key_text(key).into()))
    }

    /// The keys, as expressions write them.
    pub fn keys(&self) -> Vec<Value<'a>> {
        match self {
            Map::Json { entries, .. } | Map::Plain(entries) => {
                entries.keys().map(|key| Value::str(key)).collect()
            }
            Map::Object { fields, schema } => {
                let Shape::Object(object) = schema.shape() else { return Vec::new() };
                let known = fields.keys().filter(|name| object.properties.contains_key(name.as_str()));
                known
                    .map(|name| match escape(name) {
                        Some(std::borrow::Cow::Owned(written)) => Value::string(written),
                        _ => Value::str(name),
                    })
                    .collect()
            }
            Map::Values(map) => map.entries.iter().map(|(key, _)| key.clone()).collect(),
        }
    }
}

/// A key in error messages: as Go prints it.
pub(crate) fn key_text(key: &Value<'_>) -> String {
    match key {
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => crate::gofmt::double(*value),
        Value::String(text) => text.to_string(),
        Value::Null => "null".into(),
        other => other.type_name().into(),
    }
}
