//! Rules in the schema room: what they say about objects, and what is said about them. The recorded scenarios of rules are replayed
//! with the client; here is what no recording shows.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

use k1s_runtime::api::field::FieldError;
use k1s_runtime::schema::crd::{validate_crd, validate_crd_update};
use k1s_runtime::schema::{CompiledSchema, Findings, Structural};
use serde_json::{Value, json};

fn judge(schema: &Value, object: &Value, old: Option<&Value>, errors: &[FieldError]) -> Findings {
    let schema = CompiledSchema::of(Structural::from_openapi(schema).unwrap());
    schema.check_rules(object.as_object().unwrap(), old.map(|old| old.as_object().unwrap()), errors)
}

fn texts(errors: &[FieldError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

fn positive() -> Value {
    json!({"type": "object", "properties": {
        "a": {"type": "integer", "x-kubernetes-validations": [{"rule": "self > 0", "message": "too low"}]},
        "b": {"type": "object", "properties": {"c": {"type": "string"}}, "x-kubernetes-validations": [
            {"rule": "self.c != ''", "reason": "FieldValueRequired", "fieldPath": ".c"},
            {"rule": "self.d == 1"},
        ]},
    }})
}

#[test]
fn errors_show_what_the_servers_show() {
    let found = judge(&positive(), &json!({"a": 0, "b": {"c": ""}}), None, &[]);
    assert_eq!(
        texts(&found.errors),
        [
            "a: Invalid value: 0: too low",
            "b.c: Required value: failed rule: self.c != ''",
            "b: Invalid value: \"object\": rule compile error: compilation failed: ERROR: <input>:1:5: undefined field 'd'\n \
             | self.d == 1\n | ....^",
        ]
    );
    assert!(found.warnings.is_empty());
}

#[test]
fn what_an_update_leaves_is_a_warning() {
    let old = json!({"a": 0});
    let found = judge(&positive(), &json!({"a": 0}), Some(&old), &[]);
    assert_eq!(found, Findings { errors: vec![], warnings: vec!["a: Invalid value: 0: too low".into()] });
    let found = judge(&positive(), &json!({"a": -1}), Some(&old), &[]);
    assert_eq!(texts(&found.errors), ["a: Invalid value: -1: too low"]);
}

#[test]
fn some_errors_keep_rules_from_being_evaluated() {
    let skipped = "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the \
                   existing errors to complete validation";
    let object = json!({"a": 0});
    let found = judge(&positive(), &object, None, &[FieldError::required("metadata.name", "")]);
    assert_eq!(texts(&found.errors), [skipped]);
    let found = judge(&positive(), &object, None, &[FieldError::invalid("spec", "x", "")]);
    assert_eq!(texts(&found.errors), ["a: Invalid value: 0: too low"]);
    let no_rules = json!({"type": "object"});
    assert_eq!(judge(&no_rules, &object, None, &[FieldError::required("a", "")]), Findings::default());
}

fn crd(spec: &Value) -> Value {
    crd_of(&[("v1", spec)])
}

fn crd_of(versions: &[(&str, &Value)]) -> Value {
    let versions = versions.iter().enumerate().map(|(index, (name, spec))| {
        json!({"name": name, "served": true, "storage": index == 0, "schema": {"openAPIV3Schema": {
            "type": "object", "properties": {"spec": spec},
        }}})
    });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "items.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced", "versions": versions.collect::<Vec<_>>(),
            "names": {"kind": "Item", "listKind": "ItemList", "plural": "items", "singular": "item"},
        },
    })
}

#[test]
fn each_version_has_its_own_place() {
    let wrong = json!({"type": "integer", "x-kubernetes-validations": [{"rule": "self"}]});
    let right = json!({"type": "integer"});
    let fields = |crd: &Value| validate_crd(crd).into_iter().map(|error| error.field).collect::<Vec<_>>();
    let rest = "openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule";
    assert_eq!(fields(&crd_of(&[("v1", &wrong), ("v2", &wrong)])), [format!("spec.validation.{rest}")]);
    assert_eq!(
        fields(&crd_of(&[("v1", &right), ("v2", &wrong)])),
        [format!("spec.versions[1].schema.{rest}")]
    );
}

#[test]
fn expressions_are_looked_at_where_the_schema_is_sound() {
    let schema = json!({"type": "object", "properties": {
        "bad": {"type": "string", "uniqueItems": true, "x-kubernetes-validations": [{"rule": "self"}]},
        "form": {"type": "string", "x-kubernetes-validations": [{"rule": "self", "reason": "Nope"}]},
        "good": {"type": "string", "x-kubernetes-validations": [{"rule": "self"}]},
    }, "x-kubernetes-validations": [{"rule": "self"}]});
    let errors = texts(&validate_crd(&crd(&schema)));
    assert_eq!(errors.len(), 3, "{errors:#?}");
    assert!(errors[0].contains("properties[bad].uniqueItems: Forbidden: uniqueItems cannot be set to true"));
    assert!(
        errors[1]
            .contains("properties[form].x-kubernetes-validations[0].reason: Unsupported value: \"Nope\"")
    );
    assert!(errors[2].ends_with(
        "properties[good].x-kubernetes-validations[0].rule: Invalid value: \
         {\"Rule\":\"self\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}: cel \
         expression must evaluate to a bool"
    ));
    // What cannot be read as a structural schema has no types to check expressions with; nor has what is not structural.
    let list = json!({"type": "object", "properties": {"l": {"type": "array", "items": [{"type": "string"}]}},
        "x-kubernetes-validations": [{"rule": "self"}]});
    assert_eq!(validate_crd(&crd(&list)).len(), 1);
    let untyped =
        json!({"properties": {"l": {"type": "string"}}, "x-kubernetes-validations": [{"rule": "self"}]});
    assert_eq!(validate_crd(&crd(&untyped)).len(), 1);
}

#[test]
fn defaults_have_to_satisfy_rules_as_new_values_and_as_old_ones() {
    let property = |rule: Value| json!({"type": "object", "properties": {"f": {"type": "integer", "default": 0, "x-kubernetes-validations": [rule]}}});
    let errors = |rule: Value| texts(&validate_crd(&crd(&property(rule))));
    let at = "spec.validation.openAPIV3Schema.properties[spec].properties[f].default: Invalid value: 0: failed rule: ";
    assert_eq!(errors(json!({"rule": "self > 0"})), [format!("{at}self > 0")]);
    assert_eq!(errors(json!({"rule": "self > oldSelf"})), [format!("{at}self > oldSelf")]);
    let optional = json!({"rule": "oldSelf.hasValue()", "optionalOldSelf": true});
    assert_eq!(errors(optional), [format!("{at}oldSelf.hasValue()")]);
    assert_eq!(errors(json!({"rule": "self == oldSelf"})), [] as [String; 0]);
}

#[test]
fn what_was_accepted_keeps_what_its_rules_cost() {
    // Twice what one rule may cost, which is less than all may.
    let text = json!({"type": "string", "maxLength": 20_000_000});
    let costly = json!({"type": "object", "properties": {"t": text}, "x-kubernetes-validations": [{"rule": "self.t.matches('^ab?c$')"}]});
    let errors = texts(&validate_crd(&crd(&costly)));
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(
        errors[0].contains("rule: Forbidden: estimated rule cost exceeds budget by factor of"),
        "{errors:#?}"
    );
    assert_eq!(validate_crd_update(&crd(&costly), &crd(&costly)), []);
    let mut changed = costly.clone();
    changed["description"] = "changed".into();
    assert_eq!(validate_crd_update(&crd(&changed), &crd(&costly)).len(), 1);
}
