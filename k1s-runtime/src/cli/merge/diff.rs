//! The merge patch (RFC 7386) that makes one document another.
//!
//! Follows the rules of the Go library that kubectl uses: numbers are equal when their values are, lists are replaced whole.

use serde_json::{Map, Number, Value};

/// The patch that turns `old` into `new`; empty if they are equal. A key that is gone is `null` in it.
///
/// A merge patch cannot say that a key is to be there with the value `null`: such a key reads as one to remove.
///
/// Recursion is bounded by the depth of the documents, which decoding limits.
pub(crate) fn diff(old: &Map<String, Value>, new: &Map<String, Value>) -> Map<String, Value> {
    let mut patch = Map::new();
    for (key, new_value) in new {
        match (old.get(key), new_value) {
            (Some(Value::Object(old_map)), Value::Object(new_map)) => {
                let inner = diff(old_map, new_map);
                if !inner.is_empty() {
                    patch.insert(key.clone(), Value::Object(inner));
                }
            }
            (Some(old_value), _) if equal(old_value, new_value) => {}
            _ => {
                patch.insert(key.clone(), new_value.clone());
            }
        }
    }
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    patch
}

/// Whether two values are the same to an API: `1` and `1.0` are.
pub(crate) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        _ => a == b,
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    // Integers are compared as such: as doubles, neighbours beyond 2^53 would be one.
    let integers = (!a.is_f64() && !b.is_f64()).then(|| a == b);
    integers.unwrap_or_else(|| a.as_f64() == b.as_f64())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patch(old: Value, new: Value) -> Value {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => Value::Object(diff(&old, &new)),
            _ => panic!("objects"),
        }
    }

    #[test]
    fn only_what_differs_is_in_the_patch() {
        assert_eq!(patch(json!({"a": 1, "b": {"c": [1]}}), json!({"a": 1.0, "b": {"c": [1]}})), json!({}));
        assert_eq!(
            patch(json!({"a": 1, "b": {"c": 1, "d": 2}}), json!({"b": {"c": 3, "d": 2}, "e": {}})),
            json!({"a": null, "b": {"c": 3}, "e": {}})
        );
        assert_eq!(patch(json!({"a": {"b": 1}}), json!({"a": [1]})), json!({"a": [1]}));
    }

    #[test]
    fn big_integers_are_not_rounded() {
        let patch = patch(json!({"a": 9_007_199_254_740_992_u64}), json!({"a": 9_007_199_254_740_993_u64}));
        assert_eq!(patch, json!({"a": 9_007_199_254_740_993_u64}));
    }
}
