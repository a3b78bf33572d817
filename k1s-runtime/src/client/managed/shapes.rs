//! Types of the core kinds, and of the metadata of all kinds, from the tables that they are decoded with.

use std::collections::HashMap;

use crate::client::shape::{ListPatch, OBJECT_META, Shape, Struct};

use super::types::{Atom, DEDUCED, Field, List, ListKind, Map, Scalar, TypeId, Types};

/// The structs with `x-kubernetes-map-type: atomic` in the server's OpenAPI.
const ATOMIC: &[&str] = &[
    "LabelSelector",
    "LocalObjectReference",
    "ObjectReference",
    "OwnerReference",
    "RoleRef",
    "Subject",
    "TypedLocalObjectReference",
];

impl Types {
    /// The types of a core kind.
    pub(crate) fn of_shape(root: &'static Struct) -> Self {
        let mut types = Self::new();
        types.root = Shapes { types: &mut types, known: HashMap::new() }.structure(root);
        types
    }
}

/// Adds the type of `metadata`.
pub(super) fn add_metadata(types: &mut Types) -> TypeId {
    Shapes { types, known: HashMap::new() }.structure(&OBJECT_META)
}

struct Shapes<'a> {
    types: &'a mut Types,
    /// The structs that have a type already, by address: some contain themselves.
    known: HashMap<*const Struct, TypeId>,
}

impl Shapes<'_> {
    fn structure(&mut self, structure: &'static Struct) -> TypeId {
        if let Some(known) = self.known.get(&std::ptr::from_ref(structure)) {
            return *known;
        }
        let id = self.types.add(Atom::default());
        self.known.insert(std::ptr::from_ref(structure), id);
        let fields = structure.fields.iter().map(|field| {
            let type_ = self.shape(field.shape, field.list);
            (field.name.to_owned(), Field { type_, default: None })
        });
        let map = Map { fields: fields.collect(), element: None, atomic: ATOMIC.contains(&structure.name) };
        self.types.set(id, Atom { map: Some(map), ..Atom::default() });
        id
    }

    fn shape(&mut self, shape: Shape, patch: ListPatch) -> TypeId {
        let scalar = |kind| Atom { scalar: Some(kind), ..Atom::default() };
        let atom = match shape {
            Shape::Text | Shape::Bytes | Shape::Time | Shape::MicroTime => scalar(Scalar::String),
            Shape::Bool => scalar(Scalar::Boolean),
            Shape::Int32 | Shape::Int64 | Shape::Float64 => scalar(Scalar::Numeric),
            Shape::Struct(structure) => return self.structure(structure),
            Shape::SchemaOrArray | Shape::SchemaOrBool | Shape::Any => return DEDUCED,
            Shape::Map(values) => {
                let element = Some(self.shape(*values, ListPatch::Replace));
                Atom { map: Some(Map { element, ..Map::default() }), ..Atom::default() }
            }
            Shape::List(items) => {
                let element = Some(self.shape(*items, ListPatch::Replace));
                // The list types of these kinds are those of their patch strategies.
                let kind = match patch {
                    ListPatch::Replace => ListKind::Atomic,
                    ListPatch::Merge => ListKind::Set,
                    ListPatch::MergeBy(key) => ListKind::Map(vec![key.to_owned()]),
                };
                Atom { list: Some(List { element, kind }), ..Atom::default() }
            }
        };
        self.types.add(atom)
    }
}
