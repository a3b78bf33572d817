//! What the derive macros expand to; not for use by hand, not covered by semantic versioning.
//!
//! Keeps expansions small: a derived type's code only names its fields and keywords, the work is done here.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::Error;
use serde::ser::SerializeMap;
use serde_json::{Map, Value, json};

pub use linkme;

use crate::schema::{ERROR_KEYWORD, FORMAT_KEYWORD, OPENAPI_KEYWORD, OPTIONAL_KEYWORD};

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

/// The schema of a list that has one value for each of these places, the last of which may be missing.
pub fn tuple(places: &[Schema], least: usize) -> Schema {
    Schema::from(Map::from_iter([
        ("type".to_owned(), Value::from("array")),
        ("prefixItems".to_owned(), places.iter().cloned().map(Schema::to_value).collect()),
        ("minItems".to_owned(), least.into()),
        ("maxItems".to_owned(), places.len().into()),
    ]))
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

/// Adds a property that has several names, of which serde reads any and an object has one.
pub fn aliased(object: &mut Schema, names: &[&str], required: bool, schema: &Schema) {
    for (index, name) in names.iter().enumerate() {
        let mut schema = schema.clone();
        if index > 0 {
            overlay(&mut schema, json!({"description": format!("Another name of `{}`.", names[0])}));
        }
        property(object, name, false, schema);
    }
    let needs = |names: &[&str]| json!({"required": names});
    let together = if required {
        json!({"oneOf": names.iter().map(|name| needs(&[name])).collect::<Vec<_>>()})
    } else {
        let pairs = names
            .iter()
            .enumerate()
            .flat_map(|(index, first)| names[index + 1..].iter().map(move |second| needs(&[first, second])));
        json!({"not": {"anyOf": pairs.collect::<Vec<_>>()}})
    };
    add_part(object, together);
}

/// Makes the fields of another schema fields of an object; if `optional`, all of them or none.
pub fn flatten(object: &mut Schema, part: Schema, optional: bool) {
    let mut part = part;
    // It describes a value that is none here.
    part.remove("description");
    if optional {
        part.insert(OPTIONAL_KEYWORD.to_owned(), true.into());
    }
    add_part(object, part.to_value());
}

fn add_part(object: &mut Schema, part: Value) {
    if let Value::Array(parts) = object.ensure_object().entry("allOf").or_insert_with(|| json!([])) {
        parts.push(part);
    }
}

/// One of a few words; any, if there are none.
pub fn words(words: &[&str]) -> Schema {
    let mut schema = Map::from_iter([("type".to_owned(), Value::from("string"))]);
    if !words.is_empty() {
        schema.insert("enum".to_owned(), words.into());
    }
    Schema::from(schema)
}

/// Any word but these.
pub fn other_words(known: &[&str]) -> Schema {
    let mut schema = words(&[]);
    if !known.is_empty() {
        schema.insert("not".to_owned(), json!({"enum": known}));
    }
    schema
}

/// Adds a variant that is the only field of an object, once under each of its names.
pub fn external(variants: &mut Vec<Schema>, names: &[&str], content: &Schema) {
    for name in names {
        let mut schema = object();
        property(&mut schema, name, true, content.clone());
        variants.push(schema);
    }
}

/// The schema of an enum; `exclusive` if no value fits two variants.
pub fn union(variants: Vec<Schema>, exclusive: bool) -> Schema {
    let keyword = if exclusive { "oneOf" } else { "anyOf" };
    let variants = variants.into_iter().map(Schema::to_value).collect();
    Schema::from(Map::from_iter([(keyword.to_owned(), Value::Array(variants))]))
}

/// The name of a generic type with its arguments.
pub fn generic_name(name: &str, arguments: &[Cow<'static, str>]) -> Cow<'static, str> {
    Cow::Owned(format!("{name}_of_{}", arguments.join("_and_")))
}

/// Lays keywords over a schema: they replace what is there, except that rules add up and `items` are merged.
pub fn overlay(schema: &mut Schema, keywords: Value) {
    if let Value::Object(keywords) = keywords {
        merge(schema.ensure_object(), keywords);
    }
}

fn merge(schema: &mut Map<String, Value>, mut keywords: Map<String, Value>) {
    let layers = keywords.remove(OPENAPI_KEYWORD);
    let is_tuple = schema.contains_key("prefixItems") && !schema.contains_key("items");
    for (keyword, value) in keywords {
        yield_to(schema, &keyword, &value);
        if keyword == "format" && value == "duration" {
            schema.insert(FORMAT_KEYWORD.to_owned(), value.clone());
        }
        match (keyword.as_str(), schema.get_mut(&keyword), value) {
            ("x-kubernetes-validations", Some(Value::Array(rules)), Value::Array(more)) => rules.extend(more),
            // Attributes nest as deep as they are written.
            ("items", Some(Value::Object(items)), Value::Object(more)) => merge(items, more),
            // Of a tuple, it is said of the value at each place.
            ("items", None, Value::Object(more)) if is_tuple => {
                let places = schema.get_mut("prefixItems").and_then(Value::as_array_mut);
                for place in places.into_iter().flatten().filter_map(Value::as_object_mut) {
                    merge(place, more.clone());
                }
            }
            (_, _, value) => {
                schema.insert(keyword, value);
            }
        }
    }
    // Last: they lie over what is said beside them.
    match (schema.get_mut(OPENAPI_KEYWORD), layers) {
        (Some(Value::Array(own)), Some(Value::Array(more))) => own.extend(more),
        (_, Some(layers)) => {
            schema.insert(OPENAPI_KEYWORD.to_owned(), layers);
        }
        (_, None) => {}
    }
}

/// Lets what is said from outside win over the layers of a type: of what is said twice, the layers forget theirs. Rules add up.
fn yield_to(schema: &mut Map<String, Value>, keyword: &str, value: &Value) {
    let layers = schema.get_mut(OPENAPI_KEYWORD).and_then(Value::as_array_mut);
    for layer in layers.into_iter().flatten().filter_map(Value::as_object_mut) {
        match (keyword, layer.get_mut(keyword), value) {
            ("x-kubernetes-validations", Some(Value::Array(rules)), Value::Array(more)) => {
                rules.extend(more.iter().cloned());
            }
            ("items", _, _) => {}
            _ => {
                layer.remove(keyword);
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

/// Reads the `spec` of an object that may have none: it is taken for an empty one then.
///
/// # Errors
/// When a spec needs a field, and there is no spec.
pub fn absent_spec<Spec: serde::de::DeserializeOwned, E: Error>() -> Result<Spec, E> {
    Spec::deserialize(Value::Object(Map::new())).map_err(|error| E::custom(format_args!("spec: {error}")))
}

/// The schema of a kind without a status; `required` says whether an object must have a spec.
pub fn root<Spec: JsonSchema>(keywords: Value, required: bool) -> Schema {
    build_root(keywords, |schema, generator| {
        property(schema, "spec", required, generator.subschema_for::<Spec>());
    })
}

/// The schema of a kind with a status; `required` says whether an object must have a spec.
pub fn root_with_status<Spec: JsonSchema, Status: JsonSchema>(keywords: Value, required: bool) -> Schema {
    build_root(keywords, |schema, generator| {
        property(schema, "spec", required, generator.subschema_for::<Spec>());
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
