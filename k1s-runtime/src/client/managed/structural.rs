//! Types of custom resources, from their structural schemas.

use std::collections::BTreeMap;

use crate::schema::{Additional, SchemaType, Structural};

use super::shapes;
use super::types::{Atom, DEDUCED, Field, List, ListKind, Map, Scalar, TypeId, TypeRef, Types, UNTYPED};

impl Types {
    /// The types of a custom resource with this schema.
    pub(crate) fn of_schema(schema: &Structural) -> Self {
        let mut types = Self::new();
        let mut atom = types.atom(schema, false);
        let resource = types.resource_fields();
        if let Some(map) = &mut atom.map {
            map.fields.extend(resource);
        }
        types.root = types.add(atom);
        types
    }

    /// The fields that every resource has, whatever its schema says of them.
    fn resource_fields(&mut self) -> [(String, Field); 3] {
        let text = self.add(Atom { scalar: Some(Scalar::String), ..Atom::default() });
        let metadata = shapes::add_metadata(self);
        let field = |name: &str, type_| (name.to_owned(), Field { type_, default: None });
        [field("apiVersion", text), field("kind", text), field("metadata", metadata)]
    }

    fn schema(&mut self, schema: &Structural, preserve: bool) -> TypeId {
        let atom = self.atom(schema, preserve);
        self.add(atom)
    }

    /// `preserve` says whether a schema around this one keeps unknown fields: then this one does too.
    fn atom(&mut self, schema: &Structural, preserve: bool) -> Atom {
        let preserve = preserve || schema.extensions.preserve_unknown_fields;
        let scalar = |kind| Atom { scalar: Some(kind), ..Atom::default() };
        match schema.type_ {
            None => Atom {
                scalar: Some(Scalar::Any),
                list: Some(self.list(schema, preserve)),
                map: Some(self.map(schema, preserve)),
            },
            Some(SchemaType::Object) => Atom { map: Some(self.map(schema, preserve)), ..Atom::default() },
            Some(SchemaType::Array) => Atom { list: Some(self.list(schema, preserve)), ..Atom::default() },
            Some(SchemaType::Integer | SchemaType::Number) => scalar(Scalar::Numeric),
            Some(SchemaType::Boolean) => scalar(Scalar::Boolean),
            Some(SchemaType::String) => match schema.format.as_deref() {
                Some("int-or-string") => scalar(Scalar::Any),
                _ => scalar(Scalar::String),
            },
        }
    }

    fn list(&mut self, schema: &Structural, preserve: bool) -> List {
        let kind = match schema.extensions.list_type.as_deref() {
            Some("set") => ListKind::Set,
            Some("map") => ListKind::Map(schema.extensions.list_map_keys.clone()),
            _ => ListKind::Atomic,
        };
        let element = schema.items.as_deref().map_or(UNTYPED, |items| self.schema(items, preserve));
        List { element: Some(element), kind }
    }

    fn map(&mut self, schema: &Structural, preserve: bool) -> Map {
        let mut fields = BTreeMap::new();
        for (name, property) in &schema.properties {
            let field = Field { type_: self.schema(property, preserve), default: property.default.clone() };
            fields.insert(name.clone(), field);
        }
        if schema.extensions.embedded_resource {
            fields.extend(self.resource_fields());
        }
        let element: TypeRef = match &schema.additional {
            Some(Additional::Schema(values)) => Some(self.schema(values, preserve)),
            Some(Additional::Allowed(allowed)) => allowed.then_some(DEDUCED),
            // An object of which nothing is said may hold anything.
            None => (preserve || schema.properties.is_empty()).then_some(DEDUCED),
        };
        Map { fields, element, atomic: schema.extensions.map_type.as_deref() == Some("atomic") }
    }
}
