//! A schema as the definition's decoder left it: `JSONSchemaProps` as JSON, read keyword by keyword.
//!
//! The checks of this folder work on this and not on [`Structural`](crate::schema::Structural), which cannot hold what they
//! are there to refuse. An absent keyword, null and the zero value are one, as in Go.

use serde_json::{Map, Value};

use super::text;

/// A schema.
pub(super) type Schema = Map<String, Value>;

pub(super) const EMBEDDED: &str = "x-kubernetes-embedded-resource";
pub(super) const INT_OR_STRING: &str = "x-kubernetes-int-or-string";
pub(super) const LIST_MAP_KEYS: &str = "x-kubernetes-list-map-keys";
pub(super) const LIST_TYPE: &str = "x-kubernetes-list-type";
pub(super) const MAP_TYPE: &str = "x-kubernetes-map-type";
pub(super) const PRESERVE: &str = "x-kubernetes-preserve-unknown-fields";
pub(super) const VALIDATIONS: &str = "x-kubernetes-validations";

/// The word of a keyword; empty if there is none.
pub(super) fn word<'s>(schema: &'s Schema, keyword: &str) -> &'s str {
    schema.get(keyword).map(text).unwrap_or_default()
}

/// Whether a keyword is true.
pub(super) fn flag(schema: &Schema, keyword: &str) -> bool {
    schema.get(keyword) == Some(&Value::Bool(true))
}

/// The value of a keyword, if it is not null.
pub(super) fn given<'s>(schema: &'s Schema, keyword: &str) -> Option<&'s Value> {
    schema.get(keyword).filter(|value| !value.is_null())
}

/// The list of a keyword; empty if there is none.
pub(super) fn list<'s>(schema: &'s Schema, keyword: &str) -> &'s [Value] {
    schema.get(keyword).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The schema of a keyword.
pub(super) fn child<'s>(schema: &'s Schema, keyword: &str) -> Option<&'s Schema> {
    schema.get(keyword).and_then(Value::as_object)
}

/// The schemas of a keyword that maps names to schemas.
pub(super) fn named<'s>(
    schema: &'s Schema,
    keyword: &str,
) -> impl Iterator<Item = (&'s String, &'s Schema)> + use<'s> {
    let map = schema.get(keyword).and_then(Value::as_object).into_iter().flatten();
    map.filter_map(|(name, child)| Some((name, child.as_object()?)))
}

/// The schemas of a keyword that lists schemas, with their indexes.
pub(super) fn branches<'s>(
    schema: &'s Schema,
    keyword: &str,
) -> impl Iterator<Item = (usize, &'s Schema)> + use<'s> {
    let list = list(schema, keyword).iter().enumerate();
    list.filter_map(|(index, branch)| Some((index, branch.as_object()?)))
}

/// Whether a value is not what Go has for nothing: null, false, empty text, an empty list or map.
pub(super) fn is_set(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// Whether a keyword that is a pointer in Go is given: false and empty text count, an empty list or map of schemas does not.
pub(super) fn is_given(schema: &Schema, keyword: &str) -> bool {
    given(schema, keyword).is_some_and(|value| match value {
        Value::Array(items) => !items.is_empty(),
        _ => true,
    })
}
