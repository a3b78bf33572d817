//! The core kinds of the groups `rbac.authorization.k8s.io` and `coordination.k8s.io`: what the recorded scenarios leave out.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and json! makes values"
)]

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::client::{Api, CoreClient, DeleteOptions, DryRun, Patch, Preconditions, WriteOptions};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;
use serde_json::{Value, json};

const RBAC: &str = "rbac.authorization.k8s.io";

fn client() -> CoreClient {
    CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()))
}

fn api(client: &CoreClient, group: &str, kind: &str) -> Api<Object> {
    let definition = client.scheme().versions(group, kind).remove(0);
    Api::dynamic(client.clone(), &definition, Some("default"))
}

fn object(api_version: &str, kind: &str, name: &str, rest: Value) -> Object {
    let mut object = Object::new(api_version, kind, name);
    if let Value::Object(rest) = rest {
        object.0.extend(rest);
    }
    object
}

fn role(kind: &str, name: &str, rest: Value) -> Object {
    object("rbac.authorization.k8s.io/v1", kind, name, rest)
}

#[track_caller]
fn refused(client: &CoreClient, kind: &str, rest: Value, why: &str) {
    let error = block_on(api(client, RBAC, kind).create(&role(kind, "x", rest))).unwrap_err();
    assert_eq!(error.to_string(), format!("{kind}.rbac.authorization.k8s.io \"x\" is invalid: {why}"));
}

#[test]
fn a_rule_names_verbs_and_either_resources_or_urls() {
    let client = client();
    let urls = json!({"rules": [{"verbs": ["get"], "nonResourceURLs": ["/x"]}]});
    block_on(api(&client, RBAC, "ClusterRole").create(&role("ClusterRole", "ok", urls.clone()))).unwrap();
    refused(
        &client,
        "Role",
        urls,
        "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: namespaced rules cannot apply to non-resource URLs",
    );
    refused(
        &client,
        "ClusterRole",
        json!({"rules": [{"verbs": ["get"], "nonResourceURLs": ["/x"], "resourceNames": ["a"]}]}),
        "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: rules cannot apply to both regular resources and \
         non-resource URLs",
    );
    refused(
        &client,
        "Role",
        json!({"rules": [{}]}),
        "[rules[0].verbs: Required value: verbs must contain at least one value, rules[0].apiGroups: Required value: \
         resource rules must supply at least one api group, rules[0].resources: Required value: resource rules must \
         supply at least one resource]",
    );
}

