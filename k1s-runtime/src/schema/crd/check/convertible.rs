//! What keeps a schema from being taken for a structural one at all.
//!
//! A schema that uses such a keyword anywhere is not looked at as a structural schema, and its defaults are not either.

use super::super::super::MAX_DEPTH;
use super::props::{PRESERVE, Schema, branches, child, given, is_set, list, named, word};

/// The first fault, in the server's words. It is told only if nothing else is wrong: the keywords have errors of their own.
pub(super) fn fault(schema: &Schema) -> Option<&'static str> {
    find(schema, 0)
}

fn find(schema: &Schema, depth: usize) -> Option<&'static str> {
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(fault) = own_fault(schema) {
        return Some(fault);
    }
    let below = depth + 1;
    let mut children: Vec<&Schema> = child(schema, "not").into_iter().collect();
    for keyword in ["allOf", "anyOf", "oneOf"] {
        children.extend(branches(schema, keyword).map(|(_, branch)| branch));
    }
    children.extend(child(schema, "additionalProperties"));
    children.extend(child(schema, "items"));
    children.extend(named(schema, "properties").map(|(_, property)| property));
    children.into_iter().find_map(|child| find(child, below))
}

fn own_fault(schema: &Schema) -> Option<&'static str> {
    let set = |keyword: &str| given(schema, keyword).is_some_and(is_set);
    if !word(schema, "id").is_empty() {
        Some("OpenAPIV3Schema 'id' is not supported")
    } else if !word(schema, "$schema").is_empty() {
        Some("OpenAPIV3Schema 'schema' is not supported")
    } else if !word(schema, "$ref").is_empty() {
        Some("OpenAPIV3Schema '$ref' is not supported")
    } else if set("patternProperties") {
        Some("OpenAPIV3Schema 'patternProperties' is not supported")
    } else if set("dependencies") {
        Some("OpenAPIV3Schema 'dependencies' is not supported")
    } else if given(schema, "additionalItems").is_some() {
        Some("OpenAPIV3Schema 'additionalItems' is not supported")
    } else if set("definitions") {
        Some("OpenAPIV3Schema 'definitions' is not supported")
    } else if given(schema, PRESERVE).is_some_and(|value| value == false) {
        Some("internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined")
    } else if !list(schema, "items").is_empty() {
        Some("OpenAPIV3Schema 'items' must be a schema, but is an array")
    } else {
        None
    }
}
