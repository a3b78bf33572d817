//! Validation by plain JSON Schemas, for kinds that no CustomResourceDefinition is at hand for.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::fault::Fault;
use super::rules;

/// Most faults of one document that are told.
const MOST: usize = 100;

/// What a schema finds wrong with a document.
pub(super) fn faults(schema: &Validator, value: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    for error in schema.iter_errors(value).take(MOST) {
        let path = path_of(error.instance_path().as_str());
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                faults.extend(unexpected.iter().map(|name| {
                    let field = below(&path, name);
                    Fault::told(rules::UNKNOWN_FIELD, field, "unknown field".to_owned()).of_key()
                }));
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                faults.push(
                    Fault::told(rules::REQUIRED, below(&path, name), "Required value".to_owned()).of_key(),
                );
            }
            kind => faults.push(Fault::told(rule_of(kind), path, message(&error))),
        }
    }
    faults
}

/// The schema's words, without a value that may be as long as the document.
fn message(error: &ValidationError<'_>) -> String {
    const LONGEST: usize = 300;
    let text = error.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn rule_of(kind: &ValidationErrorKind) -> &'static str {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Type { .. } => rules::TYPE,
        Kind::Enum { .. } | Kind::Constant { .. } => rules::ENUM,
        Kind::Format { .. } => rules::FORMAT,
        Kind::Pattern { .. } => rules::PATTERN,
        Kind::Minimum { .. }
        | Kind::Maximum { .. }
        | Kind::ExclusiveMinimum { .. }
        | Kind::ExclusiveMaximum { .. }
        | Kind::MultipleOf { .. } => rules::BOUNDS,
        Kind::MinLength { .. }
        | Kind::MaxLength { .. }
        | Kind::MinItems { .. }
        | Kind::MaxItems { .. }
        | Kind::MinProperties { .. }
        | Kind::MaxProperties { .. } => rules::LENGTH,
        Kind::UniqueItems => rules::UNIQUE,
        Kind::AnyOf { .. }
        | Kind::OneOfNotValid { .. }
        | Kind::OneOfMultipleValid { .. }
        | Kind::Not { .. } => rules::LOGIC,
        _ => rules::INVALID,
    }
}

/// A field path of a JSON pointer (RFC 6901). Numbers are items: objects with such keys are pointed at all the same.
fn path_of(pointer: &str) -> String {
    let mut path = String::new();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{token}]"));
        } else {
            path = below(&path, &token);
        }
    }
    path
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_have_field_paths() {
        let schema = json!({"type": "object", "additionalProperties": false, "required": ["kind"], "properties": {
            "spec": {"type": "object", "properties": {"a/b": {"type": "array", "items": {"type": "integer", "maximum": 3}}}}}});
        let schema = jsonschema::validator_for(&schema).unwrap();
        let found = faults(&schema, &json!({"x": 1, "spec": {"a/b": [1, 7, "y"]}}));
        let mut found: Vec<_> = found.iter().map(|fault| (fault.rule, fault.field.as_str())).collect();
        found.sort_unstable();
        assert_eq!(
            found,
            [
                ("bounds", "spec.a/b[1]"),
                ("required", "kind"),
                ("type", "spec.a/b[2]"),
                ("unknown-field", "x")
            ]
        );
    }
}
