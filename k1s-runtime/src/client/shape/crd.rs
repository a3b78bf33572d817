//! The tables of CustomResourceDefinition: `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1`.
//!
//! What a schema means is checked by `schema::crd`; these say which fields there are and of which types.

use super::Empty::{Always, Keep, Omit};
use super::Shape::{Any, Bool, Bytes, Float64, Int32, Int64, List, Map, SchemaOrArray, SchemaOrBool, Text};
use super::tables::{TYPE_META, field};
use super::{Shape, Struct};

const TEXT: &Shape = &Text;
static SCHEMA: Shape = Shape::Struct(&JSON_SCHEMA_PROPS);

pub(super) static CRD: Struct = Struct {
    name: "CustomResourceDefinition",
    type_name: "v1.CustomResourceDefinition",
    fields: &[
        TYPE_META[0],
        TYPE_META[1],
        TYPE_META[2],
        field("spec", Shape::Struct(&SPEC), Always),
        field("status", Any, Keep),
    ],
};

static SPEC: Struct = Struct {
    name: "CustomResourceDefinitionSpec",
    type_name: "v1.CustomResourceDefinitionSpec",
    fields: &[
        field("group", Text, Always),
        field("names", Shape::Struct(&NAMES), Always),
        field("scope", Text, Always),
        field("versions", List(&Shape::Struct(&VERSION)), Always),
        field("conversion", Shape::Struct(&CONVERSION), Keep),
        field("preserveUnknownFields", Bool, Omit),
    ],
};

static NAMES: Struct = Struct {
    name: "CustomResourceDefinitionNames",
    type_name: "v1.CustomResourceDefinitionNames",
    fields: &[
        field("plural", Text, Always),
        field("singular", Text, Omit),
        field("shortNames", List(TEXT), Omit),
        field("kind", Text, Always),
        field("listKind", Text, Omit),
        field("categories", List(TEXT), Omit),
    ],
};

static VERSION: Struct = Struct {
    name: "CustomResourceDefinitionVersion",
    type_name: "v1.CustomResourceDefinitionVersion",
    fields: &[
        field("name", Text, Always),
        field("served", Bool, Always),
        field("storage", Bool, Always),
        field("deprecated", Bool, Omit),
        field("deprecationWarning", Text, Keep),
        field("schema", Shape::Struct(&VALIDATION), Keep),
        field("subresources", Shape::Struct(&SUBRESOURCES), Keep),
        field("additionalPrinterColumns", List(&Shape::Struct(&COLUMN)), Omit),
        field("selectableFields", List(&Shape::Struct(&SELECTABLE_FIELD)), Omit),
    ],
};

static VALIDATION: Struct = Struct {
    name: "CustomResourceValidation",
    type_name: "v1.CustomResourceValidation",
    fields: &[field("openAPIV3Schema", Shape::Struct(&JSON_SCHEMA_PROPS), Keep)],
};

static SUBRESOURCES: Struct = Struct {
    name: "CustomResourceSubresources",
    type_name: "v1.CustomResourceSubresources",
    fields: &[field("status", Shape::Struct(&STATUS), Keep), field("scale", Shape::Struct(&SCALE), Keep)],
};

static STATUS: Struct = Struct {
    name: "CustomResourceSubresourceStatus",
    type_name: "v1.CustomResourceSubresourceStatus",
    fields: &[],
};

static SCALE: Struct = Struct {
    name: "CustomResourceSubresourceScale",
    type_name: "v1.CustomResourceSubresourceScale",
    fields: &[
        field("specReplicasPath", Text, Always),
        field("statusReplicasPath", Text, Always),
        field("labelSelectorPath", Text, Keep),
    ],
};

static COLUMN: Struct = Struct {
    name: "CustomResourceColumnDefinition",
    type_name: "v1.CustomResourceColumnDefinition",
    fields: &[
        field("name", Text, Always),
        field("type", Text, Always),
        field("format", Text, Omit),
        field("description", Text, Omit),
        field("priority", Int32, Omit),
        field("jsonPath", Text, Always),
    ],
};

static SELECTABLE_FIELD: Struct = Struct {
    name: "SelectableField",
    type_name: "v1.SelectableField",
    fields: &[field("jsonPath", Text, Always)],
};

