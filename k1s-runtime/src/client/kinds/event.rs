//! Event: the namespace of what it is about, and the stricter rules of events with an `eventTime`.

use serde_json::Value;

use crate::api::Object;
use crate::api::field::FieldError;
use crate::api::names;

/// Longest `reason` and `action`.
const REASON_LIMIT: usize = 128;
/// Longest `note` (`message`) of an event with an `eventTime`.
const NOTE_LIMIT: usize = 1024;

pub(super) fn validate(object: &Object, errors: &mut Vec<FieldError>) {
    let text = |field: &str| object.0.get(field).and_then(Value::as_str).unwrap_or_default();
    let involved = object.0.get("involvedObject");
    let involved_namespace =
        involved.and_then(|about| about.get("namespace")).and_then(Value::as_str).unwrap_or_default();
    let namespace = object.namespace().unwrap_or_default();
    let about_cluster = involved_namespace.is_empty() && namespace == "default";
    if involved_namespace != namespace && !about_cluster {
        let detail = "does not match event.namespace";
        errors.push(FieldError::invalid("involvedObject.namespace", involved_namespace, detail));
    }
    if object.0.get("eventTime").is_none_or(Value::is_null) {
        return;
    }
    for field in ["reportingComponent", "reportingInstance", "action", "reason"] {
        if text(field).is_empty() {
            errors.push(FieldError::required(field, ""));
        }
        if field == "reportingComponent" {
            for message in names::qualified_name(text(field)) {
                errors.push(FieldError::invalid(field, text(field), message));
            }
        } else if text(field).len() > REASON_LIMIT {
            let detail = format!("can have at most {REASON_LIMIT} characters");
            errors.push(FieldError::invalid(field, "", detail));
        }
    }
    if text("message").len() > NOTE_LIMIT {
        let detail = format!("can have at most {NOTE_LIMIT} characters");
        errors.push(FieldError::invalid("message", "", detail));
    }
}
