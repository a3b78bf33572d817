//! Keywords as the schema spells them: OpenAPI v3 and Kubernetes' extensions.

use std::borrow::Cow;

use darling::util::Override;
use serde_json::{Map, Value, json};

use crate::literal::{JsonText, Names};
use crate::parse::{DocsArgs, Keywords, RuleArgs};

impl Keywords {
    /// The keywords that are known when the macro runs. Defaults and examples that are Rust expressions are missing.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut map = Map::new();
        self.put_numbers(&mut map);
        self.put_texts(&mut map);
        self.put_flags(&mut map);
        if let Some(values) = &self.enum_values {
            map.insert("enum".into(), values.values.iter().map(|(value, _)| value.clone()).collect());
        }
        if let Some(items) = &self.items {
            map.insert("items".into(), Value::Object(items.to_json()));
        }
        if let Some(docs) = &self.external_docs {
            map.insert("externalDocs".into(), docs.to_json());
        }
        if !self.list_map_key.is_empty() {
            let keys = self.list_map_key.iter().map(|key| Value::from(key.as_str())).collect();
            map.insert("x-kubernetes-list-map-keys".into(), keys);
        }
        for (keyword, given) in [("default", &self.default), ("example", &self.example)] {
            if let Some(literal) = given.as_ref().and_then(|given| given.literal.clone()) {
                map.insert(keyword.into(), literal);
            }
        }
        let rules = self.rules();
        if !rules.is_empty() {
            map.insert("x-kubernetes-validations".into(), Value::Array(rules));
        }
        map.extend(self.openapi.as_ref().map(JsonText::layer));
        map
    }

    /// Whether the Rust type's own schema is put aside.
    pub(crate) fn replaces_schema(&self) -> bool {
        self.type_.is_some() || self.schemaless.is_present() || self.int_or_string.is_present()
    }

    /// Whether the server fills in a value.
    pub(crate) fn has_default(&self) -> bool {
        let layer = self.openapi.as_ref().and_then(|layer| layer.keywords.get("default"));
        self.default.is_some() || layer.is_some_and(|default| !default.is_null())
    }

    /// Whether anything was said.
    pub(crate) fn say_something(&self) -> bool {
        let given = self.default.is_some() || self.example.is_some() || self.schemaless.is_present();
        given || !self.to_json().is_empty()
    }

    fn put_numbers(&self, map: &mut Map<String, Value>) {
        for (keyword, given) in [
            ("maximum", &self.maximum),
            ("minimum", &self.minimum),
            ("multipleOf", &self.multiple_of),
            ("maxLength", &self.max_length),
            ("minLength", &self.min_length),
            ("maxItems", &self.max_items),
            ("minItems", &self.min_items),
            ("maxProperties", &self.max_properties),
            ("minProperties", &self.min_properties),
        ] {
            if let Some(number) = given {
                map.insert(keyword.into(), Value::Number(number.value.clone()));
            }
        }
        for (bound, keyword, given) in [
            ("maximum", "exclusiveMaximum", &self.exclusive_maximum),
            ("minimum", "exclusiveMinimum", &self.exclusive_minimum),
        ] {
            let Some(given) = given else { continue };
            map.insert(keyword.into(), Value::Bool(true));
            if let Override::Explicit(number) = given.as_ref() {
                map.insert(bound.into(), Value::Number(number.value.clone()));
            }
        }
    }

    fn put_texts(&self, map: &mut Map<String, Value>) {
        for (keyword, given) in [
            ("pattern", &self.pattern),
            ("format", &self.format),
            ("type", &self.type_),
            ("title", &self.title),
            ("x-kubernetes-list-type", &self.list_type),
            ("x-kubernetes-map-type", &self.map_type),
            ("x-kubernetes-map-type", &self.struct_type),
        ] {
            if let Some(text) = given {
                map.insert(keyword.into(), Value::from(text.as_str()));
            }
        }
    }

    fn put_flags(&self, map: &mut Map<String, Value>) {
        // A value of which nothing is said would be pruned to nothing.
        let keep = self.schemaless.is_present() && self.type_.is_none() && !self.int_or_string.is_present();
        for (keyword, given) in [
            ("nullable", self.nullable.is_present()),
            ("x-kubernetes-preserve-unknown-fields", keep || self.preserve_unknown_fields.is_present()),
            ("x-kubernetes-embedded-resource", self.embedded_resource.is_present()),
            ("x-kubernetes-int-or-string", self.int_or_string.is_present()),
        ] {
            if given {
                map.insert(keyword.into(), Value::Bool(true));
            }
        }
        if self.unique_items.is_present() {
            // API servers refuse `uniqueItems`; a set says the same.
            map.insert("x-kubernetes-list-type".into(), "set".into());
        }
        if self.embedded_resource.is_present() {
            map.insert("type".into(), "object".into());
        }
    }

    fn rules(&self) -> Vec<Value> {
        let mut rules = rules_json(&self.validation);
        for (lists, comparison, verdict) in [
            (&self.at_most_one_of, "<= 1", "at most one of the fields in {} may be set"),
            (&self.exactly_one_of, "== 1", "exactly one of the fields in {} must be set"),
            (&self.at_least_one_of, ">= 1", "at least one of the fields in {} must be set"),
        ] {
            rules.extend(lists.iter().map(|names| names.rule(comparison, verdict)));
        }
        if self.immutable.is_present() {
            rules.push(json!({ "rule": "self == oldSelf", "message": "field is immutable" }));
        }
        rules
    }
}

