//! What validation yields: errors, warnings and costs.

use std::fmt;

use serde_json::Value as Json;

use crate::limits;

/// How an object is validated.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The path of the object in the errors. Default: empty, the object is the root.
    pub path: &'a str,
    /// The runtime cost that all rules may have together. Default: [`limits::PER_OBJECT_COST`].
    pub budget: u64,
    /// The runtime cost that one evaluation may have. Default: [`limits::PER_CALL_COST`].
    pub call_budget: u64,
    /// Whether violations at values that an update leaves as they are become warnings. Default: no; kube-apiserver says yes on
    /// updates.
    pub ratcheting: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            path: "",
            budget: limits::PER_OBJECT_COST,
            call_budget: limits::PER_CALL_COST,
            ratcheting: false,
        }
    }
}

/// What validation found.
#[derive(Clone, PartialEq, Debug, Default)]
#[must_use]
pub struct Outcome {
    /// What is wrong with the object.
    pub errors: Vec<RuleError>,
    /// What is wrong but was so before an update, with [`Options::ratcheting`].
    pub warnings: Vec<RuleError>,
    /// What was taken from the budget.
    pub cost: u64,
    /// What is left of the budget; none if it ran out or a rule ran over the limit of one evaluation, so that the rules that come
    /// after were not evaluated.
    pub remaining: Option<u64>,
}

/// Something that is wrong with a field.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleError {
    /// The kind of error.
    pub kind: ErrorKind,
    /// The field's path, as kube-apiserver prints it: `spec.list[0].map[key]`. Empty at the root of an object without
    /// [`Options::path`], for which kube-apiserver prints `<nil>`.
    pub path: String,
    /// What kube-apiserver prints as the value of the field. `Required` and `Forbidden` do not print it.
    pub value: BadValue,
    /// What is wrong. Empty for `Duplicate`, whose text is its value.
    pub detail: String,
}

/// Prints the detail.
impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for RuleError {}

/// A kind of error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ErrorKind {
    /// The value may not be what it is.
    Invalid,
    /// There may be no value.
    Forbidden,
    /// There has to be a value.
    Required,
    /// The value is there already.
    Duplicate,
}

impl ErrorKind {
    /// The name of the kind as a cause's reason.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            ErrorKind::Invalid => "FieldValueInvalid",
            ErrorKind::Forbidden => "FieldValueForbidden",
            ErrorKind::Required => "FieldValueRequired",
            ErrorKind::Duplicate => "FieldValueDuplicate",
        }
    }
}

/// What an error shows of the value that it is about.
#[derive(Clone, PartialEq, Debug)]
pub enum BadValue {
    /// Nothing: objects and lists are not shown.
    Omitted,
    /// The schema's type, as text: where a rule could not be evaluated.
    Type(Box<str>),
    /// The value: scalars that violate a rule.
    Value(Json),
}
