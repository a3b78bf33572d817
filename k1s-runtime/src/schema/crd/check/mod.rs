//! What a kube-apiserver refuses in a CustomResourceDefinition, in its words and with its paths.
//!
//! Paths are those of the API server's internal type: what is the same in every version stands in one place
//! (`spec.validation`, `spec.subresources`, …), otherwise at the version. `x-kubernetes-validations` are not checked here.

mod columns;
mod defaults;
mod keywords;
mod list_type;
mod names;
mod regexp;
mod selectable;
mod structural;
mod versions;

use serde_json::Value;

use crate::api::field::{FieldError, Path};

use super::super::formats;

/// Everything that is wrong with a CustomResourceDefinition, its metadata aside (except that its name must fit).
///
/// ```
/// let crd = serde_json::json!({"spec": {"group": "nodot", "names": {"plural": "items", "kind": "Item"}}});
/// let errors = k1s_runtime::schema::crd::validate_crd(&crd);
/// assert!(errors.iter().any(|error| {
///     error.to_string() == "spec.group: Invalid value: \"nodot\": should be a domain with at least one dot"
/// }));
/// ```
pub fn validate_crd(crd: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    names::check(crd, &mut errors);
    versions::check(crd, &mut errors);
    let spec = Path::ROOT.field("spec");
    for place in places(&crd["spec"], "schema") {
        let (at, index) = (spec, place.version);
        let versions = at.field("versions");
        let version = versions.index(index);
        let parent = if place.shared { spec.field("validation") } else { version.field("schema") };
        let path = parent.field("openAPIV3Schema");
        match &place.value["openAPIV3Schema"] {
            Value::Object(schema) => check_schema(schema, &path, &mut errors),
            _ => {
                let at = version.field("schema");
                errors.push(FieldError::required(at.field("openAPIV3Schema").to_string(), ""));
            }
        }
    }
    errors
}

fn check_schema(schema: &serde_json::Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let before = errors.len();
    keywords::check(schema, path, true, 0, errors);
    list_type::check(schema, path, 0, errors);
    structural::check(schema, path, errors);
    if errors.len() == before {
        defaults::check(schema, path, errors);
    }
}

/// Warnings about what is accepted: formats that nobody checks.
pub fn warnings(crd: &Value) -> Vec<String> {
    let mut unknown = Vec::new();
    for version in crd["spec"]["versions"].as_array().into_iter().flatten() {
        collect_formats(&version["schema"]["openAPIV3Schema"], 0, &mut unknown);
    }
    unknown.sort();
    unknown.dedup();
    unknown
        .into_iter()
        .map(|format| format!("unrecognized format {}", crate::api::gotext::quote(&format)))
        .collect()
}

fn collect_formats(schema: &Value, depth: usize, unknown: &mut Vec<String>) {
    if let Some(format) = schema["format"].as_str()
        && !format.is_empty()
        && formats::find(format).is_none()
    {
        unknown.push(format.to_owned());
    }
    for_each_child(schema, |child| {
        if depth < super::super::MAX_DEPTH {
            collect_formats(child, depth + 1, unknown);
        }
    });
}

fn for_each_child(schema: &Value, mut visit: impl FnMut(&Value)) {
    schema["properties"].as_object().into_iter().flatten().for_each(|(_, child)| visit(child));
    for keyword in ["items", "additionalProperties"] {
        if schema[keyword].is_object() {
            visit(&schema[keyword]);
        }
    }
}

/// The schemas of a CustomResourceDefinition with their paths; one if all versions have the same.
pub(super) fn schemas(crd: &Value) -> Vec<(String, &Value)> {
    let spec = Path::ROOT.field("spec");
    let places = places(&crd["spec"], "schema").into_iter().map(|place| {
        let versions = spec.field("versions");
        let version = versions.index(place.version);
        let parent = if place.shared { spec.field("validation") } else { version.field("schema") };
        (parent.field("openAPIV3Schema").to_string(), &place.value["openAPIV3Schema"])
    });
    places.collect()
}

/// One setting of the versions, and where the API server keeps it.
struct Place<'v> {
    value: &'v Value,
    /// Whether every version has the same.
    shared: bool,
    /// The first version that has it.
    version: usize,
}

/// Where `spec.versions[].<field>` is kept: once if every version has the same, else at each version.
fn places<'v>(spec: &'v Value, field: &str) -> Vec<Place<'v>> {
    let versions = spec["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let shared = versions.windows(2).all(|pair| pair[0][field] == pair[1][field]);
    let all =
        versions.iter().enumerate().map(|(version, entry)| Place { value: &entry[field], shared, version });
    // A missing schema is an error of each version.
    let missing = field == "schema" && versions.first().is_some_and(|first| !first[field].is_object());
    if shared && !missing { all.take(1).collect() } else { all.collect() }
}

/// Text of a field, empty if it is not there.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
