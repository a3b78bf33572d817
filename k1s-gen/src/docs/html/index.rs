//! The search index: what the page's script looks through.

use serde_json::{Value, json};

use super::super::model::Reference;

/// Most characters of a description that are looked through and shown.
const MAX_ABOUT: usize = 240;

/// The index as JSON that may stand in a script element: `{"kinds": [[id, kind, group, about]], "fields": [[kind, version, path, type,
/// id, about]]}`, where a field's kind is a number in the list of kinds.
pub(super) fn json(reference: &Reference) -> String {
    let kinds: Vec<Value> = reference
        .kinds
        .iter()
        .map(|kind| {
            let about = kind.description().map(|text| shortened(&text.plain())).unwrap_or_default();
            json!([kind.id, kind.kind, kind.group, about])
        })
        .collect();
    let mut fields = Vec::new();
    for (number, kind) in reference.kinds.iter().enumerate() {
        for version in &kind.versions {
            // What all objects have is nothing to look for.
            let common = |path: &str| matches!(path, "apiVersion" | "kind" | "metadata");
            for field in version.all_fields().into_iter().filter(|field| !common(&field.path)) {
                let about = shortened(&field.value.description.plain());
                fields.push(json!([number, version.name, field.path, field.type_name, field.id, about]));
            }
        }
    }
    // Nothing in it can end the element, and no old reader of scripts stumbles over line separators.
    json!({"kinds": kinds, "fields": fields})
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_ABOUT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
