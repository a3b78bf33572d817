//! Namespace: its finalizers, phase, label of its name, and the namespaces that are always there.

use serde_json::{Value, json};

use crate::api::Object;
use crate::api::field::FieldError;
use crate::api::names;

/// The namespaces that every tenant has from the start.
pub(crate) const SYSTEM: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// The label that repeats a namespace's name, so that selectors can name namespaces.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";
/// The finalizer that stands for the namespace's content.
pub(crate) const CONTENT: &str = "kubernetes";

/// Whether a namespace cannot be deleted.
pub(crate) fn is_immortal(name: &str) -> bool {
    matches!(name, "default" | "kube-public" | "kube-system")
}

/// A namespace that is there from the start, as it first is.
pub(crate) fn system(name: &str, uid: &str, created: &str) -> Object {
    let mut object = Object::new("v1", "Namespace", name);
    object.set_metadata("uid", uid);
    object.set_metadata("creationTimestamp", created);
    prepare_create(&mut object);
    object
}

/// `spec.finalizers`.
pub(crate) fn finalizers(object: &Object) -> Vec<&str> {
    let list = object.0.get("spec").and_then(|spec| spec.get("finalizers")).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

pub(super) fn prepare_create(object: &mut Object) {
    object.0.insert("status".to_owned(), json!({"phase": "Active"}));
    let mut own: Vec<String> = finalizers(object).into_iter().map(str::to_owned).collect();
    if !own.iter().any(|finalizer| finalizer == CONTENT) {
        own.push(CONTENT.to_owned());
    }
    object.0.insert("spec".to_owned(), json!({"finalizers": own}));
    label_name(object);
}

pub(super) fn prepare_update(object: &mut Object, old: &Object) {
    for field in ["spec", "status"] {
        match old.0.get(field) {
            Some(value) => object.0.insert(field.to_owned(), value.clone()),
            None => object.0.remove(field),
        };
    }
    label_name(object);
}

/// Sets the label that repeats the name.
pub(crate) fn label_name(object: &mut Object) {
    let name = object.name().to_owned();
    if name.is_empty() {
        return;
    }
    let labels = object.metadata_mut().entry("labels").or_insert_with(|| json!({}));
    if let Value::Object(labels) = labels {
        labels.insert(NAME_LABEL.to_owned(), name.into());
    }
}

/// Puts a namespace into its last phase.
pub(crate) fn terminate(object: &mut Object) {
    let status = object.0.entry("status").or_insert_with(|| json!({}));
    if let Value::Object(status) = status {
        status.insert("phase".to_owned(), "Terminating".into());
    }
}

pub(super) fn validate(object: &Object, errors: &mut Vec<FieldError>) {
    for finalizer in finalizers(object) {
        validate_finalizer(finalizer, "spec.finalizers", errors);
    }
}

/// Checks one finalizer of `spec`.
pub(crate) fn validate_finalizer(finalizer: &str, path: &str, errors: &mut Vec<FieldError>) {
    for message in names::qualified_name(finalizer) {
        errors.push(FieldError::invalid(path, finalizer, message));
    }
    if finalizer != CONTENT && !finalizer.contains('/') {
        let detail = "name is neither a standard finalizer name nor is it fully qualified";
        errors.push(FieldError::invalid(path, finalizer, detail));
    }
}

/// Checks a write of the `status` subresource: the phase follows from the deletion timestamp.
pub(crate) fn validate_status(object: &Object, errors: &mut Vec<FieldError>) {
    let phase = object.0.get("status").and_then(|status| status.get("phase")).and_then(Value::as_str);
    let phase = phase.unwrap_or_default();
    let (wanted, when) = if object.deletion_timestamp().is_some() {
        ("Terminating", "is not empty")
    } else {
        ("Active", "is empty")
    };
    if phase != wanted {
        let detail = format!("may only be '{wanted}' if `deletionTimestamp` {when}");
        errors.push(FieldError::invalid("status.Phase", phase, detail));
    }
}
