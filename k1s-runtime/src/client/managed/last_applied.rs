//! From client-side apply to server-side apply: what `kubectl apply` wrote into its annotation is kubectl's to change.

use serde_json::{Map, Value};

use crate::api::{Object, gotext};

use super::check::{Duplicates, check};
use super::compare::compare;
use super::conflict::Conflict;
use super::fields::fields;
use super::set::FieldSet;
use super::types::Types;

/// The annotation that client-side apply keeps the applied object in.
pub(super) const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// The manager that takes over from client-side apply.
pub(super) const KUBECTL: &str = "kubectl";

fn annotation(object: &Object) -> Option<&str> {
    object.annotation(ANNOTATION).filter(|text| !text.is_empty())
}

/// The conflicts that are left when those with client-side apply's own fields are forgiven.
pub(super) fn unforgiven(types: &Types, live: &Object, conflicts: Vec<Conflict>) -> Vec<Conflict> {
    let Some(allowed) = allowed(types, live) else { return conflicts };
    conflicts.into_iter().filter(|conflict| !allowed.has_path(&conflict.path)).collect()
}

/// The fields that client-side apply wrote and that are still as it wrote them.
fn allowed(types: &Types, live: &Object) -> Option<FieldSet> {
    let last: Object = serde_json::from_str(annotation(live)?).ok()?;
    if last.api_version() != live.api_version() || check(types, &last, Duplicates::Refused).is_err() {
        return None;
    }
    let compared = compare(types, &last, live);
    let written = fields(types, &last);
    Some(written.difference(&compared.modified).difference(&compared.added).difference(&compared.removed))
}

/// Keeps the annotation of an object that has one true to what kubectl applies.
pub(super) fn renew(applied: &Object, object: &mut Object) {
    if annotation(object).is_none() {
        return;
    }
    let annotations = |object: &mut Object, with: &mut dyn FnMut(&mut Map<String, Value>)| {
        if let Some(Value::Object(annotations)) = object.metadata_mut().get_mut("annotations") {
            with(annotations);
        }
    };
    let mut config = applied.clone();
    annotations(&mut config, &mut |annotations| {
        annotations.remove(ANNOTATION);
    });
    let text = gotext::json(&Value::Object(config.0)) + "\n";
    annotations(object, &mut |annotations| {
        annotations.insert(ANNOTATION.to_owned(), text.clone().into());
    });
}
