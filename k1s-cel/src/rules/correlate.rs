//! Which old value belongs to a new one, and whether an update left it as it was.
//!
//! `oldSelf` is found along properties, keys of maps and keys of map lists. Ratcheting walks the same way but by the schema as written:
//! what the schema does not know counts as changed, and so does an object that holds it.

use std::cell::Cell;
use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::tree::{list_keys, object};
use super::view::View;

/// The value of a key of a map list.
#[derive(PartialEq, Eq, Hash)]
enum KeyValue<'a> {
    Bool(bool),
    Int(i64),
    Double(u64),
    String(&'a str),
}

/// The elements of an old map list, by their keys; of those with the same keys the first.
pub(super) struct OldItems<'a, 'k> {
    keys: &'k [Box<str>],
    items: HashMap<Vec<KeyValue<'a>>, &'a Json>,
}

impl<'a, 'k> OldItems<'a, 'k> {
    /// No keys, no elements: items of other lists do not belong to old ones.
    pub(super) fn new(keys: &'k [Box<str>], old: &'a [Json]) -> Self {
        let mut items = HashMap::new();
        if !keys.is_empty() {
            for item in old {
                if let Some(key) = key_of(item, keys) {
                    items.entry(key).or_insert(item);
                }
            }
        }
        Self { keys, items }
    }

    /// The old element with the keys of `new`.
    pub(super) fn get(&self, new: &'a Json) -> Option<&'a Json> {
        if self.items.is_empty() {
            return None;
        }
        self.items.get(&key_of(new, self.keys)?).copied()
    }
}

/// An element's keys; none if one is missing or no scalar.
fn key_of<'a>(item: &'a Json, keys: &[Box<str>]) -> Option<Vec<KeyValue<'a>>> {
    let fields = item.as_object()?;
    let values = keys.iter().map(|key| match fields.get(&**key)? {
        Json::Bool(value) => Some(KeyValue::Bool(*value)),
        Json::String(text) => Some(KeyValue::String(text)),
        Json::Number(number) => match number.as_i64() {
            Some(int) => Some(KeyValue::Int(int)),
            // Adding zero makes one of both zeros.
            None => number.as_f64().map(|double| KeyValue::Double((double + 0.0).to_bits())),
        },
        _ => None,
    });
    values.collect()
}

/// A new value with the old one that belongs to it.
pub(super) struct Pair<'a> {
    schema: &'a Map<String, Json>,
    new: View<'a>,
    old: View<'a>,
    same: Cell<Option<bool>>,
}

impl<'a> Pair<'a> {
    pub(super) fn new(schema: &'a Map<String, Json>, new: View<'a>, old: View<'a>) -> Self {
        Self { schema, new, old, same: Cell::new(None) }
    }

    /// Whether both are the same.
    fn is_same(&self) -> bool {
        if let Some(same) = self.same.get() {
            return same;
        }
        let same = same(self.schema, self.new, self.old);
        self.same.set(Some(same));
        same
    }
}

fn same(schema: &Map<String, Json>, new: View<'_>, old: View<'_>) -> bool {
    match (new, old) {
        (View::Value(Json::Array(new)), View::Value(Json::Array(old))) => lists_same(schema, new, old),
        (View::Members(new), View::Members(old)) => {
            new.len() == old.len()
                && new.iter().all(|(name, value)| match (old.get(name), member(schema, name)) {
                    (Some(old), Some(schema)) => same(schema, value.into(), old.into()),
                    _ => false,
                })
        }
        _ => new == old,
    }
}

fn lists_same(schema: &Map<String, Json>, new: &[Json], old: &[Json]) -> bool {
    let keys = list_keys(schema);
    if new.len() != old.len() || keys.is_empty() {
        return new == old;
    }
    let old = OldItems::new(&keys, old);
    let items = object(schema, "items");
    new.iter().all(|item| match (old.get(item), items) {
        (Some(old), Some(schema)) => same(schema, item.into(), old.into()),
        _ => false,
    })
}

/// The schema of a member of an object or map.
fn member<'a>(schema: &'a Map<String, Json>, name: &str) -> Option<&'a Map<String, Json>> {
    let property = object(schema, "properties").and_then(|properties| properties.get(name));
    property.and_then(Json::as_object).or_else(|| object(schema, "additionalProperties"))
}

/// Where a walk is, as far as ratcheting is concerned.
#[derive(Clone, Copy, Default)]
pub(super) struct Ratchet<'r, 'a> {
    /// The pair of the value; none if no old value belongs to it.
    here: Option<&'r Pair<'a>>,
    /// The nearest pair above.
    above: Option<&'r Pair<'a>>,
}

