//! Sets of fields, as trees.

use std::cmp::Ordering;

use super::element::PathElement;
use super::types::{TypeRef, Types};

/// A set of fields below one value.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldSet {
    /// Sorted by element, each element once, no node that is empty.
    nodes: Vec<(PathElement, Node)>,
}

/// What a set has of one element.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Whether the element itself is in the set.
    pub(super) member: bool,
    /// What is in it below the element.
    pub(super) children: FieldSet,
}

impl Node {
    pub(super) fn is_empty(&self) -> bool {
        !self.member && self.children.is_empty()
    }
}

impl FieldSet {
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The nodes, sorted by element.
    pub(super) fn nodes(&self) -> &[(PathElement, Node)] {
        &self.nodes
    }

    /// A set of nodes in any order; elements must differ. Empty nodes are left out.
    pub(super) fn of(mut nodes: Vec<(PathElement, Node)>) -> Self {
        nodes.retain(|(_, node)| !node.is_empty());
        if !nodes.is_sorted_by(|(a, _), (b, _)| a <= b) {
            nodes.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        Self { nodes }
    }

    /// What is in the set at and below an element.
    pub(super) fn get(&self, element: &PathElement) -> Option<&Node> {
        let found = self.nodes.binary_search_by(|(other, _)| other.cmp(element)).ok()?;
        self.nodes.get(found).map(|(_, node)| node)
    }

    /// Whether an element itself is in the set.
    pub(super) fn has(&self, element: &PathElement) -> bool {
        self.get(element).is_some_and(|node| node.member)
    }

    /// Whether the field at a path is in the set.
    pub(super) fn has_path(&self, path: &[PathElement]) -> bool {
        match path {
            [] => false,
            [last] => self.has(last),
            [first, rest @ ..] => self.get(first).is_some_and(|node| node.children.has_path(rest)),
        }
    }

    /// Adds the field at a path, but not its parents.
    pub(super) fn insert(&mut self, path: &[PathElement]) {
        let [first, rest @ ..] = path else { return };
        let at = match self.nodes.binary_search_by(|(other, _)| other.cmp(first)) {
            Ok(at) => at,
            Err(at) => {
                self.nodes.insert(at, (first.clone(), Node::default()));
                at
            }
        };
        let node = &mut self.nodes[at].1;
        match rest {
            [] => node.member = true,
            rest => node.children.insert(rest),
        }
    }

    /// The fields at plain paths, as `metadata.name`.
    pub(super) fn of_fields(paths: &[&str]) -> Self {
        let mut set = Self::default();
        for path in paths {
            set.insert(&path_of_fields(path));
        }
        set
    }

    /// What is in either.
    pub(super) fn union(&self, other: &Self) -> Self {
        self.zip(other, |ours, theirs| match (ours, theirs) {
            (Some(node), None) | (None, Some(node)) => node.clone(),
            (Some(a), Some(b)) => {
                Node { member: a.member || b.member, children: a.children.union(&b.children) }
            }
            (None, None) => Node::default(),
        })
    }

    /// What is in both.
    pub(super) fn intersection(&self, other: &Self) -> Self {
        self.zip(other, |ours, theirs| match (ours, theirs) {
            (Some(a), Some(b)) => {
                Node { member: a.member && b.member, children: a.children.intersection(&b.children) }
            }
            _ => Node::default(),
        })
    }

    /// What is in this one and not in the other. Children stay when their parent is in the other.
    pub(super) fn difference(&self, other: &Self) -> Self {
        self.zip(other, |ours, theirs| match (ours, theirs) {
            (Some(a), None) => a.clone(),
            (Some(a), Some(b)) => {
                Node { member: a.member && !b.member, children: a.children.difference(&b.children) }
            }
            (None, _) => Node::default(),
        })
    }

    /// [`FieldSet::union`] of sets that are not needed any more: most of the time one of them is empty.
    pub(super) fn joined(self, other: Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (_, true) => self,
            (true, _) => other,
            _ => self.union(&other),
        }
    }

    /// [`FieldSet::difference`] of a set that is not needed any more.
    pub(super) fn minus(mut self, other: &Self) -> Self {
        self.nodes.retain_mut(|(element, node)| {
            if let Some(theirs) = other.get(element) {
                node.member &= !theirs.member;
                node.children = std::mem::take(&mut node.children).minus(&theirs.children);
            }
            !node.is_empty()
        });
        self
    }

