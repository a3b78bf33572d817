//! The promise, held against the API server's own code: where nothing is breaking, what the old schema takes is taken by the new one, and
//! keeps every value that it has.

use std::collections::BTreeSet;

use k1s_gen::diff::Class;
use k1s_runtime::schema::crd::validate_crd;
use k1s_runtime::schema::{CompiledSchema, Part, Structural};
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::random::{self, Random};
use super::{between, crd, told};

fn compiled(schema: &Value) -> CompiledSchema {
    CompiledSchema::of(Structural::from_openapi(schema).unwrap())
}

/// What an API server stores for an object. `None` if it refuses it.
fn stored(schema: &CompiledSchema, object: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut object = object.clone();
    schema.prune(&mut object);
    schema.default(&mut object);
    refusals(schema, &object).is_empty().then_some(object)
}

fn refusals(schema: &CompiledSchema, object: &Map<String, Value>) -> Vec<String> {
    let errors = schema.validate(object, None, Part::Whole);
    let found = schema.check_rules(object, None, &errors);
    errors.iter().chain(&found.errors).map(ToString::to_string).collect()
}

/// Whether everything in `old` is in `new`, too.
fn is_kept(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            old.iter().all(|(name, old)| new.get(name).is_some_and(|new| is_kept(old, new)))
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_kept(old, new))
        }
        (old, new) => old == new,
    }
}

/// Tries the promise with a schema, a change of it and objects, all made of a seed. Answers how many objects it was tried with.
fn attempt(seed: u64) -> (usize, BTreeSet<&'static str>) {
    let mut random = Random(seed);
    let old = random::root(&mut random);
    let mut new = old.clone();
    for _ in 0..=random.below(3) {
        random::mutate(&mut random, &mut new, 3);
    }
    // An API server takes no definition whose defaults its own schema refuses.
    if [&old, &new].into_iter().any(|schema| !validate_crd(&crd(schema)).is_empty()) {
        return Default::default();
    }
    let comparison = between(crd(&old), crd(&new));
    assert_eq!(comparison, between(crd(&old), crd(&new)), "the same is told each time");
    if comparison.worst() == Some(Class::Breaking) {
        return Default::default();
    }
    let (before, after) = (compiled(&old), compiled(&new));
    let mut tried = 0;
    for _ in 0..20 {
        let Value::Object(object) = random::value(&mut random, &old) else { continue };
        let Some(object) = stored(&before, &object) else { continue };
        tried += 1;
        let mut read = object.clone();
        let dropped = after.prune(&mut read);
        after.default(&mut read);
        let told = told(&comparison);
        let context = || {
            format!(
                "seed {seed}\nold {old}\nnew {new}\nobject {}\ntold {told:?}",
                Value::Object(object.clone())
            )
        };
        assert!(dropped.is_empty(), "{dropped:?} is lost\n{}", context());
        let refused = refusals(&after, &read);
        assert!(refused.is_empty(), "refused: {refused:?}\n{}", context());
        let (object, read) = (Value::Object(object.clone()), Value::Object(read));
        assert!(is_kept(&object, &read), "reads as {read}\n{}", context());
    }
    let rules = comparison.changes().map(|change| change.rule.id);
    (tried, if tried == 0 { BTreeSet::new() } else { rules.collect() })
}

#[test]
fn what_is_not_breaking_breaks_nothing() {
    let mut tried = 0;
    let mut met = BTreeSet::new();
    for seed in 0..6_000 {
        let (objects, rules) = attempt(seed);
        tried += objects;
        met.extend(rules);
    }
    // Else the promise was not put to a test.
    assert!(tried > 10_000, "only {tried} objects");
    let changes_of_schemas = [
        "all-of-loosened",
        "any-of-loosened",
        "bound-loosened",
        "bound-removed",
        "bound-restated",
        "default-added",
        "enum-removed",
        "enum-value-added",
        "field-added",
        "field-undeclared",
        "format-loosened",
        "format-unchecked",
        "map-values-added",
        "map-values-loosened",
        "not-removed",
        "nullable-added",
        "one-of-removed",
        "pattern-removed",
        "preserve-unknown-added",
        "required-removed",
        "required-with-default",
        "rule-removed",
        "type-loosened",
    ];
    let missing: Vec<_> = changes_of_schemas.into_iter().filter(|id| !met.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?} were not put to a test");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn what_is_not_breaking_breaks_nothing_anywhere(seed: u64) {
        attempt(seed);
    }

    #[test]
    fn nothing_is_told_of_what_stays(seed: u64) {
        let schema = random::root(&mut Random(seed));
        let comparison = between(crd(&schema), crd(&schema));
        prop_assert!(comparison.kinds.is_empty(), "{schema}");
    }
}
