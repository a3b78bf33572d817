//! What the fuzz targets share: a few schemas that between them have every shape of value, and how inputs are taken apart.
//!
//! Inputs are text, so that seeds can be read and written: a digit (or any byte) that chooses the schema; for `eval` an object, as
//! JSON on one line; the rule.

use std::sync::{Arc, LazyLock};

use k1s_cel::Env;
use k1s_cel::schema::Schema;
use k1s_cel::ty::Type;

/// What rules may name: `self` and `oldSelf`, both of a schema.
pub struct Case {
    /// The schema.
    pub schema: Arc<Schema>,
    /// The environment.
    pub env: Env,
}

const SCHEMAS: &[&str] = &[
    // 0: fields of every scalar type and format
    r#"{"type": "object", "properties": {
        "int": {"type": "integer"}, "number": {"type": "number"}, "flag": {"type": "boolean"},
        "name": {"type": "string", "maxLength": 64}, "text": {"type": "string"},
        "moment": {"type": "string", "format": "date-time"}, "day": {"type": "string", "format": "date"},
        "length": {"type": "string", "format": "duration"}, "bytes": {"type": "string", "format": "byte"},
        "port": {"x-kubernetes-int-or-string": true},
        "maybe": {"type": "integer", "nullable": true},
        "dashed-name": {"type": "string"}, "namespace": {"type": "string"}}}"#,
    // 1: lists and maps, with sizes
    r#"{"type": "object", "properties": {
        "ints": {"type": "array", "maxItems": 20, "items": {"type": "integer"}},
        "strings": {"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 32}},
        "lists": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
        "labels": {"type": "object", "maxProperties": 20, "additionalProperties": {"type": "string", "maxLength": 32}},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}}}}"#,
    // 2: sets and map lists, unknown fields, deeper objects
    r#"{"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {
        "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
        "items": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
            "items": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string"}, "value": {"type": "integer"},
                "inner": {"type": "object", "properties": {"deep": {"type": "string"}}}}}}}}"#,
    // 3: a list at the root
    r#"{"type": "array", "items": {"type": "object", "properties": {"k": {"type": "string"}, "v": {"type": "number"}}}}"#,
];

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    SCHEMAS
        .iter()
        .map(|text| {
            // The schemas stand above, no input comes here: one that does not hold is a mistake in this file.
            let json = serde_json::from_str(text).expect("schemas are JSON");
            let schema = Schema::from_json(&json, false).expect("schemas are structural");
            let ty = Type::of_schema(&schema, "object").expect("expressions see the schema");
            let env = Env::new().with_schema("self", ty.clone(), Arc::clone(&schema));
            Case { env: env.with_schema("oldSelf", ty, Arc::clone(&schema)), schema }
        })
        .collect()
});

/// The schema that an input chooses, and the rest of the input.
pub fn choose(input: &str) -> Option<(&'static Case, &str)> {
    let choice = input.chars().next()?;
    let case = &CASES[choice as usize % CASES.len()];
    Some((case, &input[choice.len_utf8()..]))
}
