//! JSON Schemas, draft 2020-12: a file for each version of a kind, laid out as the catalogs of CustomResourceDefinitions are, and one for
//! all, which goes by `apiVersion` and `kind`. Versions that are not served have none.

use std::collections::{BTreeMap, BTreeSet};

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::schema::{JsonSchemaOptions, json_schema};
use serde_json::{Map, Value, json};

use super::{Material, Notice, Provenance};
use crate::Error;
use crate::output::{File, Set};

/// The command's name in the files.
pub const COMMAND: &str = "schema";

/// The file that is for all kinds.
pub const ALL: &str = "all.json";

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schemas of kinds: [`ALL`], and `GROUP/KIND_VERSION.json`, with the kind in lower case, for each served version.
///
/// No kinds make no files.
///
/// # Errors
/// When a schema cannot be expressed.
pub fn render(material: &Material) -> Result<Set, Error> {
    let mut files = Vec::new();
    let notices = vec![Notice::of(COMMAND, &material.provenance)];
    let mut schemas = Vec::new();
    for kind in &material.kinds {
        for version in kind.versions.iter().filter(|version| version.served) {
            let schema = json_schema(version, &JsonSchemaOptions::default())?;
            files.push(File { path: path(version), text: written(schema.clone(), &kind.provenance) });
            schemas.push((version, schema));
        }
    }
    if !files.is_empty() {
        files.push(File { path: ALL.to_owned(), text: written(combined(schemas), &material.provenance) });
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(Set { files, notices, directories: Vec::new() })
}

/// Where the schema of a version is: kubeconform's `{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`.
pub fn path(version: &ResourceDefinition) -> String {
    format!("{}/{}_{}.json", version.group, version.kind.to_lowercase(), version.version)
}

fn written(mut schema: Value, provenance: &Provenance) -> String {
    schema["$comment"] = Notice::of(COMMAND, provenance).to_string().into();
    format!("{schema:#}\n")
}

/// One schema of all objects: `apiVersion` and `kind` say which one an object is held to, and there are no others. A `List` may hold
/// them.
fn combined(schemas: Vec<(&ResourceDefinition, Value)>) -> Value {
    let mut shared = Map::new();
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut choices = Vec::new();
    for (definition, mut schema) in schemas {
        let (api_version, kind) = (definition.api_version(), definition.kind.clone());
        // What a schema refers to is looked for at the root.
        if let Some(Value::Object(own)) = schema.as_object_mut().and_then(|schema| schema.remove("$defs")) {
            shared.extend(own);
        }
        for key in ["$id", "$schema"] {
            schema.as_object_mut().and_then(|schema| schema.remove(key));
        }
        let name = format!("{}.{}.{kind}", definition.group, definition.version);
        choices.push(choice(&api_version, &kind, &json!({"$ref": format!("#/$defs/{name}")})));
        shared.insert(name, schema);
        versions.entry(kind).or_default().insert(api_version);
    }
    let list =
        json!({"properties": {"items": {"type": "array", "items": {"$ref": "#"}}}, "required": ["items"]});
    choices.push(choice("v1", "List", &list));
    versions.entry("List".to_owned()).or_default().insert("v1".to_owned());
    let mut all: Vec<Value> = versions
        .iter()
        .map(|(kind, versions)| {
            json!({
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"properties": {"apiVersion": {"enum": versions}}},
            })
        })
        .collect();
    all.extend(choices);
    let api_versions: BTreeSet<&String> = versions.values().flatten().collect();
    let kinds: Vec<&String> = versions.keys().collect();
    json!({
        "$schema": DIALECT,
        "type": "object",
        "required": ["apiVersion", "kind"],
        "properties": {"apiVersion": {"enum": api_versions}, "kind": {"enum": kinds}},
        "allOf": all,
        "$defs": shared,
    })
}

fn choice(api_version: &str, kind: &str, then: &Value) -> Value {
    json!({
        "if": {
            "properties": {"apiVersion": {"const": api_version}, "kind": {"const": kind}},
            "required": ["apiVersion", "kind"],
        },
        "then": then,
    })
}
