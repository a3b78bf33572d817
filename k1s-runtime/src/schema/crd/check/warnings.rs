//! Warnings about what is accepted: formats that nobody checks.

use serde_json::Value;

use crate::api::gotext;

use super::super::super::MAX_DEPTH;
use super::super::super::formats;
use super::super::parts::CrdParts;
use super::props::{Schema, branches, child, named, word};

/// Warnings about a new definition.
pub fn warnings<'v>(crd: impl Into<CrdParts<'v>>) -> Vec<String> {
    unknown_formats(crd.into()).iter().map(|format| shown(format)).collect()
}

/// Warnings about a definition that replaces another: formats that the old one has too are not mentioned again.
pub fn warnings_of_update<'v>(crd: impl Into<CrdParts<'v>>, old: impl Into<CrdParts<'v>>) -> Vec<String> {
    let before = unknown_formats(old.into());
    unknown_formats(crd.into())
        .iter()
        .filter(|format| !before.contains(format))
        .map(|format| shown(format))
        .collect()
}

fn shown(format: &str) -> String {
    format!("unrecognized format {}", gotext::quote(format))
}

fn unknown_formats(crd: CrdParts<'_>) -> Vec<String> {
    let mut unknown = Vec::new();
    for version in crd.spec["versions"].as_array().into_iter().flatten() {
        if let Value::Object(schema) = &version["schema"]["openAPIV3Schema"] {
            collect(schema, 0, &mut unknown);
        }
    }
    unknown.sort();
    unknown.dedup();
    unknown
}

fn collect(schema: &Schema, depth: usize, unknown: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    let format = word(schema, "format");
    if !format.is_empty() && formats::recognized(word(schema, "type"), format).is_none() {
        unknown.push(format.to_owned());
    }
    for keyword in ["items", "not", "additionalProperties"] {
        child(schema, keyword).into_iter().for_each(|child| collect(child, depth + 1, unknown));
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        branches(schema, keyword).for_each(|(_, branch)| collect(branch, depth + 1, unknown));
    }
    named(schema, "properties").for_each(|(_, property)| collect(property, depth + 1, unknown));
}
