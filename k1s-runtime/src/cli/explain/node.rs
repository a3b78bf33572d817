//! A subschema as the renderers see it.

use serde_json::{Map, Value};

/// Where references lead to.
const TYPES: &str = "#/$defs/";

/// A subschema of a document. Reading what is missing or mistyped answers nothing.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    schema: &'a Value,
    types: &'a Map<String, Value>,
}

impl<'a> Node<'a> {
    /// A subschema, and the types that references in it may name.
    pub(super) fn new(schema: &'a Value, types: &'a Map<String, Value>) -> Self {
        Self { schema, types }
    }

    fn at(self, schema: &'a Value) -> Self {
        Self { schema, ..self }
    }

    fn keyword(self, name: &str) -> Option<&'a Value> {
        self.schema.get(name)
    }

    /// Name of the type that this is a reference to.
    pub(super) fn reference(self) -> Option<&'a str> {
        self.keyword("$ref")?.as_str()?.strip_prefix(TYPES)
    }

    /// What a reference refers to; itself if it is none, or leads nowhere.
    pub(super) fn resolved(self) -> Self {
        self.reference().and_then(|name| self.types.get(name)).map_or(self, |schema| self.at(schema))
    }

    /// `description`, if there is one and it is not empty.
    pub(super) fn description(self) -> Option<&'a str> {
        self.keyword("description")?.as_str().filter(|text| !text.is_empty())
    }

    /// `type`, empty if there is none.
    pub(super) fn type_name(self) -> &'a str {
        self.keyword("type").and_then(Value::as_str).unwrap_or_default()
    }

    /// `enum`, if it is not empty.
    pub(super) fn enumeration(self) -> Option<&'a [Value]> {
        self.keyword("enum")?.as_array().map(Vec::as_slice).filter(|values| !values.is_empty())
    }

    /// `properties`, by name.
    pub(super) fn properties(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let properties = self.keyword("properties").and_then(Value::as_object);
        properties.into_iter().flatten().map(move |(name, schema)| (name.as_str(), self.at(schema)))
    }

    /// One of `properties`.
    pub(super) fn property(self, name: &str) -> Option<Self> {
        Some(self.at(self.keyword("properties")?.get(name)?))
    }

    /// Whether `required` has the name.
    pub(super) fn requires(self, name: &str) -> bool {
        let required = self.keyword("required").and_then(Value::as_array);
        required.is_some_and(|names| names.iter().any(|required| required == name))
    }

    /// `items`.
    pub(super) fn items(self) -> Option<Self> {
        self.keyword("items").map(|schema| self.at(schema))
    }

    /// `additionalProperties`, if it is a schema.
    pub(super) fn map_values(self) -> Option<Self> {
        self.keyword("additionalProperties").filter(|schema| schema.is_object()).map(|schema| self.at(schema))
    }

    /// `allOf`.
    pub(super) fn all_of(self) -> impl ExactSizeIterator<Item = Node<'a>> {
        let branches = self.keyword("allOf").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        branches.iter().map(move |schema| self.at(schema))
    }

    /// What explain calls the type: `string`, `Object`, `[]Object`, `map[string]string`, `ObjectMeta`, ….
    pub(super) fn type_guess(self) -> String {
        if let Some(items) = self.items() {
            return format!("[]{}", items.type_guess());
        }
        if let Some(values) = self.map_values() {
            return format!("map[string]{}", values.type_guess());
        }
        let mut branches = self.all_of();
        if let (1, Some(only), None) = (branches.len(), branches.next(), self.properties().next()) {
            return only.type_guess();
        }
        let target = self.resolved().type_name();
        match self.reference() {
            Some(name) if matches!(target, "" | "object") => {
                name.rsplit('.').next().filter(|name| !name.is_empty()).unwrap_or("Object").to_owned()
            }
            _ if matches!(target, "" | "object") => "Object".to_owned(),
            _ => target.to_owned(),
        }
    }
}
