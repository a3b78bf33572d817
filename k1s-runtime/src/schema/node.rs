//! The compiled form of a schema: what prune, default and validate walk.
//!
//! Grouped so that a value meets only the rules for its own kind, with numbers converted, patterns ready and formats looked
//! up. Built once; nothing in it changes afterwards except patterns, which compile on first use.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

use super::formats::{self, Format};
use super::pattern::Pattern;
use super::structural::{Additional, Constraints, SchemaType, Structural};
use super::validate::number;

/// One compiled schema.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) types: Types,
    pub(super) nullable: bool,
    /// The word after `format:`; empty if none.
    pub(super) format_name: String,
    /// The format's check, if the API server knows the format.
    pub(super) format: Option<&'static Format>,
    pub(super) default: Option<Value>,
    pub(super) text: Option<Box<TextRules>>,
    pub(super) number: NumberRules,
    pub(super) list: ListRules,
    pub(super) object: ObjectRules,
    /// `enum`; empty if none.
    pub(super) enumeration: Vec<Value>,
    pub(super) logic: Option<Box<Logic>>,
    pub(super) properties: BTreeMap<String, Node>,
    pub(super) additional: NodeAdditional,
    pub(super) items: Option<Box<Node>>,
    pub(super) preserve: bool,
    pub(super) embedded: bool,
    /// Whether a list below (or here) must be checked for duplicates.
    pub(super) has_unique_lists: bool,
    /// Whether an object below (or here) is a resource.
    pub(super) has_embedded: bool,
    pub(super) has_rules: bool,
    /// Whether there is a default below (or here).
    pub(super) has_defaults: bool,
}

/// The types that a value may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Types {
    /// Any.
    #[default]
    Any,
    /// One.
    One(SchemaType),
    /// `x-kubernetes-int-or-string`.
    IntOrString,
}

/// `additionalProperties`.
#[derive(Debug, Default)]
pub(super) enum NodeAdditional {
    #[default]
    Unspecified,
    Allowed(bool),
    Schema(Box<Node>),
}

#[derive(Debug)]
pub(super) struct TextRules {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) pattern: Option<Pattern>,
}

#[derive(Debug, Default)]
pub(super) struct NumberRules {
    pub(super) min: Option<Bound>,
    pub(super) exclusive_min: bool,
    pub(super) max: Option<Bound>,
    pub(super) exclusive_max: bool,
    pub(super) multiple_of: Option<Bound>,
}

/// A bound as the API server sees it: a double, cut to an integer for integral values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) float: f64,
    pub(super) int: i64,
    /// Whether the bound itself fits the schema's type and format. If not, that is an error of every value.
    pub(super) fits: bool,
}

#[derive(Debug, Default)]
pub(super) struct ListRules {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) unique: bool,
    pub(super) kind: ListKind,
}

/// `x-kubernetes-list-type`.
#[derive(Debug, Default, PartialEq)]
pub(super) enum ListKind {
    #[default]
    Atomic,
    Set,
    Map(Vec<String>),
}

#[derive(Debug, Default)]
pub(super) struct ObjectRules {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) required: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Logic {
    pub(super) all_of: Vec<Node>,
    pub(super) any_of: Vec<Node>,
    pub(super) one_of: Vec<Node>,
    pub(super) not: Option<Node>,
}

/// What a schema is read for. The API server reads it in two ways.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// To validate objects.
    Objects,
    /// To check the defaults in it: int-or-string is no type then, and formats stand wherever they were written.
    Defaults,
}

impl Node {
    /// Compiles a schema that objects are validated with.
    pub(super) fn build(schema: &Structural) -> Self {
        Self::read(schema, Reading::Objects)
    }

