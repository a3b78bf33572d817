//! Secondary indexes: which entries an object has in those that its kind asks for.

use serde_json::Value;

use crate::api::{Object, ResourceDefinition};
use crate::storage::IndexEntry;

use super::garbage;

/// The object's entries: in the indexes that its kind declares, and in that of its owners. Only scalars are indexed; what a path
/// does not find has no entry.
pub(crate) fn entries(definition: &ResourceDefinition, object: &Object) -> Vec<IndexEntry> {
    definition
        .indexes
        .iter()
        .filter_map(|path| {
            let value = text_of(lookup(&object.0, path)?)?;
            Some(IndexEntry { index: path.clone(), value })
        })
        .chain(garbage::entries(object))
        .collect()
}

/// The value at a path of plain members, as `.spec.category`.
pub(crate) fn lookup<'a>(object: &'a serde_json::Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut segments = path.trim_start_matches('.').split('.');
    let first = object.get(segments.next()?)?;
    segments.try_fold(first, |value, segment| value.get(segment))
}

/// A scalar as selectors and indexes compare it.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_scalars_that_are_there_are_indexed() {
        let mut definition = ResourceDefinition::new("g", "v1", "K", "ks");
        definition.indexes = vec![".spec.size".into(), ".spec.none".into(), ".spec".into()];
        let object = Object::try_from(json!({"spec": {"size": 3}})).unwrap();
        assert_eq!(
            entries(&definition, &object),
            [IndexEntry { index: ".spec.size".into(), value: "3".into() }]
        );
    }
}
