//! CustomResourceDefinitions to Rust: an API that was written for another generator moves over in one command.
//!
//! [`input`] finds the definitions, `resource` reads the kind off one, `types` makes types of its schemas and `attributes` says what they do
//! not, `emit` writes the module. Each step knows the schema that the derive would make of what it wrote, and the difference to the schema
//! that is wanted goes into an `openapi` attribute: the CustomResourceDefinition that is generated from the module is the one that was read.

mod attributes;
mod doc;
mod emit;
mod error;
pub mod input;
mod literal;
mod model;
mod names;
pub mod output;
mod paths;
mod resource;
mod types;

pub use error::{Error, Warning};

use crate::source::Definition;

/// How to write the types.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Derives of every type besides `Clone`, `Debug`, `PartialEq`, `Serialize` and `Deserialize`, as `Eq` or `schemars::JsonSchema`.
    pub derives: Vec<String>,
}

/// A version of a kind as a Rust module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The module's name, as `cron_job_v1`.
    pub name: String,
    /// Its source, formatted.
    pub source: String,
    /// What of the definition is not in it, or not as it was.
    pub warnings: Vec<Warning>,
}

/// Makes a module of each version of a kind.
///
/// # Errors
/// When it is no `apiextensions.k8s.io/v1` CustomResourceDefinition, when an API server would refuse it, and when the kind has a name
/// that the derive does not take.
///
/// ```
/// use k1s_gen::convert::{Options, modules};
/// use k1s_gen::source::Definition;
/// let schema = serde_json::json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
///     "replicas": {"type": "integer", "format": "int32", "minimum": 0},
/// }}}});
/// let crd = serde_json::json!({
///     "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "lamps.example.com"},
///     "spec": {
///         "group": "example.com", "scope": "Namespaced",
///         "names": {"kind": "Lamp", "plural": "lamps", "singular": "lamp", "listKind": "LampList"},
///         "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
///     },
/// });
/// let modules = modules(&Definition { crd, origin: None }, &Options::default())?;
/// assert_eq!(modules[0].name, "lamp_v1");
/// assert!(modules[0].source.contains("pub replicas: Option<i32>"));
/// # Ok::<(), k1s_gen::convert::Error>(())
/// ```
pub fn modules(definition: &Definition, options: &Options) -> Result<Vec<Module>, Error> {
    let kinds = resource::read(definition)?;
    kinds.into_iter().map(|kind| emit::module(kind, definition, options)).collect()
}
