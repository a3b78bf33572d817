//! Every marker of kubebuilder, row by row, and what its attribute here leaves in the CustomResourceDefinition.
#![allow(missing_docs, reason = "test types")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::collections::BTreeMap;

use k1s_runtime::api::Registration;
use k1s_runtime::schema::crd::to_crd_json;
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[allow(unreachable_pub, dead_code, reason = "each test crate uses some of it")]
mod common;

#[derive(Schema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Colour {
    #[default]
    Red,
    Blue,
}

#[derive(Schema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[schema(at_most_one_of(a, b), exactly_one_of(b, c), at_least_one_of(a, c))]
pub struct Parts {
    pub a: Option<String>,
    pub b: Option<String>,
    pub c: Option<String>,
}

#[derive(Schema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    pub port: i32,
}

#[derive(Schema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EverythingStatus {
    pub replicas: i32,
    pub selector: String,
}

#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[resource(
    group = "markers.example.com",
    version = "v1beta1",
    kind = "Everything",
    plural = "everythings",
    singular = "everything",
    short_name = "ev",
    short_name = "evt",
    category = "all",
    scope = "Cluster",
    status = "EverythingStatus",
    scale(
        spec_replicas_path = ".spec.number",
        status_replicas_path = ".status.replicas",
        label_selector_path = ".status.selector"
    ),
    print_column(
        name = "Number",
        type = "integer",
        json_path = ".spec.number",
        description = "A number",
        format = "int32",
        priority = 1
    ),
    storage,
    served = false,
    deprecated = "use v1",
    annotation(key = "example.com/team", value = "stock"),
    label(key = "tier", value = "back"),
    selectable_field = ".spec.colour",
    index = ".spec.colour",
    isolation,
    validation(rule = "self.metadata.name != 'x'", message = "not x")
)]
#[serde(rename_all = "camelCase")]
pub struct EverythingSpec {
    #[schema(minimum = 1, maximum = 9, multiple_of = 2, default = 2, example = 4)]
    pub number: i32,
    #[schema(exclusive_minimum = 0, exclusive_maximum = 1)]
    pub ratio: f64,
    #[schema(min_length = 1, max_length = 9, pattern = "^a", format = "email", title = "Text")]
    pub text: String,
    #[schema(type = "string")]
    pub typed: i32,
    #[schema(min_items = 1, max_items = 3, list_type = "set", items(max_length = 5))]
    pub list: Vec<String>,
    #[schema(unique_items)]
    pub unique: Vec<i32>,
    #[schema(min_properties = 1, max_properties = 3, map_type = "granular")]
    pub map: BTreeMap<String, String>,
    #[schema(default = Colour::Blue)]
    pub colour: Colour,
    #[schema(enum_values("a", "b"))]
    pub word: String,
    #[schema(required)]
    pub forced: Option<String>,
    #[schema(optional)]
    #[serde(default)]
    pub lax: String,
    #[schema(nullable, external_docs(url = "https://example.com", description = "more"))]
    pub docs: Option<String>,
    #[schema(validation(
        rule = "oldSelf.hasValue() || self.size() > 1",
        message = "too short",
        message_expression = "'too short'",
        reason = "FieldValueForbidden",
        optional_old_self = true
    ))]
    pub ruled: String,
    #[schema(struct_type = "atomic", validation(rule = "has(self.a)", field_path = ".a"))]
    pub parts: Parts,
    #[schema(immutable)]
    pub fixed: String,
    #[schema(preserve_unknown_fields)]
    pub open: Parts,
    #[schema(embedded_resource, preserve_unknown_fields)]
    pub object: Value,
    #[schema(int_or_string)]
    pub port: Value,
    #[schema(schemaless)]
    pub anything: Vec<Parts>,
    #[schema(list_type = "map", list_map_key = "name", list_map_key = "port")]
    pub entries: Vec<Entry>,
}

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "markers.example.com", version = "v1", kind = "Skipped", skip, deprecated)]
pub struct SkippedSpec {}

