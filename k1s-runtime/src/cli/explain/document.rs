//! The published description of a kind: its schema with the type's and the object's metadata put in.

use k8s_openapi::api::core::v1::ConfigMap;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::node::Node;
use crate::api::ResourceDefinition;
use crate::api::definition::SchemaSource;
use crate::cli::error::Error;
use crate::schema;

/// An OpenAPI v3 schema and the types that it refers to.
pub(crate) struct Document {
    root: Value,
    types: Map<String, Value>,
}

impl Document {
    /// The description of a kind.
    ///
    /// # Errors
    /// The schema of a Rust type says something that OpenAPI cannot.
    pub(crate) fn of(definition: &ResourceDefinition) -> Result<Self, Error> {
        let root = match &definition.schema {
            // What an API server publishes of a kind without a schema says nothing of metadata either.
            SchemaSource::None => return Ok(Self { root: json!({"type": "object"}), types: Map::new() }),
            SchemaSource::OpenApi(schema) => schema.as_ref().clone(),
            SchemaSource::Deferred(place) => {
                let schema = place.load().map_err(schema::Error::Unreadable);
                schema.map_err(|error| Error::message(error.to_string()))?.as_ref().clone()
            }
            SchemaSource::Rust(source) => {
                let schema = (source.root)();
                if matches!(definition.group.as_str(), "" | "apiextensions.k8s.io") {
                    return Ok(Self::built_in(schema.into(), &definition.kind));
                }
                let structural = schema::from_json_schema(&schema);
                structural.map_err(|error| Error::message(error.to_string()))?.to_openapi()
            }
        };
        Ok(Self::published(root))
    }

    /// The whole schema.
    pub(crate) fn root(&self) -> Node<'_> {
        Node::new(&self.root, &self.types)
    }

    /// A kind of Kubernetes itself, whose fields have named types.
    fn built_in(mut schema: Value, kind: &str) -> Self {
        let types = take_types(&mut schema);
        // k8s-openapi demands metadata of every kind; Kubernetes does of events.
        if let Some(required) =
            schema.get_mut("required").and_then(Value::as_array_mut).filter(|_| kind != "Event")
        {
            required.retain(|name| name != "metadata");
        }
        Self { root: schema, types }
    }

    /// A kind of a CustomResourceDefinition, whose schema leaves out what every kind has.
    fn published(mut schema: Value) -> Self {
        let mut common = common();
        let types = take_types(&mut common);
        complete(&mut schema, &common, true);
        Self { root: schema, types }
    }
}

/// Any schema with the three fields that every kind has, and the types behind `metadata`.
fn common() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ConfigMap>().into()
}

/// Takes the named types out of a schema, and gives references the form that OpenAPI 3.0 has for them.
fn take_types(schema: &mut Value) -> Map<String, Value> {
    let mut types = match schema.as_object_mut().and_then(|schema| schema.remove("$defs")) {
        Some(Value::Object(types)) => types,
        _ => Map::new(),
    };
    wrap_references(schema);
    types.values_mut().for_each(wrap_references);
    types
}

/// A reference with a description of its own becomes an `allOf` with one branch.
fn wrap_references(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.len() > 1 && map.get("$ref").is_some_and(Value::is_string) {
                let reference = map.remove("$ref");
                map.insert("allOf".to_owned(), json!([{"$ref": reference}]));
            }
            map.values_mut().for_each(wrap_references);
        }
        Value::Array(items) => items.iter_mut().for_each(wrap_references),
        _ => {}
    }
}

/// Gives the root, and what is an embedded object below it, the fields that every kind has.
fn complete(schema: &mut Value, common: &Value, root: bool) {
    let Value::Object(map) = schema else { return };
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.values_mut().for_each(|schema| complete(schema, common, false));
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(schema) = map.get_mut(keyword) {
            complete(schema, common, false);
        }
    }
    let embedded = map.get("x-kubernetes-embedded-resource") == Some(&Value::Bool(true));
    if !root && !embedded {
        return;
    }
    let properties = map.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(properties) = properties {
        for name in ["apiVersion", "kind", "metadata"] {
            properties.insert(name.to_owned(), common["properties"][name].clone());
        }
    }
    if embedded {
        let required = map.entry("required").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(required) = required {
            required.extend(["kind", "apiVersion"].map(Value::from));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn an_embedded_object_has_the_fields_of_every_kind() {
        let mut definition = ResourceDefinition::new("g", "v1", "K", "ks");
        definition.schema = SchemaSource::OpenApi(Arc::new(json!({"type": "object", "properties": {
            "spec": {"type": "object", "x-kubernetes-embedded-resource": true},
        }})));
        let document = Document::of(&definition).unwrap();
        let spec = document.root().property("spec").unwrap();
        assert!(spec.requires("kind") && spec.property("metadata").is_some());
        assert!(!document.root().requires("kind") && document.root().property("metadata").is_some());
    }

    #[test]
    fn metadata_of_a_core_kind_is_optional() {
        let scheme = crate::scheme::Scheme::new();
        let required = |word: &str| {
            Document::of(&scheme.find_resource(word).unwrap()).unwrap().root().requires("metadata")
        };
        assert_eq!((required("cm"), required("events")), (false, true));
    }
}
