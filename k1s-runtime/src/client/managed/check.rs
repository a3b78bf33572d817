//! Whether a value is of its type: what the server asks of an applied object before anything else.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::Object;
use crate::api::gotext;
use crate::api::jsonpath::go_text;

use super::items;
use super::types::{List, ListKind, Map, Part, Scalar, TypeRef, Types};

/// Whether lists may hold items of the same name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Duplicates {
    Allowed,
    Refused,
}

/// Checks an object.
///
/// # Errors
/// What is wrong with it, in the server's words.
pub(super) fn check(types: &Types, object: &Object, duplicates: Duplicates) -> Result<(), String> {
    let mut checker = Checker { types, duplicates, path: String::new(), errors: Vec::new() };
    if let Some(map) = types.root_map() {
        checker.fields(map, &object.0);
    }
    match checker.errors.as_slice() {
        [] => Ok(()),
        [only] => Err(only.clone()),
        several => Err(format!("errors:\n  {}", several.join("\n  "))),
    }
}

struct Checker<'a> {
    types: &'a Types,
    duplicates: Duplicates,
    path: String,
    errors: Vec<String>,
}

impl Checker<'_> {
    fn say(&mut self, message: &str) {
        self.errors.push(if self.path.is_empty() {
            message.to_owned()
        } else {
            format!("{}: {message}", self.path)
        });
    }

    fn value(&mut self, of: TypeRef, value: &Value) {
        let Some(part) = self.types.resolve(of).and_then(|atom| atom.part(Some(value))) else { return };
        match part {
            Part::Scalar(scalar) => self.scalar(scalar, value),
            Part::List(list) => self.list(list, value),
            Part::Map(map) => self.map(map, value),
        }
    }

    fn scalar(&mut self, scalar: Scalar, value: &Value) {
        let fits = match (scalar, value) {
            (_, Value::Null) => true,
            (Scalar::Numeric, value) => value.is_number(),
            (Scalar::String, value) => value.is_string(),
            (Scalar::Boolean, value) => value.is_boolean(),
            (Scalar::Any, value) => !value.is_array() && !value.is_object(),
        };
        if fits {
            return;
        }
        let message = match scalar {
            Scalar::Numeric => format!("expected numeric (int or float), got {}", gotext::type_name(value)),
            Scalar::String => {
                format!("expected string, got &value.valueUnstructured{{Value:{}}}", go_syntax(value))
            }
            Scalar::Boolean => format!("expected boolean, got &{{{}}}", go_text(value)),
            Scalar::Any => format!("expected any scalar, got &{{{}}}", go_text(value)),
        };
        self.say(&message);
    }

    fn list(&mut self, list: &List, value: &Value) {
        let items = match value {
            Value::Null => return,
            Value::Array(items) => items,
            other => return self.say(&format!("expected list, got &{{{}}}", go_text(other))),
        };
        let mut seen = BTreeSet::new();
        for (index, item) in items.iter().enumerate() {
            let name = match items::name(self.types, list, index, item) {
                Ok(name) => name,
                Err(message) => return self.say(&format!("element {index}: {message}")),
            };
            let length = self.path.len();
            let step = name.to_string();
            if list.kind != ListKind::Atomic && !seen.insert(name) && self.duplicates == Duplicates::Refused {
                self.say(&format!("duplicate entries for key {step}"));
            }
            self.path.push_str(&step);
            self.value(list.element, item);
            self.path.truncate(length);
        }
    }

    fn map(&mut self, map: &Map, value: &Value) {
        match value {
            Value::Null => {}
            Value::Object(fields) => self.fields(map, fields),
            other => self.say(&format!("expected map, got &{{{}}}", go_text(other))),
        }
    }

    fn fields(&mut self, map: &Map, fields: &serde_json::Map<String, Value>) {
        for (name, value) in fields {
            let length = self.path.len();
            self.path.push('.');
            self.path.push_str(name);
            let of = map.of(name);
            if of.is_some() {
                self.value(of, value);
            } else {
                self.say("field not declared in schema");
            }
            self.path.truncate(length);
            if of.is_none() {
                // The server looks no further.
                return;
            }
        }
    }
}

/// Go's `%#v`.
fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}:{}", gotext::quote(name), go_syntax(value)))
                .collect();
            format!("map[string]interface {{}}{{{}}}", fields.join(", "))
        }
        scalar => gotext::shown(scalar),
    }
}
