//! Layers: OpenAPI keywords as JSON that are laid over a schema, and the layer that leads from one schema to another.
//!
//! A layer is a partial `openAPIV3Schema`. Its keywords replace those of the schema, `null` removes one, and the layers below `properties`,
//! `items` and `additionalProperties` are laid over what stands there.

use serde_json::{Map, Value};

use super::parse::{At, read};
use super::{Error, Structural};

impl Structural {
    /// This schema with a layer of OpenAPI keywords over it.
    ///
    /// # Errors
    /// When the layer is no JSON object, or a keyword of it has a value of the wrong shape.
    ///
    /// ```
    /// use k1s_runtime::schema::Structural;
    /// use serde_json::json;
    /// let schema = Structural::from_openapi(&json!({"type": "integer", "format": "int64"}))?;
    /// let whole = schema.overlaid(&json!({"format": null, "not": {"enum": [0]}}))?;
    /// assert_eq!(whole.to_openapi(), json!({"type": "integer", "not": {"enum": [0]}}));
    /// # Ok::<(), k1s_runtime::schema::Error>(())
    /// ```
    pub fn overlaid(&self, layer: &Value) -> Result<Self, Error> {
        self.overlaid_at(layer, At::Root, 0)
    }

    pub(super) fn overlaid_at(&self, layer: &Value, at: At<'_>, depth: usize) -> Result<Self, Error> {
        if !layer.is_object() {
            return Err(Error::NotAnObject { path: at.to_string() });
        }
        let mut schema = self.to_openapi();
        lay(&mut schema, layer);
        read(&schema, at, depth)
    }

    /// The smallest layer that makes `wanted` of this schema; `None` if they are equal.
    ///
    /// ```
    /// use k1s_runtime::schema::Structural;
    /// use serde_json::json;
    /// let one = Structural::from_openapi(&json!({"type": "integer", "format": "int64"}))?;
    /// let other = Structural::from_openapi(&json!({"type": "integer", "minimum": 1}))?;
    /// assert_eq!(one.layer_to(&other), Some(json!({"format": null, "minimum": 1})));
    /// # Ok::<(), k1s_runtime::schema::Error>(())
    /// ```
    pub fn layer_to(&self, wanted: &Self) -> Option<Value> {
        let layer = difference(&self.to_openapi(), &wanted.to_openapi());
        (!layer.is_empty()).then_some(Value::Object(layer))
    }
}

fn lay(schema: &mut Value, layer: &Value) {
    let (Some(schema), Some(layer)) = (schema.as_object_mut(), layer.as_object()) else { return };
    for (keyword, value) in layer {
        match (keyword.as_str(), schema.get_mut(keyword), value) {
            (_, _, Value::Null) => {
                schema.remove(keyword);
            }
            ("properties", Some(Value::Object(properties)), Value::Object(layers)) => {
                for (name, layer) in layers {
                    lay_one(properties, name, layer);
                }
            }
            ("items" | "additionalProperties", Some(inner @ Value::Object(_)), Value::Object(_)) => {
                lay(inner, value);
            }
            _ => {
                schema.insert(keyword.clone(), value.clone());
            }
        }
    }
}

fn lay_one(properties: &mut Map<String, Value>, name: &str, layer: &Value) {
    match properties.get_mut(name) {
        _ if layer.is_null() => {
            properties.remove(name);
        }
        Some(property) => lay(property, layer),
        None => {
            properties.insert(name.to_owned(), layer.clone());
        }
    }
}

/// What has to be laid over one schema for it to become the other.
fn difference(from: &Value, to: &Value) -> Map<String, Value> {
    let (Some(from), Some(to)) = (from.as_object(), to.as_object()) else { return Map::new() };
    let mut layer: Map<String, Value> = from
        .keys()
        .filter(|keyword| !to.contains_key(*keyword))
        .map(|keyword| (keyword.clone(), Value::Null))
        .collect();
    for (keyword, wanted) in to {
        match (keyword.as_str(), from.get(keyword)) {
            (_, Some(given)) if given == wanted => {}
            ("properties", Some(Value::Object(given))) => {
                layer.insert(keyword.clone(), Value::Object(of_properties(given, wanted)));
            }
            ("items" | "additionalProperties", Some(given @ Value::Object(_))) if wanted.is_object() => {
                layer.insert(keyword.clone(), Value::Object(difference(given, wanted)));
            }
            _ => {
                layer.insert(keyword.clone(), wanted.clone());
            }
        }
    }
    layer
}

fn of_properties(from: &Map<String, Value>, to: &Value) -> Map<String, Value> {
    let wanted = |name: &str| to.get(name);
    let mut layers: Map<String, Value> =
        from.keys().filter(|name| wanted(name).is_none()).map(|name| (name.clone(), Value::Null)).collect();
    for (name, schema) in to.as_object().into_iter().flatten() {
        match from.get(name) {
            Some(given) if given == schema => {}
            Some(given) => {
                layers.insert(name.clone(), Value::Object(difference(given, schema)));
            }
            None => {
                layers.insert(name.clone(), schema.clone());
            }
        }
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema(json: &Value) -> Structural {
        Structural::from_openapi(json).unwrap()
    }

    #[test]
    fn the_layer_between_two_schemas_makes_one_of_the_other() {
        let schemas = [
            json!({}),
            json!({"type": "string", "default": "a"}),
            json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a"]}),
            json!({"type": "object", "properties": {"a": {"type": "string", "default": {"a": null}}, "properties": {"type": "object"}}}),
            json!({"type": "object", "additionalProperties": true}),
            json!({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}),
            json!({"type": "object", "additionalProperties": {"type": "array", "items": {"not": {"enum": ["a"]}}}}),
            json!({"type": "object", "properties": {"a": {"anyOf": [{"required": ["b"]}], "x-kubernetes-validations": [{"rule": "true"}]}}}),
        ];
        for one in &schemas {
            for other in &schemas {
                let (one, other) = (schema(one), schema(other));
                match one.layer_to(&other) {
                    None => assert_eq!(one, other),
                    Some(layer) => assert_eq!(one.overlaid(&layer).unwrap(), other, "{layer}"),
                }
            }
        }
    }

    #[test]
    fn what_is_no_layer_is_refused() {
        let text = schema(&json!({"type": "string"}));
        assert!(matches!(text.overlaid(&json!([])), Err(Error::NotAnObject { .. })));
        assert!(matches!(text.overlaid(&json!({"minLength": "a"})), Err(Error::Keyword { .. })));
    }
}
