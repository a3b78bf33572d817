//! The patch of client-side `apply`: what the user wants, minus what is so already, plus what the user no longer wants.

use serde_json::{Map, Value};

use super::diff::diff;

/// The merge patch that brings `current` to what `modified` says.
///
/// - Fields of `modified` that differ from `current` are set.
/// - Fields of `original` (what was applied the time before) that are not in `modified` are removed.
/// - Fields that only `current` has belong to somebody else and stay.
///
/// The patch is empty when there is nothing to do. Lists are replaced whole. A `null` in `modified` sets nothing.
pub(crate) fn three_way(
    original: &Map<String, Value>,
    modified: &Map<String, Value>,
    current: &Map<String, Value>,
) -> Map<String, Value> {
    let changes = without_removals(diff(current, modified));
    let mut patch = only_removals(diff(original, modified));
    overlay(&mut patch, changes);
    patch
}

/// The additions and changes of a patch.
fn without_removals(patch: Map<String, Value>) -> Map<String, Value> {
    let mut kept = Map::new();
    for (key, value) in patch {
        match value {
            Value::Null => {}
            // An empty object is a value; one that becomes empty had nothing but removals.
            Value::Object(inner) if !inner.is_empty() => {
                let inner = without_removals(inner);
                if !inner.is_empty() {
                    kept.insert(key, Value::Object(inner));
                }
            }
            other => {
                kept.insert(key, without_nulls_in_items(other));
            }
        }
    }
    kept
}

/// The removals of a patch.
fn only_removals(patch: Map<String, Value>) -> Map<String, Value> {
    let mut kept = Map::new();
    for (key, value) in patch {
        match value {
            Value::Null => {
                kept.insert(key, Value::Null);
            }
            Value::Object(inner) => {
                let inner = only_removals(inner);
                if !inner.is_empty() {
                    kept.insert(key, Value::Object(inner));
                }
            }
            _ => {}
        }
    }
    kept
}

/// Members of objects in lists cannot be removed by a merge patch, so a `null` there says nothing.
fn without_nulls_in_items(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls_in_items).collect()),
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key, without_nulls_in_items(value))).collect())
        }
        other => other,
    }
}

/// Writes one patch over another. Where one removes a key the other sets, it is set.
fn overlay(patch: &mut Map<String, Value>, changes: Map<String, Value>) {
    for (key, change) in changes {
        match (patch.get_mut(&key), change) {
            (Some(Value::Object(inner)), Value::Object(change)) => overlay(inner, change),
            (_, change) => {
                patch.insert(key, change);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patch(original: Value, modified: Value, current: Value) -> Value {
        match (original, modified, current) {
            (Value::Object(original), Value::Object(modified), Value::Object(current)) => {
                Value::Object(three_way(&original, &modified, &current))
            }
            _ => panic!("objects"),
        }
    }

    #[test]
    fn nothing_to_do_is_an_empty_patch() {
        let applied = json!({"spec": {"quantity": 1}});
        let current = json!({"spec": {"quantity": 1, "unit": "piece"}, "status": {"counted": 3}});
        assert_eq!(patch(applied.clone(), applied, current), json!({}));
    }

    #[test]
    fn what_is_no_longer_wanted_goes_and_what_others_set_stays() {
        let original = json!({"spec": {"tags": ["x"], "attributes": {"k": "v"}, "quantity": 1}});
        let modified = json!({"spec": {"attributes": {"k": "v", "m": "w"}, "quantity": 2}});
        let current = json!({"spec": {"tags": ["x"], "attributes": {"k": "v", "other": "o"}, "quantity": 1, "unit": "kg"}});
        assert_eq!(
            patch(original, modified, current),
            json!({"spec": {"tags": null, "attributes": {"m": "w"}, "quantity": 2}})
        );
    }

    #[test]
    fn what_was_changed_behind_our_back_comes_back() {
        let applied = json!({"spec": {"quantity": 5, "attributes": {"k": "v"}}});
        let current = json!({"spec": {"quantity": 7, "attributes": {}}});
        assert_eq!(
            patch(applied.clone(), applied, current),
            json!({"spec": {"quantity": 5, "attributes": {"k": "v"}}})
        );
    }

    #[test]
    fn a_key_that_is_gone_already_is_still_removed() {
        assert_eq!(patch(json!({"a": 1, "b": 1}), json!({"b": 1}), json!({"b": 1})), json!({"a": null}));
    }

    #[test]
    fn empty_objects_are_values_and_nulls_are_not() {
        assert_eq!(patch(json!({}), json!({"a": {}, "b": null}), json!({})), json!({"a": {}, "b": null}));
        assert_eq!(patch(json!({"b": null}), json!({"b": null}), json!({})), json!({}));
        assert_eq!(
            patch(json!({}), json!({"l": [{"a": null, "b": 1}]}), json!({})),
            json!({"l": [{"b": 1}]})
        );
    }

    #[test]
    fn applying_the_patch_gives_the_wanted_fields() {
        let original = json!({"m": {"a": 1, "b": {"c": 1}}, "x": "1"});
        let modified = json!({"m": {"b": {"d": 2}}, "y": [1, 2]});
        let mut current = json!({"m": {"a": 3, "b": {"c": 4, "e": 5}}, "x": "2", "y": [1], "z": true});
        let change = patch(original, modified, current.clone());
        json_patch::merge(&mut current, &change);
        assert_eq!(current, json!({"m": {"b": {"d": 2, "e": 5}}, "y": [1, 2], "z": true}));
    }
}
