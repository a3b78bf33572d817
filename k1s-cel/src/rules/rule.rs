//! Rules as schemas write them.

use serde_json::{Map, Value as Json};

use super::error::ErrorKind;

/// The keyword that rules stand under.
pub(super) const KEYWORD: &str = "x-kubernetes-validations";

/// The reasons that a rule may give, in the order in which kube-apiserver lists them.
pub(super) const REASONS: [(&str, ErrorKind); 4] = [
    ("FieldValueDuplicate", ErrorKind::Duplicate),
    ("FieldValueForbidden", ErrorKind::Forbidden),
    ("FieldValueInvalid", ErrorKind::Invalid),
    ("FieldValueRequired", ErrorKind::Required),
];

/// An entry of `x-kubernetes-validations`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rule {
    /// The expression that has to hold.
    pub rule: String,
    /// What to say if it does not; empty if nothing is given.
    pub message: String,
    /// An expression that yields what to say; goes before `message`. Empty if there is none.
    pub message_expression: String,
    /// The kind of error.
    pub reason: Option<String>,
    /// Where the error is, from the rule's place: `.a.b['c']`. Empty if it is at that place.
    pub field_path: String,
    /// Whether `oldSelf` is an optional, and the rule also holds for values that are new.
    pub optional_old_self: Option<bool>,
}

impl Rule {
    /// Reads an entry. What is missing or of the wrong type counts as not given.
    #[must_use]
    pub fn from_json(json: &Json) -> Self {
        let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        Self {
            rule: text("rule"),
            message: text("message"),
            message_expression: text("messageExpression"),
            reason: json.get("reason").and_then(Json::as_str).map(str::to_owned),
            field_path: text("fieldPath"),
            optional_old_self: json.get("optionalOldSelf").and_then(Json::as_bool),
        }
    }

    /// The rules of a node of a schema, in their order.
    pub(super) fn of(node: &Map<String, Json>) -> Vec<Self> {
        node.get(KEYWORD).and_then(Json::as_array).into_iter().flatten().map(Self::from_json).collect()
    }

    /// Whether `oldSelf` is an optional.
    #[must_use]
    pub fn is_old_self_optional(&self) -> bool {
        self.optional_old_self == Some(true)
    }

    /// The kind of error that a violation is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        let known = REASONS.iter().find(|(name, _)| Some(*name) == self.reason.as_deref());
        known.map_or(ErrorKind::Invalid, |(_, kind)| *kind)
    }

    /// What errors call the rule: its message, else itself.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.message.is_empty() { self.rule.trim() } else { self.message.trim() }
    }

    /// What a violation says without `messageExpression`.
    pub(super) fn default_message(&self) -> String {
        if self.message.is_empty() {
            format!("failed rule: {}", self.rule.trim())
        } else {
            self.message.trim().to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rule_is_called_by_its_message() {
        let rule = Rule::from_json(
            &json!({"rule": " self > 0\n", "message": " low ", "reason": "FieldValueRequired"}),
        );
        assert_eq!((rule.title(), rule.default_message().as_str()), ("low", "low"));
        assert_eq!(rule.kind(), ErrorKind::Required);
        let rule = Rule::from_json(&json!({"rule": " self > 0\n", "optionalOldSelf": false}));
        assert_eq!((rule.title(), rule.default_message().as_str()), ("self > 0", "failed rule: self > 0"));
        assert_eq!((rule.kind(), rule.is_old_self_optional()), (ErrorKind::Invalid, false));
    }

    #[test]
    fn nonsense_is_an_empty_rule() {
        assert_eq!(Rule::from_json(&json!([1])), Rule::default());
    }
}