#[test]
fn an_aggregation_rule_has_selectors_that_are_selectors() {
    let client = client();
    let with = |selectors: Value| json!({"aggregationRule": {"clusterRoleSelectors": selectors}});
    let good =
        with(json!([{"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "c", "operator": "Exists"}]}]));
    let made = block_on(api(&client, RBAC, "ClusterRole").create(&role("ClusterRole", "ok", good))).unwrap();
    assert_eq!(made.0["rules"], Value::Null);
    let path = "aggregationRule.clusterRoleSelectors";
    refused(
        &client,
        "ClusterRole",
        with(json!([])),
        &format!(
            "{path}: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil"
        ),
    );
    refused(
        &client,
        "ClusterRole",
        with(json!([{"matchExpressions": [{"key": "a", "operator": "In"}]}])),
        &format!(
            "[{path}[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn', \
             {path}[0]: Invalid value: null: invalid label selector.]"
        ),
    );
    refused(
        &client,
        "ClusterRole",
        with(json!([{"matchExpressions": [{"key": "a", "operator": "Is"}]}])),
        &format!(
            "[{path}[0].matchExpressions[0].operator: Invalid value: \"Is\": not a valid selector operator, {path}[0]: \
             Invalid value: null: invalid label selector.]"
        ),
    );
}

#[test]
fn put_creates_and_needs_no_version_where_the_server_says_so() {
    let client = client();
    let roles = api(&client, RBAC, "Role");
    let wanted = role("Role", "made", json!({"rules": []}));
    let made = block_on(roles.replace("made", &wanted)).unwrap();
    assert_eq!(made.0["rules"], Value::Null);
    // And once more, without a version.
    block_on(roles.replace("made", &wanted)).unwrap();

    let leases = api(&client, "coordination.k8s.io", "Lease");
    let lease = object("coordination.k8s.io/v1", "Lease", "made", json!({"spec": {"holderIdentity": "me"}}));
    block_on(leases.replace("made", &lease)).unwrap();
    let error = block_on(leases.replace("made", &lease)).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("metadata.resourceVersion: Invalid value: 0: must be specified for an update")
    );
    // Leader election that is not on leaves no trace.
    let patch = Patch::Merge(json!({"spec": {"strategy": "OldestEmulationVersion", "leaseTransitions": 1}}));
    let patched = block_on(leases.patch("made", patch)).unwrap();
    assert_eq!(patched.0["spec"], json!({"holderIdentity": "me", "leaseTransitions": 1}));
}

#[test]
fn generated_names_of_roles_are_checked_as_names() {
    let client = client();
    let mut unnamed = role("Role", "", json!({}));
    unnamed.set_metadata("generateName", "a/b");
    let error = block_on(api(&client, RBAC, "Role").create(&unnamed)).unwrap_err();
    assert!(error.to_string().contains("metadata.generateName: Invalid value: \"a/b\": may not contain '/'"));
}

#[test]
fn a_collection_is_deleted_by_selector_and_told_as_it_was() {
    let client = client();
    let leases = api(&client, "coordination.k8s.io", "Lease");
    for (name, team) in [("a", "red"), ("b", "blue"), ("c", "red")] {
        let mut lease = object("coordination.k8s.io/v1", "Lease", name, json!({}));
        lease.set_metadata("labels", json!({"team": team}));
        if name == "c" {
            lease.set_metadata("finalizers", json!(["example.com/f"]));
        }
        block_on(leases.create(&lease)).unwrap();
    }
    let names = |items: &[Object]| items.iter().map(|item| item.name().to_owned()).collect::<Vec<_>>();
    let before = block_on(leases.delete_collection("team=red", DeleteOptions::default())).unwrap().items;
    assert_eq!(names(&before), ["a", "c"]);
    assert!(before.iter().all(|item| item.deletion_timestamp().is_none()));
    let left = block_on(leases.list("")).unwrap().items;
    assert_eq!(names(&left), ["b", "c"]);
    assert!(left[1].deletion_timestamp().is_some());
    // Preconditions are asked of each, and the first that does not hold ends it.
    let other = Preconditions { uid: Some("x".into()), resource_version: None };
    let options = DeleteOptions { preconditions: other, ..DeleteOptions::default() };
    assert!(block_on(leases.delete_collection("", options)).unwrap_err().is_conflict());
    assert_eq!(block_on(leases.list("")).unwrap().items.len(), 2);
    // A dry run deletes nothing.
    let dry = leases.clone().with_options(WriteOptions { dry_run: DryRun::All, ..WriteOptions::default() });
    assert_eq!(block_on(dry.delete_collection("", DeleteOptions::default())).unwrap().items.len(), 2);
    assert_eq!(block_on(leases.list("")).unwrap().items.len(), 2);
    assert_eq!(
        block_on(leases.delete_collection("x in", DeleteOptions::default()))
            .unwrap_err()
            .status()
            .unwrap()
            .code,
        400
    );
}

#[test]
fn paths_that_are_not_there_are_not_found() {
    let client = client();
    let everywhere = |kind: &str| {
        let definition = client.scheme().versions(if kind == "Role" { RBAC } else { "" }, kind).remove(0);
        Api::<Object>::dynamic(client.clone(), &definition, None)
    };
    let error = block_on(everywhere("Role").create(&role("Role", "a", json!({})))).unwrap_err();
    assert_eq!(error.status().unwrap().code, 405);
    let error = block_on(everywhere("Role").get("a")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server could not find the requested resource (get roles.rbac.authorization.k8s.io a)"
    );
    let error =
        block_on(everywhere("Namespace").delete_collection("", DeleteOptions::default())).unwrap_err();
    assert_eq!(error.to_string(), "the server does not allow this method on the requested resource");
}
