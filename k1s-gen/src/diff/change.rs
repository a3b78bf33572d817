//! What a comparison yields: plain data, which all outputs are made of.

use serde_json::Value;

use super::rules::{Class, Rule};
use crate::source::Place;

/// One thing that is not what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What happened, with its class and the reason.
    pub rule: &'static Rule,
    /// The version that it is about; `None` if it is about all.
    pub version: Option<String>,
    /// The field of objects that it is about, as `spec.tags[]` (items) or `spec.labels{}` (map values), empty for the object itself; for
    /// what is not in a schema, the field of the CustomResourceDefinition, as `spec.names.plural`.
    pub field: String,
    /// The keyword or the thing that changed, as `maxLength`; empty if the rule says it all.
    pub what: String,
    /// What was there.
    pub from: Option<Value>,
    /// What is there now.
    pub to: Option<Value>,
    /// More about this very change.
    pub detail: Option<String>,
    /// Where the old definition has it, or the nearest thing around; `None` if the definition is from no file.
    pub old: Option<Place>,
    /// Likewise in the new one.
    pub new: Option<Place>,
}

impl Change {
    /// What it means.
    pub fn class(&self) -> Class {
        self.rule.class
    }

    /// Where to look: at the new definition, or at the old one for what is gone from it.
    pub fn place(&self) -> Option<&Place> {
        let is_gone = self.from.is_some() && self.to.is_none();
        let (first, second) = if is_gone { (&self.old, &self.new) } else { (&self.new, &self.old) };
        first.as_ref().or(second.as_ref())
    }

    /// What happened in one line, without the reason: `spec.size: bound tightened: maximum 100 → 10`.
    pub fn headline(&self) -> String {
        let mut line = String::new();
        if !self.field.is_empty() {
            line.push_str(&self.field);
            line.push_str(": ");
        }
        line.push_str(self.rule.title);
        if !self.what.is_empty() || self.from.is_some() || self.to.is_some() {
            line.push(':');
        }
        let mut word = |text: &str| {
            line.push(' ');
            line.push_str(text);
        };
        if !self.what.is_empty() {
            word(&self.what);
        }
        match (&self.from, &self.to) {
            (None, None) => {}
            (Some(value), None) | (None, Some(value)) => word(&shown(value)),
            (Some(from), Some(to)) => word(&format!("{} → {}", shown(from), shown(to))),
        }
        line
    }
}

/// A value as a line can hold it.
fn shown(value: &Value) -> String {
    const LIMIT: usize = 100;
    let text = value.to_string();
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The changes of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct KindChanges {
    /// Name of the CustomResourceDefinition, as `items.shop.example.com`; the new one if it changed.
    pub name: String,
    /// The kind, likewise.
    pub kind: String,
    /// What changed: first what is about all versions, then version by version in the order of the new definition, with those that are
    /// gone last.
    pub changes: Vec<Change>,
}

/// How many changes there are of each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Kinds that were compared, added and removed ones included.
    pub kinds: usize,
    /// Breaking changes.
    pub breaking: usize,
    /// Compatible ones.
    pub compatible: usize,
    /// Safe ones.
    pub safe: usize,
}

impl Summary {
    /// How many there are of a class.
    pub fn of(&self, class: Class) -> usize {
        match class {
            Class::Breaking => self.breaking,
            Class::Compatible => self.compatible,
            Class::Safe => self.safe,
        }
    }
}

impl std::fmt::Display for Summary {
    /// `1 breaking, 0 compatible and 3 safe changes in 2 kinds`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Summary { kinds, breaking, compatible, safe } = self;
        let plural = if *kinds == 1 { "kind" } else { "kinds" };
        write!(f, "{breaking} breaking, {compatible} compatible and {safe} safe changes in {kinds} {plural}")
    }
}

/// What is between two sets of CustomResourceDefinitions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The kinds that changed, in order of their names.
    pub kinds: Vec<KindChanges>,
    /// How many kinds there are on either side.
    pub compared: usize,
}

impl Comparison {
    /// Every change.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.kinds.iter().flat_map(|kind| &kind.changes)
    }

    /// The worst class that is there; `None` if nothing changed.
    pub fn worst(&self) -> Option<Class> {
        self.changes().map(Change::class).max()
    }

    /// How many changes there are.
    pub fn summary(&self) -> Summary {
        let count = |class| self.changes().filter(|change| change.class() == class).count();
        Summary {
            kinds: self.compared,
            breaking: count(Class::Breaking),
            compatible: count(Class::Compatible),
            safe: count(Class::Safe),
        }
    }
}
