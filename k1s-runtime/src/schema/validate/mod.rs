//! Validation with the API server's verdicts, messages and field paths.
//!
//! [`value`] holds the walk; [`number`], [`string`] and [`compound`] the rules for their kinds of values; [`logic`] `allOf`
//! and its like; [`list_type`] duplicates in sets and maps; [`embedded`] embedded resources.
//!
//! Nothing is allocated while an object is right: paths are borrowed and printed when an error needs one.

mod compound;
mod embedded;
mod list_type;
mod logic;
mod metadata;
pub(super) mod number;
mod string;
mod value;

use serde_json::{Map, Value};

use crate::api::field::{BadValue, ErrorType, FieldError, Path};

use super::compiled::Part;
use super::node::Node;
use value::Context;

/// What the API server says when errors keep it from evaluating CEL rules.
const RULES_NOT_CHECKED: &str = "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

/// Every error of an object, in the server's order of kinds: schema, embedded resources, duplicates.
pub(super) fn object(
    root: &Node,
    object: &Map<String, Value>,
    old: Option<&Map<String, Value>>,
    part: Part,
) -> Vec<FieldError> {
    let mut context = match part {
        Part::Whole => Context::new(""),
        Part::Status => Context::new("status"),
    };
    match part {
        Part::Whole => {
            value::check_root(root, object, old, &mut context);
        }
        Part::Status => {
            if let (Some(node), Some(status)) = (root.properties.get("status"), object.get("status")) {
                let old = old.and_then(|old| old.get("status"));
                value::check(node, status, old, &Path::ROOT, &mut context);
            }
        }
    }
    let mut errors = context.finish();
    if root.has_embedded && part == Part::Whole {
        embedded::check_fields(root, object, &Path::ROOT, &mut errors);
    }
    if root.has_unique_lists {
        errors.extend(list_type::new_duplicates(root, object, old));
    }
    errors
}

/// Every embedded resource of an object, with its path.
pub(super) fn embedded_resources<'v>(
    root: &Node,
    object: &'v Map<String, Value>,
) -> Vec<(String, &'v Map<String, Value>)> {
    let mut found = Vec::new();
    if root.has_embedded {
        embedded::collect(root, object, &Path::ROOT, &mut found);
    }
    found
}

/// The schema errors of a value on its own; their paths are relative to `prefix`.
pub(super) fn value_at(node: &Node, value: &Value, prefix: String) -> Vec<FieldError> {
    let mut context = Context::new(prefix);
    value::check(node, value, None, &Path::ROOT, &mut context);
    context.finish()
}

/// What is wrong with the embedded resources in a value, itself included if its schema says that it is one.
pub(super) fn embedded_at(node: &Node, value: &Value, prefix: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    embedded::check(node, value, &Path::ROOT.field(prefix), &mut errors);
    errors
}

/// What is wrong with type and metadata of a resource.
pub(super) fn resource(map: &Map<String, Value>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    embedded::check_resource(map, &Path::ROOT, &mut errors);
    errors
}

/// The note that rules were skipped, if one of the errors is of a kind that makes the server skip them.
pub(super) fn rules_not_checked(errors: &[FieldError]) -> Option<FieldError> {
    let blocks = |error: &FieldError| {
        matches!(
            error.error_type,
            ErrorType::NotSupported
                | ErrorType::Required
                | ErrorType::TooLong
                | ErrorType::TooMany
                | ErrorType::TypeInvalid
        )
    };
    errors.iter().any(blocks).then(|| {
        FieldError::invalid("", BadValue::Null, RULES_NOT_CHECKED).with_origin(FieldError::RULES_SKIPPED)
    })
}