    /// What is in this one, which is not needed any more, and neither in the other nor below something in the other.
    pub(super) fn minus_all_below(mut self, other: &Self) -> Self {
        if other.is_empty() {
            return self;
        }
        self.nodes.retain_mut(|(element, node)| {
            let Some(theirs) = other.get(element) else { return true };
            node.children = std::mem::take(&mut node.children).minus_all_below(&theirs.children);
            !theirs.member && !node.is_empty()
        });
        self
    }

    /// The same with the declared fields on the way to members made members; entries of maps and items of lists are not.
    pub(super) fn with_named_fields(&self, types: &Types, of: TypeRef) -> Self {
        let atom = types.resolve(of);
        let nodes = self.nodes.iter().map(|(element, node)| {
            let (below, named) = match element {
                PathElement::Field(name) => match atom.and_then(|atom| atom.map.as_ref()) {
                    Some(map) => (map.of(name), map.fields.contains_key(&**name)),
                    None => (None, false),
                },
                _ => (atom.and_then(|atom| atom.list.as_ref()).and_then(|list| list.element), false),
            };
            let children = match below {
                Some(below) => node.children.with_named_fields(types, Some(below)),
                None => node.children.clone(),
            };
            let member = node.member || (named && !node.children.is_empty());
            (element.clone(), Node { member, children })
        });
        Self { nodes: nodes.collect() }
    }

    /// Calls `visit` with the path of each member: at each level first the members, then what is below each element.
    pub(super) fn visit(&self, path: &mut Vec<PathElement>, visit: &mut impl FnMut(&[PathElement])) {
        for (element, node) in &self.nodes {
            if node.member {
                path.push(element.clone());
                visit(path);
                path.pop();
            }
        }
        for (element, node) in &self.nodes {
            path.push(element.clone());
            node.children.visit(path, visit);
            path.pop();
        }
    }

    /// The paths of the members, as messages write them.
    #[cfg(test)]
    pub(super) fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.visit(&mut Vec::new(), &mut |path| paths.push(path.iter().map(ToString::to_string).collect()));
        paths
    }

    fn zip(&self, other: &Self, both: impl Fn(Option<&Node>, Option<&Node>) -> Node) -> Self {
        let (mut ours, mut theirs) = (self.nodes.iter().peekable(), other.nodes.iter().peekable());
        let mut nodes = Vec::with_capacity(self.nodes.len());
        loop {
            let order = match (ours.peek(), theirs.peek()) {
                (None, None) => return Self { nodes },
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((a, _)), Some((b, _))) => a.cmp(b),
            };
            let a = if order == Ordering::Greater { None } else { ours.next() };
            let b = if order == Ordering::Less { None } else { theirs.next() };
            let node = both(a.map(|(_, node)| node), b.map(|(_, node)| node));
            if let Some((element, _)) = a.or(b)
                && !node.is_empty()
            {
                nodes.push((element.clone(), node));
            }
        }
    }
}

/// The path of a plain one, as `.spec.replicas` or `spec.replicas`.
pub(super) fn path_of_fields(path: &str) -> Vec<PathElement> {
    path.trim_start_matches('.').split('.').map(PathElement::field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(set: &FieldSet) -> Vec<String> {
        set.paths()
    }

    #[test]
    fn sets_are_sets() {
        let a = FieldSet::of_fields(&["spec", "spec.size", "spec.color"]);
        let b = FieldSet::of_fields(&["spec.size", "status"]);
        assert_eq!(paths(&a.union(&b)), [".spec", ".status", ".spec.color", ".spec.size"]);
        assert_eq!(paths(&a.intersection(&b)), [".spec.size"]);
        assert_eq!(paths(&a.difference(&b)), [".spec", ".spec.color"]);
        assert!(a.difference(&a).is_empty());
    }

    #[test]
    fn a_parent_takes_its_children_only_recursively() {
        let a = FieldSet::of_fields(&["spec.size", "kind"]);
        let spec = FieldSet::of_fields(&["spec"]);
        assert_eq!(paths(&a.difference(&spec)), [".kind", ".spec.size"]);
        assert_eq!(paths(&a.clone().minus_all_below(&spec)), [".kind"]);
        assert_eq!(paths(&a.minus(&spec)), [".kind", ".spec.size"]);
    }

    #[test]
    fn paths_are_found() {
        let a = FieldSet::of_fields(&["spec.nested.a"]);
        assert!(a.has_path(&path_of_fields(".spec.nested.a")));
        assert!(!a.has_path(&path_of_fields("spec.nested")) && !a.has_path(&[]));
    }
}
