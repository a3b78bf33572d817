//! `metadata`: what every object's must look like, and which of its fields nobody may change.
//!
//! Mirrors `k8s.io/apimachinery/pkg/api/validation/objectmeta.go`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::api::Object;
use crate::api::field::{BadValue, ErrorType, FieldError};
use crate::api::names;

use super::options;

/// Total size of all annotations of an object, in bytes.
pub(crate) const ANNOTATIONS_LIMIT: usize = 256 * 1024;

/// How a kind's names are checked; the flag says that it is a prefix of a name.
pub(crate) type NameRule = fn(&str, bool) -> Vec<String>;

/// What a kind asks of metadata.
#[derive(Clone, Copy)]
pub(crate) struct MetadataRules {
    /// Whether a namespace is required, or else forbidden.
    pub(crate) namespaced: bool,
    /// How names are checked.
    pub(crate) name: NameRule,
    /// Whether finalizers must be qualified (core kinds); custom resources only warn.
    pub(crate) qualified_finalizers: bool,
}

/// Checks the metadata of an object that is written.
pub(crate) fn validate(object: &Object, rules: MetadataRules, errors: &mut Vec<FieldError>) {
    if let Some(prefix) = object.generate_name() {
        for message in (rules.name)(prefix, true) {
            errors.push(FieldError::invalid("metadata.generateName", prefix, message));
        }
    }
    let name = object.name();
    if name.is_empty() {
        errors.push(FieldError::required("metadata.name", "name or generateName is required"));
    } else {
        for message in (rules.name)(name, false) {
            errors.push(FieldError::invalid("metadata.name", name, message));
        }
    }
    match (rules.namespaced, object.namespace()) {
        (true, None) => errors.push(FieldError::required("metadata.namespace", "")),
        (true, Some(namespace)) => {
            for message in names::dns1123_label(namespace) {
                errors.push(FieldError::invalid("metadata.namespace", namespace, message));
            }
        }
        (false, Some(_)) => {
            errors.push(FieldError::forbidden("metadata.namespace", "not allowed on this type"));
        }
        (false, None) => {}
    }
    validate_common(object, rules, errors);
}

/// Checks the metadata of an object that replaces another.
pub(crate) fn validate_update(
    object: &Object,
    old: &Object,
    rules: MetadataRules,
    errors: &mut Vec<FieldError>,
) {
    validate_common(object, rules, errors);
    if old.deletion_timestamp().is_some() {
        let (new, old) = (object.finalizers(), HashSet::<&str>::from_iter(old.finalizers()));
        let mut added: Vec<&str> = new.into_iter().filter(|finalizer| !old.contains(finalizer)).collect();
        if !added.is_empty() {
            added.sort_unstable();
            added.dedup();
            let shown: Vec<String> = added.iter().map(|finalizer| format!("{finalizer:?}")).collect();
            let detail = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
                shown.join(", ")
            );
            errors.push(FieldError::forbidden("metadata.finalizers", detail));
        }
    }
    if object.resource_version().is_none() {
        errors.push(FieldError::invalid("metadata.resourceVersion", "", "must be specified for an update"));
    }
    if object.generation().unwrap_or(0) < old.generation().unwrap_or(0) {
        let value = Value::from(object.generation().unwrap_or(0));
        errors.push(FieldError::invalid("metadata.generation", value, "must not be decremented"));
    }
    for field in
        ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"]
    {
        let (new, old) = (metadata_field(object, field), metadata_field(old, field));
        if new != old {
            let shown = match new {
                Some(value) => BadValue::Value(value.clone()),
                None if field.starts_with("deletion") => BadValue::Null,
                None => BadValue::from(""),
            };
            errors.push(FieldError::invalid(format!("metadata.{field}"), shown, "field is immutable"));
        }
    }
}

fn metadata_field<'a>(object: &'a Object, field: &str) -> Option<&'a Value> {
    object.metadata()?.get(field)
}

fn validate_common(object: &Object, rules: MetadataRules, errors: &mut Vec<FieldError>) {
    let Some(metadata) = object.metadata() else { return };
    if let Some(generation) = object.generation()
        && generation < 0
    {
        let detail = "must be greater than or equal to 0";
        errors.push(FieldError::invalid("metadata.generation", Value::from(generation), detail));
    }
    validate_labels(metadata, "metadata.labels", errors);
    validate_annotations(metadata, errors);
    validate_owner_references(metadata, errors);
    validate_finalizers(object, rules, errors);
    validate_managers(metadata, errors);
}

/// Longest name of a subresource in `managedFields`, in bytes.
const SUBRESOURCE_LIMIT: usize = 256;

/// Checks what `managedFields` says of who writes; what they own has been read by now.
fn validate_managers(metadata: &Map<String, Value>, errors: &mut Vec<FieldError>) {
    let entries = metadata.get("managedFields").and_then(Value::as_array);
    for (index, entry) in entries.into_iter().flatten().enumerate() {
        let path = format!("metadata.managedFields[{index}]");
        let text = |field: &str| entry.get(field).and_then(Value::as_str).unwrap_or_default();
        errors.extend(options::manager_errors(text("manager"), &format!("{path}.manager")));
        if text("subresource").len() > SUBRESOURCE_LIMIT {
            let detail = format!("may not be more than {SUBRESOURCE_LIMIT} bytes");
            let path = format!("{path}.subresource");
            errors.push(FieldError::new(ErrorType::TooLong, path, BadValue::Omitted, detail));
        }
    }
}

fn strings<'a>(metadata: &'a Map<String, Value>, field: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let map = metadata.get(field).and_then(Value::as_object);
    map.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

