//! Roles of rules.
#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use k1s_gen::extract::Rule;
use k1s_gen::generate::{Provenance, rbac};
use serde_json::{Value, json};

fn words(list: &str) -> Vec<String> {
    list.split_whitespace().map(|word| if word == "core" { String::new() } else { word.to_owned() }).collect()
}

fn rule(groups: &str, resources: &str, verbs: &str) -> Rule {
    Rule { groups: words(groups), resources: words(resources), verbs: words(verbs), ..Rule::default() }
}

fn urls(urls: &str, verbs: &str) -> Rule {
    Rule { urls: words(urls), verbs: words(verbs), ..Rule::default() }
}

/// The rules of the only role, a line each.
fn rules_of(rules: &[Rule]) -> Vec<String> {
    let roles = rbac::roles(rules, "manager");
    assert_eq!(roles.len(), 1);
    let list = |rule: &Value, field: &str| {
        let words = rule[field].as_array().map(Vec::as_slice).unwrap_or_default();
        words.iter().map(|word| word.as_str().unwrap()).collect::<Vec<_>>().join(",")
    };
    let line = |rule: &Value| {
        let fields = ["apiGroups", "resources", "resourceNames", "nonResourceURLs", "verbs"];
        fields.map(|field| list(rule, field)).join("|")
    };
    roles[0]["rules"].as_array().unwrap().iter().map(line).collect()
}

fn package() -> Provenance {
    Provenance::Package { name: "shop".to_owned(), version: "0.1.0".to_owned() }
}

#[test]
fn verbs_of_the_same_objects_add_up() {
    assert_eq!(
        rules_of(&[rule("apps", "deployments", "list get"), rule("apps", "deployments", "watch get")]),
        ["apps|deployments|||get,list,watch"]
    );
    assert_eq!(
        rules_of(&[rule("apps", "deployments", "get"), rule("apps", "deployments", "*")]),
        ["apps|deployments|||*"]
    );
}

#[test]
fn rules_that_differ_in_one_list_become_one() {
    assert_eq!(
        rules_of(&[rule("core", "secrets", "get"), rule("core", "configmaps", "get")]),
        ["|configmaps,secrets|||get"]
    );
    assert_eq!(rules_of(&[rule("b", "jobs", "get"), rule("a", "jobs", "get")]), ["a,b|jobs|||get"]);
    assert_eq!(rules_of(&[urls("/metrics", "get"), urls("/healthz", "get")]), ["|||/healthz,/metrics|get"]);
    // A rule about several resources is one about each.
    assert_eq!(
        rules_of(&[rule("core", "pods secrets", "get"), rule("core", "pods", "list")]),
        ["|pods|||get,list", "|secrets|||get"]
    );
}

#[test]
fn what_differs_in_two_lists_stays_apart() {
    assert_eq!(
        rules_of(&[rule("a", "jobs", "get"), rule("b", "pods", "get"), urls("/metrics", "get")]),
        ["|||/metrics|get", "a|jobs|||get", "b|pods|||get"]
    );
    let named = Rule { resource_names: words("prices"), ..rule("core", "configmaps", "get") };
    assert_eq!(
        rules_of(&[named, rule("core", "configmaps", "get")]),
        ["|configmaps|||get", "|configmaps|prices||get"]
    );
}

#[test]
fn roles_are_by_namespace_and_name() {
    let of = |namespace: Option<&str>, name: Option<&str>| Rule {
        namespace: namespace.map(str::to_owned),
        role_name: name.map(str::to_owned),
        ..rule("core", "pods", "get")
    };
    let rules =
        [of(Some("shop"), None), of(None, None), of(Some("shop"), Some("jobs")), of(Some("mall"), None)];
    let roles = rbac::roles(&rules, "manager");
    let shown: Vec<Value> = roles.iter().map(|role| json!([role["kind"], role["metadata"]])).collect();
    assert_eq!(
        shown,
        [
            json!(["ClusterRole", {"name": "manager"}]),
            json!(["Role", {"name": "manager", "namespace": "mall"}]),
            json!(["Role", {"name": "jobs", "namespace": "shop"}]),
            json!(["Role", {"name": "manager", "namespace": "shop"}]),
        ]
    );
}

#[test]
fn the_order_of_rules_does_not_matter() {
    let mut rules = vec![
        rule("core", "pods secrets", "get list"),
        rule("apps", "deployments deployments/status", "update"),
        urls("/metrics", "get"),
        rule("core apps", "pods", "watch"),
        rule("core", "secrets", "create"),
    ];
    let first = rbac::render(&rules, "manager", &package()).unwrap();
    for _ in 0..rules.len() {
        rules.rotate_left(1);
        assert_eq!(rbac::render(&rules, "manager", &package()).unwrap().files, first.files);
    }
}

#[test]
fn an_api_server_must_take_them() {
    let error = |rules: &[Rule], name: &str| rbac::render(rules, name, &package()).unwrap_err().to_string();
    let rules = [rule("core", "pods", "get")];
    assert!(
        error(&rules, "a/b")
            .starts_with("an API server would refuse ClusterRole \"a/b\":\n  metadata.name: "),
        "{}",
        error(&rules, "a/b")
    );
    let in_shop = Rule { namespace: Some("shop".to_owned()), ..urls("/metrics", "get") };
    assert!(error(&[in_shop], "manager").contains("namespaced rules cannot apply to non-resource URLs"));
    assert!(rbac::render(&[], "", &package()).unwrap().files.is_empty());
}
