//! What is refused in a CustomResourceDefinition besides what recordings show: one line a rule, with the server's words.

#![allow(clippy::needless_pass_by_value)] // Literals read better without a reference.

use k1s_runtime::schema::crd::{validate_crd, validate_crd_update, warnings, warnings_of_update};
use serde_json::{Value, json};

fn version(name: &str, schema: Value) -> Value {
    json!({"name": name, "served": true, "storage": name == "v1", "schema": {"openAPIV3Schema": schema}})
}

fn definition(versions: Vec<Value>) -> Value {
    json!({
        "metadata": {"name": "items.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Item", "plural": "items"},
            "versions": versions,
        },
    })
}

fn faults(crd: &Value) -> Vec<String> {
    validate_crd(crd).iter().map(ToString::to_string).collect()
}

/// The faults of a root schema, with its path left out.
fn of_root(schema: &Value) -> Vec<String> {
    let faults = faults(&definition(vec![version("v1", schema.clone())])).into_iter();
    faults.map(|fault| fault.replace("spec.validation.openAPIV3Schema", "").replacen('.', "", 1)).collect()
}

/// The faults of the schema of a field `f`, with the field's path left out.
fn of_field(schema: &Value) -> Vec<String> {
    let faults = of_root(&json!({"type": "object", "properties": {"f": schema}})).into_iter();
    faults.map(|fault| fault.replace("properties[f].", "")).collect()
}

#[test]
fn schemas_are_structural() {
    for (schema, expected) in [
        (
            json!({"x-kubernetes-int-or-string": true, "x-kubernetes-preserve-unknown-fields": true}),
            "x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true",
        ),
        (
            json!({
                "type": "object", "x-kubernetes-embedded-resource": true, "properties": {"a": {"type": "string"}},
                "additionalProperties": true,
            }),
            "additionalProperties: Forbidden: must not be used if x-kubernetes-embedded-resource is set",
        ),
        (
            json!({"type": "object", "anyOf": [{"externalDocs": {"url": "x"}}]}),
            "anyOf[0].externalDocs: Forbidden: must be undefined to be structural",
        ),
        (
            json!({"type": "object", "not": {"properties": {"metadata": {}}}}),
            "not.properties[metadata]: Forbidden: must not be specified in a nested context",
        ),
        (
            json!({"type": "string", "allOf": [{"anyOf": [{"pattern": "("}]}]}),
            "allOf[0].anyOf[0].pattern: Invalid value: \"(\": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `(`",
        ),
    ] {
        assert_eq!(of_field(&schema), [expected], "{schema}");
    }
    // Either pattern spells out the two types of an int-or-string, whether or not the schema is one.
    let both = json!([{"type": "integer"}, {"type": "string"}]);
    for schema in [
        json!({"type": "string", "anyOf": both}),
        json!({"x-kubernetes-int-or-string": true, "allOf": [{"anyOf": both}, {"minimum": 1}]}),
        json!({"x-kubernetes-preserve-unknown-fields": true}),
    ] {
        assert!(of_field(&schema).is_empty(), "{schema}");
    }
}

#[test]
fn the_root_is_an_object_with_declared_fields() {
    for (schema, expected) in [
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            "additionalProperties: Forbidden: must not be used at the root",
        ),
        (
            json!({"type": "object", "anyOf": [{"properties": {"a": {"minLength": 1}}}]}),
            "properties[a]: Required value: because it is defined in .anyOf[0].properties[a]",
        ),
        (
            json!({
                "type": "object", "properties": {"l": {"type": "string"}},
                "not": {"properties": {"l": {"items": {"minLength": 1}}}},
            }),
            "properties[l].items: Required value: because it is defined in .not.properties[l].items",
        ),
        (
            json!({"type": "object", "properties": {"metadata": {"type": "object", "externalDocs": {"url": "x"}}}}),
            "properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified",
        ),
    ] {
        assert_eq!(of_root(&schema), [expected], "{schema}");
    }
    let example = json!({"type": "object", "properties": {"metadata": {"type": "object", "example": {}}}});
    assert!(of_root(&example).is_empty());
}

