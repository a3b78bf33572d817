//! `openapi`: keywords that no attribute has, laid over what the type and its attributes say.
#![allow(missing_docs, clippy::unwrap_used, reason = "types and helpers of tests")]

use std::collections::BTreeMap;

use k1s_runtime::schema::crd::to_crd_json;
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A place to keep things.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(
    group = "shop.example.com",
    version = "v1",
    kind = "Shelf",
    list_kind = "Shelves",
    status = "ShelfStatus",
    status_subresource = false,
    optional_spec,
    print_column(name = "Colour", type = "string", json_path = ".labels.colour"),
    validation(rule = "!has(self.labels) || self.labels.size() < 3"),
    openapi = r#"{
        "description": "A shelf.",
        "required": ["metadata"],
        "properties": {
            "metadata": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 8}}},
            "spec": {"description": "What is wanted."},
            "labels": {"type": "object", "maxProperties": 4, "additionalProperties": {"type": "string"}}
        }
    }"#
)]
pub struct ShelfSpec {
    /// How wide it is.
    #[schema(openapi = r#"{"format": null, "not": {"enum": [13]}}"#)]
    pub width: Option<i64>,
    /// Where it hangs.
    pub hook: Option<Hook>,
    /// Its default makes it one that may be left out.
    #[schema(openapi = r#"{"default": {"name": "nail"}}"#)]
    pub other: Hook,
    pub hooks: Option<Vec<Hook>>,
    #[schema(validation(rule = "size(self.name) < 9"))]
    pub ruled: Option<Hook>,
    #[schema(openapi = r#"{"additionalProperties": {"nullable": true}}"#)]
    pub sizes: Option<BTreeMap<String, i32>>,
}

/// A hook.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[schema(
    validation(rule = "self.name != ''"),
    openapi = r#"{
        "description": "Some hook.",
        "properties": {"name": {"minLength": 1}},
        "x-kubernetes-validations": [{"rule": "self.name != 'hook'"}]
    }"#
)]
pub struct Hook {
    pub name: String,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShelfStatus {
    pub full: bool,
}

#[test]
fn layers_lie_over_types_and_fields() {
    let crd = to_crd_json(&[Shelf::definition()]).unwrap();
    let schema = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    let hook = |more: &Value| {
        let mut hook = json!({
            "type": "object", "required": ["name"], "description": "Some hook.",
            "properties": {"name": {"type": "string", "minLength": 1}},
            "x-kubernetes-validations": [{"rule": "self.name != 'hook'"}],
        });
        for (keyword, value) in more.as_object().unwrap() {
            hook[keyword] = value.clone();
        }
        hook
    };
    let rules = json!([{"rule": "self.name != 'hook'"}, {"rule": "size(self.name) < 9"}]);
    let expected = json!({
        "width": {"type": "integer", "description": "How wide it is.", "not": {"enum": [13]}},
        "hook": hook(&json!({"description": "Where it hangs."})),
        "other": hook(&json!({
            "description": "Its default makes it one that may be left out.", "default": {"name": "nail"},
        })),
        "hooks": {"type": "array", "items": hook(&json!({}))},
        "ruled": hook(&json!({"x-kubernetes-validations": rules})),
        "sizes": {"type": "object", "additionalProperties": {"type": "integer", "format": "int32", "nullable": true}},
    });
    assert_eq!(schema["properties"]["spec"]["properties"], expected);
    assert_eq!(schema["properties"]["spec"]["required"], Value::Null);
}

#[test]
fn a_layer_lies_over_the_whole_object() {
    let crd = to_crd_json(&[Shelf::definition()]).unwrap();
    let version = &crd["spec"]["versions"][0];
    let schema = &version["schema"]["openAPIV3Schema"];
    assert_eq!(schema["description"], "A shelf.");
    assert_eq!(schema["required"], json!(["metadata"]));
    assert_eq!(schema["properties"]["metadata"]["properties"]["name"]["maxLength"], 8);
    assert_eq!(schema["properties"]["spec"]["description"], "What is wanted.");
    assert_eq!(schema["properties"]["labels"]["maxProperties"], 4);
    assert_eq!(crd["spec"]["names"]["listKind"], "Shelves");
    assert!(schema["properties"]["status"].is_object() && version["subresources"].is_null(), "{version}");
    assert!(k1s_runtime::schema::crd::validate_crd(&crd).is_empty());
}

#[test]
fn an_absent_spec_is_an_empty_one() {
    let read = |text: &str| serde_json::from_str::<Shelf>(text);
    let error = read(r#"{"metadata": {"name": "a"}}"#).unwrap_err().to_string();
    assert!(error.contains("spec: missing field `other`"), "{error}");
    let lamp: Lamp = serde_json::from_str(r#"{"metadata": {"name": "a"}}"#).unwrap();
    assert_eq!(lamp.spec, LampSpec { watts: None });
    let lamp: Lamp = serde_json::from_str(r#"{"spec": {"watts": 5}}"#).unwrap();
    assert_eq!(lamp.spec.watts, Some(5));
    assert_eq!(
        to_crd_json(&[Lamp::definition()]).unwrap()["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["required"],
        Value::Null
    );
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shop.example.com", version = "v1", kind = "Lamp", optional_spec)]
pub struct LampSpec {
    pub watts: Option<i32>,
}
