//! What changes of CustomResourceDefinitions are taken for: each rule by an example, and the promise that they make by many random ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]
#![allow(clippy::needless_pass_by_value, reason = "examples read better without references")]

mod definitions;
mod oracle;
mod random;
mod schemas;

use std::collections::BTreeSet;

use k1s_gen::diff::{Comparison, compare, rules};
use k1s_gen::source::Definition;
use serde_json::{Value, json};

/// A definition of one version, with a schema.
fn crd(schema: &Value) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "items.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"kind": "Item", "listKind": "ItemList", "plural": "items", "singular": "item"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    })
}

fn definition(crd: Value) -> Definition {
    Definition { crd, origin: None }
}

fn between(old: Value, new: Value) -> Comparison {
    compare(&[definition(old)], &[definition(new)]).unwrap()
}

/// The rules and fields of all changes.
fn told(comparison: &Comparison) -> Vec<(&str, &str)> {
    comparison.changes().map(|change| (change.rule.id, change.field.as_str())).collect()
}

#[test]
fn every_rule_has_an_example() {
    let shown: BTreeSet<&str> = schemas::cases()
        .into_iter()
        .flat_map(|case| case.expected)
        .chain(definitions::cases().into_iter().flat_map(|case| case.expected))
        .map(|(id, _)| id)
        .collect();
    let all: BTreeSet<&str> = rules::all().iter().map(|rule| rule.id).collect();
    let missing: Vec<_> = all.difference(&shown).collect();
    assert!(missing.is_empty(), "no example of {missing:?}");
}