impl Names {
    fn rule(&self, comparison: &str, verdict: &str) -> Value {
        let set: Vec<String> =
            self.names.iter().map(|(name, _)| format!("has(self.{})", cel_name(name))).collect();
        let listed: Vec<&str> = self.names.iter().map(|(name, _)| name.as_str()).collect();
        json!({
            "rule": format!("[{}].filter(x, x == true).size() {comparison}", set.join(", ")),
            "message": verdict.replace("{}", &format!("[{}]", listed.join(" "))),
        })
    }
}

/// The keyword by which the runtime is told of OpenAPI keywords that lie over a schema.
pub(crate) const LAYERS: &str = "x-k1s-openapi";

impl JsonText {
    /// [`LAYERS`], and the list of this one.
    pub(crate) fn layer(&self) -> (String, Value) {
        (LAYERS.to_owned(), json!([self.keywords]))
    }
}

impl DocsArgs {
    fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("url".into(), self.url.as_str().into());
        if let Some(description) = &self.description {
            map.insert("description".into(), description.as_str().into());
        }
        Value::Object(map)
    }
}

/// `x-kubernetes-validations`.
pub(crate) fn rules_json(rules: &[RuleArgs]) -> Vec<Value> {
    rules.iter().map(RuleArgs::to_json).collect()
}

impl RuleArgs {
    fn to_json(&self) -> Value {
        let mut map = Map::new();
        map.insert("rule".into(), self.rule.as_str().into());
        for (keyword, given) in [
            ("message", &self.message),
            ("messageExpression", &self.message_expression),
            ("reason", &self.reason),
            ("fieldPath", &self.field_path),
        ] {
            if let Some(text) = given {
                map.insert(keyword.into(), text.as_str().into());
            }
        }
        if let Some(flag) = &self.optional_old_self {
            map.insert("optionalOldSelf".into(), (**flag).into());
        }
        Value::Object(map)
    }
}

/// A field's name as CEL rules write it; names that cannot be written are refused before.
fn cel_name(name: &str) -> Cow<'_, str> {
    k1s_cel::schema::escape(name).unwrap_or(Cow::Borrowed(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_for_cel() {
        assert_eq!(cel_name("unit-price"), "unit__dash__price");
        assert_eq!(cel_name("namespace"), "__namespace__");
        assert_eq!(cel_name("a__b"), "a__underscores__b");
    }
}
