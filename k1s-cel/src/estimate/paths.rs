//! Which part of a schema a value comes from: the way from a variable through fields and elements.
//!
//! cel-go keeps such a way as a slice of names and grows it with `append`. Where two ways grow from one that has room left, the
//! later writes its last step over the earlier one's, and sizes that are asked for afterwards are those of the wrong part: in
//! `self.spec.m.all(k, v, …)` the keys are measured as values. Verdicts depend on it, so slices are kept here as Go keeps them.

use crate::schema::{Schema, Shape};

/// Ways longer than this lead nowhere: no schema is as deep, and hostile expressions shall not fill the memory with steps.
const MAX_STEPS: u8 = 64;

/// A step on the way to a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// The beginning: a variable, or whatever stands first; its name does not matter.
    Root,
    /// A field, as written.
    Field(&'a str),
    /// The elements of a list or the values of a map.
    Element,
    /// The keys of a map.
    Keys,
    /// The indexes of a list: no schema describes them.
    Indexes,
}

/// A way: `len` steps from `start` on, with room for `capacity`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    /// The schema of the variable that the way begins at.
    root: Option<&'a Schema>,
    start: u32,
    len: u8,
    capacity: u8,
}

/// The steps of all ways of an expression.
#[derive(Default, Debug)]
pub(super) struct Paths<'a> {
    steps: Vec<Step<'a>>,
}

/// Where a way leads.
#[derive(Clone, Copy)]
enum Place<'a> {
    Part(&'a Schema),
    /// The keys of a map: strings whose length no schema declares. kube-apiserver takes them as empty.
    Key,
}

impl<'a> Paths<'a> {
    /// The way to a variable.
    pub(super) fn variable(&mut self, root: Option<&'a Schema>) -> Path<'a> {
        self.close(root, self.steps.len(), Step::Root, 1)
    }

    /// The way one step further. From nowhere, the step itself becomes the beginning, whatever it is, and so leads to the whole
    /// schema: `[1, 2].all(x, …)` measures `x` as `self`.
    pub(super) fn append(
        &mut self,
        from: Option<Path<'a>>,
        root: Option<&'a Schema>,
        step: Step<'a>,
    ) -> Path<'a> {
        let Some(path) = from else { return self.variable(root) };
        if path.len >= MAX_STEPS {
            return path;
        }
        if path.len < path.capacity {
            let end = path.start as usize + usize::from(path.len);
            if let Some(slot) = self.steps.get_mut(end) {
                *slot = step;
            }
            return Path { len: path.len + 1, ..path };
        }
        let start = self.steps.len();
        let taken = path.start as usize;
        self.steps.extend_from_within(taken..taken + usize::from(path.len));
        self.close(path.root, start, step, path.capacity * 2)
    }

    /// Ends a new way, whose other steps stand from `start` on, with `last`, and leaves the rest of its room behind it.
    fn close(&mut self, root: Option<&'a Schema>, start: usize, last: Step<'a>, capacity: u8) -> Path<'a> {
        self.steps.push(last);
        let len = self.steps.len() - start;
        self.steps.resize(start + usize::from(capacity), Step::Root);
        // Neither conversion fails: an expression has far fewer than 2^26 nodes, and a node makes two ways at most.
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        Path { root, start, len: u8::try_from(len).unwrap_or(MAX_STEPS), capacity }
    }

    /// The most elements, entries, code points or bytes of what the way leads to; none if the schema does not know it.
    pub(super) fn max_elements(&self, path: Path<'a>) -> Option<u64> {
        self.resolve(path).map(Place::max_elements)
    }

    /// The same of its elements.
    pub(super) fn max_elements_within(&self, path: Path<'a>) -> Option<u64> {
        self.resolve(path)?.walk(Step::Element).map(Place::max_elements)
    }

    fn resolve(&self, path: Path<'a>) -> Option<Place<'a>> {
        if path.len >= MAX_STEPS {
            return None;
        }
        let start = path.start as usize;
        let steps = self.steps.get(start + 1..start + usize::from(path.len))?;
        steps.iter().try_fold(Place::Part(path.root?), |place, step| place.walk(*step))
    }
}

impl<'a> Place<'a> {
    fn walk(self, step: Step<'a>) -> Option<Place<'a>> {
        let Place::Part(schema) = self else { return None };
        match (step, schema.shape()) {
            (Step::Field(name), _) => schema.field(name).map(|(_, field)| Place::Part(field)),
            (Step::Element, Shape::List { items, .. }) => items.as_deref().map(Place::Part),
            (Step::Element, Shape::Map { values }) => Some(Place::Part(values)),
            (Step::Keys, Shape::Map { .. }) => Some(Place::Key),
            _ => None,
        }
    }

    fn max_elements(self) -> u64 {
        match self {
            Place::Part(schema) => schema.max_elements(),
            Place::Key => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_later_way_overwrites_an_earlier_one_where_go_would() {
        let text = |length: u64| json!({"type": "string", "maxLength": length});
        let object = json!({"type": "object", "properties": {"a": text(1), "b": text(2)}});
        let schema = json!({"type": "object", "properties": {"l": {"type": "array", "items": object}}});
        let schema = Schema::from_json(&schema, false).unwrap();
        let root = Some(&*schema);
        let mut paths = Paths::default();
        let variable = paths.variable(root);
        let list = paths.append(Some(variable), root, Step::Field("l"));
        let item = paths.append(Some(list), root, Step::Element);
        let first = paths.append(Some(item), root, Step::Field("a"));
        assert_eq!(paths.max_elements(first), Some(4));
        let second = paths.append(Some(item), root, Step::Field("b"));
        assert_eq!(paths.max_elements(second), Some(8));
        // Three steps leave room for a fourth, which both have taken.
        assert_eq!(paths.max_elements(first), Some(8));
        assert_eq!(paths.max_elements_within(list), Some(0));
    }

    #[test]
    fn ways_end_at_last() {
        let schema = Schema::from_json(&json!({"x-kubernetes-int-or-string": true}), false).unwrap();
        let root = Some(&*schema);
        let mut paths = Paths::default();
        let mut path = paths.variable(root);
        for _ in 0..1000 {
            path = paths.append(Some(path), root, Step::Field("a"));
        }
        assert_eq!(paths.max_elements(path), None);
        assert!(paths.steps.len() < 200);
    }
}
