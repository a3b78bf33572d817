//! What ownership needs to know of a kind: which values are single fields, and which fall into parts that may have different
//! owners.

use std::collections::BTreeMap;

use serde_json::Value;

/// A type; `None` where nothing is declared.
pub(super) type TypeRef = Option<TypeId>;

/// The place of a type in its [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TypeId(usize);

/// Any value; maps fall into their entries, lists do not.
pub(super) const DEDUCED: TypeId = TypeId(0);
/// Any value, as one.
pub(super) const UNTYPED: TypeId = TypeId(1);

/// The types of a version of a kind. They may contain themselves, so they name each other by their places.
#[derive(Debug)]
pub(crate) struct Types {
    atoms: Vec<Atom>,
    pub(super) root: TypeId,
}

/// What a value of a type may be. Types that are any value are all three.
#[derive(Clone, Debug, Default)]
pub(super) struct Atom {
    pub(super) scalar: Option<Scalar>,
    pub(super) list: Option<List>,
    pub(super) map: Option<Map>,
}

/// Which scalars a type takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    Numeric,
    String,
    Boolean,
    Any,
}

/// A list.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) element: TypeRef,
    pub(super) kind: ListKind,
}

/// `x-kubernetes-list-type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ListKind {
    /// The list is one field.
    Atomic,
    /// Its items are fields, named by themselves.
    Set,
    /// Its items are fields, named by these of their own fields.
    Map(Vec<String>),
}

/// A struct or a map.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    /// The declared fields.
    pub(super) fields: BTreeMap<String, Field>,
    /// The type of every other one.
    pub(super) element: TypeRef,
    /// Whether it is one field.
    pub(super) atomic: bool,
}

/// A declared field.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) type_: TypeId,
    pub(super) default: Option<Value>,
}

impl Map {
    /// The type of a field or entry.
    pub(super) fn of(&self, name: &str) -> TypeRef {
        self.fields.get(name).map(|field| field.type_).or(self.element)
    }
}

impl Types {
    /// The types that every other set of types has.
    pub(super) fn new() -> Self {
        let any = |element, atomic| Atom {
            scalar: Some(Scalar::Any),
            list: Some(List { element: Some(UNTYPED), kind: ListKind::Atomic }),
            map: Some(Map { fields: BTreeMap::new(), element: Some(element), atomic }),
        };
        Self { atoms: vec![any(DEDUCED, false), any(UNTYPED, true)], root: DEDUCED }
    }

    /// Adds a type.
    pub(super) fn add(&mut self, atom: Atom) -> TypeId {
        self.atoms.push(atom);
        TypeId(self.atoms.len() - 1)
    }

    /// Gives a type that was added its meaning.
    pub(super) fn set(&mut self, id: TypeId, atom: Atom) {
        if let Some(slot) = self.atoms.get_mut(id.0) {
            *slot = atom;
        }
    }

    /// The type of the object.
    pub(super) fn root_map(&self) -> Option<&Map> {
        self.resolve(Some(self.root))?.map.as_ref()
    }

    /// What a type is.
    pub(super) fn resolve(&self, type_: TypeRef) -> Option<&Atom> {
        self.atoms.get(type_?.0)
    }
}

/// Which part of a type a value is of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'a> {
    Scalar(Scalar),
    List(&'a List),
    Map(&'a Map),
}

impl Part<'_> {
    /// Whether both are the same part of a type.
    pub(super) fn is_same(self, other: Part<'_>) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

impl Atom {
    /// The part that a value is of; where it is of none, as null, the first that there is.
    pub(super) fn part(&self, value: Option<&Value>) -> Option<Part<'_>> {
        let scalar = self.scalar.map(Part::Scalar);
        let list = self.list.as_ref().map(Part::List);
        let map = self.map.as_ref().map(Part::Map);
        let own = match value {
            Some(Value::String(_) | Value::Number(_) | Value::Bool(_)) => scalar,
            Some(Value::Array(_)) => list,
            Some(Value::Object(_)) => map,
            Some(Value::Null) | None => None,
        };
        own.or(map).or(scalar).or(list)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn any_value_is_deduced_from_the_value() {
        let types = Types::new();
        let deduced = types.resolve(Some(DEDUCED)).unwrap();
        assert!(matches!(deduced.part(Some(&json!(1))), Some(Part::Scalar(Scalar::Any))));
        assert!(matches!(deduced.part(Some(&json!([]))), Some(Part::List(_))));
        assert!(matches!(deduced.part(Some(&json!(null))), Some(Part::Map(map)) if !map.atomic));
        assert!(types.resolve(None).is_none());
    }
}
