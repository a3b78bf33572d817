//! The intermediate representation: an OpenAPI v3 schema as a CustomResourceDefinition may hold it, with the
//! `x-kubernetes-*` extensions, as plain data.
//!
//! Everything else in this room either makes a [`Structural`] (from OpenAPI, from a Rust type) or works from one (emit,
//! compile). It does not check that the schema is structural; [`super::crd::validate_crd`] does.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

/// An OpenAPI v3 schema with Kubernetes' extensions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Structural {
    /// `type`. `None` accepts every type that the rest of the schema accepts.
    pub type_: Option<SchemaType>,
    /// `format`.
    pub format: Option<String>,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `default`. Never null: the API server reads a null default as none.
    pub default: Option<Value>,
    /// `example`.
    pub example: Option<Value>,
    /// `externalDocs`.
    pub external_docs: Option<Value>,
    /// `nullable`.
    pub nullable: bool,
    /// `properties`.
    pub properties: BTreeMap<String, Structural>,
    /// `additionalProperties`.
    pub additional: Option<Additional>,
    /// `items`.
    pub items: Option<Box<Structural>>,
    /// The constraints on a single value.
    pub constraints: Constraints,
    /// `allOf`.
    pub all_of: Vec<Structural>,
    /// `anyOf`.
    pub any_of: Vec<Structural>,
    /// `oneOf`.
    pub one_of: Vec<Structural>,
    /// `not`.
    pub not: Option<Box<Structural>>,
    /// The `x-kubernetes-*` keys.
    pub extensions: Extensions,
}

/// `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchemaType {
    /// `object`.
    Object,
    /// `array`.
    Array,
    /// `string`.
    String,
    /// `integer`.
    Integer,
    /// `number`.
    Number,
    /// `boolean`.
    Boolean,
}

impl SchemaType {
    /// The word in the schema.
    pub fn as_str(self) -> &'static str {
        match self {
            SchemaType::Object => "object",
            SchemaType::Array => "array",
            SchemaType::String => "string",
            SchemaType::Integer => "integer",
            SchemaType::Number => "number",
            SchemaType::Boolean => "boolean",
        }
    }

    /// The type of that name. `None` for anything else, `null` included.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "object" => SchemaType::Object,
            "array" => SchemaType::Array,
            "string" => SchemaType::String,
            "integer" => SchemaType::Integer,
            "number" => SchemaType::Number,
            "boolean" => SchemaType::Boolean,
            _ => return None,
        })
    }
}

/// `additionalProperties`.
#[derive(Clone, Debug, PartialEq)]
pub enum Additional {
    /// `true` or `false`.
    Allowed(bool),
    /// The schema of each value.
    Schema(Box<Structural>),
}

/// Keywords that constrain one value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// `minimum`.
    pub minimum: Option<Number>,
    /// `exclusiveMinimum`, in the OpenAPI 3.0 sense: whether `minimum` itself is refused.
    pub exclusive_minimum: bool,
    /// `maximum`.
    pub maximum: Option<Number>,
    /// `exclusiveMaximum`, likewise.
    pub exclusive_maximum: bool,
    /// `multipleOf`.
    pub multiple_of: Option<Number>,
    /// `minLength`, in code points.
    pub min_length: Option<i64>,
    /// `maxLength`, in code points.
    pub max_length: Option<i64>,
    /// `pattern`, in Go's RE2 syntax, unanchored.
    pub pattern: Option<String>,
    /// `minItems`.
    pub min_items: Option<i64>,
    /// `maxItems`.
    pub max_items: Option<i64>,
    /// `uniqueItems`.
    pub unique_items: bool,
    /// `minProperties`.
    pub min_properties: Option<i64>,
    /// `maxProperties`.
    pub max_properties: Option<i64>,
    /// `required`.
    pub required: Vec<String>,
    /// `enum`. `Some` of an empty list is accepted and refuses nothing, as in the API server.
    pub enumeration: Option<Vec<Value>>,
}

/// The `x-kubernetes-*` keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extensions {
    /// `x-kubernetes-preserve-unknown-fields`.
    pub preserve_unknown_fields: bool,
    /// `x-kubernetes-embedded-resource`.
    pub embedded_resource: bool,
    /// `x-kubernetes-int-or-string`.
    pub int_or_string: bool,
    /// `x-kubernetes-list-type`: `atomic`, `set` or `map`.
    pub list_type: Option<String>,
    /// `x-kubernetes-list-map-keys`.
    pub list_map_keys: Vec<String>,
    /// `x-kubernetes-map-type`: `atomic` or `granular`.
    pub map_type: Option<String>,
    /// `x-kubernetes-validations`.
    pub validations: Vec<Rule>,
}

/// One entry of `x-kubernetes-validations`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// The CEL expression.
    pub rule: String,
    /// `message`.
    pub message: Option<String>,
    /// `messageExpression`.
    pub message_expression: Option<String>,
    /// `reason`.
    pub reason: Option<String>,
    /// `fieldPath`.
    pub field_path: Option<String>,
    /// `optionalOldSelf`.
    pub optional_old_self: Option<bool>,
}

impl Structural {
    /// A schema of one type and nothing else.
    pub fn of(type_: SchemaType) -> Self {
        Self { type_: Some(type_), ..Self::default() }
    }

    /// Whether this schema or one below it has `x-kubernetes-validations`.
    pub fn has_rules(&self) -> bool {
        !self.extensions.validations.is_empty() || self.children().any(Structural::has_rules)
    }

    /// The schemas right below: properties, map values and items. Branches of `allOf` and the like are not children.
    pub fn children(&self) -> impl Iterator<Item = &Structural> {
        let additional = match &self.additional {
            Some(Additional::Schema(schema)) => Some(&**schema),
            _ => None,
        };
        self.properties.values().chain(additional).chain(self.items.as_deref())
    }
}
