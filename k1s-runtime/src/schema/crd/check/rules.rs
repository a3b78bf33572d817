//! `x-kubernetes-validations`: the form of rules, and what their expressions say and cost.

use k1s_cel::rules::{Problem, ProblemKind, ProblemValue, Rule, Validator, form_problems};
use serde_json::Value;

use crate::api::field::{BadValue, ErrorType, FieldError, Path};
use crate::api::gotext;

use super::props::{Schema, VALIDATIONS};

/// What is wrong with the form of the rules of one schema.
pub(super) fn check_form(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    if schema.contains_key(VALIDATIONS) {
        errors.extend(form_problems(schema, &path.to_string()).into_iter().map(FieldError::from));
    }
}

/// What is wrong with the expressions of a structural schema. `found` is what is wrong with the schema and the form of rules: the
/// expressions of rules there and above are not looked at. `limits_each` says whether each expression's cost is limited.
pub(super) fn check_expressions(
    schema: &Schema,
    path: &Path<'_>,
    found: &[FieldError],
    limits_each: bool,
) -> Vec<FieldError> {
    let path = path.to_string();
    let validator = match Validator::new(&Value::Object(schema.clone()), true) {
        Ok(validator) => validator,
        Err(why) => return vec![FieldError::forbidden(path, why.to_string())],
    };
    let is_sound = |place: &str| !found.iter().any(|error| is_within(&error.field, place));
    let problems = validator.expression_problems(&path, &is_sound, limits_each);
    problems.into_iter().map(FieldError::from).collect()
}

fn is_within(field: &str, place: &str) -> bool {
    field.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

impl From<Problem> for FieldError {
    fn from(problem: Problem) -> Self {
        let error_type = match problem.kind {
            ProblemKind::Invalid => ErrorType::Invalid,
            ProblemKind::Required => ErrorType::Required,
            ProblemKind::NotSupported => ErrorType::NotSupported,
            ProblemKind::Forbidden => ErrorType::Forbidden,
            ProblemKind::Internal => ErrorType::Internal,
        };
        let bad_value = match problem.value {
            ProblemValue::None => BadValue::Omitted,
            ProblemValue::Text(text) => BadValue::Value(text.into()),
            ProblemValue::Bool(flag) => BadValue::Value(flag.into()),
            ProblemValue::Rule(rule) => BadValue::Verbatim(shown(&rule)),
        };
        FieldError::new(error_type, problem.path, bad_value, problem.detail)
    }
}

/// A rule as the API server's internal type prints it.
fn shown(rule: &Rule) -> String {
    let text = |text: &str| gotext::json(&Value::from(text));
    let fields = [
        ("Rule", text(&rule.rule)),
        ("Message", text(&rule.message)),
        ("MessageExpression", text(&rule.message_expression)),
        ("Reason", gotext::json(&Value::from(rule.reason.as_deref()))),
        ("FieldPath", text(&rule.field_path)),
        ("OptionalOldSelf", gotext::json(&Value::from(rule.optional_old_self))),
    ];
    let fields = fields.map(|(name, value)| format!("\"{name}\":{value}"));
    format!("{{{}}}", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_end_where_names_do() {
        assert!(is_within("s.properties[a].type", "s.properties[a]") && is_within("s.items", "s"));
        assert!(!is_within("s.properties[ab]", "s.properties[a") && !is_within("schema", "s"));
    }
}
