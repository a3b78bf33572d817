//! How two values of a type differ.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::Object;

use super::element::{PathElement, same};
use super::items;
use super::set::{FieldSet, Node};
use super::types::{List, ListKind, Map, Part, TypeRef, Types};

type Fields = serde_json::Map<String, Value>;

/// The fields in which two values differ.
#[derive(Clone, Debug, Default)]
pub(super) struct Comparison {
    pub(super) added: FieldSet,
    pub(super) removed: FieldSet,
    pub(super) modified: FieldSet,
}

impl Comparison {
    /// The same without some fields and all that is below them.
    pub(super) fn without(self, fields: &FieldSet) -> Self {
        Self {
            added: self.added.minus_all_below(fields),
            removed: self.removed.minus_all_below(fields),
            modified: self.modified.minus_all_below(fields),
        }
    }
}

/// Compares an old object with a new one.
pub(super) fn compare(types: &Types, old: &Object, new: &Object) -> Comparison {
    let Some(map) = types.root_map() else { return Comparison::default() };
    let Differences { added, removed, modified } = maps(types, map, Some(&old.0), Some(&new.0));
    Comparison { added: added.children, removed: removed.children, modified: modified.children }
}

/// The differences at one place and below it.
#[derive(Default)]
struct Differences {
    added: Node,
    removed: Node,
    modified: Node,
}

impl Differences {
    fn union(self, other: Self) -> Self {
        let union = |a: Node, b: Node| Node {
            member: a.member || b.member,
            children: if a.children.is_empty() { b.children } else { a.children.union(&b.children) },
        };
        Self {
            added: union(self.added, other.added),
            removed: union(self.removed, other.removed),
            modified: union(self.modified, other.modified),
        }
    }
}

/// The differences of the parts of one value, as they are found.
#[derive(Default)]
struct Parts {
    added: Vec<(PathElement, Node)>,
    removed: Vec<(PathElement, Node)>,
    modified: Vec<(PathElement, Node)>,
}

impl Parts {
    fn push(&mut self, name: impl Fn() -> PathElement, found: Differences) {
        for (node, into) in [
            (found.added, &mut self.added),
            (found.removed, &mut self.removed),
            (found.modified, &mut self.modified),
        ] {
            if !node.is_empty() {
                into.push((name(), node));
            }
        }
    }

    fn close(self) -> Differences {
        let node = |nodes| Node { member: false, children: FieldSet::of(nodes) };
        Differences { added: node(self.added), removed: node(self.removed), modified: node(self.modified) }
    }
}

fn at(types: &Types, of: TypeRef, old: Option<&Value>, new: Option<&Value>) -> Differences {
    let Some(atom) = types.resolve(of) else { return Differences::default() };
    let (of_old, of_new) = (atom.part(old), atom.part(new));
    let (first, last) = match (of_old, of_new) {
        (Some(only), _) if new.is_none() => (None, only),
        (Some(a), Some(b)) if old.is_some() && !a.is_same(b) => (Some(a), b),
        (_, Some(only)) => (None, only),
        _ => return Differences::default(),
    };
    // A value that has become of another kind is compared as both.
    let before = first.map(|part| part_at(types, part, old, new).1);
    let (is_leaf, mut found) = part_at(types, last, old, new);
    if !is_leaf {
        found.added.member |= old.is_none();
        found.removed.member |= new.is_none();
    }
    match before {
        Some(before) => before.union(found),
        None => found,
    }
}

/// The differences of a part, and whether it was compared as one field.
fn part_at(types: &Types, part: Part<'_>, old: Option<&Value>, new: Option<&Value>) -> (bool, Differences) {
    match part {
        Part::Scalar(_) => (true, leaf(old, new)),
        Part::List(list) => {
            let (old_items, new_items) = (items_of(old), items_of(new));
            if list.kind == ListKind::Atomic || (old_items.is_empty() && new_items.is_empty()) {
                return (true, leaf(old, new));
            }
            (false, lists(types, list, old_items, new_items))
        }
        Part::Map(map) => {
            let is_empty = |value: Option<&Value>| {
                value.and_then(Value::as_object).is_none_or(serde_json::Map::is_empty)
            };
            if map.atomic || (is_empty(old) && is_empty(new)) {
                return (true, leaf(old, new));
            }
            (false, maps(types, map, old.and_then(Value::as_object), new.and_then(Value::as_object)))
        }
    }
}

fn leaf(old: Option<&Value>, new: Option<&Value>) -> Differences {
    let mut found = Differences::default();
    match (old, new) {
        (None, _) => found.added.member = true,
        (_, None) => found.removed.member = true,
        (Some(old), Some(new)) => found.modified.member = !same(old, new),
    }
    found
}

fn items_of(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn maps(types: &Types, map: &Map, old: Option<&Fields>, new: Option<&Fields>) -> Differences {
    let mut parts = Parts::default();
    let mut field = |name: &str, old: Option<&Value>, new: Option<&Value>| {
        // Most fields of most changes are what they were, and finding that out is cheaper than taking them apart.
        if let (Some(a), Some(b)) = (old, new)
            && a == b
        {
            return;
        }
        parts.push(|| PathElement::field(name), at(types, map.of(name), old, new));
    };
    for (name, value) in old.into_iter().flatten() {
        field(name, Some(value), new.and_then(|new| new.get(name)));
    }
    for (name, value) in new.into_iter().flatten() {
        if !old.is_some_and(|old| old.contains_key(name)) {
            field(name, None, Some(value));
        }
    }
    parts.close()
}

fn lists(types: &Types, list: &List, old: &[Value], new: &[Value]) -> Differences {
    let mut by_name: BTreeMap<PathElement, (Vec<&Value>, Vec<&Value>)> = BTreeMap::new();
    for (name, item) in items::named(types, list, old) {
        by_name.entry(name).or_default().0.push(item);
    }
    for (name, item) in items::named(types, list, new) {
        by_name.entry(name).or_default().1.push(item);
    }
    let mut parts = Parts::default();
    for (name, (old, new)) in by_name {
        let found = items(types, list, &old, &new);
        parts.push(|| name.clone(), found);
    }
    parts.close()
}

/// The differences of the items of one name. Where there are several, they are one field together.
fn items(types: &Types, list: &List, old: &[&Value], new: &[&Value]) -> Differences {
    match (old.len(), new.len()) {
        (0 | 1, 0 | 1) => at(types, list.element, old.first().copied(), new.first().copied()),
        (2.., 2..) => {
            let equal = old.len() == new.len() && old.iter().zip(new).all(|(a, b)| same(a, b));
            let mut found = Differences::default();
            found.modified.member = !equal;
            found
        }
        (2.., _) => {
            let mut found = match new.first() {
                Some(item) => at(types, list.element, None, Some(item)),
                None => Differences::default(),
            };
            found.removed.member = true;
            found
        }
        (_, _) => {
            let mut found = match old.first() {
                Some(item) => at(types, list.element, Some(item), None),
                None => Differences::default(),
            };
            found.added.member = true;
            found
        }
    }
}
