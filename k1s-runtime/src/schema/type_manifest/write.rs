//! [`TypeManifest`] into JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{API_VERSION, KIND, TypeManifest, TypeManifestError};
use crate::api::ResourceDefinition;
use crate::api::definition::SchemaSource;
use crate::schema::CompiledSchema;
use crate::schema::crd::{column, scale};

pub(super) fn manifest(manifest: &TypeManifest) -> Result<Value, TypeManifestError> {
    let mut versions: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for definition in &manifest.types {
        *versions.entry((&definition.group, &definition.plural)).or_default() += 1;
    }
    let types = manifest.types.iter().map(|definition| {
        let only = versions.get(&(definition.group.as_str(), definition.plural.as_str())) == Some(&1);
        type_(definition, only)
    });
    let types: Vec<Value> = types.collect::<Result<_, TypeManifestError>>()?;
    let mut metadata = Writer::default();
    metadata.put("name", manifest.name.as_str());
    metadata.text_map("labels", &manifest.labels);
    metadata.text_map("annotations", &manifest.annotations);
    Ok(json!({"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata.0, "spec": {"types": types}}))
}

/// One type; `only` says whether its kind has no other version.
fn type_(definition: &ResourceDefinition, only: bool) -> Result<Value, TypeManifestError> {
    let mut out = Writer::default();
    out.put("group", definition.group.as_str());
    out.put("version", definition.version.as_str());
    out.put("kind", definition.kind.as_str());
    out.put("plural", definition.plural.as_str());
    let usual = ResourceDefinition::new("", "", &definition.kind, "");
    if definition.singular != usual.singular {
        out.put("singular", definition.singular.as_str());
    }
    if definition.list_kind != usual.list_kind {
        out.put("listKind", definition.list_kind.as_str());
    }
    out.texts("shortNames", &definition.short_names);
    out.texts("categories", &definition.categories);
    out.put("namespaced", definition.is_namespaced());
    if !definition.served {
        out.put("served", false);
    }
    if definition.storage != only {
        out.put("storage", definition.storage);
    }
    if let Some(warning) = &definition.deprecated {
        out.put("deprecated", true);
        if !warning.is_empty() {
            out.put("deprecationWarning", warning.as_str());
        }
    }
    out.text_map("labels", &definition.labels);
    out.text_map("annotations", &definition.annotations);
    out.texts("indexes", &definition.indexes);
    let mut subresources = Writer::default();
    if definition.status {
        subresources.put("status", Map::new());
    }
    if let Some(found) = &definition.scale {
        subresources.put("scale", scale(found));
    }
    if !subresources.0.is_empty() {
        out.put("subresources", subresources.0);
    }
    if let Some(columns) = &definition.columns {
        out.put("printColumns", columns.iter().map(column).collect::<Vec<_>>());
    }
    if !definition.selectable_fields.is_empty() {
        let fields = definition.selectable_fields.iter().map(|path| json!({"jsonPath": path}));
        out.put("selectableFields", fields.collect::<Vec<_>>());
    }
    if !matches!(definition.schema, SchemaSource::None) {
        let schema = CompiledSchema::structural_of(definition)?.to_openapi();
        out.put("schema", json!({"openAPIV3Schema": schema}));
    }
    Ok(Value::Object(out.0))
}

#[derive(Default)]
struct Writer(Map<String, Value>);

impl Writer {
    fn put(&mut self, field: &str, value: impl Into<Value>) {
        self.0.insert(field.to_owned(), value.into());
    }

    fn texts(&mut self, field: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.put(field, texts);
        }
    }

    fn text_map(&mut self, field: &str, texts: &BTreeMap<String, String>) {
        if !texts.is_empty() {
            self.put(field, json!(texts));
        }
    }
}
