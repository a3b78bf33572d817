//! Field paths and field errors: the addresses and causes of an `Invalid` status, rendered as
//! `k8s.io/apimachinery/pkg/util/validation/field` renders them.

use std::fmt;

use kube_core::response::StatusCause;
use serde_json::Value;

use super::gotext;

/// The kind of a field error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorType {
    /// A value that is not there: `Not found`.
    NotFound,
    /// A required value is absent: `Required value`.
    Required,
    /// A value that must be unique is not: `Duplicate value`.
    Duplicate,
    /// The value is malformed: `Invalid value`.
    Invalid,
    /// The value is not one of an enumeration: `Unsupported value`.
    NotSupported,
    /// The field may not be set: `Forbidden`.
    Forbidden,
    /// The text is too long: `Too long`.
    TooLong,
    /// There are too many entries: `Too many`.
    TooMany,
    /// Something failed on our side: `Internal error`.
    Internal,
    /// The value has the wrong type: `Invalid value`.
    TypeInvalid,
}

impl ErrorType {
    /// The words that open the message.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorType::NotFound => "Not found",
            ErrorType::Required => "Required value",
            ErrorType::Duplicate => "Duplicate value",
            ErrorType::Invalid | ErrorType::TypeInvalid => "Invalid value",
            ErrorType::NotSupported => "Unsupported value",
            ErrorType::Forbidden => "Forbidden",
            ErrorType::TooLong => "Too long",
            ErrorType::TooMany => "Too many",
            ErrorType::Internal => "Internal error",
        }
    }

    /// `reason` of the status cause.
    pub fn reason(self) -> &'static str {
        match self {
            ErrorType::NotFound => "FieldValueNotFound",
            ErrorType::Required => "FieldValueRequired",
            ErrorType::Duplicate => "FieldValueDuplicate",
            ErrorType::Invalid => "FieldValueInvalid",
            ErrorType::NotSupported => "FieldValueNotSupported",
            ErrorType::Forbidden => "FieldValueForbidden",
            ErrorType::TooLong => "FieldValueTooLong",
            ErrorType::TooMany => "FieldValueTooMany",
            ErrorType::Internal => "InternalError",
            ErrorType::TypeInvalid => "FieldValueTypeInvalid",
        }
    }

    /// Whether the message shows the offending value.
    fn shows_value(self) -> bool {
        !matches!(self, ErrorType::Required | ErrorType::Forbidden | ErrorType::TooLong | ErrorType::Internal)
    }
}

/// What a field error shows of the offending value.
#[derive(Clone, Debug, PartialEq)]
pub enum BadValue {
    /// Nothing: the message goes straight from the type to the detail.
    Omitted,
    /// Go's `nil`, shown as `null`.
    Null,
    /// The value, shown as Go prints it.
    Value(Value),
    /// Text shown as it is, without quotes.
    Verbatim(String),
}

impl From<Value> for BadValue {
    fn from(value: Value) -> Self {
        BadValue::Value(value)
    }
}

impl From<&str> for BadValue {
    fn from(text: &str) -> Self {
        BadValue::Value(Value::String(text.to_owned()))
    }
}

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// What kind of wrong.
    pub error_type: ErrorType,
    /// Path of the field, as `spec.tags[1]`; Kubernetes prints `<nil>` for an empty one.
    pub field: String,
    /// The offending value.
    pub bad_value: BadValue,
    /// What to say about it; may be empty.
    pub detail: String,
    /// What was broken, for programs: the schema's keyword (`minimum`, `pattern`, `x-kubernetes-validations`, …), or empty where the
    /// error's type says it all. Not part of what the API server answers.
    pub origin: &'static str,
    /// Path of what is wrong, where [`FieldError::field`] does not say it: the server puts errors of `anyOf` and its like at no field,
    /// and those of labels at all labels. Not part of what the API server answers either.
    pub place: Option<Box<str>>,
}

impl FieldError {
    /// [`FieldError::origin`] of the note that rules were not looked at because of other errors.
    pub const RULES_SKIPPED: &'static str = "x-kubernetes-validations-skipped";

