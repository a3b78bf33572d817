//! The metadata of embedded resources. Names may be anything that fits a URL path.
//!
//! Mirrors `k8s.io/apimachinery/pkg/api/validation` as far as it concerns objects that are not stored on their own.

use serde_json::{Map, Value};

use crate::api::field::{BadValue, ErrorType, FieldError, Path};
use crate::api::names;

/// The size of all annotations together, in bytes.
const ANNOTATIONS_LIMIT: usize = 256 << 10;

pub(super) fn check(metadata: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let text = |name: &str| metadata.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(prefix) = text("generateName") {
        report(names::path_segment_prefix(prefix), &path.field("generateName"), prefix, errors);
    }
    if let Some(name) = text("name") {
        report(names::path_segment_name(name), &path.field("name"), name, errors);
    }
    if let Some(namespace) = text("namespace") {
        report(names::dns1123_label(namespace), &path.field("namespace"), namespace, errors);
    }
    check_labels(metadata, &path.field("labels"), errors);
    check_annotations(metadata, &path.field("annotations"), errors);
    check_owners(metadata, &path.field("ownerReferences"), errors);
    for finalizer in items(metadata, "finalizers").filter_map(Value::as_str) {
        report(names::qualified_name(finalizer), &path.field("finalizers"), finalizer, errors);
    }
    check_managers(metadata, &path.field("managedFields"), errors);
}

fn report(messages: Vec<String>, path: &Path<'_>, shown: &str, errors: &mut Vec<FieldError>) {
    errors.extend(messages.into_iter().map(|message| FieldError::invalid(path.to_string(), shown, message)));
}

/// Says where errors are that name the map and not its entry.
fn place(errors: &mut [FieldError], path: &Path<'_>) {
    errors.iter_mut().for_each(|error| error.place = Some(path.to_string().into()));
}

fn entries<'m>(metadata: &'m Map<String, Value>, field: &str) -> impl Iterator<Item = (&'m str, &'m str)> {
    let map = metadata.get(field).and_then(Value::as_object).into_iter().flatten();
    map.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

fn items<'m>(metadata: &'m Map<String, Value>, field: &str) -> impl Iterator<Item = &'m Value> {
    metadata.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn check_labels(metadata: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    for (key, value) in entries(metadata, "labels") {
        let from = errors.len();
        report(names::qualified_name(key), path, key, errors);
        report(names::label_value(value), path, value, errors);
        place(&mut errors[from..], &path.field(key));
    }
}

fn check_annotations(metadata: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let mut size = 0;
    for (key, value) in entries(metadata, "annotations") {
        let from = errors.len();
        report(names::annotation_key(key), path, key, errors);
        place(&mut errors[from..], &path.field(key));
        size += key.len() + value.len();
    }
    if size > ANNOTATIONS_LIMIT {
        let detail = format!("may not be more than {ANNOTATIONS_LIMIT} bytes");
        errors.push(FieldError::new(ErrorType::TooLong, path.to_string(), BadValue::Omitted, detail));
    }
}

fn check_owners(metadata: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    for owner in items(metadata, "ownerReferences") {
        let text = |field: &str| owner.get(field).and_then(Value::as_str).unwrap_or_default();
        if text("apiVersion").rsplit('/').next().unwrap_or_default().is_empty() {
            let at = path.field("apiVersion").to_string();
            errors.push(FieldError::invalid(at, "", "version must not be empty"));
        }
        for field in ["kind", "name", "uid"] {
            if text(field).is_empty() {
                errors.push(FieldError::invalid(path.field(field).to_string(), "", "must not be empty"));
            }
        }
    }
}

fn check_managers(metadata: &Map<String, Value>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    for (index, entry) in items(metadata, "managedFields").enumerate() {
        let at = path.index(index);
        let operation = entry.get("operation").and_then(Value::as_str).unwrap_or_default();
        if !matches!(operation, "Apply" | "Update") {
            let at = at.field("operation").to_string();
            errors.push(FieldError::invalid(at, operation, "must be `Apply` or `Update`"));
        }
        match entry.get("fieldsType").and_then(Value::as_str) {
            None | Some("" | "FieldsV1") => {}
            Some(other) => {
                let at = at.field("fieldsType").to_string();
                errors.push(FieldError::invalid(at, other, "must be `FieldsV1`"));
            }
        }
    }
}