/// The marker of kubebuilder, where its attribute is seen, and what is seen there. Paths start at the CustomResourceDefinition; `~`
/// stands for the version and `$` for the schema of the spec.
type Row = (&'static str, &'static str, Value);

/// Markers of kinds and versions.
fn kind_rows() -> Vec<Row> {
    vec![
        ("groupName", "/spec/group", json!("markers.example.com")),
        ("versionName", "~/name", json!("v1beta1")),
        ("resource:path", "/spec/names/plural", json!("everythings")),
        ("resource:singular", "/spec/names/singular", json!("everything")),
        ("resource:shortName", "/spec/names/shortNames", json!(["ev", "evt"])),
        ("resource:categories", "/spec/names/categories", json!(["all"])),
        ("resource:scope", "/spec/scope", json!("Cluster")),
        ("subresource:status", "~/subresources/status", json!({})),
        ("subresource:scale:specpath", "~/subresources/scale/specReplicasPath", json!(".spec.number")),
        (
            "subresource:scale:statuspath",
            "~/subresources/scale/statusReplicasPath",
            json!(".status.replicas"),
        ),
        (
            "subresource:scale:selectorpath",
            "~/subresources/scale/labelSelectorPath",
            json!(".status.selector"),
        ),
        (
            "printcolumn",
            "~/additionalPrinterColumns/0",
            json!({
                "name": "Number", "type": "integer", "jsonPath": ".spec.number",
                "description": "A number", "format": "int32", "priority": 1,
            }),
        ),
        ("storageversion", "~/storage", json!(true)),
        ("unservedversion", "~/served", json!(false)),
        ("deprecatedversion", "~/deprecated", json!(true)),
        ("deprecatedversion:warning", "~/deprecationWarning", json!("use v1")),
        ("metadata:annotations", "/metadata/annotations/example.com~1team", json!("stock")),
        ("metadata:labels", "/metadata/labels/tier", json!("back")),
        ("selectablefield", "~/selectableFields/0/jsonPath", json!(".spec.colour")),
        ("k1s:tenant:isolation", "/metadata/annotations/k1s.dev~1tenant-isolation", json!("true")),
    ]
}

/// Markers of values.
fn value_rows() -> Vec<Row> {
    vec![
        ("Minimum", "$/number/minimum", json!(1)),
        ("Maximum", "$/number/maximum", json!(9)),
        ("MultipleOf", "$/number/multipleOf", json!(2)),
        ("ExclusiveMinimum", "$/ratio/exclusiveMinimum", json!(true)),
        ("ExclusiveMinimum, the bound", "$/ratio/minimum", json!(0)),
        ("ExclusiveMaximum", "$/ratio/exclusiveMaximum", json!(true)),
        ("MinLength", "$/text/minLength", json!(1)),
        ("MaxLength", "$/text/maxLength", json!(9)),
        ("Pattern", "$/text/pattern", json!("^a")),
        ("Format", "$/text/format", json!("email")),
        ("Type", "$/typed", json!({"type": "string"})),
        ("MinItems", "$/list/minItems", json!(1)),
        ("MaxItems", "$/list/maxItems", json!(3)),
        ("UniqueItems", "$/unique/x-kubernetes-list-type", json!("set")),
        ("items:MaxLength", "$/list/items/maxLength", json!(5)),
        ("MinProperties", "$/map/minProperties", json!(1)),
        ("MaxProperties", "$/map/maxProperties", json!(3)),
        ("Enum, of a Rust enum", "$/colour/enum", json!(["Red", "Blue"])),
        ("Enum", "$/word/enum", json!(["a", "b"])),
        ("nullable", "$/docs/nullable", json!(true)),
        ("default", "$/number/default", json!(2)),
        ("default, an expression", "$/colour/default", json!("Blue")),
        ("example", "$/number/example", json!(4)),
        ("title", "$/text/title", json!("Text")),
        ("externalDocs", "$/docs/externalDocs", json!({"url": "https://example.com", "description": "more"})),
    ]
}

