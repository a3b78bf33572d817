//! Lease: how long it lasts and how often it changed hands.

use serde_json::Value;

use crate::api::Object;
use crate::api::field::FieldError;

/// Fields of coordinated leader election, which is off unless a server is told otherwise.
const OF_ELECTION: [&str; 2] = ["strategy", "preferredHolder"];

pub(super) fn prepare(object: &mut Object) {
    if let Some(Value::Object(spec)) = object.0.get_mut("spec") {
        spec.retain(|field, _| !OF_ELECTION.contains(&field.as_str()));
    }
}

pub(super) fn validate(object: &Object, errors: &mut Vec<FieldError>) {
    let spec = object.0.get("spec");
    let number = |field: &str| spec.and_then(|spec| spec.get(field)).and_then(Value::as_i64);
    for (field, least, detail) in [
        ("leaseDurationSeconds", 1, "must be greater than 0"),
        ("leaseTransitions", 0, "must be greater than or equal to 0"),
    ] {
        if let Some(value) = number(field).filter(|value| *value < least) {
            errors.push(FieldError::invalid(format!("spec.{field}"), Value::from(value), detail));
        }
    }
}
