//! The part of a structural schema that expressions see: shapes of values, sizes, and rules.

mod build;
mod escape;
mod sizes;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::reserved::needs_escape;

pub use build::SchemaError;
pub use escape::{escape, unescape};

/// A node of a structural schema.
#[derive(Clone, Debug)]
pub struct Schema {
    shape: Shape,
    nullable: bool,
    declared: bool,
    /// `x-kubernetes-preserve-unknown-fields`
    preserved: bool,
    /// The longest that strings, bytes, lists and maps can be, in code points, bytes, elements and entries.
    max_elements: u64,
    /// The fewest bytes that a value takes as JSON.
    min_serialized: u64,
}

/// What values of a schema look like.
#[derive(Clone, Debug)]
pub enum Shape {
    /// `type: boolean`
    Boolean,
    /// `type: integer`
    Integer,
    /// `type: number`: a double, even if written without fraction.
    Number,
    /// `type: string`
    String,
    /// `type: string, format: byte`: bytes, written in base64.
    Bytes,
    /// `type: string, format: date`
    Date,
    /// `type: string, format: date-time`
    DateTime,
    /// `type: string, format: duration`
    Duration,
    /// `x-kubernetes-int-or-string`
    IntOrString,
    /// `type: array`
    List {
        /// The schema of the elements.
        items: Option<Arc<Schema>>,
        /// How lists are compared and added.
        list_type: ListType,
    },
    /// `type: object` with `additionalProperties`
    Map {
        /// The schema of the values.
        values: Arc<Schema>,
    },
    /// `type: object`
    Object(Object),
    /// No type, or one that is not known: expressions do not see such values.
    Unknown,
}

/// `x-kubernetes-list-type`
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ListType {
    /// A value as a whole.
    Atomic,
    /// Scalars without an order.
    Set,
    /// Objects that these fields, escaped for expressions, tell apart.
    Map(Vec<Box<str>>),
}

/// An object with declared properties.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// The properties, by name.
    pub(crate) properties: BTreeMap<Box<str>, Arc<Schema>>,
    /// Whether the schema says `properties` at all.
    pub(crate) has_properties: bool,
}

impl Schema {
    /// What values look like.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Whether values may be null.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// Whether fields that the schema does not know are kept.
    #[must_use]
    pub fn preserves_unknown_fields(&self) -> bool {
        self.preserved
    }

    /// Whether expressions see values of this schema.
    #[must_use]
    pub fn is_declared(&self) -> bool {
        self.declared
    }

    /// The longest that strings, bytes, lists and maps can be, in code points, bytes, elements and entries.
    #[must_use]
    pub fn max_elements(&self) -> u64 {
        self.max_elements
    }

    /// The fewest bytes that a value takes as JSON.
    #[must_use]
    pub fn min_serialized(&self) -> u64 {
        self.min_serialized
    }

    /// Whether an object's schema knows a property.
    #[must_use]
    pub fn has_property(&self, name: &str) -> bool {
        matches!(&self.shape, Shape::Object(object) if object.properties.contains_key(name))
    }

    /// The names of an object's properties that expressions see, as they write them.
    pub fn field_names(&self) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        let properties = match &self.shape {
            Shape::Object(object) => Some(&object.properties),
            _ => None,
        };
        properties
            .into_iter()
            .flatten()
            .filter(|(_, schema)| schema.declared)
            .filter_map(|(name, _)| escape(name))
    }

    /// The property that is written `identifier` in expressions, if they see it.
    #[must_use]
    pub fn field(&self, identifier: &str) -> Option<(&str, &Arc<Schema>)> {
        let Shape::Object(object) = &self.shape else { return None };
        let named = unescape(identifier).and_then(|name| object.properties.get_key_value(&*name));
        // kube-apiserver takes CEL's reserved words as field names without their escape, too.
        let (name, schema) = match named {
            Some(found) if escape(found.0).as_deref() == Some(identifier) || needs_escape(identifier) => {
                found
            }
            _ => return None,
        };
        schema.declared.then_some((name, schema))
    }
}
