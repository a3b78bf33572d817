//! Parts of a definition as messages show them: the API server's internal Go structs, written as JSON.
//!
//! Their fields have Go names, stand in the order of their declaration, and are all there.

use serde_json::{Map, Value};

use crate::api::gotext;

use super::places;
use super::props::is_set;

/// How a field of a struct is written.
#[derive(Clone, Copy)]
enum Kind {
    /// A string, empty if there is none.
    Text,
    /// A number, zero if there is none.
    Number,
    /// A boolean, false if there is none.
    Flag,
    /// JSON, null if there is none.
    Any,
    /// A list or map, null if it is empty.
    Values,
    /// A struct, null if there is none.
    One(&'static [Field]),
    /// A list of structs.
    Many(&'static [Field]),
    /// A schema, null if there is none.
    Schema,
    /// A list of schemas.
    Schemas,
    /// A map to schemas.
    Named,
    /// `items`.
    Items,
    /// A schema or a boolean.
    SchemaOrBool,
    /// A map to schemas or lists of names.
    Dependencies,
}

/// Go's name, the name in JSON, and how the field is written.
type Field = (&'static str, &'static str, Kind);

const SCHEMA: &[Field] = &[
    ("ID", "id", Kind::Text),
    ("Schema", "$schema", Kind::Text),
    ("Ref", "$ref", Kind::Any),
    ("Description", "description", Kind::Text),
    ("Type", "type", Kind::Text),
    ("Nullable", "nullable", Kind::Flag),
    ("Format", "format", Kind::Text),
    ("Title", "title", Kind::Text),
    ("Default", "default", Kind::Any),
    ("Maximum", "maximum", Kind::Any),
    ("ExclusiveMaximum", "exclusiveMaximum", Kind::Flag),
    ("Minimum", "minimum", Kind::Any),
    ("ExclusiveMinimum", "exclusiveMinimum", Kind::Flag),
    ("MaxLength", "maxLength", Kind::Any),
    ("MinLength", "minLength", Kind::Any),
    ("Pattern", "pattern", Kind::Text),
    ("MaxItems", "maxItems", Kind::Any),
    ("MinItems", "minItems", Kind::Any),
    ("UniqueItems", "uniqueItems", Kind::Flag),
    ("MultipleOf", "multipleOf", Kind::Any),
    ("Enum", "enum", Kind::Values),
    ("MaxProperties", "maxProperties", Kind::Any),
    ("MinProperties", "minProperties", Kind::Any),
    ("Required", "required", Kind::Values),
    ("Items", "items", Kind::Items),
    ("AllOf", "allOf", Kind::Schemas),
    ("OneOf", "oneOf", Kind::Schemas),
    ("AnyOf", "anyOf", Kind::Schemas),
    ("Not", "not", Kind::Schema),
    ("Properties", "properties", Kind::Named),
    ("AdditionalProperties", "additionalProperties", Kind::SchemaOrBool),
    ("PatternProperties", "patternProperties", Kind::Named),
    ("Dependencies", "dependencies", Kind::Dependencies),
    ("AdditionalItems", "additionalItems", Kind::SchemaOrBool),
    ("Definitions", "definitions", Kind::Named),
    (
        "ExternalDocs",
        "externalDocs",
        Kind::One(&[("Description", "description", Kind::Text), ("URL", "url", Kind::Text)]),
    ),
    ("Example", "example", Kind::Any),
    ("XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", Kind::Any),
    ("XEmbeddedResource", "x-kubernetes-embedded-resource", Kind::Flag),
    ("XIntOrString", "x-kubernetes-int-or-string", Kind::Flag),
    ("XListMapKeys", "x-kubernetes-list-map-keys", Kind::Values),
    ("XListType", "x-kubernetes-list-type", Kind::Any),
    ("XMapType", "x-kubernetes-map-type", Kind::Any),
    (
        "XValidations",
        "x-kubernetes-validations",
        Kind::Many(&[
            ("Rule", "rule", Kind::Text),
            ("Message", "message", Kind::Text),
            ("MessageExpression", "messageExpression", Kind::Text),
            ("Reason", "reason", Kind::Any),
            ("FieldPath", "fieldPath", Kind::Text),
            ("OptionalOldSelf", "optionalOldSelf", Kind::Any),
        ]),
    ),
];

const VERSION: &[Field] = &[
    ("Name", "name", Kind::Text),
    ("Served", "served", Kind::Flag),
    ("Storage", "storage", Kind::Flag),
    ("Deprecated", "deprecated", Kind::Flag),
    ("DeprecationWarning", "deprecationWarning", Kind::Any),
    ("Schema", "schema", Kind::One(&[("OpenAPIV3Schema", "openAPIV3Schema", Kind::Schema)])),
    (
        "Subresources",
        "subresources",
        Kind::One(&[
            ("Status", "status", Kind::One(&[])),
            (
                "Scale",
                "scale",
                Kind::One(&[
                    ("SpecReplicasPath", "specReplicasPath", Kind::Text),
                    ("StatusReplicasPath", "statusReplicasPath", Kind::Text),
                    ("LabelSelectorPath", "labelSelectorPath", Kind::Any),
                ]),
            ),
        ]),
    ),
    (
        "AdditionalPrinterColumns",
        "additionalPrinterColumns",
        Kind::Many(&[
            ("Name", "name", Kind::Text),
            ("Type", "type", Kind::Text),
            ("Format", "format", Kind::Text),
            ("Description", "description", Kind::Text),
            ("Priority", "priority", Kind::Number),
            ("JSONPath", "jsonPath", Kind::Text),
        ]),
    ),
    ("SelectableFields", "selectableFields", Kind::Many(&[("JSONPath", "jsonPath", Kind::Text)])),
];

/// `spec.versions`, without what is the same in all: the server keeps that elsewhere.
pub(super) fn versions(spec: &Value) -> String {
    let shared: Vec<&str> = ["schema", "subresources", "additionalPrinterColumns", "selectableFields"]
        .into_iter()
        .filter(|field| places(spec, field).iter().all(|place| place.shared))
        .collect();
    let versions = spec["versions"].as_array().into_iter().flatten().map(|version| {
        let own = version.as_object().into_iter().flatten();
        let own = own.filter(|(field, _)| !shared.contains(&field.as_str()));
        let own: Map<String, Value> = own.map(|(field, value)| (field.clone(), value.clone())).collect();
        write(VERSION, &own)
    });
    joined('[', versions, ']')
}

/// A schema.
pub(super) fn schema(schema: &Map<String, Value>) -> String {
    write(SCHEMA, schema)
}

/// `items`: a schema, or a list of schemas.
pub(super) fn items(value: &Value) -> String {
    let one = value.as_object().map_or_else(null, schema);
    let many = value.as_array().map_or_else(null, |items| joined('[', items.iter().map(schema_of), ']'));
    format!("{{\"Schema\":{one},\"JSONSchemas\":{many}}}")
}

fn null() -> String {
    "null".to_owned()
}

fn joined(open: char, parts: impl Iterator<Item = String>, close: char) -> String {
    let parts: Vec<String> = parts.collect();
    format!("{open}{}{close}", parts.join(","))
}

fn schema_of(value: &Value) -> String {
    value.as_object().map_or_else(null, schema)
}

fn write(fields: &[Field], map: &Map<String, Value>) -> String {
    let fields = fields.iter().map(|(name, key, kind)| {
        let value = map.get(*key).unwrap_or(&Value::Null);
        format!("\"{name}\":{}", write_field(*kind, value))
    });
    joined('{', fields, '}')
}

fn write_field(kind: Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Text, Value::Null) => "\"\"".to_owned(),
        (Kind::Number, Value::Null) => "0".to_owned(),
        (Kind::Flag, value) => (*value == true).to_string(),
        (Kind::Text | Kind::Number | Kind::Any, value) => gotext::json(value),
        (_, Value::Null) => null(),
        (Kind::Values, value) => {
            if is_set(value) {
                gotext::json(value)
            } else {
                null()
            }
        }
        (Kind::Items, value) => items(value),
        (Kind::SchemaOrBool, value) => {
            format!("{{\"Allows\":{},\"Schema\":{}}}", *value != false, schema_of(value))
        }
        (Kind::One(fields), value) => value.as_object().map_or_else(null, |map| write(fields, map)),
        (Kind::Schema, value) => schema_of(value),
        (Kind::Many(fields), Value::Array(list)) if !list.is_empty() => {
            let one = |item: &Value| item.as_object().map_or_else(null, |map| write(fields, map));
            joined('[', list.iter().map(one), ']')
        }
        (Kind::Schemas, Value::Array(list)) if !list.is_empty() => {
            joined('[', list.iter().map(schema_of), ']')
        }
        (Kind::Named, Value::Object(map)) if !map.is_empty() => by_name(map, schema_of),
        (Kind::Dependencies, Value::Object(map)) => by_name(map, |value| {
            let names = if value.is_array() { gotext::json(value) } else { null() };
            format!("{{\"Schema\":{},\"Property\":{names}}}", schema_of(value))
        }),
        _ => null(),
    }
}

fn by_name(map: &Map<String, Value>, show: impl Fn(&Value) -> String) -> String {
    let mut entries: Vec<(&String, &Value)> = map.iter().collect();
    entries.sort_by_key(|(name, _)| *name);
    let entries = entries
        .into_iter()
        .map(|(name, value)| format!("{}:{}", gotext::json(&Value::from(name.as_str())), show(value)));
    joined('{', entries, '}')
}
