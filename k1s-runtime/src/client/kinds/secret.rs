//! Secret: `stringData`, keys, size, type and what some types require.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::api::Object;
use crate::api::field::{BadValue, ErrorType, FieldError};

use super::config_map::{DATA_LIMIT, decoded_len, validate_key};

/// Moves `stringData` into `data` and fills in the type.
pub(super) fn prepare(object: &mut Object) {
    if let Some(Value::Object(strings)) = object.0.remove("stringData") {
        let slot = object.0.entry("data").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(data) = slot {
            for (key, value) in strings {
                data.insert(key, STANDARD.encode(value.as_str().unwrap_or_default()).into());
            }
        }
    }
    if !object.0.contains_key("type") {
        object.0.insert("type".to_owned(), "Opaque".into());
    }
}

pub(super) fn validate(object: &Object, errors: &mut Vec<FieldError>) {
    let empty = Map::new();
    let data = object.0.get("data").and_then(Value::as_object).unwrap_or(&empty);
    let mut size = 0;
    for (key, value) in data {
        validate_key(key, "data", errors);
        size += decoded_len(value);
    }
    if size > DATA_LIMIT {
        let detail = format!("may not be more than {DATA_LIMIT} bytes");
        errors.push(FieldError::new(ErrorType::TooLong, "data", BadValue::Omitted, detail));
    }
    validate_type(object, data, errors);
}

fn validate_type(object: &Object, data: &Map<String, Value>, errors: &mut Vec<FieldError>) {
    let require = |key: &str, errors: &mut Vec<FieldError>| {
        if !data.contains_key(key) {
            errors.push(FieldError::required(format!("data[{key}]"), ""));
        }
    };
    match object.0.get("type").and_then(Value::as_str).unwrap_or_default() {
        "kubernetes.io/service-account-token" => {
            const NAME: &str = "kubernetes.io/service-account.name";
            if object.annotation(NAME).unwrap_or_default().is_empty() {
                errors.push(FieldError::required(format!("metadata.annotations[{NAME}]"), ""));
            }
        }
        "kubernetes.io/dockercfg" => validate_json(data, ".dockercfg", errors),
        "kubernetes.io/dockerconfigjson" => validate_json(data, ".dockerconfigjson", errors),
        "kubernetes.io/basic-auth" if !data.contains_key("username") && !data.contains_key("password") => {
            errors.push(FieldError::required("data[username]", ""));
            errors.push(FieldError::required("data[password]", ""));
        }
        "kubernetes.io/ssh-auth" if data.get("ssh-privatekey").is_none_or(|key| key == "") => {
            errors.push(FieldError::required("data[ssh-privatekey]", ""));
        }
        "kubernetes.io/tls" => {
            require("tls.crt", errors);
            require("tls.key", errors);
        }
        _ => {}
    }
}

fn validate_json(data: &Map<String, Value>, key: &str, errors: &mut Vec<FieldError>) {
    let path = format!("data[{key}]");
    let Some(text) = data.get(key).and_then(Value::as_str) else {
        errors.push(FieldError::required(path, ""));
        return;
    };
    let bytes = STANDARD.decode(text).unwrap_or_default();
    if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes) {
        let message =
            if error.is_eof() { "unexpected end of JSON input".to_owned() } else { error.to_string() };
        errors.push(FieldError::invalid(path, "<secret contents redacted>", message));
    }
}

pub(super) fn validate_update(object: &Object, old: &Object, errors: &mut Vec<FieldError>) {
    let (new, old) = (object.0.get("type"), old.0.get("type"));
    if new != old {
        let shown = new.cloned().unwrap_or_default();
        errors.push(FieldError::invalid("type", shown, "field is immutable"));
    }
}
