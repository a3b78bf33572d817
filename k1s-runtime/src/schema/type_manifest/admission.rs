//! Types held to what an API server demands of a CustomResourceDefinition: one is made of the versions of each kind, checked, and what
//! is wrong with it is told with the paths of the manifest.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kube_core::Version;

use crate::api::ResourceDefinition;
use crate::api::field::FieldError;
use crate::schema::crd::{to_crd_json, validate_crd};
use crate::schema::{CompiledSchema, Error};

/// What is wrong with each kind.
pub(super) fn problems(types: &[ResourceDefinition]) -> Vec<FieldError> {
    let mut kinds: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, definition) in types.iter().enumerate() {
        kinds.entry((&definition.group, &definition.plural)).or_default().push(index);
    }
    let mut kinds: Vec<Vec<usize>> = kinds.into_values().collect();
    kinds.sort();
    kinds.into_iter().flat_map(|versions| of_kind(types, versions)).collect()
}

/// The problems of one kind, whose versions stand at these places.
fn of_kind(types: &[ResourceDefinition], mut versions: Vec<usize>) -> Vec<FieldError> {
    let first = versions.first().copied().unwrap_or_default();
    let at = |index: usize, field: &str| format!("spec.types[{index}]{field}");
    let unreadable: Vec<FieldError> = versions
        .iter()
        .filter_map(|index| {
            let error = CompiledSchema::structural_of(&types[*index]).err()?;
            Some(refused(at(*index, ".schema.openAPIV3Schema"), &error))
        })
        .collect();
    if !unreadable.is_empty() {
        return unreadable;
    }
    // The order of a CustomResourceDefinition's versions.
    versions.sort_by_key(|index| Reverse(Version::parse(&types[*index].version).priority()));
    let definitions: Vec<ResourceDefinition> = versions.iter().map(|index| types[*index].clone()).collect();
    match to_crd_json(&definitions) {
        Ok(crd) => {
            let place = |mut error: FieldError| {
                error.field = here(&error.field, first, &versions);
                error
            };
            validate_crd(&crd).into_iter().map(place).collect()
        }
        Err(error) => vec![refused(at(first, ""), &error)],
    }
}

fn refused(path: String, error: &Error) -> FieldError {
    FieldError::forbidden(path, error.to_string())
}

/// The manifest's path for a CustomResourceDefinition's. `versions` are the places of its versions, `first` of the first that the
/// manifest has: what holds for all of them is told there.
fn here(path: &str, first: usize, versions: &[usize]) -> String {
    let at = |index: usize, field: &str| match field {
        "" => format!("spec.types[{index}]"),
        field => format!("spec.types[{index}].{field}"),
    };
    if let Some(rest) = path.strip_prefix("spec.versions[") {
        let (number, field) = rest.split_once(']').unwrap_or((rest, ""));
        let index = number.parse().ok().and_then(|number: usize| versions.get(number)).copied();
        return at(index.unwrap_or(first), &renamed(field.trim_start_matches('.')));
    }
    let field = match path {
        "metadata.name" => "plural",
        "spec.scope" => "namespaced",
        "spec.versions" | "spec" => "",
        path => path
            .strip_prefix("spec.names.")
            .or_else(|| path.strip_prefix("metadata."))
            .or_else(|| path.strip_prefix("spec."))
            .unwrap_or(""),
    };
    at(first, &renamed(field))
}

/// A field of a version under the name that it has here.
fn renamed(field: &str) -> String {
    let swap = |from: &str, to: &str| field.strip_prefix(from).map(|rest| format!("{to}{rest}"));
    match field {
        "name" => "version".to_owned(),
        _ => swap("additionalPrinterColumns", "printColumns")
            .map(|field| field.replace(".JSONPath", ".jsonPath"))
            .or_else(|| swap("validation.", "schema."))
            .unwrap_or_else(|| field.to_owned()),
    }
}
