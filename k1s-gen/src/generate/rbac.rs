//! Roles of what reconcilers may do.
//!
//! Rules are brought into the form in which kubebuilder's controller-gen writes them, so that a project that moves sees no difference: of
//! the same objects, verbs add up; rules that differ only in their resources, their groups or their paths become one; everything is sorted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::client::Reviewer;
use k1s_runtime::manifest;
use k1s_runtime::scheme::Scheme;
use serde_json::{Map, Value, json};

use super::{Notice, Provenance};
use crate::Error;
use crate::extract::Rule;
use crate::output::{File, Set};

/// The command's name in the files.
pub const COMMAND: &str = "rbac";

/// The file that holds all roles.
pub const FILE: &str = "role.yaml";

/// The word that stands for every verb.
const ALL: &str = "*";

const API_VERSION: &str = "rbac.authorization.k8s.io/v1";

/// The words of one rule, sorted and each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Policy {
    groups: BTreeSet<String>,
    resources: BTreeSet<String>,
    names: BTreeSet<String>,
    urls: BTreeSet<String>,
    verbs: BTreeSet<String>,
}

/// The roles that allow what rules say, as files: a ClusterRole of the rules without a namespace, and a Role for each namespace that
/// rules name, all of them called `role_name` unless a rule has a name of its own.
///
/// # Errors
/// When an API server would refuse a role, as for its name.
///
/// ```
/// use k1s_gen::{extract::Rule, generate::{Provenance, rbac}};
/// let words = |words: &[&str]| words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
/// let rule = |verb| Rule { groups: words(&["apps"]), resources: words(&["deployments"]), verbs: words(&[verb]), ..Rule::default() };
/// let shop = Provenance::Package { name: "shop".into(), version: "0.1.0".into() };
/// let set = rbac::render(&[rule("list"), rule("get")], "shop", &shop)?;
/// assert!(set.files[0].text.contains("verbs:\n  - get\n  - list\n"));
/// # Ok::<(), k1s_gen::Error>(())
/// ```
pub fn render(rules: &[Rule], role_name: &str, provenance: &Provenance) -> Result<Set, Error> {
    let notice = Notice::of(COMMAND, provenance);
    let roles = roles(rules, role_name);
    validate(&roles)?;
    let documents: Vec<String> = roles.iter().map(manifest::to_yaml).collect();
    let text = format!("{}{}", notice.yaml(), documents.join("---\n"));
    let files = if roles.is_empty() { Vec::new() } else { vec![File { path: FILE.to_owned(), text }] };
    Ok(Set { files, notices: vec![notice], directories: Vec::new() })
}

/// The roles that allow what rules say: the ClusterRoles first, then by namespace and name.
pub fn roles(rules: &[Rule], role_name: &str) -> Vec<Value> {
    let mut grouped: BTreeMap<(Option<&str>, &str), Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        let name = rule.role_name.as_deref().unwrap_or(role_name);
        grouped.entry((rule.namespace.as_deref(), name)).or_default().push(rule);
    }
    let role = |((namespace, name), rules): (&(Option<&str>, &str), &Vec<&Rule>)| {
        let kind = if namespace.is_some() { "Role" } else { "ClusterRole" };
        let mut metadata = Map::from_iter([("name".to_owned(), Value::from(*name))]);
        metadata.extend(namespace.map(|namespace| ("namespace".to_owned(), namespace.into())));
        let rules: Vec<Value> = policies(rules).iter().map(Policy::to_json).collect();
        json!({"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "rules": rules})
    };
    grouped.iter().map(role).collect()
}

/// The rules of one role, in the form that there is for what they say.
fn policies(rules: &[&Rule]) -> Vec<Policy> {
    let mut policies: Vec<Policy> = rules.iter().flat_map(|rule| split(rule)).collect();
    policies = merge(policies, |policy| &mut policy.verbs);
    policies = merge(policies, |policy| &mut policy.resources);
    policies = merge(policies, |policy| &mut policy.groups);
    policies = merge(policies, |policy| &mut policy.urls);
    for policy in &mut policies {
        if policy.verbs.contains(ALL) {
            policy.verbs = BTreeSet::from([ALL.to_owned()]);
        }
    }
    policies.sort_by_cached_key(Policy::order);
    policies
}

/// One rule for each resource.
fn split(rule: &Rule) -> Vec<Policy> {
    let set = |words: &[String]| words.iter().cloned().collect::<BTreeSet<_>>();
    let whole = Policy {
        groups: set(&rule.groups),
        resources: BTreeSet::new(),
        names: set(&rule.resource_names),
        urls: set(&rule.urls),
        verbs: set(&rule.verbs),
    };
    if rule.resources.is_empty() {
        return vec![whole];
    }
    let one = |resource: &String| Policy { resources: BTreeSet::from([resource.clone()]), ..whole.clone() };
    rule.resources.iter().map(one).collect()
}

/// Makes one of all rules that differ in nothing but one list.
fn merge(policies: Vec<Policy>, list: fn(&mut Policy) -> &mut BTreeSet<String>) -> Vec<Policy> {
    let mut merged: BTreeMap<Policy, BTreeSet<String>> = BTreeMap::new();
    for mut policy in policies {
        let words = std::mem::take(list(&mut policy));
        merged.entry(policy).or_default().extend(words);
    }
    let whole = |(mut policy, words)| {
        *list(&mut policy) = words;
        policy
    };
    merged.into_iter().map(whole).collect()
}

impl Policy {
    /// Where it stands among others: a text, as controller-gen compares it.
    fn order(&self) -> String {
        let part = |words: &BTreeSet<String>| words.iter().map(String::as_str).collect::<Vec<_>>().join("&");
        [&self.groups, &self.resources, &self.names, &self.urls].map(part).join(" + ")
    }

    fn to_json(&self) -> Value {
        let lists = [
            ("apiGroups", &self.groups),
            ("resources", &self.resources),
            ("resourceNames", &self.names),
            ("nonResourceURLs", &self.urls),
            ("verbs", &self.verbs),
        ];
        let given = lists.into_iter().filter(|(_, words)| !words.is_empty());
        Value::Object(given.map(|(field, words)| (field.to_owned(), json!(words))).collect())
    }
}

/// Refuses what an API server would refuse of roles.
fn validate(roles: &[Value]) -> Result<(), Error> {
    let reviewer = Reviewer::new(Arc::new(Scheme::new()));
    for role in roles {
        let name = format!("{} {}", role["kind"].as_str().unwrap_or_default(), role["metadata"]["name"]);
        let reasons = reasons(&reviewer, role)?;
        if !reasons.is_empty() {
            let reasons = reasons.iter().map(|reason| format!("\n  {reason}")).collect();
            return Err(Error::Refused { name, reasons });
        }
    }
    Ok(())
}

fn reasons(reviewer: &Reviewer, role: &Value) -> Result<Vec<String>, Error> {
    let object = role.as_object().cloned().map(Object).unwrap_or_default();
    let Some(review) = reviewer.create(&object)? else { return Ok(vec!["the kind is unknown".to_owned()]) };
    let errors = review.undecodable.iter().chain(&review.errors);
    Ok(errors.map(ToString::to_string).collect())
}
