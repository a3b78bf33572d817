//! CustomResourceDefinitions: what a kube-apiserver answered to their creation, and the way to definitions and back.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr)] // Helpers of tests are tests too.

mod support;

use std::sync::Arc;

use k1s_runtime::api::definition::SchemaSource;
use k1s_runtime::api::{PrintColumn, ResourceDefinition, Scale, Scope};
use k1s_runtime::schema::crd::{definitions, to_crd, to_crd_json, validate_crd, warnings};
use serde_json::{Value, json};

use support::{Cause, causes, scenarios};

#[test]
fn creations_are_answered_as_recorded() {
    let (mut agree, mut differences) = (0, Vec::new());
    for (name, scenario) in scenarios() {
        for (index, step) in scenario["steps"].as_array().expect("steps").iter().enumerate() {
            let expect = step["expect"].as_object().expect("expect");
            let code = expect["code"].as_u64().unwrap_or_default();
            // 400: the text does not decode, which is the client's to say.
            if step["op"] != "createCRD" || !matches!(code, 201 | 422) {
                continue;
            }
            let expected = causes(expect);
            let mut got: Vec<Cause> = validate_crd(&step["object"]).iter().map(Cause::of_error).collect();
            got.sort();
            let format_warnings =
                |value: &Value| value.as_str().is_some_and(|text| text.starts_with("unrecognized"));
            let recorded = expect.get("warnings").and_then(Value::as_array).into_iter().flatten();
            let recorded: Vec<&Value> = recorded.filter(|warning| format_warnings(warning)).collect();
            if expected == got
                && (code == 422 || recorded == warnings(&step["object"]).iter().collect::<Vec<_>>())
            {
                agree += 1;
            } else {
                let note = step["note"].as_str().unwrap_or_default();
                differences.push(format!(
                    "{name} step {index} ({note}):\n  expected {expected:#?}\n  got      {got:#?}"
                ));
            }
        }
    }
    eprintln!("CRD corpus: {agree} of {} steps agree", agree + differences.len());
    assert!(agree > 100, "too few steps were replayed: {agree}");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_recorded_definition_passes_and_survives_the_way_back() {
    for (name, scenario) in scenarios() {
        for crd in scenario["crds"].as_array().expect("crds") {
            assert_eq!(validate_crd(crd), [], "{name}");
            let read = definitions(crd).expect("readable");
            let again = definitions(&to_crd_json(&read).expect("writable")).expect("readable");
            let mut names: Vec<&str> = read.iter().map(|definition| definition.version.as_str()).collect();
            let mut names_again: Vec<&str> =
                again.iter().map(|definition| definition.version.as_str()).collect();
            names.sort_unstable();
            names_again.sort_unstable();
            assert_eq!(names, names_again, "{name}");
        }
    }
}

fn item(version: &str, storage: bool) -> ResourceDefinition {
    let mut item = ResourceDefinition::new("inventory.example.com", version, "Item", "items");
    item.storage = storage;
    item.schema = SchemaSource::OpenApi(Arc::new(json!({
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0}}}},
    })));
    item
}

#[test]
fn versions_become_one_definition() {
    let mut old = item("v1alpha1", false);
    old.deprecated = Some("use v1".to_owned());
    old.short_names = vec!["itm".to_owned()];
    let mut new = item("v1", true);
    new.scope = Scope::Namespaced;
    new.status = true;
    new.scale = Some(Scale {
        spec_replicas_path: ".spec.n".to_owned(),
        status_replicas_path: ".status.n".to_owned(),
        label_selector_path: None,
    });
    new.columns = Some(vec![PrintColumn {
        name: "N".to_owned(),
        type_: "integer".to_owned(),
        json_path: ".spec.n".to_owned(),
        ..PrintColumn::default()
    }]);
    // What all versions have in common is kept in one place, and paths into a schema must be where the schema is.
    old.selectable_fields = vec![".spec.n".to_owned()];
    new.selectable_fields.clone_from(&old.selectable_fields);
    new.labels.insert("team".to_owned(), "stock".to_owned());
    let crd = to_crd_json(&[old, new]).expect("versions fit together");
    assert_eq!(validate_crd(&crd), []);
    let schema = json!({"openAPIV3Schema": {"type": "object", "properties": {
        "spec": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0}}},
    }}});
    let expected = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "items.inventory.example.com", "labels": {"team": "stock"}},
        "spec": {
            "group": "inventory.example.com",
            "scope": "Namespaced",
            "names": {
                "kind": "Item", "listKind": "ItemList", "plural": "items", "singular": "item", "shortNames": ["itm"],
            },
            "versions": [
                {
                    "name": "v1", "served": true, "storage": true, "schema": schema,
                    "subresources": {
                        "status": {},
                        "scale": {"specReplicasPath": ".spec.n", "statusReplicasPath": ".status.n"},
                    },
                    "additionalPrinterColumns": [{"name": "N", "type": "integer", "jsonPath": ".spec.n"}],
                    "selectableFields": [{"jsonPath": ".spec.n"}],
                },
                {
                    "name": "v1alpha1", "served": true, "storage": false, "schema": schema,
                    "deprecated": true, "deprecationWarning": "use v1", "selectableFields": [{"jsonPath": ".spec.n"}],
                },
            ],
            "conversion": {"strategy": "None"},
        },
    });
    assert_eq!(crd, expected);
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let error = |definitions: &[ResourceDefinition]| to_crd_json(definitions).unwrap_err().to_string();
    assert_eq!(
        error(&[item("v1", true), item("v2", true)]),
        "Item: kind Item.inventory.example.com is stored in both v1 and v2; say `storage = false` on all versions but one"
    );
    assert_eq!(error(&[item("v1", true), item("v1", false)]), "Item: version `v1` is defined twice");
    assert_eq!(
        error(&[item("v1", false), item("v2", false)]),
        "Item: no version of kind Item.inventory.example.com is stored: v1, v2 all say `storage = false`; exactly one must not"
    );
    let mut cluster = item("v2", false);
    cluster.scope = Scope::Cluster;
    assert_eq!(error(&[item("v1", true), cluster]), "Item: versions disagree about the scope");
}

#[test]
fn the_typed_definition_says_the_same() {
    let definition = to_crd(&[item("v1", false)]).expect("one version is the stored one");
    assert!(definition.spec.versions[0].storage);
    let json = serde_json::to_value(&definition).expect("JSON");
    assert_eq!(definitions(&json).expect("readable")[0].plural, "items");
}

#[test]
fn garbage_is_refused_without_panic() {
    for crd in
        [json!(null), json!({}), json!({"spec": []}), json!({"spec": {"versions": [1, null, {"schema": 5}]}})]
    {
        assert!(!validate_crd(&crd).is_empty());
        assert!(definitions(&crd).is_err());
    }
}
