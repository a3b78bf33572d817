//! ConfigMap: keys, size and immutability.

use serde_json::{Map, Value};

use crate::api::Object;
use crate::api::field::{BadValue, ErrorType, FieldError};

/// Total size of the data of one ConfigMap or Secret, in bytes.
pub(super) const DATA_LIMIT: usize = 1024 * 1024;

const KEY_MESSAGE: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. \
    'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

pub(super) fn validate(object: &Object, errors: &mut Vec<FieldError>) {
    let empty = Map::new();
    let map = |field: &str| object.0.get(field).and_then(Value::as_object).unwrap_or(&empty);
    let (data, binary) = (map("data"), map("binaryData"));
    let mut size = 0;
    for (key, value) in data {
        validate_key(key, "data", errors);
        if binary.contains_key(key) {
            let detail = "duplicate of key present in binaryData";
            errors.push(FieldError::invalid(format!("data[{key}]"), key.as_str(), detail));
        }
        size += value.as_str().map_or(0, str::len);
    }
    for (key, value) in binary {
        validate_key(key, "binaryData", errors);
        size += decoded_len(value);
    }
    if size > DATA_LIMIT {
        let detail = format!("may not be more than {DATA_LIMIT} bytes");
        errors.push(FieldError::new(ErrorType::TooLong, "", BadValue::Omitted, detail));
    }
}

/// How many bytes base64 text stands for.
pub(super) fn decoded_len(value: &Value) -> usize {
    let text = value.as_str().unwrap_or_default();
    let padding = text.bytes().rev().take_while(|&byte| byte == b'=').count();
    (text.len() / 4 * 3).saturating_sub(padding)
}

pub(super) fn validate_key(key: &str, field: &str, errors: &mut Vec<FieldError>) {
    let path = format!("{field}[{key}]");
    let mut refuse = |detail: &str| errors.push(FieldError::invalid(path.clone(), key, detail));
    if key.len() > 253 {
        refuse("must be no more than 253 characters");
    }
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) {
        refuse(KEY_MESSAGE);
    }
    if key == "." {
        refuse("must not be '.'");
    } else if key == ".." {
        refuse("must not be '..'");
    } else if key.starts_with("..") {
        refuse("must not start with '..'");
    }
}

/// What was declared immutable stays as it is.
pub(super) fn validate_immutable(
    object: &Object,
    old: &Object,
    fields: &[&'static str],
    errors: &mut Vec<FieldError>,
) {
    const MESSAGE: &str = "field is immutable when `immutable` is set";
    let is_set = |object: &Object| object.0.get("immutable").and_then(Value::as_bool) == Some(true);
    if !is_set(old) {
        return;
    }
    if !is_set(object) {
        errors.push(FieldError::forbidden("immutable", MESSAGE));
    }
    for field in fields {
        if object.0.get(*field) != old.0.get(*field) {
            errors.push(FieldError::forbidden(*field, MESSAGE));
        }
    }
}
