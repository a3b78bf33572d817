//! `selectableFields`: paths to scalar fields of the schema.

use std::collections::HashSet;

use serde_json::Value;

use crate::api::field::{BadValue, ErrorType, FieldError, Path};

use super::props::{Schema, child, given, named, word};
use super::text;

/// The most that one version may have.
const LIMIT: usize = 8;

pub(super) fn check(fields: &[Value], schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let mut seen = HashSet::new();
    for (index, field) in fields.iter().enumerate() {
        let at = path.index(index);
        let at = at.field("jsonPath").to_string();
        let json_path = text(&field["jsonPath"]);
        if json_path.is_empty() {
            errors.push(FieldError::required(at, ""));
            continue;
        }
        let (names, found) = match resolve(json_path, schema) {
            Ok(found) => found,
            Err(fault) => {
                let detail = format!("is an invalid path: {fault}");
                errors.push(FieldError::invalid(at, json_path, detail));
                continue;
            }
        };
        if names.first() == Some(&"metadata") {
            let detail = "must not point to fields in metadata";
            errors.push(FieldError::invalid(at.as_str(), json_path, detail));
        }
        let type_ = found.map(|found| word(found, "type")).unwrap_or_default();
        if !matches!(type_, "string" | "boolean" | "integer") {
            let detail = "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
            errors.push(FieldError::invalid(at.as_str(), json_path, detail));
        }
        if !seen.insert(names) {
            errors.push(FieldError::new(ErrorType::Duplicate, at, json_path, ""));
        }
    }
    if seen.len() > LIMIT {
        let count = BadValue::Value(seen.len().into());
        let detail = format!("must have at most {LIMIT} items");
        errors.push(FieldError::new(ErrorType::TooMany, path.to_string(), count, detail));
    }
}

/// The names of a path, and the schema that it leads to; a map that takes anything has none.
fn resolve<'s>(json_path: &'s str, schema: &'s Schema) -> Result<(Vec<&'s str>, Option<&'s Schema>), String> {
    let (mut names, mut at) = (Vec::new(), Some(schema));
    let mut tokens = tokens(json_path).into_iter();
    while let Some(token) = tokens.next() {
        match token {
            "." => {}
            "[" => return Err("array notation is not allowed".to_owned()),
            other => return Err(format!("expected [ or . but got: {other}")),
        }
        let name = tokens.next().ok_or("unexpected end of JSON path")?;
        let schema = at.ok_or("does not refer to a valid field")?;
        at = if named(schema, "properties").next().is_some() {
            let property = child(schema, "properties").and_then(|properties| child(properties, name));
            Some(property.ok_or("does not refer to a valid field")?)
        } else if given(schema, "additionalProperties").is_some() {
            child(schema, "additionalProperties")
        } else {
            return Err("does not refer to a valid field".to_owned());
        };
        names.push(name);
    }
    Ok((names, at))
}

/// Dots, brackets, and what stands between them. Quotes hold dots and brackets together.
fn tokens(text: &str) -> Vec<&str> {
    let (mut tokens, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let end = match rest.as_bytes() {
            [b'.' | b'[' | b']', ..] => 1,
            [b'\'', ..] => quoted(rest),
            _ => rest.find(['.', '[', ']']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// The length of the quoted text that something begins with.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let closing = (1..bytes.len()).find(|at| bytes[*at] == b'\'' && bytes[at - 1] != b'\\');
    closing.map_or(text.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(paths: &[&str]) -> Vec<String> {
        let schema = json!({"properties": {
            "spec": {"properties": {"a": {"type": "string"}, "n": {"type": "number"}, "any": {}}},
            "map": {"additionalProperties": {"type": "string"}},
            "metadata": {"properties": {"name": {"type": "string"}}},
        }});
        let fields: Vec<Value> = paths.iter().map(|path| json!({"jsonPath": path})).collect();
        let mut errors = Vec::new();
        check(&fields, schema.as_object().unwrap(), &Path::ROOT.field("f"), &mut errors);
        errors.iter().map(FieldError::body).collect()
    }

    #[test]
    fn paths_lead_to_scalars() {
        assert!(faults(&[".spec.a", ".map.anything"]).is_empty());
        let scalar = "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
        assert_eq!(
            faults(&[
                ".spec.n",
                ".metadata.name",
                ".",
                "..",
                ".spec.a.b",
                ".spec.any.x",
                "x",
                ".spec.a",
                ".spec.a"
            ]),
            [
                format!("Invalid value: \".spec.n\": {scalar}"),
                "Invalid value: \".metadata.name\": must not point to fields in metadata".to_owned(),
                "Invalid value: \".\": is an invalid path: unexpected end of JSON path".to_owned(),
                "Invalid value: \"..\": is an invalid path: does not refer to a valid field".to_owned(),
                "Invalid value: \".spec.a.b\": is an invalid path: does not refer to a valid field"
                    .to_owned(),
                "Invalid value: \".spec.any.x\": is an invalid path: does not refer to a valid field"
                    .to_owned(),
                "Invalid value: \"x\": is an invalid path: expected [ or . but got: x".to_owned(),
                "Duplicate value: \".spec.a\"".to_owned(),
            ]
        );
    }

    #[test]
    fn eight_are_enough() {
        let paths: Vec<String> = (0..9).map(|n| format!(".map.k{n}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        assert_eq!(faults(&paths), ["Too many: 9: must have at most 8 items"]);
    }
}
