//! Every schema attribute and every serde attribute that counts, and what they become.
#![allow(missing_docs, dead_code, reason = "types of which only the schema is looked at")]

use std::collections::BTreeMap;

use k1s_runtime::Schema;
use k1s_runtime::schemars::generate::SchemaSettings;
use k1s_runtime::schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

fn schema<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    T::json_schema(&mut SchemaGenerator::new(settings)).to_value()
}

fn property<T: JsonSchema>(name: &str) -> Value {
    schema::<T>()["properties"][name].clone()
}

fn five() -> u8 {
    5
}

#[derive(Schema)]
struct Numbers {
    #[schema(minimum = -5, maximum = 5, multiple_of = 5)]
    bounded: i64,
    #[schema(exclusive_minimum = 0.5, maximum = 2, exclusive_maximum)]
    exclusive: f64,
    #[schema(default = five(), example = 3, title = "Five", format = "int32", type = "integer")]
    five: u8,
    #[schema(enum_values(1, 2))]
    listed: u32,
}

#[test]
fn numbers() {
    let bounded = json!({"type": "integer", "format": "int64", "minimum": -5, "maximum": 5, "multipleOf": 5});
    assert_eq!(property::<Numbers>("bounded"), bounded);
    let exclusive = property::<Numbers>("exclusive");
    assert_eq!((&exclusive["minimum"], &exclusive["exclusiveMinimum"]), (&json!(0.5), &json!(true)));
    assert_eq!((&exclusive["maximum"], &exclusive["exclusiveMaximum"]), (&json!(2), &json!(true)));
    let five = json!({"type": "integer", "format": "int32", "title": "Five", "default": 5, "example": 3});
    assert_eq!(property::<Numbers>("five"), five);
    assert_eq!(property::<Numbers>("listed")["enum"], json!([1, 2]));
    assert_eq!(schema::<Numbers>()["required"], json!(["bounded", "exclusive", "listed"]));
}

#[derive(Schema)]
struct Texts {
    /// First line.
    ///
    ///
    /// Second paragraph,
    /// with two lines.
    #[schema(min_length = 1, max_length = 9, pattern = "^[a-z]+$", enum_values("a", "b"), default = "a")]
    name: String,
    #[schema(nullable, external_docs(url = "https://example.com", description = "more"))]
    note: Option<String>,
    #[schema(required)]
    forced: Option<String>,
    #[schema(optional, immutable, validation(rule = "self != ''", reason = "FieldValueRequired"))]
    lax: String,
    #[schema(int_or_string)]
    port: String,
}

#[test]
fn texts() {
    let name = json!({
        "type": "string", "minLength": 1, "maxLength": 9, "pattern": "^[a-z]+$", "enum": ["a", "b"], "default": "a",
        "description": "First line.\n\nSecond paragraph,\nwith two lines.",
    });
    assert_eq!(property::<Texts>("name"), name);
    let docs = json!({"url": "https://example.com", "description": "more"});
    assert_eq!(property::<Texts>("note"), json!({"type": "string", "nullable": true, "externalDocs": docs}));
    let rules = json!([
        {"rule": "self != ''", "reason": "FieldValueRequired"},
        {"rule": "self == oldSelf", "message": "field is immutable"},
    ]);
    assert_eq!(property::<Texts>("lax")["x-kubernetes-validations"], rules);
    assert_eq!(property::<Texts>("port"), json!({"x-kubernetes-int-or-string": true}));
    assert_eq!(schema::<Texts>()["required"], json!(["forced", "port"]));
}

#[derive(Schema)]
struct Collections {
    #[schema(min_items = 1, max_items = 3, unique_items, items(max_length = 5, pattern = "^a"))]
    tags: Vec<String>,
    #[schema(list_type = "map", list_map_key = "name", list_map_key = "port")]
    entries: Vec<Entry>,
    #[schema(min_properties = 1, max_properties = 3, map_type = "atomic")]
    labels: BTreeMap<String, String>,
    #[schema(struct_type = "atomic")]
    entry: Entry,
    boxed: Box<Entry>,
    #[schema(embedded_resource, preserve_unknown_fields)]
    object: Value,
}

