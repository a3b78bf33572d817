//! [`Structural`] back into OpenAPI v3 JSON.

use serde_json::{Map, Value};

use super::structural::{Additional, Constraints, Extensions, Rule, SchemaType, Structural};

impl Structural {
    /// The `openAPIV3Schema`. What [`Structural::from_openapi`] reads comes out again: keywords that say nothing
    /// (`nullable: false`, empty `properties`) are left out.
    pub fn to_openapi(&self) -> Value {
        let mut out = Writer(Map::new());
        out.text("type", self.type_.map(SchemaType::as_str));
        out.text("format", self.format.as_deref());
        out.text("title", self.title.as_deref());
        out.text("description", self.description.as_deref());
        out.value("default", self.default.as_ref());
        out.value("example", self.example.as_ref());
        out.value("externalDocs", self.external_docs.as_ref());
        out.flag("nullable", self.nullable);
        if !self.properties.is_empty() {
            let properties = self.properties.iter().map(|(name, schema)| (name.clone(), schema.to_openapi()));
            out.put("properties", Value::Object(properties.collect()));
        }
        match &self.additional {
            None => {}
            Some(Additional::Allowed(allowed)) => out.put("additionalProperties", Value::Bool(*allowed)),
            Some(Additional::Schema(schema)) => out.put("additionalProperties", schema.to_openapi()),
        }
        out.schema("items", self.items.as_deref());
        out.branches("allOf", &self.all_of);
        out.branches("anyOf", &self.any_of);
        out.branches("oneOf", &self.one_of);
        out.schema("not", self.not.as_deref());
        out.constraints(&self.constraints);
        out.extensions(&self.extensions);
        Value::Object(out.0)
    }
}

struct Writer(Map<String, Value>);

impl Writer {
    fn put(&mut self, keyword: &str, value: Value) {
        self.0.insert(keyword.to_owned(), value);
    }

    fn value<V: Clone + Into<Value>>(&mut self, keyword: &str, value: Option<&V>) {
        if let Some(value) = value {
            self.put(keyword, value.clone().into());
        }
    }

    fn text(&mut self, keyword: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.put(keyword, text.into());
        }
    }

    fn flag(&mut self, keyword: &str, flag: bool) {
        if flag {
            self.put(keyword, Value::Bool(true));
        }
    }

    fn texts(&mut self, keyword: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.put(keyword, texts.into());
        }
    }

    fn schema(&mut self, keyword: &str, schema: Option<&Structural>) {
        if let Some(schema) = schema {
            self.put(keyword, schema.to_openapi());
        }
    }

    fn branches(&mut self, keyword: &str, branches: &[Structural]) {
        if !branches.is_empty() {
            self.put(keyword, branches.iter().map(Structural::to_openapi).collect());
        }
    }

    fn number(&mut self, keyword: &str, number: Option<&serde_json::Number>) {
        if let Some(number) = number {
            self.put(keyword, Value::Number(number.clone()));
        }
    }

    fn constraints(&mut self, constraints: &Constraints) {
        self.number("minimum", constraints.minimum.as_ref());
        self.flag("exclusiveMinimum", constraints.exclusive_minimum);
        self.number("maximum", constraints.maximum.as_ref());
        self.flag("exclusiveMaximum", constraints.exclusive_maximum);
        self.number("multipleOf", constraints.multiple_of.as_ref());
        self.value("minLength", constraints.min_length.as_ref());
        self.value("maxLength", constraints.max_length.as_ref());
        self.text("pattern", constraints.pattern.as_deref());
        self.value("minItems", constraints.min_items.as_ref());
        self.value("maxItems", constraints.max_items.as_ref());
        self.flag("uniqueItems", constraints.unique_items);
        self.value("minProperties", constraints.min_properties.as_ref());
        self.value("maxProperties", constraints.max_properties.as_ref());
        self.texts("required", &constraints.required);
        self.value("enum", constraints.enumeration.as_ref());
    }

    fn extensions(&mut self, extensions: &Extensions) {
        self.flag("x-kubernetes-preserve-unknown-fields", extensions.preserve_unknown_fields);
        self.flag("x-kubernetes-embedded-resource", extensions.embedded_resource);
        self.flag("x-kubernetes-int-or-string", extensions.int_or_string);
        self.text("x-kubernetes-list-type", extensions.list_type.as_deref());
        self.texts("x-kubernetes-list-map-keys", &extensions.list_map_keys);
        self.text("x-kubernetes-map-type", extensions.map_type.as_deref());
        if !extensions.validations.is_empty() {
            self.put("x-kubernetes-validations", extensions.validations.iter().map(Rule::to_json).collect());
        }
    }
}

impl Rule {
    fn to_json(&self) -> Value {
        let mut out = Writer(Map::new());
        out.text("rule", Some(&self.rule));
        out.text("message", self.message.as_deref());
        out.text("messageExpression", self.message_expression.as_deref());
        out.text("reason", self.reason.as_deref());
        out.text("fieldPath", self.field_path.as_deref());
        out.value("optionalOldSelf", self.optional_old_self.as_ref());
        Value::Object(out.0)
    }
}
