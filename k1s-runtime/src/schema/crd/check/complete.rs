//! Completeness: what a branch at the root speaks of must stand outside the branches too.
//!
//! The server looks at the branches of the root only. Those of fields may speak of fields that nobody declared, which are
//! pruned before they could matter.

use crate::api::field::{FieldError, Path};

use super::super::super::MAX_DEPTH;
use super::props::{Schema, branches, child, named};

pub(super) fn check(schema: &Schema, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    check_branches(schema, schema, path, path, 0, errors);
}

/// `values` is what is said in a branch at `at`, `schema` what is said outside the branches, at `declared`.
fn check_branches(
    values: &Schema,
    schema: &Schema,
    declared: &Path<'_>,
    at: &Path<'_>,
    depth: usize,
    errors: &mut Vec<FieldError>,
) {
    if depth > MAX_DEPTH {
        return;
    }
    if let Some(branch) = child(values, "not") {
        check_branch(branch, schema, declared, &at.field("not"), depth + 1, errors);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let at = at.field(keyword);
        for (index, branch) in branches(values, keyword) {
            check_branch(branch, schema, declared, &at.index(index), depth + 1, errors);
        }
    }
}

fn check_branch(
    branch: &Schema,
    schema: &Schema,
    declared: &Path<'_>,
    at: &Path<'_>,
    depth: usize,
    errors: &mut Vec<FieldError>,
) {
    check_branches(branch, schema, declared, at, depth, errors);
    let missing = |declared: &Path<'_>, at: &Path<'_>| {
        FieldError::required(declared.to_string(), format!("because it is defined in {at}"))
    };
    if let Some(items) = child(branch, "items") {
        let (declared, at) = (declared.field("items"), at.field("items"));
        match child(schema, "items") {
            Some(schema) => check_branch(items, schema, &declared, &at, depth + 1, errors),
            None => errors.push(missing(&declared, &at)),
        }
    }
    let (declared, at) = (declared.field("properties"), at.field("properties"));
    let properties = child(schema, "properties");
    for (name, property) in named(branch, "properties") {
        let (declared, at) = (declared.key(name), at.key(name));
        match properties.and_then(|properties| child(properties, name)) {
            Some(schema) => check_branch(property, schema, &declared, &at, depth + 1, errors),
            None => errors.push(missing(&declared, &at)),
        }
    }
}
