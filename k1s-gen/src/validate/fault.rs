//! Faults of a document before they have a place in a text: what is wrong, with which field, and what to do about it.

use std::borrow::Cow;

use k1s_runtime::Object;
use k1s_runtime::api::field::{ErrorType, FieldError};
use k1s_runtime::kube_core::GroupVersionKind;
use k1s_runtime::manifest::{self, Duplicate, Limit};
use serde_json::Value;

use super::finding::{Severity, Verdict};
use super::hint;
use super::rules;
use super::schemas::Schemas;

/// Which part of a field a fault is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Its key.
    Key,
    /// Its value.
    Value,
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) severity: Severity,
    pub(super) rule: &'static str,
    /// The field, as the API server names it.
    pub(super) field: String,
    /// Where to point, if that is not the field.
    pub(super) place: Option<String>,
    pub(super) part: Part,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Fault {
    fn new(rule: &'static str, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            rule,
            field: field.into(),
            place: None,
            part: Part::Value,
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn with_hint(self, hint: impl Into<Option<String>>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    pub(super) fn of_key(self) -> Self {
        Self { part: Part::Key, ..self }
    }

    /// A source that cannot be read.
    pub(super) fn file(message: String) -> Self {
        Self::new(rules::FILE, "", message)
    }

    /// A document that holds no object.
    pub(super) fn not_an_object(value: &Value) -> Self {
        let found = k1s_runtime::api::gotext::json_type(value);
        let hint = "a manifest is a map with apiVersion, kind and metadata".to_owned();
        Self::new(rules::NOT_AN_OBJECT, "", format!("expected an object, found {found}")).with_hint(hint)
    }

    /// A kind that may not be there.
    pub(super) fn rejected(object: &Object) -> Self {
        Self::new(rules::REJECTED, "kind", format!("prohibited resource kind {}", object.kind()))
    }

    /// A schema that cannot be used.
    pub(super) fn schema(message: String) -> Self {
        Self::new(rules::SCHEMA_ERROR, "kind", message)
    }

    /// A fault that a JSON Schema tells.
    pub(super) fn told(rule: &'static str, field: String, message: String) -> Self {
        Self::new(rule, field, message)
    }

    /// A kind that nothing is known of.
    pub(super) fn missing_schema(gvk: &GroupVersionKind, schemas: &Schemas) -> Self {
        let version =
            if gvk.group.is_empty() { gvk.version.clone() } else { format!("{}/{}", gvk.group, gvk.version) };
        let message = format!("no schema is known for kind {:?} in version {version:?}", gvk.kind);
        let hint = hint::of_kind(gvk, schemas);
        Self::new(rules::MISSING_SCHEMA, "kind", message).with_hint(hint)
    }

    /// Says that the object stands in a list. Paths that begin there already are left alone.
    pub(super) fn put_below(&mut self, prefix: &str) {
        let below = |path: &str| match path {
            path if path.starts_with(prefix) => path.to_owned(),
            "" => prefix.trim_end_matches('.').to_owned(),
            path => format!("{prefix}{path}"),
        };
        self.place = Some(below(self.place.as_deref().unwrap_or(&self.field)));
        self.field = below(&self.field);
    }
}

/// The worst that faults say.
pub(super) fn verdict(faults: &[Fault]) -> Verdict {
    match faults.iter().any(|fault| fault.severity == Severity::Error) {
        true => Verdict::Invalid,
        false => Verdict::Valid,
    }
}

/// What the decoder says.
pub(super) fn of_decoder(error: &manifest::Error) -> Fault {
    let (rule, message) = match error {
        manifest::Error::Yaml { problem, .. } => (rules::YAML_SYNTAX, problem.clone()),
        manifest::Error::Json { problem, .. } => (rules::JSON_SYNTAX, problem.clone()),
        manifest::Error::Limit { limit, max, .. } => (rules::LIMIT, words_of(*limit, *max)),
    };
    Fault::new(rule, "", message).with_hint(error.hint().map(str::to_owned))
}

fn words_of(limit: Limit, max: usize) -> String {
    format!("limit {limit} of {max} exceeded")
}

/// Keys that occur twice.
pub(super) fn of_duplicates(duplicates: &[Duplicate], strict: bool) -> Vec<Fault> {
    let fault = |duplicate: &Duplicate| {
        let fault = Fault::new(rules::DUPLICATE_KEY, duplicate.path.as_str(), "duplicate field");
        let fault = fault.of_key().with_hint("the last one counts; remove the others".to_owned());
        if strict { fault } else { fault.warning() }
    };
    duplicates.iter().map(fault).collect()
}

/// What an object must say of itself before anything else can be said of it.
pub(super) fn of_type(object: &Object) -> Vec<Fault> {
    let mut faults = Vec::new();
    for field in ["apiVersion", "kind"] {
        match object.0.get(field) {
            Some(Value::String(text)) if !text.trim().is_empty() => {}
            Some(value) if !value.is_null() && !value.is_string() => {
                let found = k1s_runtime::api::gotext::json_type(value);
                faults.push(Fault::new(rules::TYPE, field, format!("must be a string, not {found}")));
            }
            _ => {
                let hint = hint::of_missing(field, object);
                faults.push(Fault::new(rules::MISSING_KIND, field, "not set").with_hint(hint));
            }
        }
    }
    faults
}

/// A field that the kind does not have. `names` answers with the fields that there may be at a path.
pub(super) fn unknown(field: &str, strict: bool, names: &dyn Fn(&[&str]) -> Vec<String>) -> Fault {
    let fault = Fault::new(rules::UNKNOWN_FIELD, field, "unknown field").of_key();
    let fault = fault.with_hint(hint::of_unknown(field, names));
    if strict { fault } else { fault.warning() }
}

/// Why an object cannot be decoded.
pub(super) fn of_undecodable(error: &FieldError, object: &Object) -> Fault {
    let hint = hint::of_type(error, object);
    Fault::new(rules::TYPE, error.field.as_str(), error.detail.as_str()).with_hint(hint)
}

/// What validation says.
pub(super) fn of_error(error: &FieldError, object: &Object) -> Fault {
    let rule = rule_of(error);
    let mut fault = Fault::new(rule, error.field.as_str(), error.body());
    fault.place = error.place.as_deref().map(str::to_owned);
    fault.hint = match rule {
        rules::TYPE => hint::of_type(error, object),
        rules::ENUM => hint::of_enum(error),
        _ => None,
    };
    if rule == rules::CEL_SKIPPED {
        error.detail.clone_into(&mut fault.message);
        return fault.warning();
    }
    match error.error_type {
        ErrorType::Required if rule == rules::REQUIRED => fault.of_key(),
        _ => fault,
    }
}

/// What the server would warn of.
pub(super) fn of_warning(warning: &str) -> Fault {
    let path =
        warning.split(": ").next().filter(|path| path.starts_with("metadata.") || path.starts_with("spec."));
    Fault::new(rules::SERVER_WARNING, path.unwrap_or_default(), warning).warning()
}

/// A version that is on its way out.
pub(super) fn of_deprecation(warning: &str) -> Fault {
    Fault::new(rules::DEPRECATED, "apiVersion", warning).warning()
}

/// The name of what was broken.
fn rule_of(error: &FieldError) -> &'static str {
    match error.origin {
        "type" => rules::TYPE,
        "format" => rules::FORMAT,
        "enum" => rules::ENUM,
        "required" => rules::REQUIRED,
        "pattern" => rules::PATTERN,
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => rules::BOUNDS,
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            rules::LENGTH
        }
        "uniqueItems" | "x-kubernetes-list-type" => rules::UNIQUE,
        "allOf" | "anyOf" | "oneOf" | "not" => rules::LOGIC,
        "additionalProperties" => rules::UNKNOWN_FIELD,
        "x-kubernetes-validations" => rules::CEL,
        _ if is_note(error) => rules::CEL_SKIPPED,
        _ if error.detail.contains("immutable") => rules::IMMUTABLE,
        _ if error.field.starts_with("metadata") => rules::METADATA,
        _ => match error.error_type {
            ErrorType::Required => rules::REQUIRED,
            ErrorType::NotSupported => rules::ENUM,
            ErrorType::Duplicate => rules::UNIQUE,
            ErrorType::TooLong | ErrorType::TooMany => rules::LENGTH,
            ErrorType::TypeInvalid => rules::TYPE,
            ErrorType::Forbidden => rules::FORBIDDEN,
            ErrorType::Internal => rules::SCHEMA_ERROR,
            ErrorType::Invalid | ErrorType::NotFound => rules::INVALID,
        },
    }
}

/// Whether an error only says that rules were not looked at.
fn is_note(error: &FieldError) -> bool {
    error.origin == FieldError::RULES_SKIPPED
}

/// Segments of a field path: names, and numbers of items.
pub(super) fn segments(path: &str) -> Vec<Cow<'_, str>> {
    path.split(['.', '[']).map(|segment| Cow::from(segment.trim_end_matches(']'))).collect()
}
