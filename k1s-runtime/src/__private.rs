//! What the derive macros expand to; not for use by hand, not covered by semantic versioning.
//!
//! Keeps expansions small: a derived type's code only names its fields and keywords, the work is done here.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::Error;
use serde::ser::SerializeMap;
use serde_json::{Map, Value, json};

pub use linkme;

use crate::schema::ERROR_KEYWORD;

/// What a derived kind is called, known while its hub is checked.
pub trait Names {
    /// API group.
    const GROUP: &'static str;
    /// Version.
    const VERSION: &'static str;
    /// Kind.
    const KIND: &'static str;
    /// Whether objects are stored in this version.
    const STORED: bool;
}

/// Whether two texts are equal, for constants.
pub const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The schema of an object without properties.
pub fn object() -> Schema {
    Schema::from(Map::from_iter([("type".to_owned(), Value::from("object"))]))
}

/// Adds a property.
pub fn property(object: &mut Schema, name: &str, required: bool, schema: Schema) {
    let object = object.ensure_object();
    if let Value::Object(properties) = object.entry("properties").or_insert_with(|| json!({})) {
        properties.insert(name.to_owned(), schema.to_value());
    }
    if !required {
        return;
    }
    if let Value::Array(names) = object.entry("required").or_insert_with(|| json!([])) {
        names.push(name.into());
    }
}

/// Lays keywords over a schema: they replace what is there, except that rules add up and `items` are merged.
pub fn overlay(schema: &mut Schema, keywords: Value) {
    if let Value::Object(keywords) = keywords {
        merge(schema.ensure_object(), keywords);
    }
}

fn merge(schema: &mut Map<String, Value>, keywords: Map<String, Value>) {
    for (keyword, value) in keywords {
        match (keyword.as_str(), schema.get_mut(&keyword), value) {
            ("x-kubernetes-validations", Some(Value::Array(rules)), Value::Array(more)) => rules.extend(more),
            // Attributes nest as deep as they are written.
            ("items", Some(Value::Object(items)), Value::Object(more)) => merge(items, more),
            (_, _, value) => {
                schema.insert(keyword, value);
            }
        }
    }
}

/// Sets a keyword to a value of a Rust type.
pub fn set<T: Serialize>(schema: &mut Schema, keyword: &str, value: &T) {
    match serde_json::to_value(value) {
        Ok(value) => schema.insert(keyword.to_owned(), value),
        Err(error) => schema.insert(
            ERROR_KEYWORD.to_owned(),
            format!("the {keyword} cannot be written as JSON: {error}").into(),
        ),
    };
}

/// The schema of a kind without a status.
pub fn root<Spec: JsonSchema>(keywords: Value) -> Schema {
    build_root(keywords, |schema, generator| {
        property(schema, "spec", true, generator.subschema_for::<Spec>());
    })
}

/// The schema of a kind with a status.
pub fn root_with_status<Spec: JsonSchema, Status: JsonSchema>(keywords: Value) -> Schema {
    build_root(keywords, |schema, generator| {
        property(schema, "spec", true, generator.subschema_for::<Spec>());
        property(schema, "status", false, generator.subschema_for::<Status>());
    })
}

fn build_root(keywords: Value, fill: impl FnOnce(&mut Schema, &mut SchemaGenerator)) -> Schema {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let mut schema = object();
    overlay(&mut schema, keywords);
    fill(&mut schema, &mut generator);
    // What is left here are types that contain themselves.
    let definitions = generator.take_definitions(false);
    if !definitions.is_empty() {
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

/// Writes `apiVersion` and `kind`.
///
/// # Errors
/// The serializer's.
pub fn serialize_type<K: kube_core::Resource<DynamicType = ()>, M: SerializeMap>(
    map: &mut M,
) -> Result<(), M::Error> {
    map.serialize_entry("apiVersion", &K::api_version(&()))?;
    map.serialize_entry("kind", &K::kind(&()))
}

/// Refuses an object of another kind. What is absent or empty is taken to be right.
///
/// # Errors
/// When `apiVersion` or `kind` are another type's.
pub fn check_type<K: kube_core::Resource<DynamicType = ()>, E: Error>(
    api_version: &str,
    kind: &str,
) -> Result<(), E> {
    let (own_version, own_kind) = (K::api_version(&()), K::kind(&()));
    let api_version = if api_version.is_empty() { &own_version } else { api_version };
    let kind = if kind.is_empty() { &own_kind } else { kind };
    if kind == own_kind && api_version == own_version {
        return Ok(());
    }
    Err(E::custom(format_args!("expected {own_kind} of {own_version}, found {kind} of {api_version}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_compared_whole() {
        assert!(same("v1", "v1") && same("", ""));
        assert!(!same("v1", "v2") && !same("v1", "v1beta1"));
    }

    #[test]
    fn rules_add_up_and_items_merge() {
        let mut schema = Schema::from(Map::new());
        overlay(
            &mut schema,
            json!({"items": {"type": "string"}, "x-kubernetes-validations": [{"rule": "a"}]}),
        );
        let more =
            json!({"items": {"minLength": 1}, "x-kubernetes-validations": [{"rule": "b"}], "title": "t"});
        overlay(&mut schema, more);
        let expected = json!({
            "items": {"type": "string", "minLength": 1},
            "x-kubernetes-validations": [{"rule": "a"}, {"rule": "b"}],
            "title": "t",
        });
        assert_eq!(schema.to_value(), expected);
    }
}
