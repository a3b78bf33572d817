//! Scenarios of a real server, as far as they are about rules: objects come, change and are refused; definitions with wrong rules are
//! refused. The server around the rules is the least that the scenarios need: defaults, merge patches, a store.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use k1s_cel::rules::{BadValue, ErrorKind, Options, ProblemKind, RuleError, Validator};
use regex::Regex;
use serde_json::{Map, Value as Json};

/// Scenarios that are about other things: statuses, ratcheting of schemas.
const OTHERS: [&str; 2] = ["cel-ratchet-collections", "cel-status"];

#[test]
fn scenarios_go_as_they_went() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/cel");
    let mut checked = 0;
    for file in std::fs::read_dir(corpus).unwrap() {
        let path = file.unwrap().path();
        if OTHERS.contains(&path.file_stem().unwrap().to_str().unwrap()) {
            continue;
        }
        checked += replay(&serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap());
    }
    assert!(checked > 600, "{checked} steps were compared");
}

/// A served version of the scenario's kind.
struct Version {
    schema: Json,
    validator: Validator,
}

impl Version {
    fn read(version: &Json) -> Self {
        let schema = version["schema"]["openAPIV3Schema"].clone();
        let validator = Validator::new(&schema, true).unwrap();
        Self { schema, validator }
    }
}

/// Replays a scenario; says how many steps were compared.
fn replay(scenario: &Json) -> usize {
    let mut versions = BTreeMap::new();
    for definition in scenario["crds"].as_array().unwrap() {
        for version in definition["spec"]["versions"].as_array().unwrap() {
            versions.insert(version["name"].as_str().unwrap(), Version::read(version));
        }
    }
    let mut store: BTreeMap<String, Json> = BTreeMap::new();
    let mut checked = 0;
    for (index, step) in scenario["steps"].as_array().unwrap().iter().enumerate() {
        let about = format!("{} step {index}: {}", scenario["name"], step["note"]);
        if step["op"] == "createCRD" {
            checked += usize::from(compare_definition(step, &about));
            continue;
        }
        if step["subresource"].is_string() {
            continue;
        }
        checked += usize::from(compare_object(step, &versions, &mut store, &about));
    }
    checked
}

/// Whether the step is about rules alone, and went as it should.
fn compare_object(
    step: &Json,
    versions: &BTreeMap<&str, Version>,
    store: &mut BTreeMap<String, Json>,
    about: &str,
) -> bool {
    let name = step["name"].as_str().or(step["object"]["metadata"]["name"].as_str()).unwrap();
    let object_version = step["object"]["apiVersion"].as_str().and_then(|version| version.rsplit('/').next());
    let version = step["version"].as_str().or(object_version).unwrap_or("v1");
    let (schema, validator) = (&versions[version].schema, &versions[version].validator);
    let old = store.get(name).filter(|_| step["op"] != "create");
    let mut object = match (step["op"].as_str().unwrap(), step["type"].as_str()) {
        ("create" | "update", _) => step["object"].clone(),
        ("patch", Some("merge" | "apply")) => {
            let mut object = old.unwrap().clone();
            merge(&mut object, &step["body"]);
            object
        }
        _ => return false,
    };
    let expect = &step["expect"];
    let causes = expect["causes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_accepted = expect["code"].as_u64().unwrap() < 300;
    if !is_accepted && (causes.is_empty() || !causes.iter().all(is_about_rules)) {
        return false;
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.insert("name".into(), name.into());
        metadata.remove("resourceVersion");
    }
    add_defaults(&mut object, schema);

    let outcome =
        validator.validate(&object, old, &Options { ratcheting: old.is_some(), ..Options::default() });
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let causes = causes.iter().map(|cause| format!("{}: {}", text(&cause["field"]), text(&cause["message"])));
    let warnings = expect["warnings"].as_array().into_iter().flatten().map(text);
    compare(&outcome.errors, causes.collect(), about);
    compare(&outcome.warnings, warnings.collect(), about);
    if is_accepted {
        store.insert(name.to_owned(), object);
    }
    true
}

fn is_about_rules(cause: &Json) -> bool {
    let message = cause["message"].as_str().unwrap();
    let others = ["in body", "were not checked", "Too ", "Unsupported", "conflict with"];
    message != "Required value" && !others.iter().any(|other| message.contains(other))
}

/// Compares errors with lines in any order.
fn compare(errors: &[RuleError], mut lines: Vec<String>, about: &str) {
    for error in errors {
        let Some(at) = lines.iter().position(|line| is_printed(error, line)) else {
            panic!("{about}: {error:?} is none of {lines:#?}");
        };
        lines.remove(at);
    }
    assert!(lines.is_empty(), "{about}: missing {lines:#?}");
}

/// Whether Kubernetes prints an error so. How it prints values is not looked at; times in texts are not recorded.
fn is_printed(error: &RuleError, line: &str) -> bool {
    let path = if error.path.is_empty() { "<nil>" } else { &error.path };
    let detail = normal(&error.detail);
    let Some(line) = line.strip_prefix(path).and_then(|rest| rest.strip_prefix(": ")) else { return false };
    match (error.kind, &error.value) {
        (ErrorKind::Invalid, BadValue::Omitted) => line == format!("Invalid value: {detail}"),
        (ErrorKind::Invalid, BadValue::Type(name)) => line == format!("Invalid value: {name:?}: {detail}"),
        (ErrorKind::Invalid, BadValue::Value(_)) => {
            line.starts_with("Invalid value: ") && line.ends_with(&format!(": {detail}"))
        }
        (ErrorKind::Forbidden, _) => line == format!("Forbidden: {detail}"),
        (ErrorKind::Required, _) => line == format!("Required value: {detail}"),
        (ErrorKind::Duplicate, _) => line.starts_with("Duplicate value"),
    }
}

fn merge(target: &mut Json, patch: &Json) {
    let Some(patch) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Json::Object(Map::new());
    }
    for (name, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(name);
        } else {
            merge(target.as_object_mut().unwrap().entry(name).or_insert(Json::Null), value);
        }
    }
}