static CONVERSION: Struct = Struct {
    name: "CustomResourceConversion",
    type_name: "v1.CustomResourceConversion",
    fields: &[field("strategy", Text, Always), field("webhook", Shape::Struct(&WEBHOOK), Keep)],
};

static WEBHOOK: Struct = Struct {
    name: "WebhookConversion",
    type_name: "v1.WebhookConversion",
    fields: &[
        field("clientConfig", Shape::Struct(&WEBHOOK_CLIENT), Keep),
        field("conversionReviewVersions", List(TEXT), Always),
    ],
};

static WEBHOOK_CLIENT: Struct = Struct {
    name: "WebhookClientConfig",
    type_name: "v1.WebhookClientConfig",
    fields: &[
        field("url", Text, Keep),
        field("service", Shape::Struct(&SERVICE_REFERENCE), Keep),
        field("caBundle", Bytes, Omit),
    ],
};

static SERVICE_REFERENCE: Struct = Struct {
    name: "ServiceReference",
    type_name: "v1.ServiceReference",
    fields: &[
        field("namespace", Text, Always),
        field("name", Text, Always),
        field("path", Text, Keep),
        field("port", Int32, Keep),
    ],
};

/// A schema; it contains itself.
pub(super) static JSON_SCHEMA_PROPS: Struct = Struct {
    name: "JSONSchemaProps",
    type_name: "v1.JSONSchemaProps",
    fields: &[
        field("id", Text, Omit),
        field("$schema", Text, Omit),
        field("$ref", Text, Keep),
        field("description", Text, Omit),
        field("type", Text, Omit),
        field("format", Text, Omit),
        field("title", Text, Omit),
        field("default", Any, Keep),
        field("maximum", Float64, Keep),
        field("exclusiveMaximum", Bool, Omit),
        field("minimum", Float64, Keep),
        field("exclusiveMinimum", Bool, Omit),
        field("maxLength", Int64, Keep),
        field("minLength", Int64, Keep),
        field("pattern", Text, Omit),
        field("maxItems", Int64, Keep),
        field("minItems", Int64, Keep),
        field("uniqueItems", Bool, Omit),
        field("multipleOf", Float64, Keep),
        field("enum", List(&Any), Omit),
        field("maxProperties", Int64, Keep),
        field("minProperties", Int64, Keep),
        field("required", List(TEXT), Omit),
        field("items", SchemaOrArray, Keep),
        field("allOf", List(&SCHEMA), Omit),
        field("oneOf", List(&SCHEMA), Omit),
        field("anyOf", List(&SCHEMA), Omit),
        field("not", Shape::Struct(&JSON_SCHEMA_PROPS), Keep),
        field("properties", Map(&SCHEMA), Omit),
        field("additionalProperties", SchemaOrBool, Keep),
        field("patternProperties", Map(&SCHEMA), Omit),
        field("dependencies", Map(&SchemaOrArray), Omit),
        field("additionalItems", SchemaOrBool, Keep),
        field("definitions", Map(&SCHEMA), Omit),
        field("externalDocs", Shape::Struct(&EXTERNAL_DOCUMENTATION), Keep),
        field("example", Any, Keep),
        field("nullable", Bool, Omit),
        field("x-kubernetes-preserve-unknown-fields", Bool, Keep),
        field("x-kubernetes-embedded-resource", Bool, Omit),
        field("x-kubernetes-int-or-string", Bool, Omit),
        field("x-kubernetes-list-map-keys", List(TEXT), Omit),
        field("x-kubernetes-list-type", Text, Keep),
        field("x-kubernetes-map-type", Text, Keep),
        field("x-kubernetes-validations", List(&Shape::Struct(&VALIDATION_RULE)), Omit),
    ],
};

static EXTERNAL_DOCUMENTATION: Struct = Struct {
    name: "ExternalDocumentation",
    type_name: "v1.ExternalDocumentation",
    fields: &[field("description", Text, Omit), field("url", Text, Omit)],
};

static VALIDATION_RULE: Struct = Struct {
    name: "ValidationRule",
    type_name: "v1.ValidationRule",
    fields: &[
        field("rule", Text, Always),
        field("message", Text, Omit),
        field("messageExpression", Text, Omit),
        field("reason", Text, Keep),
        field("fieldPath", Text, Omit),
        field("optionalOldSelf", Bool, Keep),
    ],
};
