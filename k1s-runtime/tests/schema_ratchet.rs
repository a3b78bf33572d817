//! Updates that leave something as it was do not have to satisfy a schema that has become stricter: replayed from a
//! recording of a kube-apiserver in which objects were made in a lenient version and written in a strict one.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr)] // Helpers of tests are tests too.

mod support;

use std::collections::BTreeMap;

use k1s_runtime::schema::{CompiledSchema, Part, crd};
use serde_json::{Map, Value};

use support::{Cause, causes, scenario};

#[test]
fn updates_are_answered_as_recorded() {
    let scenario = scenario("cel/cel-ratchet-collections.json");
    let mut schemas = BTreeMap::new();
    for definition in crd::definitions(&scenario["crds"][0]).expect("readable") {
        schemas.insert(definition.api_version(), CompiledSchema::compile(&definition).expect("compiles"));
    }
    let mut stored: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let (mut agree, mut differences) = (0, Vec::new());
    for (index, step) in scenario["steps"].as_array().expect("steps").iter().enumerate() {
        let expect = step["expect"].as_object().expect("expect");
        let name = [&step["name"], &step["object"]["metadata"]["name"]].into_iter().find_map(Value::as_str);
        let name = name.unwrap_or_default().to_owned();
        if let (true, Some(old)) = (step["op"] == "update", stored.get(&name)) {
            let mut object = step["object"].as_object().expect("an object").clone();
            let schema = &schemas[object["apiVersion"].as_str().expect("a version")];
            schema.prune(&mut object);
            schema.default(&mut object);
            let mut errors = schema.validate(&object, Some(old), Part::Whole);
            errors.extend(schema.check_rules(&object, Some(old), &errors).errors);
            let mut got: Vec<Cause> = errors.iter().map(Cause::of_error).collect();
            got.sort();
            let expected = causes(expect);
            if got == expected {
                agree += 1;
            } else {
                differences.push(format!("step {index}:\n  expected {expected:?}\n  got      {got:?}"));
            }
        }
        if let Some(object) = expect.get("object").and_then(Value::as_object) {
            stored.insert(name, object.clone());
        }
    }
    eprintln!("ratcheting: {agree} of {} updates agree", agree + differences.len());
    assert!(agree > 20, "too few updates were replayed: {agree}");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
