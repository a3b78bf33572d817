//! `selectableFields`: paths to scalar fields of the schema.

use serde_json::Value;

use crate::api::field::{ErrorType, FieldError, Path};

use super::text;

pub(super) fn check(fields: &Value, schema: &Value, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, field) in fields.as_array().into_iter().flatten().enumerate() {
        let at = path.index(index);
        let at = at.field("jsonPath").to_string();
        let json_path = text(&field["jsonPath"]);
        if json_path.is_empty() {
            errors.push(FieldError::required(at, ""));
            continue;
        }
        if seen.contains(&json_path) {
            errors.push(FieldError::new(ErrorType::Duplicate, at, json_path, ""));
            continue;
        }
        seen.push(json_path);
        if let Some(detail) = wrong(json_path, schema) {
            errors.push(FieldError::invalid(at, json_path, detail));
        }
    }
}

fn wrong(json_path: &str, schema: &Value) -> Option<String> {
    let Some(rest) = json_path.strip_prefix('.') else {
        let first = json_path.split(['.', '[']).next().unwrap_or_default();
        return Some(format!("is an invalid path: expected [ or . but got: {first}"));
    };
    let mut at = schema;
    for name in rest.split('.') {
        if name.contains('[') {
            return Some("is an invalid path: array notation is not allowed".to_owned());
        }
        at = match &at["properties"][name] {
            Value::Object(_) => &at["properties"][name],
            _ => return Some("is an invalid path: does not refer to a valid field".to_owned()),
        };
    }
    (!matches!(text(&at["type"]), "string" | "boolean" | "integer")).then(|| {
        "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."
            .to_owned()
    })
}