/// Rules and the markers of Kubernetes' extensions.
fn extension_rows() -> Vec<Row> {
    vec![
        (
            "XValidation",
            "$/ruled/x-kubernetes-validations/0",
            json!({
                "rule": "oldSelf.hasValue() || self.size() > 1", "message": "too short", "messageExpression": "'too short'",
                "reason": "FieldValueForbidden", "optionalOldSelf": true,
            }),
        ),
        ("XValidation:fieldPath", "$/parts/x-kubernetes-validations/3/fieldPath", json!(".a")),
        (
            "XValidation on the root",
            "~/schema/openAPIV3Schema/x-kubernetes-validations/0/rule",
            json!("self.metadata.name != 'x'"),
        ),
        (
            "AtMostOneOf",
            "$/parts/x-kubernetes-validations/0/message",
            json!("at most one of the fields in [a b] may be set"),
        ),
        (
            "ExactlyOneOf",
            "$/parts/x-kubernetes-validations/1/message",
            json!("exactly one of the fields in [b c] must be set"),
        ),
        (
            "AtLeastOneOf",
            "$/parts/x-kubernetes-validations/2/message",
            json!("at least one of the fields in [a c] must be set"),
        ),
        ("k8s:immutable", "$/fixed/x-kubernetes-validations/0/rule", json!("self == oldSelf")),
        ("PreserveUnknownFields", "$/open/x-kubernetes-preserve-unknown-fields", json!(true)),
        ("EmbeddedResource", "$/object/x-kubernetes-embedded-resource", json!(true)),
        ("XIntOrString", "$/port", json!({"x-kubernetes-int-or-string": true})),
        ("Schemaless", "$/anything", json!({"x-kubernetes-preserve-unknown-fields": true})),
        ("listType", "$/list/x-kubernetes-list-type", json!("set")),
        ("listType=map", "$/entries/x-kubernetes-list-type", json!("map")),
        ("listMapKey", "$/entries/x-kubernetes-list-map-keys", json!(["name", "port"])),
        ("mapType", "$/map/x-kubernetes-map-type", json!("granular")),
        ("structType", "$/parts/x-kubernetes-map-type", json!("atomic")),
    ]
}

#[test]
fn every_marker_has_its_attribute() {
    common::golden::<Everything>("markers");
    let crd = to_crd_json(&[Everything::definition()]).unwrap();
    for (marker, path, expected) in [kind_rows(), value_rows(), extension_rows()].concat() {
        let version = "/spec/versions/0";
        let spec = format!("{version}/schema/openAPIV3Schema/properties/spec/properties");
        let path = match path.split_at(1) {
            ("~", rest) => format!("{version}{rest}"),
            ("$", rest) => format!("{spec}{rest}"),
            _ => path.to_owned(),
        };
        assert_eq!(crd.pointer(&path), Some(&expected), "{marker} at {path}");
    }
}

#[test]
fn required_and_optional() {
    let crd = to_crd_json(&[Everything::definition()]).unwrap();
    let spec = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    let required = spec["required"].as_array().unwrap();
    assert!(required.contains(&json!("forced")), "Required");
    assert!(!required.contains(&json!("lax")), "Optional");
    assert!(!required.contains(&json!("docs")), "an Option is optional");
    assert!(!required.contains(&json!("number")), "what has a default is optional");
}

#[test]
fn what_the_definition_alone_holds() {
    assert_eq!(Everything::definition().indexes, [".spec.colour"], "k1s:storage:index");
    let kinds: Vec<String> = Registration::all().map(|kind| (kind.definition)().kind).collect();
    assert_eq!(kinds, ["Everything"], "skipversion");
}
