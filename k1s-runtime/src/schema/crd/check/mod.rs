//! What a kube-apiserver refuses in a CustomResourceDefinition, in its words, with its paths and in its order.
//!
//! Paths are those of the API server's internal type: what is the same in every version stands in one place
//! (`spec.validation`, `spec.subresources`, …), otherwise at the version. A schema is looked at twice, as the server does:
//! as a structural schema ([`structural`], [`nested`], [`complete`], [`defaults`]) and keyword by keyword ([`keywords`]), with
//! the form of rules; their expressions come last ([`rules`]).

mod approval;
mod columns;
mod complete;
mod conversion;
mod convertible;
mod defaults;
mod internal;
mod keywords;
mod list_type;
mod names;
mod nested;
mod parts;
mod props;
mod root;
mod rules;
mod selectable;
mod spec;
mod structural;
mod versions;
mod warnings;

pub use warnings::{warnings, warnings_of_update};

use serde_json::Value;

use super::parts::CrdParts;
use crate::api::field::FieldError;

/// Everything that is wrong with a CustomResourceDefinition, its metadata aside (except that its name must fit).
///
/// ```
/// let crd = serde_json::json!({"spec": {"group": "nodot", "names": {"plural": "items", "kind": "Item"}}});
/// let errors = k1s_runtime::schema::crd::validate_crd(&crd);
/// assert!(errors.iter().any(|error| {
///     error.to_string() == "spec.group: Invalid value: \"nodot\": should be a domain with at least one dot"
/// }));
/// ```
pub fn validate_crd<'v>(crd: impl Into<CrdParts<'v>>) -> Vec<FieldError> {
    let crd = crd.into();
    let mut errors = Vec::new();
    names::check_object_name(crd, &mut errors);
    spec::check(crd.spec, None, &mut errors);
    versions::check_stored(crd, &mut errors);
    approval::check(crd, None, &mut errors);
    spec::check_preserve(crd, &mut errors);
    errors
}

/// Everything that is wrong with replacing an established CustomResourceDefinition by another. Versions whose schema stays may have
/// rules that are too expensive each, as long as they are not so together.
///
/// ```
/// let crd = |kind: &str| serde_json::json!({"spec": {"group": "a.b", "names": {"plural": "items", "kind": kind}}});
/// let errors = k1s_runtime::schema::crd::validate_crd_update(&crd("Thing"), &crd("Item"));
/// assert!(errors.iter().any(|error| {
///     error.to_string() == "spec.names.kind: Invalid value: \"Thing\": field is immutable"
/// }));
/// ```
pub fn validate_crd_update<'v>(
    crd: impl Into<CrdParts<'v>>,
    old: impl Into<CrdParts<'v>>,
) -> Vec<FieldError> {
    let (crd, old) = (crd.into(), old.into());
    let mut errors = Vec::new();
    spec::check(crd.spec, Some(old.spec), &mut errors);
    spec::check_unchanged(crd.spec, old.spec, &mut errors);
    versions::check_stored(crd, &mut errors);
    approval::check(crd, Some(old), &mut errors);
    spec::check_preserve(crd, &mut errors);
    errors
}

/// The schemas of a CustomResourceDefinition with their paths; one if all versions have the same.
pub(super) fn schemas(crd: CrdParts<'_>) -> Vec<(String, &Value)> {
    let schemas = places(crd.spec, "schema").into_iter().enumerate().map(|(version, place)| {
        let parent = if place.shared {
            "spec.validation".to_owned()
        } else {
            format!("spec.versions[{version}].schema")
        };
        (format!("{parent}.openAPIV3Schema"), &place.value["openAPIV3Schema"])
    });
    schemas.collect()
}

/// One setting of the versions, and where the API server keeps it.
struct Place<'v> {
    value: &'v Value,
    /// Whether every version has the same.
    shared: bool,
}

/// Where `spec.versions[].<field>` is kept: once if every version has the same, else at each version.
fn places<'v>(spec: &'v Value, field: &str) -> Vec<Place<'v>> {
    let versions = spec["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let same = |field: &str| versions.windows(2).all(|pair| pair[0][field] == pair[1][field]);
    // Selectable fields are paths into a schema, and stay where it is.
    let shared = same(field) && (field != "selectableFields" || same("schema"));
    let all = versions.iter().map(|version| Place { value: &version[field], shared });
    if shared { all.take(1).collect() } else { all.collect() }
}

/// Text of a field, empty if it is not there.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
