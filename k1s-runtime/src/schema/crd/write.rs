//! A CustomResourceDefinition out of the definitions of a kind's versions.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube_core::Version;
use serde_json::{Map, Value, json};

use crate::api::{PrintColumn, ResourceDefinition, Scale};
use crate::scheme::check_versions;

use super::super::{CompiledSchema, Error};

/// The CustomResourceDefinition of a kind, from the definitions of its versions. See [`to_crd_json`].
///
/// # Errors
/// As [`to_crd_json`].
pub fn to_crd(versions: &[ResourceDefinition]) -> Result<CustomResourceDefinition, Error> {
    serde_json::from_value(to_crd_json(versions)?).map_err(|error| Error::Crd(error.to_string()))
}

/// The CustomResourceDefinition of a kind as JSON, with whole numbers as whole numbers.
///
/// Several versions are converted by strategy `None`, or by a webhook if any has a hub (see
/// [`review`](super::review)). Versions come most stable first, whatever their order in `versions`; short names, categories, labels and annotations of
/// all of them are put together. A single version is the stored one, whether it says so or not.
///
/// # Errors
/// No definition at all, definitions of different kinds, scopes or names, two of one version, not exactly one stored
/// version, hubs that do not connect all versions, and schemas that cannot be expressed.
///
/// ```
/// use k1s_runtime::api::ResourceDefinition;
/// let item = ResourceDefinition::new("inventory.example.com", "v1", "Item", "items");
/// let crd = k1s_runtime::schema::crd::to_crd_json(&[item])?;
/// assert_eq!(crd["metadata"]["name"], "items.inventory.example.com");
/// # Ok::<(), k1s_runtime::schema::Error>(())
/// ```
pub fn to_crd_json(versions: &[ResourceDefinition]) -> Result<Value, Error> {
    let Some(first) = versions.first() else {
        return Err(Error::Crd("there is no definition to make one of".to_owned()));
    };
    agree(first, versions)?;
    let mut sorted: Vec<&ResourceDefinition> = versions.iter().collect();
    sorted.sort_by_key(|definition| Reverse(Version::parse(&definition.version).priority()));
    let entries = sorted.iter().map(|definition| version(definition, versions.len() == 1));
    let entries: Vec<Value> = entries.collect::<Result<_, Error>>()?;
    let mut metadata = Map::new();
    metadata.insert("name".to_owned(), first.qualified_resource().into());
    for (field, pick) in [
        ("annotations", (|definition| &definition.annotations) as fn(&ResourceDefinition) -> &BTreeMap<_, _>),
        ("labels", |definition| &definition.labels),
    ] {
        let merged: BTreeMap<&String, &String> =
            sorted.iter().rev().flat_map(|version| pick(version)).collect();
        if !merged.is_empty() {
            metadata.insert(field.to_owned(), json!(merged));
        }
    }
    let mut crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": {
            "group": first.group,
            "names": names(first, &sorted),
            "scope": first.scope.as_str(),
            "versions": entries,
        },
    });
    if versions.len() > 1 {
        crd["spec"]["conversion"] = conversion(versions);
    }
    Ok(crd)
}

/// How an API server is to convert: not at all, or by asking a webhook that serves the conversions of the Rust types. Where it
/// runs is not known here; the service named is the one that kubebuilder's manifests name, so that what patches those patches
/// these. Until it runs, an API server refuses requests in other versions than the stored one; it never drops what it should
/// have converted.
fn conversion(versions: &[ResourceDefinition]) -> Value {
    if versions.iter().all(|version| version.conversion.hub().is_none()) {
        return json!({"strategy": "None"});
    }
    let service = json!({"namespace": "system", "name": "webhook-service", "path": "/convert"});
    json!({
        "strategy": "Webhook",
        "webhook": {"conversionReviewVersions": ["v1"], "clientConfig": {"service": service}},
    })
}