#[derive(Schema)]
#[schema(
    at_most_one_of(name, port),
    validation(
        rule = "self.port > oldSelf.?port.orValue(0)",
        field_path = ".port",
        message_expression = "'x'",
        optional_old_self = true
    )
)]
struct Entry {
    name: Option<String>,
    port: Option<u16>,
}

#[test]
fn collections() {
    let tags = property::<Collections>("tags");
    assert_eq!(tags["items"], json!({"type": "string", "maxLength": 5, "pattern": "^a"}));
    assert_eq!((&tags["minItems"], &tags["maxItems"]), (&json!(1), &json!(3)));
    assert_eq!((&tags["x-kubernetes-list-type"], &tags["uniqueItems"]), (&json!("set"), &Value::Null));
    let entries = property::<Collections>("entries");
    assert_eq!(entries["x-kubernetes-list-map-keys"], json!(["name", "port"]));
    assert_eq!(entries["items"], schema::<Entry>());
    let labels = property::<Collections>("labels");
    assert_eq!((&labels["minProperties"], &labels["maxProperties"]), (&json!(1), &json!(3)));
    assert_eq!(labels["x-kubernetes-map-type"], "atomic");
    assert_eq!(property::<Collections>("entry")["x-kubernetes-map-type"], "atomic");
    assert_eq!(property::<Collections>("boxed"), schema::<Entry>());
    let rules = json!([
        {"rule": "self.port > oldSelf.?port.orValue(0)", "fieldPath": ".port", "messageExpression": "'x'", "optionalOldSelf": true},
        {
            "rule": "[has(self.name), has(self.port)].filter(x, x == true).size() <= 1",
            "message": "at most one of the fields in [name port] may be set",
        },
    ]);
    assert_eq!(schema::<Entry>()["x-kubernetes-validations"], rules);
}

/// A stock keeping unit.
#[derive(Schema)]
#[schema(pattern = "^[A-Z]{3}$")]
struct Sku(String);

#[derive(Schema, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum Phase {
    #[default]
    OnSale,
    #[serde(rename = "gone")]
    SoldOut,
    #[serde(skip)]
    Internal,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(transparent)]
struct Wrapper {
    #[schema(minimum = 1)]
    inner: u64,
}

/// A tree: without `schemaless` it would have no end.
#[derive(Schema)]
struct Node {
    #[schema(schemaless)]
    children: Vec<Node>,
}

#[derive(Schema, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Renamed {
    #[serde(rename = "UPC", default)]
    upc_code: String,
    unit_price: i64,
    r#type: String,
    #[serde(skip)]
    cache: Vec<u8>,
    #[serde(skip_deserializing)]
    computed: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(default = Phase::OnSale)]
    phase: Option<Phase>,
}

#[derive(Schema, Serialize, Deserialize, Default)]
#[serde(default)]
struct AllDefault {
    a: String,
    b: i32,
}

#[test]
fn shapes_and_names() {
    assert_eq!(
        schema::<Sku>(),
        json!({"type": "string", "pattern": "^[A-Z]{3}$", "description": "A stock keeping unit."})
    );
    assert_eq!(schema::<Phase>(), json!({"type": "string", "enum": ["on-sale", "gone"]}));
    assert_eq!(schema::<Wrapper>(), json!({"type": "integer", "format": "uint64", "minimum": 1}));
    assert_eq!(property::<Node>("children"), json!({"x-kubernetes-preserve-unknown-fields": true}));
    let renamed = schema::<Renamed>();
    let names: Vec<&String> = renamed["properties"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["UPC", "computed", "phase", "type", "unitPrice"]);
    assert_eq!(renamed["required"], json!(["unitPrice", "type"]));
    assert_eq!(renamed["properties"]["phase"]["default"], "on-sale");
    assert_eq!(schema::<AllDefault>()["required"], Value::Null);
}

#[test]
fn the_schema_names_what_serde_writes() {
    let written = serde_json::to_value(Renamed::default()).unwrap();
    let schema = schema::<Renamed>();
    for name in written.as_object().unwrap().keys() {
        assert!(!schema["properties"][name].is_null(), "{name}");
    }
}
