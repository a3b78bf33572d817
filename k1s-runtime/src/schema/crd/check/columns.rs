//! `additionalPrinterColumns`.

use serde_json::Value;

use crate::api::field::{FieldError, Path};

use super::text;

/// What is said of a path that does not begin with a dot.
pub(super) const NOT_SIMPLE: &str = "must be a simple json path starting with .";

const TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
const FORMATS: [&str; 8] = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

pub(super) fn check(columns: &Value, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    for (index, column) in columns.as_array().into_iter().flatten().enumerate() {
        let at = path.index(index);
        if text(&column["name"]).is_empty() {
            errors.push(FieldError::required(at.field("name").to_string(), ""));
        }
        let types = format!("must be one of {}", TYPES.join(","));
        match text(&column["type"]) {
            "" => errors.push(FieldError::required(at.field("type").to_string(), types)),
            known if TYPES.contains(&known) => {}
            other => errors.push(FieldError::invalid(at.field("type").to_string(), other, types)),
        }
        let format = text(&column["format"]);
        if !format.is_empty() && !FORMATS.contains(&format) {
            let detail = format!("must be one of {}", FORMATS.join(","));
            errors.push(FieldError::invalid(at.field("format").to_string(), format, detail));
        }
        let at = at.field("JSONPath").to_string();
        match text(&column["jsonPath"]) {
            "" => errors.push(FieldError::required(at, "")),
            simple if simple.starts_with('.') => {}
            other => errors.push(FieldError::invalid(at, other, NOT_SIMPLE)),
        }
    }
}
