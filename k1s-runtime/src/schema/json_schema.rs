//! [`Structural`] as plain JSON Schema, draft 2020-12: what editors and linters read.
//! [`json_schema()`] has the list of what it says.

mod format;
mod node;
mod pattern;

use serde_json::{Map, Value};

use crate::api::ResourceDefinition;

use super::structural::{SchemaType, Structural};
use super::{CompiledSchema, Error, from_json_schema};
use node::{Place, Writer};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// How a JSON Schema is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonSchemaOptions {
    /// `$id`. Default: none for a schema on its own; `https://GROUP/KIND_VERSION.json`, with the kind in lower case, for a kind.
    pub id: Option<String>,
    /// Whether `x-kubernetes-*` keys are kept, as in the CustomResourceDefinition. Strict validators refuse keys that they do not
    /// know, so they are left out by default.
    pub extensions: bool,
}

/// The JSON Schema of the objects of a kind.
///
/// The schema says of an object in a file what the API server would say of it, as far as JSON Schema can:
///
/// - Unknown fields are refused where the server drops them, and let pass below `x-kubernetes-preserve-unknown-fields`.
/// - A required field with a default may be left out. Otherwise the object is judged as it stands: a `not` or `oneOf` that depends
///   on a default is judged without it.
/// - A null is refused where it is not allowed, although the server drops it from fields that are not required.
/// - A resource (the object itself, `x-kubernetes-embedded-resource`) has `apiVersion`, `kind` and `metadata`; the object's own type is
///   a constant.
/// - A set (`x-kubernetes-list-type: set`) has unique items; the keys of map lists cannot be said.
/// - A format is written if JSON Schema means the same by it, `byte` as `contentEncoding`, `uri` as the `uri-reference` that it is;
///   `int32` and `uint32` as bounds. `duration` is not: JSON Schema knows only `PT1H`.
/// - A pattern is written in the syntax of ECMAScript, or left out if it cannot be.
/// - `example` becomes `examples`; `externalDocs` goes; `x-kubernetes-*` go, unless [`JsonSchemaOptions::extensions`] keeps them.
///
/// What the server lets pass by accident of Go's arithmetic is refused: 1 where `minimum` is 1.5, 2.5 where the only choice is 2, `[1, 1.0]`
/// as a set.
///
/// # Errors
/// When the schema of the definition cannot be read or expressed.
///
/// ```
/// use k1s_runtime::api::ResourceDefinition;
/// use k1s_runtime::schema::{JsonSchemaOptions, json_schema};
/// let item = ResourceDefinition::new("inventory.example.com", "v1", "Item", "items");
/// let schema = json_schema(&item, &JsonSchemaOptions::default())?;
/// assert_eq!(schema["$id"], "https://inventory.example.com/item_v1.json");
/// assert_eq!(schema["properties"]["kind"]["const"], "Item");
/// # Ok::<(), k1s_runtime::schema::Error>(())
/// ```
pub fn json_schema(definition: &ResourceDefinition, options: &JsonSchemaOptions) -> Result<Value, Error> {
    let mut structural = CompiledSchema::structural_of(definition)?;
    structural.type_ = Some(SchemaType::Object);
    structural.extensions.embedded_resource = true;
    structural.title.get_or_insert_with(|| definition.kind.clone());
    let mut schema = write(&structural, options)?;
    for (field, value) in [("apiVersion", definition.api_version()), ("kind", definition.kind.clone())] {
        if let Some(Value::Object(field)) = schema.get_mut("properties").and_then(|map| map.get_mut(field)) {
            field.remove("minLength");
            field.insert("const".to_owned(), value.into());
        }
    }
    if let Some(Value::Array(required)) = schema.get_mut("required")
        && !required.iter().any(|name| name == "metadata")
    {
        required.push("metadata".into());
    }
    let id = match &options.id {
        None if definition.group.is_empty() => return Ok(schema),
        None => {
            let kind = definition.kind.to_lowercase();
            format!("https://{}/{kind}_{}.json", definition.group, definition.version)
        }
        Some(id) => id.clone(),
    };
    schema["$id"] = id.into();
    Ok(schema)
}

impl Structural {
    /// The schema as plain JSON Schema, draft 2020-12; [`json_schema()`] has the list of what it says. The value is not
    /// taken for a resource unless the schema says so.
    ///
    /// # Errors
    /// None that a schema brings about: only the schema of metadata, which an embedded resource needs, could fail to be built.
    ///
    /// ```
    /// use k1s_runtime::schema::{JsonSchemaOptions, Structural};
    /// let schema = serde_json::json!({"type": "integer", "nullable": true, "minimum": 0, "exclusiveMinimum": true});
    /// let written = Structural::from_openapi(&schema)?.to_json_schema(&JsonSchemaOptions::default())?;
    /// assert_eq!(written["type"], serde_json::json!(["integer", "null"]));
    /// assert_eq!(written["exclusiveMinimum"], 0);
    /// # Ok::<(), k1s_runtime::schema::Error>(())
    /// ```
    pub fn to_json_schema(&self, options: &JsonSchemaOptions) -> Result<Value, Error> {
        let mut schema = write(self, options)?;
        if let Some(id) = &options.id {
            schema["$id"] = id.as_str().into();
        }
        Ok(schema)
    }
}

fn write(structural: &Structural, options: &JsonSchemaOptions) -> Result<Value, Error> {
    let mut writer = Writer { options, names_metadata: false };
    let mut schema = writer.node(structural, Place::of(structural));
    if writer.names_metadata {
        let metadata = metadata()?;
        let mut definitions = Map::new();
        definitions.insert(node::METADATA.to_owned(), writer.node(&metadata, Place::of(&metadata)));
        schema["$defs"] = definitions.into();
    }
    schema["$schema"] = DIALECT.into();
    Ok(schema)
}

/// `metav1.ObjectMeta`. Generators write `creationTimestamp: null`.
fn metadata() -> Result<Structural, Error> {
    let mut metadata = from_json_schema(&schemars::schema_for!(crate::api::ObjectMeta))?;
    if let Some(created) = metadata.properties.get_mut("creationTimestamp") {
        created.nullable = true;
    }
    let entries = metadata.properties.get_mut("managedFields").and_then(|list| list.items.as_mut());
    if let Some(fields) = entries.and_then(|entry| entry.properties.get_mut("fieldsV1")) {
        fields.extensions.preserve_unknown_fields = true;
    }
    Ok(metadata)
}
