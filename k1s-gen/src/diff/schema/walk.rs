//! The walk through two schemas.

use std::borrow::Cow;

use k1s_runtime::schema::{SchemaType, Structural};
use serde_json::Value;

use super::super::rules::{self, Rule};
use super::at::At;
use super::{Difference, Found, bounds, cel, defaults, fields, items, logic, types, values};

/// Everything that is different between two schemas of whole objects, in an order that stays the same.
pub(in crate::diff) fn compare(old: &Structural, new: &Structural) -> Vec<Found> {
    let mut walk = Walk { found: Vec::new() };
    walk.compare(&At::ROOT, &Pair { old, new, up: None });
    walk.found
}

/// Two schemas of the same value, and those of what it is part of.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) old: &'a Structural,
    pub(super) new: &'a Structural,
    pub(super) up: Option<&'a Pair<'a>>,
}

/// What was found so far.
pub(super) struct Walk {
    found: Vec<Found>,
}

impl Walk {
    /// Takes a difference at a place.
    pub(super) fn push(&mut self, at: &At<'_>, difference: Difference) {
        let (mut old, mut new) = at.pointers();
        // What is a keyword of the schema stands there under its name.
        if !difference.what.is_empty() && !difference.what.contains(' ') {
            for pointer in [&mut old, &mut new] {
                pointer.push('/');
                pointer.push_str(difference.what);
            }
        }
        self.found.push(Found { field: at.field(), difference, old, new });
    }

    /// Takes what is said by the rule alone.
    pub(super) fn note(&mut self, at: &At<'_>, rule: &'static Rule) {
        self.push(at, Difference::new(rule, "", None, None));
    }

    fn all(&mut self, at: &At<'_>, differences: Vec<Difference>) {
        differences.into_iter().for_each(|difference| self.push(at, difference));
    }

    /// Compares the schemas of one value and goes on below.
    pub(super) fn compare(&mut self, at: &At<'_>, pair: &Pair<'_>) {
        let Pair { old, new, .. } = *pair;
        self.all(at, documentation(old, new));
        match types::compare(old, new) {
            types::Order::Same => {}
            types::Order::Looser(difference) => self.push(at, difference),
            // Nothing else can be compared.
            types::Order::Other(difference) => return self.push(at, difference),
        }
        self.all(at, values::compare(old, new));
        self.all(at, bounds::compare(old, new));
        self.all(at, defaults::compare(at, pair));
        self.all(at, extensions(old, new));
        fields::compare(self, at, pair);
        items::compare(self, at, pair);
        self.all(at, logic::compare(&without_pair(old), &without_pair(new)));
        self.all(at, cel::compare(old, new));
    }
}

/// Without the `anyOf` of integer and string that int-or-strings are written with, which says what the extension says.
fn without_pair(schema: &Structural) -> Cow<'_, Structural> {
    let is_pair = |branches: &[Structural]| {
        let words: Vec<Option<&str>> =
            branches.iter().map(|branch| branch.type_.map(SchemaType::as_str)).collect();
        words == [Some("integer"), Some("string")]
            && branches
                .iter()
                .all(|branch| Structural { type_: None, ..branch.clone() } == Structural::default())
    };
    let first = schema.all_of.first().is_some_and(|branch| {
        is_pair(&branch.any_of)
            && Structural { any_of: Vec::new(), ..branch.clone() } == Structural::default()
    });
    if !schema.extensions.int_or_string || !(first || is_pair(&schema.any_of)) {
        return Cow::Borrowed(schema);
    }
    let mut plain = schema.clone();
    if first {
        plain.all_of.remove(0);
    } else {
        plain.any_of.clear();
    }
    Cow::Owned(plain)
}

fn documentation(old: &Structural, new: &Structural) -> Vec<Difference> {
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let pairs = [
        ("title", text(&old.title), text(&new.title)),
        ("description", text(&old.description), text(&new.description)),
        ("example", old.example.clone(), new.example.clone()),
        ("externalDocs", old.external_docs.clone(), new.external_docs.clone()),
    ];
    let changed = pairs.into_iter().filter(|(_, old, new)| old != new);
    changed.map(|(what, old, new)| Difference::new(&rules::DOCUMENTATION_CHANGED, what, old, new)).collect()
}

/// The extensions that say how a value is taken care of.
fn extensions(old: &Structural, new: &Structural) -> Vec<Difference> {
    let mut found = Vec::new();
    let (before, after) = (&old.extensions, &new.extensions);
    match (before.embedded_resource, after.embedded_resource) {
        (false, true) => found.push(Difference::new(&rules::EMBEDDED_ADDED, "", None, None)),
        (true, false) => found.push(Difference::new(&rules::EMBEDDED_REMOVED, "", None, None)),
        _ => {}
    }
    let list_type = |word: &Option<String>| word.clone().unwrap_or_else(|| "atomic".to_owned());
    let (from, to) = (list_type(&before.list_type), list_type(&after.list_type));
    if from != to {
        let (from, to) = (Some(from.into()), Some(to.into()));
        found.push(Difference::new(&rules::LIST_TYPE_CHANGED, "x-kubernetes-list-type", from, to));
    } else if sorted(&before.list_map_keys) != sorted(&after.list_map_keys) {
        let (from, to) =
            (Some(before.list_map_keys.clone().into()), Some(after.list_map_keys.clone().into()));
        found.push(Difference::new(&rules::LIST_KEYS_CHANGED, "x-kubernetes-list-map-keys", from, to));
    }
    let map_type = |word: &Option<String>| word.clone().unwrap_or_else(|| "granular".to_owned());
    let (from, to) = (map_type(&before.map_type), map_type(&after.map_type));
    if from != to {
        let (from, to) = (Some(from.into()), Some(to.into()));
        found.push(Difference::new(&rules::MAP_TYPE_CHANGED, "x-kubernetes-map-type", from, to));
    }
    found
}

fn sorted(names: &[String]) -> Vec<&String> {
    let mut names: Vec<&String> = names.iter().collect();
    names.sort();
    names
}