/// Checks the labels in `metadata`.
fn validate_labels(metadata: &Map<String, Value>, path: &str, errors: &mut Vec<FieldError>) {
    for (key, value) in strings(metadata, "labels") {
        for message in names::qualified_name(key) {
            errors.push(FieldError::invalid(path, key, message).at(format!("{path}.{key}")));
        }
        for message in names::label_value(value) {
            errors.push(FieldError::invalid(path, value, message).at(format!("{path}.{key}")));
        }
    }
}

fn validate_annotations(metadata: &Map<String, Value>, errors: &mut Vec<FieldError>) {
    let mut size = 0;
    for (key, value) in strings(metadata, "annotations") {
        size += key.len() + value.len();
        // The key's case does not matter here.
        for message in names::annotation_key(key) {
            let place = format!("metadata.annotations.{key}");
            errors.push(FieldError::invalid("metadata.annotations", key, message).at(place));
        }
    }
    if size > ANNOTATIONS_LIMIT {
        let detail = format!("may not be more than {ANNOTATIONS_LIMIT} bytes");
        errors.push(FieldError::new(ErrorType::TooLong, "metadata.annotations", BadValue::Omitted, detail));
    }
}

fn validate_owner_references(metadata: &Map<String, Value>, errors: &mut Vec<FieldError>) {
    let Some(owners) = metadata.get("ownerReferences").and_then(Value::as_array) else { return };
    let mut first_controller: Option<(&str, &str)> = None;
    let path = "metadata.ownerReferences";
    for owner in owners {
        let text = |field: &str| owner.get(field).and_then(Value::as_str).unwrap_or_default();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        let version = api_version.rsplit('/').next().unwrap_or_default();
        if version.is_empty() {
            errors.push(FieldError::invalid(
                format!("{path}.apiVersion"),
                version,
                "version must not be empty",
            ));
        }
        for field in ["kind", "name", "uid"] {
            if text(field).is_empty() {
                let detail = "must not be empty";
                errors.push(FieldError::invalid(format!("{path}.{field}"), text(field), detail));
            }
        }
        if api_version == "v1" && kind == "Event" {
            let detail = "/v1, Kind=Event is disallowed from being an owner";
            errors.push(FieldError::invalid(path, "", detail));
        }
        if owner.get("controller").and_then(Value::as_bool) == Some(true) {
            match first_controller {
                None => first_controller = Some((kind, text("name"))),
                Some((first_kind, _)) => {
                    let detail = format!(
                        "Only one reference can have Controller set to true. Found \"true\" in references for {first_kind} and {kind}"
                    );
                    errors.push(FieldError::invalid("metadata.ownerReferences", "", detail));
                }
            }
        }
    }
}

fn validate_finalizers(object: &Object, rules: MetadataRules, errors: &mut Vec<FieldError>) {
    let finalizers = object.finalizers();
    for finalizer in &finalizers {
        for message in names::qualified_name(finalizer) {
            errors.push(FieldError::invalid("metadata.finalizers", *finalizer, message));
        }
        if rules.qualified_finalizers && !is_standard_finalizer(finalizer) && !finalizer.contains('/') {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            errors.push(FieldError::invalid("metadata.finalizers", *finalizer, detail));
        }
    }
    if finalizers.contains(&ORPHAN) && finalizers.contains(&FOREGROUND) {
        let detail = format!("finalizer {ORPHAN} and {FOREGROUND} cannot be both set");
        let shown = finalizers.iter().map(|finalizer| Value::from(*finalizer)).collect::<Vec<_>>();
        errors.push(FieldError::invalid("metadata.finalizers", Value::Array(shown), detail));
    }
}

/// Finalizer that keeps an object until its dependents have been let go.
pub(crate) const ORPHAN: &str = "orphan";
/// Finalizer that keeps an object until its dependents are gone.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";

fn is_standard_finalizer(finalizer: &str) -> bool {
    ["kubernetes", ORPHAN, FOREGROUND].contains(&finalizer)
}

/// Warnings about metadata that is accepted.
pub(crate) fn warnings(object: &Object, rules: MetadataRules) -> Vec<String> {
    if rules.qualified_finalizers {
        return Vec::new();
    }
    let doubtful = |finalizer: &&str| !finalizer.contains('/') && !is_standard_finalizer(finalizer);
    object
        .finalizers()
        .into_iter()
        .filter(doubtful)
        .map(|finalizer| {
            format!(
                "metadata.finalizers: {finalizer:?}: prefer a domain-qualified finalizer name to avoid accidental \
                 conflicts with other finalizer writers"
            )
        })
        .collect()
}

/// Removes owner references that are there twice.
///
/// Returns the warning to give, if any were removed.
pub(crate) fn deduplicate_owners(object: &mut Object) -> Option<String> {
    if !object.metadata().is_some_and(|metadata| metadata.contains_key("ownerReferences")) {
        return None;
    }
    let owners = object.metadata_mut().get_mut("ownerReferences").and_then(Value::as_array_mut)?;
    let (mut seen, mut told, mut twice) = (HashSet::new(), HashSet::new(), Vec::new());
    owners.retain(|owner| {
        let first = seen.insert(owner.clone());
        if !first
            && let Some(uid) = owner.get("uid").and_then(Value::as_str)
            && told.insert(uid.to_owned())
        {
            twice.push(uid.to_owned());
        }
        first
    });
    if twice.is_empty() {
        return None;
    }
    Some(format!(
        ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may \
         reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {}",
        twice.join(", ")
    ))
}
