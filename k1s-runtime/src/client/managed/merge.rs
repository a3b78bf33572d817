//! What a live object becomes by an applied one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map as Fields, Value};

use crate::api::Object;

use super::element::PathElement;
use super::items;
use super::types::{List, ListKind, Map, Part, TypeRef, Types};

/// Merges an applied object into a live one: what both have is the applied one's, what only one has stays.
pub(super) fn merge(types: &Types, live: &Object, applied: &Object) -> Object {
    let Some(map) = types.root_map() else { return live.clone() };
    Object(maps(types, map, Some(&live.0), Some(&applied.0)))
}

fn at(types: &Types, of: TypeRef, live: Option<&Value>, applied: Option<&Value>) -> Option<Value> {
    let atom = types.resolve(of)?;
    let part = if applied.is_none() { atom.part(live) } else { atom.part(applied) };
    let leaf = || applied.or(live).cloned();
    match part? {
        Part::Scalar(_) => leaf(),
        Part::List(list) => {
            let (ours, theirs) = (items_of(live), items_of(applied));
            if list.kind == ListKind::Atomic || (ours.is_empty() && theirs.is_empty()) {
                return leaf();
            }
            Some(Value::Array(lists(types, list, ours, theirs)))
        }
        Part::Map(map) => {
            let (ours, theirs) = (fields_of(live), fields_of(applied));
            if map.atomic || (ours.is_none_or(Fields::is_empty) && theirs.is_none_or(Fields::is_empty)) {
                return leaf();
            }
            Some(Value::Object(maps(types, map, ours, theirs)))
        }
    }
}

fn items_of(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn fields_of(value: Option<&Value>) -> Option<&Fields<String, Value>> {
    value.and_then(Value::as_object)
}

fn maps(
    types: &Types,
    map: &Map,
    live: Option<&Fields<String, Value>>,
    applied: Option<&Fields<String, Value>>,
) -> Fields<String, Value> {
    let names: BTreeSet<&String> = live.into_iter().chain(applied).flat_map(Fields::keys).collect();
    let mut merged = Fields::new();
    for name in names {
        let (ours, theirs) = (live.and_then(|it| it.get(name)), applied.and_then(|it| it.get(name)));
        if let Some(value) = at(types, map.of(name), ours, theirs) {
            merged.insert(name.clone(), value);
        }
    }
    merged
}

/// The items of both lists. Those of the applied one keep its order; those of the live one stay where they are among them.
fn lists(types: &Types, list: &List, live: &[Value], applied: &[Value]) -> Vec<Value> {
    let (live, applied) = (items::named(types, list, live), items::named(types, list, applied));
    // Items of the same name cannot be merged with anything: they are replaced, or stay as they are.
    let mut ours: BTreeMap<&PathElement, Option<&Value>> = BTreeMap::new();
    for (name, item) in &live {
        ours.entry(name).and_modify(|known| *known = None).or_insert(Some(item));
    }
    let theirs: BTreeMap<&PathElement, &Value> = applied.iter().map(|(name, item)| (name, *item)).collect();
    // The items that both have, in the order of the applied list: a live one that is not the next of them waits for its turn.
    let mut shared = applied.iter().map(|(name, _)| name).filter(|name| ours.contains_key(name)).peekable();
    let mut merged = Vec::with_capacity(live.len().max(applied.len()));
    let mut taken: BTreeSet<&PathElement> = BTreeSet::new();
    let (mut l, mut r) = (0, 0);
    let item = |ours: Option<&Value>, theirs: Option<&Value>| at(types, list.element, ours, theirs);
    while l < live.len() || r < applied.len() {
        if let (Some((ours_name, _)), Some((theirs_name, theirs_item))) = (live.get(l), applied.get(r)) {
            if ours_name == theirs_name {
                taken.insert(ours_name);
                merged.extend(item(ours.get(ours_name).copied().flatten(), Some(theirs_item)));
                (l, r) = (l + 1, r + 1);
                shared.next();
                continue;
            }
            if theirs.contains_key(ours_name) && shared.peek().is_some_and(|next| *next != ours_name) {
                l += 1;
                continue;
            }
        }
        if let Some((name, live_item)) = live.get(l) {
            if !theirs.contains_key(name) {
                merged.extend(item(Some(live_item), None));
                l += 1;
                continue;
            }
            if taken.contains(name) {
                l += 1;
            }
        }
        if let Some((name, theirs_item)) = applied.get(r) {
            taken.insert(name);
            merged.extend(item(ours.get(name).copied().flatten(), Some(theirs_item)));
            r += 1;
            if shared.peek().is_some_and(|next| *next == name) {
                shared.next();
            }
        }
    }
    merged
}
