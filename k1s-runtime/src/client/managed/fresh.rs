//! The owner of a new object: its writer, of all that it wrote.
//!
//! Comparing with nothing, as [`super::track`] does, comes to that in any case, by way of two trees. But most writes are creations,
//! and what they own can be written down while walking over the object. A property test holds the two to the same text.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::{Object, paired};
use crate::client::Result;
use crate::client::core::Kind;
use crate::client::encode::put_escaped;

use super::codec;
use super::element::PathElement;
use super::items;
use super::manager::{Author, is_stripped_metadata, reset_names};
use super::types::{Field, List, ListKind, Map, Part, TypeRef, Types};

type Fields = serde_json::Map<String, Value>;

/// Room for the entry of most objects.
const TYPICAL_BYTES: usize = 1024;

/// `metadata.managedFields` of an object that is created, as JSON text; `None` if nothing of it can be owned. The object is as it was
/// decoded, and came without entries.
///
/// # Errors
/// As [`super::track`].
pub(crate) fn track_new(
    kind: &Kind,
    object: &Object,
    author: Author<'_>,
    now: &str,
) -> Result<Option<Vec<u8>>> {
    Ok(entry(kind.version().types()?, object, reset_names(kind, ""), &kind.api_version, author.name(), now))
}

pub(super) fn entry(
    types: &Types,
    object: &Object,
    reset: &[&str],
    api_version: &str,
    manager: &str,
    now: &str,
) -> Option<Vec<u8>> {
    let mut writer = Writer { types, text: Vec::with_capacity(TYPICAL_BYTES) };
    writer.put("[{\"apiVersion\":\"");
    writer.escaped(api_version);
    writer.put("\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":");
    if !writer.object(object, reset) {
        return None;
    }
    writer.put(",\"manager\":\"");
    writer.escaped(manager);
    writer.put("\",\"operation\":\"Update\",\"time\":\"");
    writer.escaped(now);
    writer.put("\"}]");
    Some(writer.text)
}

/// Writes a set of fields. A value that has others below it is in the set as they are, for it has come to be; of the object itself and
/// of its metadata that is not said.
struct Writer<'a> {
    types: &'a Types,
    text: Vec<u8>,
}

impl<'a> Writer<'a> {
    /// What an object sets, without the names in `reset` and what the server keeps. Says whether there is anything; if not, nothing
    /// is written.
    fn object(&mut self, object: &Object, reset: &[&str]) -> bool {
        let Some(map) = self.types.root_map() else { return false };
        let from = self.text.len();
        for (name, value, declared) in paired(&object.0, &map.fields) {
            match (name.as_str(), value) {
                ("apiVersion" | "kind", _) => {}
                (name, _) if reset.contains(&name) => {}
                ("metadata", Value::Object(metadata)) => self.metadata(map, metadata),
                (name, value) => self.field(map, name, value, declared),
            }
        }
        self.close_bare(from)
    }

    fn metadata(&mut self, root: &'a Map, metadata: &Fields) {
        let Some(map) = self.types.resolve(root.of("metadata")).and_then(|atom| atom.map.as_ref()) else {
            return;
        };
        let from = self.text.len();
        self.key("f:metadata");
        let inside = self.text.len();
        for (name, value) in metadata.iter().filter(|(name, _)| !is_stripped_metadata(name)) {
            self.field(map, name, value, map.fields.get(name));
        }
        if !self.close_bare(inside) {
            self.text.truncate(from);
        }
    }

    fn field(&mut self, map: &'a Map, name: &str, value: &Value, declared: Option<&Field>) {
        let of = declared.map(|field| field.type_).or(map.element);
        let Some(part) = self.part(of, value) else { return };
        self.put(",\"f:");
        self.escaped(name);
        self.put("\":");
        self.below(part, value);
    }

    fn part(&self, of: TypeRef, value: &Value) -> Option<Part<'a>> {
        self.types.resolve(of)?.part(Some(value))
    }

    /// What is in the set at a value and below it.
    fn below(&mut self, part: Part<'a>, value: &Value) {
        let from = self.text.len();
        self.put("{\".\":{}");
        let inside = self.text.len();
        match (part, value) {
            (Part::Map(map), Value::Object(fields)) if !map.atomic => {
                for (name, value, declared) in paired(fields, &map.fields) {
                    self.field(map, name, value, declared);
                }
            }
            (Part::List(list), Value::Array(items)) if list.kind != ListKind::Atomic => {
                self.items(list, items);
            }
            _ => {}
        }
        if self.text.len() == inside {
            self.text.truncate(from);
            self.put("{");
        }
        self.put("}");
    }

    /// Items of the same name are one field together.
    fn items(&mut self, list: &'a List, items: &[Value]) {
        if list.kind == ListKind::Set && items.iter().all(Value::is_string) {
            return self.strings(items);
        }
        let mut by_name: BTreeMap<PathElement, Vec<&Value>> = BTreeMap::new();
        for (name, item) in items::named(self.types, list, items) {
            by_name.entry(name).or_default().push(item);
        }
        let by_key: BTreeMap<String, Vec<&Value>> =
            by_name.iter().map(|(name, items)| (codec::key(name), items.clone())).collect();
        for (key, items) in by_key {
            match (items.as_slice(), items.first().and_then(|item| self.part(list.element, item))) {
                ([item], Some(part)) => {
                    self.key(&key);
                    self.below(part, item);
                }
                ([_], None) => {}
                _ => {
                    self.key(&key);
                    self.put("{}");
                }
            }
        }
    }

    /// The items of a set of strings, which most sets are: each is a field, or one with those that are the same.
    fn strings(&mut self, items: &[Value]) {
        let mut keys: Vec<String> = items.iter().map(codec::value_key).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            self.key(&key);
            self.put("{}");
        }
    }

    /// Makes a level of what has been written since `from`, each part after a comma. Says whether there is anything.
    fn close_bare(&mut self, from: usize) -> bool {
        let Some(comma) = self.text.get_mut(from) else { return false };
        *comma = b'{';
        self.put("}");
        true
    }

    fn key(&mut self, key: &str) {
        self.put(",\"");
        self.escaped(key);
        self.put("\":");
    }

    fn put(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn escaped(&mut self, text: &str) {
        put_escaped(&mut self.text, text);
    }
}
