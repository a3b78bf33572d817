//! `allOf`, `anyOf`, `oneOf` and `not` in a structural schema: branches narrow what the schema says and add nothing to it.

use crate::api::field::{FieldError, Path};

use super::super::super::{MAX_DEPTH, pattern};
use super::props::{
    EMBEDDED, INT_OR_STRING, LIST_MAP_KEYS, LIST_TYPE, MAP_TYPE, PRESERVE, Schema, VALIDATIONS, branches,
    child, flag, given, list, named, word,
};
use super::structural::spells_out_both_types;

/// Where a schema may spell out the two types of an int-or-string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Skip {
    Nothing,
    AnyOf,
    FirstOfAllOf,
}

impl Skip {
    pub(super) fn of(schema: &Schema) -> Self {
        match branches(schema, "allOf").next() {
            _ if spells_out_both_types(schema) => Skip::AnyOf,
            Some((0, first)) if spells_out_both_types(first) => Skip::FirstOfAllOf,
            _ => Skip::Nothing,
        }
    }
}

/// Checks what a schema says of values: its branches and its pattern.
pub(super) fn check_values(
    schema: &Schema,
    path: &Path<'_>,
    skip: Skip,
    depth: usize,
    errors: &mut Vec<FieldError>,
) {
    for keyword in ["anyOf", "allOf", "oneOf"] {
        if keyword == "anyOf" && skip == Skip::AnyOf {
            continue;
        }
        let at = path.field(keyword);
        for (index, branch) in branches(schema, keyword) {
            let first = keyword == "allOf" && index == 0 && skip == Skip::FirstOfAllOf;
            let skip = if first { Skip::AnyOf } else { Skip::Nothing };
            check_branch(branch, &at.index(index), skip, depth + 1, errors);
        }
    }
    if let Some(branch) = child(schema, "not") {
        check_branch(branch, &path.field("not"), Skip::Nothing, depth + 1, errors);
    }
    let found = word(schema, "pattern");
    if let Some(fault) = pattern::fault(found) {
        let detail = format!("must be a valid regular expression, but isn't: {fault}");
        errors.push(FieldError::invalid(path.field("pattern").to_string(), found, detail));
    }
}

fn check_branch(branch: &Schema, path: &Path<'_>, skip: Skip, depth: usize, errors: &mut Vec<FieldError>) {
    if depth > MAX_DEPTH {
        return;
    }
    check_values(branch, path, skip, depth, errors);
    if let Some(items) = child(branch, "items") {
        check_branch(items, &path.field("items"), Skip::Nothing, depth + 1, errors);
    }
    let properties = path.field("properties");
    for (name, property) in named(branch, "properties") {
        check_branch(property, &properties.key(name), Skip::Nothing, depth + 1, errors);
    }
    let mut forbidden = |field: &str, detail: &str| {
        errors.push(FieldError::forbidden(path.field(field).to_string(), detail));
    };
    for keyword in ["type", "title", "description"] {
        if !word(branch, keyword).is_empty() {
            forbidden(keyword, "must be empty to be structural");
        }
    }
    for keyword in ["additionalProperties", "default", "externalDocs", LIST_TYPE, MAP_TYPE] {
        if given(branch, keyword).is_some() {
            forbidden(keyword, "must be undefined to be structural");
        }
    }
    for keyword in ["nullable", PRESERVE, EMBEDDED, INT_OR_STRING] {
        if flag(branch, keyword) {
            forbidden(keyword, "must be false to be structural");
        }
    }
    for keyword in [LIST_MAP_KEYS, VALIDATIONS] {
        if !list(branch, keyword).is_empty() {
            forbidden(keyword, "must be empty to be structural");
        }
    }
    if named(branch, "properties").any(|(name, _)| name == "metadata") {
        let at = properties.key("metadata").to_string();
        errors.push(FieldError::forbidden(at, "must not be specified in a nested context"));
    }
}