    pub(super) fn read(schema: &Structural, reading: Reading) -> Self {
        let extensions = &schema.extensions;
        let constraints = &schema.constraints;
        let read = |child: &Structural| Node::read(child, reading);
        let types = match schema.type_ {
            _ if extensions.int_or_string && reading == Reading::Objects => Types::IntOrString,
            Some(type_) => Types::One(type_),
            None => Types::Any,
        };
        let format_name = format_name(schema, types, reading);
        let kind = match extensions.list_type.as_deref() {
            Some("set") => ListKind::Set,
            Some("map") => ListKind::Map(extensions.list_map_keys.clone()),
            _ => ListKind::Atomic,
        };
        let mut node = Self {
            types,
            nullable: schema.nullable,
            format: formats::find(&format_name),
            default: None,
            text: text_rules(constraints),
            number: number_rules(constraints, types, &format_name),
            list: ListRules {
                min: constraints.min_items,
                max: constraints.max_items,
                unique: constraints.unique_items,
                kind,
            },
            object: ObjectRules {
                min: constraints.min_properties,
                max: constraints.max_properties,
                required: constraints.required.clone(),
            },
            enumeration: constraints.enumeration.clone().unwrap_or_default(),
            logic: logic(schema, &read),
            properties: schema.properties.iter().map(|(name, child)| (name.clone(), read(child))).collect(),
            additional: match &schema.additional {
                None => NodeAdditional::Unspecified,
                Some(Additional::Allowed(allowed)) => NodeAdditional::Allowed(*allowed),
                Some(Additional::Schema(child)) => NodeAdditional::Schema(Box::new(read(child))),
            },
            items: schema.items.as_deref().map(|child| Box::new(read(child))),
            preserve: extensions.preserve_unknown_fields,
            embedded: extensions.embedded_resource,
            has_unique_lists: false,
            has_embedded: extensions.embedded_resource,
            has_rules: !extensions.validations.is_empty(),
            has_defaults: schema.default.is_some(),
            format_name,
        };
        let is_unique = node.list.kind != ListKind::Atomic;
        node.has_unique_lists = is_unique || node.children().any(|child| child.has_unique_lists);
        node.has_embedded = node.has_embedded || node.children().any(|child| child.has_embedded);
        node.has_rules = node.has_rules || node.children().any(|child| child.has_rules);
        node.has_defaults = node.has_defaults || node.children().any(|child| child.has_defaults);
        // The server drops from a default what its own schema does not know.
        node.default = schema.default.clone().map(|mut default| {
            node.prune_default(&mut default);
            default
        });
        node
    }

    fn children(&self) -> impl Iterator<Item = &Node> {
        self.properties.values().chain(self.additional_schema()).chain(self.items.as_deref())
    }

    /// The schema of map values.
    pub(super) fn additional_schema(&self) -> Option<&Node> {
        match &self.additional {
            NodeAdditional::Schema(node) => Some(node),
            _ => None,
        }
    }

    /// The schema of a property or map value.
    pub(super) fn child(&self, key: &str) -> Option<&Node> {
        self.properties.get(key).or_else(|| self.additional_schema())
    }
}

/// The format that is checked; empty if none is.
fn format_name(schema: &Structural, types: Types, reading: Reading) -> String {
    let name = schema.format.clone().unwrap_or_default();
    let type_ = match types {
        Types::One(type_) => type_.as_str(),
        Types::Any | Types::IntOrString => "",
    };
    if reading == Reading::Defaults || formats::recognized(type_, &name).is_some() {
        name
    } else {
        String::new()
    }
}

fn text_rules(constraints: &Constraints) -> Option<Box<TextRules>> {
    let pattern = constraints.pattern.as_deref().filter(|pattern| !pattern.is_empty());
    let rules = TextRules {
        min: constraints.min_length,
        max: constraints.max_length,
        pattern: pattern.map(Pattern::new),
    };
    let any = rules.min.is_some() || rules.max.is_some() || rules.pattern.is_some();
    any.then(|| Box::new(rules))
}

fn number_rules(constraints: &Constraints, types: Types, format: &str) -> NumberRules {
    let bound = |number: &Option<Number>| {
        let float = number.as_ref()?.as_f64()?;
        Some(Bound {
            float,
            int: number::truncate(float),
            fits: number::fits(number::Num::Float(float), types, format),
        })
    };
    NumberRules {
        min: bound(&constraints.minimum),
        exclusive_min: constraints.exclusive_minimum,
        max: bound(&constraints.maximum),
        exclusive_max: constraints.exclusive_maximum,
        multiple_of: bound(&constraints.multiple_of),
    }
}

fn logic(schema: &Structural, read: &impl Fn(&Structural) -> Node) -> Option<Box<Logic>> {
    let any = !schema.all_of.is_empty()
        || !schema.any_of.is_empty()
        || !schema.one_of.is_empty()
        || schema.not.is_some();
    let build = |branches: &[Structural]| branches.iter().map(read).collect();
    any.then(|| {
        Box::new(Logic {
            all_of: build(&schema.all_of),
            any_of: build(&schema.any_of),
            one_of: build(&schema.one_of),
            not: schema.not.as_deref().map(read),
        })
    })
}
