//! Ownership that was written down when the schema was another.
//!
//! A list or map that was owned in parts and is one field now is owned as one, and a list that was one field and falls into items
//! now is owned item by item. A map that fell into entries meanwhile cannot be told from an empty one and stays what it was: its
//! owner has the map, and the entries with the next write that names them.

use crate::api::Object;

use super::element::PathElement;
use super::fields::fields;
use super::set::{FieldSet, Node};
use super::types::{List, ListKind, Map, Part, TypeRef, Types};

/// A set of fields as the types have them today; `None` if that is what it is.
pub(super) fn reconcile(types: &Types, live: &Object, set: &FieldSet) -> Option<FieldSet> {
    let mut walk = Walk { types, all: None, live, changed: false };
    let root = Node { member: false, children: set.clone() };
    let node = walk.node(Some(types.root), &root, &mut Vec::new());
    walk.changed.then_some(node.children)
}

struct Walk<'a> {
    types: &'a Types,
    live: &'a Object,
    /// The fields of the live object, once they are needed.
    all: Option<FieldSet>,
    changed: bool,
}

impl Walk<'_> {
    fn node(&mut self, of: TypeRef, node: &Node, path: &mut Vec<PathElement>) -> Node {
        let Some(atom) = self.types.resolve(of) else { return node.clone() };
        // The type says what ownership is of, not the value: a type that is any value is taken as a map.
        match atom.part(None) {
            Some(Part::Map(map)) => self.map(map, node, path),
            Some(Part::List(list)) => self.list(list, node, path),
            _ => node.clone(),
        }
    }

    fn map(&mut self, map: &Map, node: &Node, path: &mut Vec<PathElement>) -> Node {
        if map.atomic {
            return self.as_one(node);
        }
        let children = node.children.nodes().iter().map(|(element, child)| {
            let below = match element {
                PathElement::Field(name) => map.of(name),
                _ => None,
            };
            path.push(element.clone());
            let child = self.node(below, child, path);
            path.pop();
            (element.clone(), child)
        });
        Node { member: node.member, children: FieldSet::of(children.collect()) }
    }

    fn list(&mut self, list: &List, node: &Node, path: &mut Vec<PathElement>) -> Node {
        if list.kind == ListKind::Atomic {
            return self.as_one(node);
        }
        if node.member && node.children.is_empty() {
            return self.in_parts(path);
        }
        let children = node.children.nodes().iter().map(|(element, child)| {
            path.push(element.clone());
            let child = self.node(list.element, child, path);
            path.pop();
            (element.clone(), child)
        });
        Node { member: node.member, children: FieldSet::of(children.collect()) }
    }

    /// What is owned in parts is one field now.
    fn as_one(&mut self, node: &Node) -> Node {
        if node.children.is_empty() {
            return node.clone();
        }
        self.changed = true;
        Node { member: true, children: FieldSet::default() }
    }

    /// What is owned as one field falls into the parts that the live object has.
    fn in_parts(&mut self, path: &[PathElement]) -> Node {
        self.changed = true;
        let children = self.fields_at(path).map(|node| node.children.clone()).unwrap_or_default();
        Node { member: true, children }
    }

    fn fields_at(&mut self, path: &[PathElement]) -> Option<&Node> {
        let (first, rest) = path.split_first()?;
        let all = self.all.get_or_insert_with(|| fields(self.types, self.live));
        rest.iter().try_fold(all.get(first)?, |node, element| node.children.get(element))
    }
}