/// The CustomResourceDefinitions of kinds as JSON, one for all versions of a kind, in order of group and plural.
///
/// # Errors
/// As [`to_crd_json`].
pub fn to_crds_json(definitions: Vec<ResourceDefinition>) -> Result<Vec<Value>, Error> {
    let mut kinds: BTreeMap<(String, String), Vec<ResourceDefinition>> = BTreeMap::new();
    for definition in definitions {
        kinds.entry((definition.group.clone(), definition.plural.clone())).or_default().push(definition);
    }
    kinds.values().map(|versions| to_crd_json(versions)).collect()
}

fn agree(first: &ResourceDefinition, versions: &[ResourceDefinition]) -> Result<(), Error> {
    let wrong = |what: String| Err(Error::Definition { kind: first.kind.clone(), what });
    for (index, other) in versions.iter().enumerate() {
        let pairs = [
            ("group", &first.group, &other.group),
            ("kind", &first.kind, &other.kind),
            ("list kind", &first.list_kind, &other.list_kind),
            ("plural", &first.plural, &other.plural),
            ("singular", &first.singular, &other.singular),
        ];
        for (what, ours, theirs) in pairs {
            if ours != theirs {
                return wrong(format!("versions disagree about the {what}: `{ours}` and `{theirs}`"));
            }
        }
        if first.scope != other.scope {
            return wrong("versions disagree about the scope".to_owned());
        }
        if versions[..index].iter().any(|earlier| earlier.version == other.version) {
            return wrong(format!("version `{}` is defined twice", other.version));
        }
    }
    let versions: Vec<_> = versions.iter().cloned().map(Arc::new).collect();
    check_versions(&versions).or_else(|error| wrong(error.to_string()))
}

fn names(first: &ResourceDefinition, versions: &[&ResourceDefinition]) -> Value {
    let mut names = json!({
        "kind": first.kind,
        "listKind": first.list_kind,
        "plural": first.plural,
        "singular": first.singular,
    });
    for (field, pick) in [
        ("shortNames", (|definition| &definition.short_names) as fn(&ResourceDefinition) -> &Vec<String>),
        ("categories", |definition| &definition.categories),
    ] {
        let mut all: Vec<&String> = Vec::new();
        for name in versions.iter().flat_map(|version| pick(version)) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        if !all.is_empty() {
            names[field] = json!(all);
        }
    }
    names
}

fn version(definition: &ResourceDefinition, only: bool) -> Result<Value, Error> {
    let schema = CompiledSchema::structural_of(definition)?.to_openapi();
    let mut entry = json!({
        "name": definition.version,
        "served": definition.served,
        "storage": only || definition.storage,
        "schema": {"openAPIV3Schema": schema},
    });
    if let Some(warning) = &definition.deprecated {
        entry["deprecated"] = true.into();
        if !warning.is_empty() {
            entry["deprecationWarning"] = warning.as_str().into();
        }
    }
    if definition.status {
        entry["subresources"]["status"] = json!({});
    }
    if let Some(found) = &definition.scale {
        entry["subresources"]["scale"] = scale(found);
    }
    if let Some(columns) = &definition.columns {
        entry["additionalPrinterColumns"] = columns.iter().map(column).collect();
    }
    if !definition.selectable_fields.is_empty() {
        let fields = definition.selectable_fields.iter().map(|path| json!({"jsonPath": path}));
        entry["selectableFields"] = fields.collect();
    }
    Ok(entry)
}

fn scale(scale: &Scale) -> Value {
    let mut out = json!({
        "specReplicasPath": scale.spec_replicas_path,
        "statusReplicasPath": scale.status_replicas_path,
    });
    if let Some(path) = &scale.label_selector_path {
        out["labelSelectorPath"] = path.as_str().into();
    }
    out
}

fn column(column: &PrintColumn) -> Value {
    let mut out = json!({"name": column.name, "type": column.type_, "jsonPath": column.json_path});
    for (field, text) in [("format", &column.format), ("description", &column.description)] {
        if !text.is_empty() {
            out[field] = text.as_str().into();
        }
    }
    if column.priority != 0 {
        out["priority"] = column.priority.into();
    }
    out
}