#[test]
fn lists_and_maps_say_how_they_merge() {
    let map = |keys: Value, items: Value| json!({"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys, "items": items});
    let set = |items: Value| json!({"type": "array", "x-kubernetes-list-type": "set", "items": items});
    let item = json!({"type": "object", "required": ["k"], "properties": {
        "k": {"type": "string"}, "o": {"type": "object", "default": {}}, "n": {"type": "string", "nullable": true, "default": ""},
    }});
    for (schema, expected) in [
        (
            map(json!(["k", "k"]), item.clone()),
            "x-kubernetes-list-map-keys: Invalid value: [\"k\",\"k\"]: must not contain duplicate entries",
        ),
        (
            map(json!(["o"]), item.clone()),
            "items.properties[o].type: Invalid value: \"object\": must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
        (
            map(json!(["x"]), item.clone()),
            "x-kubernetes-list-map-keys: Invalid value: [\"x\"]: entries must all be names of item properties",
        ),
        (
            map(json!(["n"]), item.clone()),
            "items.properties[n].nullable: Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable",
        ),
        (
            map(json!([]), item),
            "x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map",
        ),
        (
            map(json!(["k"]), json!({"type": "string"})),
            "items.type: Invalid value: \"string\": must be object if parent array's x-kubernetes-list-type is map",
        ),
        (
            set(json!({"type": "string", "nullable": true})),
            "items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set",
        ),
        (
            set(json!({"type": "object"})),
            "items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set",
        ),
        (
            set(json!({"type": "object", "x-kubernetes-map-type": "granular"})),
            "items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set",
        ),
        (
            set(json!({"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}})),
            "items.x-kubernetes-list-type: Invalid value: \"set\": must be atomic as item of a list with x-kubernetes-list-type=set",
        ),
        (
            json!({"type": "object", "x-kubernetes-map-type": "whole"}),
            "x-kubernetes-map-type: Unsupported value: \"whole\": supported values: \"atomic\", \"granular\"",
        ),
        (
            json!({"type": "string", "x-kubernetes-map-type": "atomic"}),
            "type: Invalid value: \"string\": must be object if x-kubernetes-map-type is specified",
        ),
        (
            json!({"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "bag"}),
            "x-kubernetes-list-type: Unsupported value: \"bag\": supported values: \"atomic\", \"set\", \"map\"",
        ),
        (
            json!({"type": "array", "items": {"type": "string"}, "x-kubernetes-list-map-keys": ["a"]}),
            "x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty",
        ),
    ] {
        assert_eq!(of_field(&schema), [expected], "{schema}");
    }
    let fine =
        map(json!(["k"]), json!({"type": "object", "properties": {"k": {"type": "string", "default": ""}}}));
    assert!(of_field(&fine).is_empty());
    assert!(of_field(&set(json!({"type": "array", "items": {"type": "string"}}))).is_empty());
}

#[test]
fn an_unreadable_schema_is_not_looked_at_as_a_structural_one() {
    // No word about the missing type.
    assert_eq!(of_field(&json!({"$ref": "#/x"})), ["$ref: Forbidden: $ref is not supported"]);
    assert_eq!(
        of_field(&json!({"type": "array", "items": [{"uniqueItems": true}]})),
        [
            "items: Forbidden: items must be a schema object and not an array",
            "items[0].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
        ]
    );
}

#[test]
fn defaults_fit_where_they_stand() {
    let embedded = |property: Value| {
        json!({
            "type": "object", "x-kubernetes-embedded-resource": true,
            "properties": {"kind": {"type": "string"}, "metadata": property},
        })
    };
    for (schema, expected) in [
        (
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "default": {"a": 1, "b": 1}}),
            &[
                "default: Invalid value: {\"a\":1,\"b\":1}: must not have unknown fields",
                "default.a: Invalid value: \"integer\": a in body must be of type string: \"integer\"",
            ][..],
        ),
        (
            json!({"type": "string", "format": "no-such", "default": 5}),
            &["default: Invalid value: \"int64\":  in body must be of type no-such: \"int64\""],
        ),
        (
            json!({"x-kubernetes-int-or-string": true, "maximum": 3, "default": 5}),
            &["default: Invalid value: 5:  in body should be less than or equal to 3"],
        ),
        (
            embedded(json!({"type": "object", "default": {"name": "a/b"}})),
            &[
                "properties[metadata].default: Invalid value: {\"name\":\"a/b\"}: must result in valid metadata: metadata.name: Invalid value: \"a/b\": may not contain '/'",
            ],
        ),
        (
            embedded(json!({"type": "object", "additionalProperties": {"type": "string", "default": "x"}})),
            &[
                "properties[metadata].additionalProperties.default: Forbidden: must not be set inside additionalProperties applying to object metadata",
            ],
        ),
    ] {
        assert_eq!(of_field(&schema), expected, "{schema}");
    }
    assert!(of_field(&embedded(json!({"type": "object", "default": {"name": "a"}}))).is_empty());
    assert!(of_field(&json!({"x-kubernetes-int-or-string": true, "default": 1.5})).is_empty());
}

#[test]
fn a_status_of_its_own_restricts_the_root() {
    let with_status = |schema: Value| {
        let mut version = version("v1", schema);
        version["subresources"] = json!({"status": {}});
        faults(&definition(vec![version]))
    };
    assert!(with_status(json!({"type": "object", "required": ["spec"], "description": "x"})).is_empty());
    let refused = with_status(json!({"type": "object", "minProperties": 0}));
    assert!(refused[0].starts_with(
        "spec.validation.openAPIV3Schema: Invalid value: {\"ID\":\"\",\"Schema\":\"\",\"Ref\":null,\"Description\":\"\",\"Type\":\"object\",\"Nullable\":false,"
    ));
    assert!(refused[0].ends_with(
        "XValidations] fields are allowed at the root of the schema if the status subresource is enabled"
    ));
    assert!(with_status(json!({"type": "string"}))[0].starts_with(
        "spec.validation.openAPIV3Schema.type: Invalid value: \"string\": only \"object\" is allowed as the type at the root"
    ));
}

#[test]
fn what_versions_share_has_one_place() {
    let (one, other) = (json!({"type": "object"}), json!({"type": "object", "description": "x"}));
    let selecting = |mut version: Value| {
        version["selectableFields"] = json!([{"jsonPath": ".spec.zz"}]);
        version
    };
    assert_eq!(
        faults(&definition(vec![selecting(version("v1", one.clone())), version("v2", one.clone())])),
        [
            "spec.versions[0].selectableFields: Invalid value: \"\": may only be set when `version.schema.openAPIV3Schema` is not included"
        ]
    );
    assert_eq!(
        faults(&definition(vec![
            selecting(version("v1", one.clone())),
            selecting(version("v2", other.clone()))
        ]))
        .len(),
        2
    );
    let printed = &faults(&definition(vec![version("v1", one), version("v1", other)]))[0];
    assert!(printed.contains("\"Schema\":{\"OpenAPIV3Schema\":{\"ID\":\"\""), "{printed}");
    assert!(printed.contains("\"Description\":\"x\""), "{printed}");
}

#[test]
fn pruning_as_a_whole_is_over() {
    let mut crd = definition(vec![version(
        "v1",
        json!({"type": "object", "properties": {"a": {"type": "string", "default": "x"}}}),
    )]);
    crd["spec"]["preserveUnknownFields"] = true.into();
    crd["spec"]["conversion"] = json!({"strategy": "Webhook"});
    assert_eq!(
        faults(&crd),
        [
            "spec.preserveUnknownFields: Invalid value: true: must be false in order to use defaults in the schema",
            "spec.conversion.strategy: Invalid value: \"Webhook\": must be None if spec.preserveUnknownFields is true",
            "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook",
            "spec.conversion.conversionReviewVersions: Required value",
            "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
        ]
    );
}

#[test]
fn names_of_stored_objects_do_not_change() {
    let old = definition(vec![version("v1", json!({"type": "object"}))]);
    let mut new = old.clone();
    new["spec"]["scope"] = "Cluster".into();
    new["spec"]["names"]["kind"] = "Thing".into();
    new["status"] = json!({"storedVersions": ["v0", "v1"]});
    let faults: Vec<String> = validate_crd_update(&new, &old).iter().map(ToString::to_string).collect();
    assert_eq!(
        faults[..2],
        [
            "spec.scope: Invalid value: \"Cluster\": field is immutable",
            "spec.names.kind: Invalid value: \"Thing\": field is immutable",
        ]
    );
    assert!(
        faults[2].starts_with("status.storedVersions[0]: Invalid value: \"v0\": missing from spec.versions;")
    );
}

#[test]
fn formats_are_recognized_by_type() {
    let crd = |format: &str, type_: &str| {
        let field = json!({"type": type_, "format": format, "items": {"type": "string"}});
        definition(vec![version("v1", json!({"type": "object", "properties": {"f": field}}))])
    };
    for (type_, format, known) in [
        ("integer", "int32", true),
        ("integer", "int64", true),
        ("integer", "double", false),
        ("number", "double", true),
        ("number", "int32", false),
        ("string", "int32", false),
        ("string", "datetime", true),
        ("object", "uri", false),
        ("array", "uri", false),
    ] {
        assert_eq!(warnings(&crd(format, type_)).is_empty(), known, "{type_} {format}");
    }
    let (old, new) = (crd("zz", "string"), crd("yy", "string"));
    assert_eq!(warnings_of_update(&new, &old), ["unrecognized format \"yy\""]);
    assert!(warnings_of_update(&old, &old).is_empty());
}