fn add_defaults(value: &mut Json, schema: &Json) {
    match value {
        Json::Object(members) => {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                if members.get(name).is_some_and(Json::is_null) && property["nullable"] != true {
                    members.remove(name);
                }
                if let Some(default) = property.get("default") {
                    members.entry(name).or_insert_with(|| default.clone());
                }
                if let Some(member) = members.get_mut(name) {
                    add_defaults(member, property);
                }
            }
            if schema["additionalProperties"].is_object() {
                members.values_mut().for_each(|member| add_defaults(member, &schema["additionalProperties"]));
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| add_defaults(item, &schema["items"])),
        _ => {}
    }
}

/// Whether the step is about wrong rules alone, and each was found.
fn compare_definition(step: &Json, about: &str) -> bool {
    let causes = step["expect"]["causes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_about_rules = |cause: &Json| {
        ["field", "message"]
            .iter()
            .any(|part| cause[*part].as_str().unwrap().contains("x-kubernetes-validations"))
    };
    if !causes.iter().all(is_about_rules) {
        return false;
    }
    let version = Version::read(&step["object"]["spec"]["versions"][0]);
    let mut problems = version.validator.problems("spec.validation.openAPIV3Schema");
    if causes.iter().any(|cause| cause["message"] == "Forbidden: must be empty to be structural") {
        return false;
    }
    for cause in causes {
        let (field, message) = (cause["field"].as_str().unwrap(), cause["message"].as_str().unwrap());
        let message = normal(message);
        let found = problems.iter().position(|problem| {
            let kind = match problem.kind {
                ProblemKind::Invalid => "Invalid value: ",
                ProblemKind::Required => "Required value: ",
                ProblemKind::NotSupported => "Unsupported value: ",
                ProblemKind::Forbidden => "Forbidden: ",
                ProblemKind::Internal => "Internal error: ",
            };
            problem.path == field && message.starts_with(kind) && message.ends_with(&normal(&problem.detail))
        });
        let found = found.unwrap_or_else(|| panic!("{about}: {field}: {message}\nfound: {problems:#?}"));
        problems.remove(found);
    }
    assert!(problems.is_empty(), "{about}: {problems:#?}");
    true
}

/// What recordings leave out: the random numbers in the names of types of `self`, and times.
fn normal(text: &str) -> String {
    static NAMES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"selfType(\d+|<n>)").unwrap());
    static TIMES: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z").unwrap());
    TIMES.replace_all(&NAMES.replace_all(text, "selfType"), "<time>").into_owned()
}
