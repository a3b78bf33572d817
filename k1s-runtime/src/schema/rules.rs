//! `x-kubernetes-validations`: objects are judged by the rules of their schema, which `k1s-cel` evaluates.
//!
//! Rules are compiled when the first object comes that they judge: a kind that is only read compiles nothing.

use std::sync::OnceLock;

use k1s_cel::rules::{self, ErrorKind, Options, Outcome, RuleError, Validator};
use k1s_cel::schema::SchemaError;
use serde_json::{Map, Value};

use crate::api::field::{BadValue, ErrorType, FieldError};

use super::structural::Structural;

/// The keyword of rules: [`FieldError::origin`] of what they find.
const RULES: &str = "x-kubernetes-validations";

/// What rules say about an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
    /// What is wrong but was so before an update and was not touched by it, as the server's warnings say it.
    pub warnings: Vec<String>,
}

/// The rules of a schema.
#[derive(Debug, Default)]
pub(super) struct Rules {
    compiled: OnceLock<Result<Validator, SchemaError>>,
}

impl Rules {
    /// Judges an object, and its change from the old one. `schema` is the one that the rules stand in, the same each time.
    pub(super) fn judge(
        &self,
        schema: &Structural,
        object: &Map<String, Value>,
        old: Option<&Map<String, Value>>,
    ) -> Findings {
        match self.compiled.get_or_init(|| Validator::new(&schema.to_openapi(), true)) {
            Ok(validator) => {
                let options = Options { ratcheting: true, ..Options::default() };
                validator.validate_object(object, old, &options).into()
            }
            Err(why) => Findings {
                errors: vec![FieldError::new(ErrorType::Internal, "", BadValue::Omitted, why.to_string())],
                warnings: Vec::new(),
            },
        }
    }
}

impl From<Outcome> for Findings {
    fn from(outcome: Outcome) -> Self {
        Self {
            errors: outcome.errors.into_iter().map(FieldError::from).collect(),
            warnings: outcome
                .warnings
                .into_iter()
                .map(|warning| FieldError::from(warning).to_string())
                .collect(),
        }
    }
}

impl From<RuleError> for FieldError {
    fn from(error: RuleError) -> Self {
        let error_type = match error.kind {
            ErrorKind::Invalid => ErrorType::Invalid,
            ErrorKind::Forbidden => ErrorType::Forbidden,
            ErrorKind::Required => ErrorType::Required,
            ErrorKind::Duplicate => ErrorType::Duplicate,
        };
        let bad_value = match error.value {
            rules::BadValue::Omitted => BadValue::Omitted,
            rules::BadValue::Type(name) => BadValue::from(&*name),
            rules::BadValue::Value(value) => BadValue::Value(value),
        };
        FieldError::new(error_type, error.path, bad_value, error.detail).with_origin(RULES)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_are_compiled_when_an_object_comes() {
        let schema = json!({"type": "object", "x-kubernetes-validations": [{"rule": "self.kind == 'A'"}]});
        let schema = Structural::from_openapi(&schema).unwrap();
        let rules = Rules::default();
        assert!(rules.compiled.get().is_none());
        let found = rules.judge(&schema, json!({"kind": "A"}).as_object().unwrap(), None);
        assert_eq!(found, Findings::default());
        assert!(rules.compiled.get().is_some_and(Result::is_ok));
    }
}
