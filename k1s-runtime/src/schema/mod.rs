//! Floor 3: structural schemas, as `k8s.io/apiextensions-apiserver` understands them.
//!
//! [`Structural`] is the schema as data: read from OpenAPI ([`Structural::from_openapi`]) or from a Rust type
//! ([`from_json_schema`]), written as OpenAPI ([`Structural::to_openapi`]) and, for editors, as plain JSON Schema
//! ([`json_schema()`]). [`CompiledSchema`] is what admission works with: prune, default, validate, judge by rules, with the API
//! server's messages and field paths. [`crd`] makes a CustomResourceDefinition of
//! definitions and definitions of a CustomResourceDefinition, and checks one for admission; [`type_manifest`] does the same for
//! the kinds of a plugin.

mod compiled;
pub mod crd;
mod default;
mod emit;
mod error;
pub mod formats;
mod from_rust;
mod json_schema;
mod layer;
mod node;
mod parse;
mod pattern;
mod prune;
mod rules;
mod structural;
pub mod type_manifest;
mod validate;

pub use compiled::{CompiledSchema, Part};
pub use error::Error;
pub use from_rust::{
    ERROR_KEYWORD, FORMAT_KEYWORD, OPENAPI_KEYWORD, OPTIONAL_KEYWORD, Recursion, from_json_schema,
    from_json_schema_with,
};
pub use json_schema::{JsonSchemaOptions, json_schema};
pub use rules::Findings;
pub use structural::{Additional, Constraints, Extensions, Rule, SchemaType, Structural};

/// How deep subschemas may be nested. The decoder allows 128 levels of JSON, and a property takes two.
pub const MAX_DEPTH: usize = 128;

/// How many subschemas one schema may have after references were replaced by what they name.
pub const MAX_NODES: usize = 100_000;