impl<'r, 'a> Ratchet<'r, 'a> {
    /// At the root. Without ratcheting, nothing has an old value.
    pub(super) fn root(pair: Option<&'r Pair<'a>>) -> Self {
        Self { here: pair, above: None }
    }

    /// Whether an error of the value counts as old.
    pub(super) fn holds_back(self) -> bool {
        self.here.or(self.above).is_some_and(Pair::is_same)
    }

    /// For rules of `allOf`: those go by the value above only.
    pub(super) fn all_of(self) -> Self {
        Self { here: None, above: self.above }
    }

    /// The pair of a member.
    pub(super) fn member_pair(self, name: &str) -> Option<Pair<'a>> {
        let here = self.here?;
        let (new, old) = (here.new.members()?.get(name)?, here.old.members()?.get(name)?);
        Some(Pair::new(member(here.schema, name)?, new.into(), old.into()))
    }

    /// Where a member is, whose pair is `pair`. Of a resource's version and kind there is no telling whether they change: both objects
    /// were converted to the same.
    pub(super) fn member<'s>(self, name: &str, pair: Option<&'s Pair<'a>>) -> Ratchet<'s, 'a>
    where
        'r: 's,
    {
        if self.here.is_some() && self.above.is_none() && matches!(name, "apiVersion" | "kind") {
            return Ratchet::default();
        }
        self.below(pair)
    }

    /// Where an element is, whose pair is `pair`.
    pub(super) fn below<'s>(self, pair: Option<&'s Pair<'a>>) -> Ratchet<'s, 'a>
    where
        'r: 's,
    {
        if self.here.is_some() { Ratchet { here: pair, above: self.here } } else { self }
    }

    /// What pairs of a list's elements are made of, if the list has an old one.
    pub(super) fn list(self) -> Option<ListPair<'a>> {
        let here = self.here?;
        let old = here.old.items()?;
        Some(ListPair { keys: list_keys(here.schema), old, items: object(here.schema, "items")? })
    }
}

/// An old list, by its schema as written.
pub(super) struct ListPair<'a> {
    keys: Vec<Box<str>>,
    old: &'a [Json],
    items: &'a Map<String, Json>,
}

impl<'a> ListPair<'a> {
    pub(super) fn old_items(&self) -> OldItems<'a, '_> {
        OldItems::new(&self.keys, self.old)
    }

    /// The pair of an element.
    pub(super) fn pair(&self, new: &'a Json, old: &OldItems<'a, '_>) -> Option<Pair<'a>> {
        let old = old.get(new).filter(|old| !old.is_null())?;
        Some(Pair::new(self.items, new.into(), old.into()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_are_found_by_their_keys() {
        let keys = [Box::from("a"), Box::from("b")];
        let old = json!([{"a": 1, "b": "x", "v": 1}, {"a": 1, "b": "x", "v": 2}, {"a": true, "b": "y"}, {"a": {}, "b": ""}, 3]);
        let items = OldItems::new(&keys, old.as_array().unwrap());
        let find = |json: Json| OldItems::get(&items, Box::leak(Box::new(json))).cloned();
        assert_eq!(find(json!({"a": 1, "b": "x"})), Some(old[0].clone()));
        assert_eq!(find(json!({"a": true, "b": "y", "c": 1})), Some(old[2].clone()));
        for none in [json!({"a": 1.0, "b": "x"}), json!({"a": 1}), json!({"a": {}, "b": ""}), json!(3)] {
            assert_eq!(find(none), None);
        }
    }

    #[test]
    fn sameness_knows_map_lists_and_unknown_fields() {
        let schema = json!({"properties": {
            "l": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": {"properties": {"k": {}, "v": {}}}},
            "s": {"x-kubernetes-list-type": "set"}, "m": {"additionalProperties": {}}, "n": {},
        }});
        let same = |new: Json, old: Json| same(schema.as_object().unwrap(), (&new).into(), (&old).into());
        assert!(same(json!({"l": [{"k": 1, "v": 2}, {"k": 2}]}), json!({"l": [{"k": 2}, {"k": 1, "v": 2}]})));
        assert!(!same(json!({"l": [{"k": 1, "v": 2}]}), json!({"l": [{"k": 1, "v": 3}]})));
        assert!(!same(json!({"s": [1, 2]}), json!({"s": [2, 1]})));
        assert!(same(json!({"m": {"a": 1}, "n": null}), json!({"m": {"a": 1}, "n": null})));
        assert!(!same(json!({"n": 1}), json!({"n": 1.0})));
        assert!(!same(json!({"unknown": 1}), json!({"unknown": 1})));
    }
}
