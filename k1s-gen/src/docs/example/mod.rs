//! Examples: a manifest for each version, made of the examples and defaults of its schema and of made-up values where something is
//! required, and judged as an API server would.

mod pattern;
mod sample;
mod texts;

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::manifest;
use k1s_runtime::schema::{CompiledSchema, Part, Structural};
use serde_json::{Map, Value, json};

use super::model::Example;
use sample::Optional;

/// The example of a version.
pub(super) fn of(definition: &ResourceDefinition, schema: &Structural) -> Example {
    let compiled = CompiledSchema::of(schema.clone());
    let attempt = |optional| {
        let object = object(definition, schema, optional);
        let remarks = remarks(&compiled, &object);
        Example { yaml: manifest::to_yaml(&Value::Object(object)), remarks }
    };
    // What is optional may be what does not fit.
    let full = attempt(Optional::WithValues);
    if full.remarks.is_empty() {
        return full;
    }
    let small = attempt(Optional::None);
    if small.remarks.is_empty() { small } else { full }
}

fn object(definition: &ResourceDefinition, schema: &Structural, optional: Optional) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("apiVersion".to_owned(), definition.api_version().into());
    object.insert("kind".to_owned(), definition.kind.as_str().into());
    let name = schema.properties.get("metadata").and_then(|metadata| metadata.properties.get("name"));
    let name = name.map_or_else(|| json!("example"), |name| sample::value("name", name, optional));
    object.insert("metadata".to_owned(), json!({ "name": name }));
    let mut rest = schema.clone();
    // The status is not the user's to write, and the rest is there.
    for name in ["apiVersion", "kind", "metadata", "status"] {
        rest.properties.remove(name);
    }
    // What a kind is about is shown even where it may be missing.
    if rest.properties.contains_key("spec") {
        rest.constraints.required.push("spec".to_owned());
    }
    if let Value::Object(fields) = sample::value("", &rest, optional) {
        object.extend(fields);
    }
    object
}

fn remarks(schema: &CompiledSchema, object: &Map<String, Value>) -> Vec<String> {
    let mut object = object.clone();
    schema.prune(&mut object);
    schema.default(&mut object);
    let mut errors = schema.validate(&object, None, Part::Whole);
    errors.extend(schema.check_rules(&object, None, &errors).errors);
    let mut remarks: Vec<String> = errors.iter().map(ToString::to_string).collect();
    remarks.dedup();
    remarks
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use k1s_runtime::api::definition::SchemaSource;

    use super::*;

    fn example(spec: &Value) -> Example {
        let schema = json!({"type": "object", "properties": {"spec": spec, "status": {"type": "object"}}, "required": ["spec"]});
        let mut definition = ResourceDefinition::new("example.com", "v1", "Item", "items");
        definition.schema = SchemaSource::OpenApi(Arc::new(schema.clone()));
        of(&definition, &Structural::from_openapi(&schema).unwrap())
    }

    #[test]
    fn what_is_required_is_there() {
        let example = example(&json!({
            "type": "object",
            "required": ["name", "size", "mail", "tags", "code", "share", "when", "port", "free", "labels"],
            "properties": {
                "name": {"type": "string", "example": "Hammer"},
                "size": {"enum": ["S", "L"], "type": "string"},
                "mail": {"type": "string", "format": "email"},
                "tags": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 10}},
                "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"},
                "share": {"type": "number", "exclusiveMinimum": true, "minimum": 0, "maximum": 1},
                "when": {"type": "string", "format": "date-time"},
                "port": {"type": "integer", "minimum": 7, "multipleOf": 5},
                "free": {"x-kubernetes-preserve-unknown-fields": true},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "colour": {"type": "string"},
                "count": {"type": "integer", "default": 3},
            },
        }));
        assert_eq!(example.remarks, [""; 0]);
        let expected = "\
apiVersion: example.com/v1
kind: Item
metadata:
  name: example
spec:
  code: AB-123
  count: 3
  free: {}
  labels:
    key: example
  mail: user@example.com
  name: Hammer
  port: 10
  share: 1
  size: S
  tags:
  - example-ex
  when: \"2026-01-02T03:04:05Z\"
";
        assert_eq!(example.yaml, expected);
    }

    #[test]
    fn the_first_of_several_shapes_is_shown() {
        let example = example(&json!({
            "type": "object", "required": ["type"],
            "properties": {
                "type": {"type": "string", "enum": ["Git", "Local"]},
                "url": {"type": "string"}, "path": {"type": "string"},
            },
            "oneOf": [
                {"properties": {"type": {"enum": ["Local"]}}, "required": ["path"]},
                {"properties": {"type": {"enum": ["Git"]}}, "required": ["url"]},
            ],
        }));
        assert_eq!(example.remarks, [""; 0]);
        assert!(example.yaml.ends_with("spec:\n  path: example\n  type: Local\n"), "{}", example.yaml);
    }

    #[test]
    fn an_example_that_breaks_a_rule_says_so() {
        let rule = json!([{"rule": "self.a != self.b", "message": "a and b must differ"}]);
        let text = json!({"type": "string"});
        let example = example(&json!({
            "type": "object", "properties": {"a": text, "b": text}, "required": ["a", "b"],
            "x-kubernetes-validations": rule,
        }));
        assert_eq!(example.remarks, ["spec: Invalid value: a and b must differ"]);
    }

    #[test]
    fn optional_values_that_do_not_fit_are_left_out() {
        let example = example(&json!({
            "type": "object", "properties": {"a": {"type": "string", "example": "x"}},
            "x-kubernetes-validations": [{"rule": "!has(self.a)"}],
        }));
        assert_eq!((example.remarks.len(), example.yaml.contains("a: x")), (0, false));
    }

    #[test]
    fn nested_lists_do_not_explode() {
        let mut schema = json!({"type": "string"});
        for _ in 0..20 {
            schema = json!({"type": "array", "minItems": 16, "items": schema});
        }
        let example = example(&json!({"type": "object", "required": ["l"], "properties": {"l": schema}}));
        assert!(example.yaml.len() < 100_000, "{}", example.yaml.len());
        assert!(!example.remarks.is_empty());
    }
}
