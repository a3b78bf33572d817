//! Secondary indexes: which entries an object has in those that its kind asks for.
//!
//! Every object has exactly one entry in each, so that an index knows all objects that were written since it was declared; the
//! store counts them, and goes by the index once it knows all.

use serde_json::Value;

use crate::api::{Object, ResourceDefinition};
use crate::manifest::go_json_number;
use crate::storage::IndexEntry;

use super::garbage;

/// The object's entries: in the indexes that its kind declares, and one for each of its owners. In a declared index, what is not a
/// scalar, or not there, is indexed as the empty text, as field selectors see it.
pub(crate) fn entries(definition: &ResourceDefinition, object: &Object) -> Vec<IndexEntry> {
    definition
        .indexes
        .iter()
        .map(|path| {
            let value = lookup(&object.0, path).and_then(text_of).unwrap_or_default();
            IndexEntry { index: path.clone(), value }
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
        // As it is stored, so that it is the same before and after.
        Value::Number(number) => Some(go_json_number(number)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_those_of_the_stored_text() {
        for (value, text) in [(json!(1.0), "1"), (json!(7), "7"), (json!(1.5), "1.5"), (json!(1e21), "1e+21")]
        {
            assert_eq!(text_of(&value).as_deref(), Some(text));
            assert_eq!(text_of(&serde_json::from_str(text).unwrap()).as_deref(), Some(text));
        }
    }

    #[test]
    fn every_object_has_one_entry_in_each_index() {
        let mut definition = ResourceDefinition::new("g", "v1", "K", "ks");
        definition.indexes = vec![".spec.size".into(), ".spec.none".into(), ".spec".into()];
        let object = Object::try_from(json!({"spec": {"size": 3}})).unwrap();
        assert_eq!(
            entries(&definition, &object),
            [(".spec.size", "3"), (".spec.none", ""), (".spec", "")]
                .map(|(index, value)| IndexEntry { index: index.into(), value: value.into() })
        );
    }
}
