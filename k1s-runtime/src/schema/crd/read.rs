//! Definitions out of a CustomResourceDefinition.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::api::definition::SchemaSource;
use crate::api::{Conversion, PrintColumn, ResourceDefinition, Scale, Scope};

use super::super::Error;
use super::parts::CrdParts;

/// One definition for each entry of `spec.versions`, in their order, unserved ones included.
///
/// Names that may be left out are filled in as the API server does: `listKind` from the kind, `singular` from the kind in
/// lower case.
///
/// # Errors
/// When something that every definition needs (group, kind, plural, versions) is not there; an object that
/// [`validate_crd`](super::validate_crd) accepts has it.
///
/// ```
/// let crd = serde_json::json!({"spec": {
///     "group": "example.com", "scope": "Namespaced", "names": {"kind": "Item", "plural": "items"},
///     "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object"}}}],
/// }});
/// let definitions = k1s_runtime::schema::crd::definitions(&crd)?;
/// assert_eq!(definitions[0].qualified_resource(), "items.example.com");
/// # Ok::<(), k1s_runtime::schema::Error>(())
/// ```
pub fn definitions<'v>(crd: impl Into<CrdParts<'v>>) -> Result<Vec<ResourceDefinition>, Error> {
    let crd = crd.into();
    let spec = crd.spec;
    let versions = spec["versions"].as_array().filter(|versions| !versions.is_empty());
    let versions = versions.ok_or_else(|| Error::Crd("spec.versions is empty".to_owned()))?;
    versions.iter().map(|version| definition(crd, spec, version)).collect()
}

fn definition(crd: CrdParts<'_>, spec: &Value, version: &Value) -> Result<ResourceDefinition, Error> {
    let names = &spec["names"];
    let needed = |value: &Value, field: &str| match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(Error::Crd(format!("{field} is missing"))),
    };
    let group = needed(&spec["group"], "spec.group")?;
    let kind = needed(&names["kind"], "spec.names.kind")?;
    let plural = needed(&names["plural"], "spec.names.plural")?;
    let name = needed(&version["name"], "spec.versions[].name")?;
    let mut definition = ResourceDefinition::new(&group, &name, &kind, &plural);
    let given = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(list_kind) = given(&names["listKind"]) {
        definition.list_kind = list_kind;
    }
    if let Some(singular) = given(&names["singular"]) {
        definition.singular = singular;
    }
    definition.short_names = texts(&names["shortNames"]);
    definition.categories = texts(&names["categories"]);
    definition.scope = if spec["scope"] == "Cluster" { Scope::Cluster } else { Scope::Namespaced };
    definition.served = version["served"] == true;
    definition.storage = version["storage"] == true;
    definition.deprecated = (version["deprecated"] == true).then(|| text(&version["deprecationWarning"]));
    if spec["conversion"]["strategy"] == "Webhook" {
        definition.conversion = Conversion::Webhook;
    }
    definition.annotations = string_map(&crd.metadata["annotations"]);
    definition.labels = string_map(&crd.metadata["labels"]);
    read_version(&mut definition, version);
    Ok(definition)
}

fn read_version(definition: &mut ResourceDefinition, version: &Value) {
    let subresources = &version["subresources"];
    definition.status = subresources["status"].is_object();
    definition.scale = subresources["scale"].as_object().map(|_| scale(&subresources["scale"]));
    let columns = version["additionalPrinterColumns"].as_array().filter(|columns| !columns.is_empty());
    definition.columns = columns.map(|columns| columns.iter().map(column).collect());
    let fields = version["selectableFields"].as_array().into_iter().flatten();
    definition.selectable_fields = fields.map(|field| text(&field["jsonPath"])).collect();
    definition.schema = match &version["schema"]["openAPIV3Schema"] {
        Value::Null => SchemaSource::None,
        schema => SchemaSource::OpenApi(Arc::new(schema.clone())),
    };
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn string_map(value: &Value) -> BTreeMap<String, String> {
    let entries = value.as_object().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

fn scale(value: &Value) -> Scale {
    Scale {
        spec_replicas_path: text(&value["specReplicasPath"]),
        status_replicas_path: text(&value["statusReplicasPath"]),
        label_selector_path: Some(text(&value["labelSelectorPath"])).filter(|path| !path.is_empty()),
    }
}

fn column(value: &Value) -> PrintColumn {
    PrintColumn {
        name: text(&value["name"]),
        type_: text(&value["type"]),
        format: text(&value["format"]),
        description: text(&value["description"]),
        priority: value["priority"]
            .as_i64()
            .and_then(|priority| i32::try_from(priority).ok())
            .unwrap_or_default(),
        json_path: text(&value["jsonPath"]),
    }
}