    /// An error of any type.
    pub fn new(
        error_type: ErrorType,
        field: impl Into<String>,
        bad_value: impl Into<BadValue>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            error_type,
            field: field.into(),
            bad_value: bad_value.into(),
            detail: detail.into(),
            origin: "",
            place: None,
        }
    }

    /// `Required value`.
    pub fn required(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(ErrorType::Required, field, BadValue::Omitted, detail)
    }

    /// `Invalid value`.
    pub fn invalid(field: impl Into<String>, value: impl Into<BadValue>, detail: impl Into<String>) -> Self {
        Self::new(ErrorType::Invalid, field, value, detail)
    }

    /// `Forbidden`.
    pub fn forbidden(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(ErrorType::Forbidden, field, BadValue::Omitted, detail)
    }

    /// The same error, of a keyword.
    #[must_use]
    pub fn with_origin(self, origin: &'static str) -> Self {
        Self { origin, ..self }
    }

    /// The same error, about something at another path than the field that is named.
    #[must_use]
    pub fn at(self, place: impl Into<Box<str>>) -> Self {
        Self { place: Some(place.into()), ..self }
    }

    /// The message without the path: type, value and detail. This is a status cause's `message`.
    pub fn body(&self) -> String {
        let mut text = self.error_type.as_str().to_owned();
        if self.error_type.shows_value() {
            match &self.bad_value {
                BadValue::Omitted => {}
                BadValue::Null => text.push_str(": null"),
                BadValue::Value(value) => {
                    text.push_str(": ");
                    text.push_str(&gotext::shown(value));
                }
                BadValue::Verbatim(shown) => {
                    text.push_str(": ");
                    text.push_str(shown);
                }
            }
        }
        if !self.detail.is_empty() {
            text.push_str(": ");
            text.push_str(&self.detail);
        }
        text
    }

    /// The cause for a status' details.
    pub fn to_cause(&self) -> StatusCause {
        StatusCause {
            reason: self.error_type.reason().to_owned(),
            message: self.body(),
            field: self.shown_field().to_owned(),
        }
    }

    fn shown_field(&self) -> &str {
        if self.field.is_empty() { "<nil>" } else { &self.field }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.shown_field(), self.body())
    }
}

/// A field path that is built on the way down and printed only when something is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Segment<'a> {
    Root,
    Field(&'a str),
    Index(usize),
    Key(&'a str),
}

impl<'a> Path<'a> {
    /// The object itself.
    pub const ROOT: Path<'static> = Path { parent: None, segment: Segment::Root };

    /// A declared field: `.name`.
    pub fn field(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Field(name) }
    }

    /// A list item: `[index]`.
    pub fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Index(index) }
    }

    /// A map entry: `[key]`.
    pub fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), segment: Segment::Key(key) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.segment {
            Segment::Root => Ok(()),
            Segment::Field(name) => {
                let first = self.parent.is_none_or(|parent| matches!(parent.segment, Segment::Root));
                if first { f.write_str(name) } else { write!(f, ".{name}") }
            }
            Segment::Index(index) => write!(f, "[{index}]"),
            Segment::Key(key) => write!(f, "[{key}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_print_as_kubernetes_prints_them() {
        let root = Path::ROOT;
        let spec = root.field("spec");
        let map = spec.field("m");
        let entry = map.key("a.b");
        assert_eq!(entry.to_string(), "spec.m[a.b]");
        assert_eq!(map.index(3).to_string(), "spec.m[3]");
    }

    #[test]
    fn errors_show_value_and_detail() {
        let error = FieldError::invalid("spec.quantity", Value::from(-1), "must not be negative");
        assert_eq!(error.to_string(), "spec.quantity: Invalid value: -1: must not be negative");
        assert_eq!(FieldError::required("spec.category", "").to_string(), "spec.category: Required value");
        assert_eq!(FieldError::invalid("", BadValue::Null, "x").to_string(), "<nil>: Invalid value: null: x");
    }
}
