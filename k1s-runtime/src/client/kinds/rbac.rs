//! Roles and bindings: what a rule must name, whom a binding may bind to what, and that what it binds to stays.

use serde_json::{Map, Value, json};

use crate::api::field::{BadValue, ErrorType, FieldError};
use crate::api::{Object, names};

const GROUP: &str = "rbac.authorization.k8s.io";
const SERVICE_ACCOUNT: &str = "ServiceAccount";
const USER: &str = "User";
const GROUP_OF_USERS: &str = "Group";

/// Names of roles and bindings are segments of paths, those with a generated end too.
pub(super) fn name(name: &str, _prefix: bool) -> Vec<String> {
    names::path_segment_name(name)
}

/// No rules are no list.
pub(super) fn prepare_role(object: &mut Object) {
    if object.0.get("rules").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        object.0.insert("rules".to_owned(), Value::Null);
    }
}

/// Fills in the API groups that follow from the kinds.
pub(super) fn prepare_binding(object: &mut Object) {
    let set = |map: &mut Map<String, Value>| {
        if map.get("apiGroup").and_then(Value::as_str).unwrap_or_default().is_empty() {
            map.insert("apiGroup".to_owned(), GROUP.into());
        }
    };
    if let Some(Value::Object(role_ref)) = object.0.get_mut("roleRef") {
        set(role_ref);
    }
    let subjects = object.0.get_mut("subjects").and_then(Value::as_array_mut);
    for subject in subjects.into_iter().flatten().filter_map(Value::as_object_mut) {
        if matches!(subject.get("kind").and_then(Value::as_str), Some(USER | GROUP_OF_USERS)) {
            set(subject);
        }
    }
}

pub(super) fn validate_role(object: &Object, errors: &mut Vec<FieldError>) {
    validate_rules(object, true, errors);
}

pub(super) fn validate_cluster_role(object: &Object, errors: &mut Vec<FieldError>) {
    validate_rules(object, false, errors);
    let Some(aggregation) = object.0.get("aggregationRule").filter(|rule| !rule.is_null()) else { return };
    let path = "aggregationRule.clusterRoleSelectors";
    let selectors = items(aggregation, "clusterRoleSelectors");
    if selectors.is_empty() {
        let detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
        errors.push(FieldError::required(path, detail));
    }
    for (index, selector) in selectors.iter().enumerate() {
        validate_selector(selector, &format!("{path}[{index}]"), errors);
    }
}

fn validate_rules(object: &Object, namespaced: bool, errors: &mut Vec<FieldError>) {
    let rules = object.0.get("rules").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for (index, rule) in rules.iter().enumerate() {
        let path = format!("rules[{index}]");
        let mut require = |field: &str, detail: &str| {
            if items(rule, field).is_empty() {
                errors.push(FieldError::required(format!("{path}.{field}"), detail));
            }
        };
        require("verbs", "verbs must contain at least one value");
        let urls = items(rule, "nonResourceURLs");
        if urls.is_empty() {
            require("apiGroups", "resource rules must supply at least one api group");
            require("resources", "resource rules must supply at least one resource");
            continue;
        }
        let about_resources = ["apiGroups", "resources", "resourceNames"];
        let mut refuse = |detail: &str| {
            let shown = Value::from(urls.to_vec());
            errors.push(FieldError::invalid(format!("{path}.nonResourceURLs"), shown, detail));
        };
        if namespaced {
            refuse("namespaced rules cannot apply to non-resource URLs");
        }
        if about_resources.into_iter().any(|field| !items(rule, field).is_empty()) {
            refuse("rules cannot apply to both regular resources and non-resource URLs");
        }
    }
}

/// Checks a `metav1.LabelSelector`.
fn validate_selector(selector: &Value, path: &str, errors: &mut Vec<FieldError>) {
    let before = errors.len();
    let labels = selector.get("matchLabels").and_then(Value::as_object);
    for (key, value) in labels.into_iter().flatten() {
        let path = format!("{path}.matchLabels");
        let value = value.as_str().unwrap_or_default();
        refuse(errors, &path, key, names::qualified_name(key));
        refuse(errors, &path, value, names::label_value(value));
    }
    for (index, requirement) in items(selector, "matchExpressions").iter().enumerate() {
        let path = format!("{path}.matchExpressions[{index}]");
        let operator = text(requirement, "operator");
        let has_values = !items(requirement, "values").is_empty();
        match operator {
            "In" | "NotIn" if !has_values => {
                let detail = "must be specified when `operator` is 'In' or 'NotIn'";
                errors.push(FieldError::required(format!("{path}.values"), detail));
            }
            "Exists" | "DoesNotExist" if has_values => {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                errors.push(FieldError::forbidden(format!("{path}.values"), detail));
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            _ => {
                let detail = "not a valid selector operator";
                errors.push(FieldError::invalid(format!("{path}.operator"), operator, detail));
            }
        }
        let key = text(requirement, "key");
        refuse(errors, &format!("{path}.key"), key, names::qualified_name(key));
        for (index, value) in items(requirement, "values").iter().filter_map(Value::as_str).enumerate() {
            refuse(errors, &format!("{path}.values[{index}]"), value, names::label_value(value));
        }
    }
    if errors.len() > before {
        // What is no selector cannot be made one, which is said of the selector that could not be made.
        errors.push(FieldError::invalid(path, BadValue::Null, "invalid label selector."));
    }
}

pub(super) fn validate_binding(object: &Object, namespaced: bool, errors: &mut Vec<FieldError>) {
    let role_ref = object.0.get("roleRef").unwrap_or(&Value::Null);
    let (group, kind, name) = (text(role_ref, "apiGroup"), text(role_ref, "kind"), text(role_ref, "name"));
    if group != GROUP {
        errors.push(unsupported("roleRef.apiGroup", group, &[GROUP]));
    }
    let kinds: &[&str] = if namespaced { &["Role", "ClusterRole"] } else { &["ClusterRole"] };
    if !kinds.contains(&kind) {
        errors.push(unsupported("roleRef.kind", kind, kinds));
    }
    if name.is_empty() {
        errors.push(FieldError::required("roleRef.name", ""));
    } else {
        refuse(errors, "roleRef.name", name, names::path_segment_name(name));
    }
    let subjects = object.0.get("subjects").and_then(Value::as_array);
    for (index, subject) in subjects.into_iter().flatten().enumerate() {
        validate_subject(subject, namespaced, &format!("subjects[{index}]"), errors);
    }
}

fn validate_subject(subject: &Value, namespaced: bool, path: &str, errors: &mut Vec<FieldError>) {
    let (name, group) = (text(subject, "name"), text(subject, "apiGroup"));
    if name.is_empty() {
        errors.push(FieldError::required(format!("{path}.name"), ""));
    }
    match text(subject, "kind") {
        SERVICE_ACCOUNT => {
            if !name.is_empty() {
                refuse(errors, &format!("{path}.name"), name, names::dns1123_subdomain(name));
            }
            if !group.is_empty() {
                errors.push(unsupported(&format!("{path}.apiGroup"), group, &[""]));
            }
            if !namespaced && text(subject, "namespace").is_empty() {
                errors.push(FieldError::required(format!("{path}.namespace"), ""));
            }
        }
        USER | GROUP_OF_USERS => {
            if group != GROUP {
                errors.push(unsupported(&format!("{path}.apiGroup"), group, &[GROUP]));
            }
        }
        kind => {
            let kinds = [SERVICE_ACCOUNT, USER, GROUP_OF_USERS];
            errors.push(unsupported(&format!("{path}.kind"), kind, &kinds));
        }
    }
}

/// What a binding binds to stays: who may grant one role may not grant another.
pub(super) fn validate_role_ref(object: &Object, old: &Object, errors: &mut Vec<FieldError>) {
    let parts = |object: &Object| {
        let role_ref = object.0.get("roleRef").cloned().unwrap_or_default();
        let part = |field: &str| text(&role_ref, field).to_owned();
        (part("apiGroup"), part("kind"), part("name"))
    };
    let new = parts(object);
    if new != parts(old) {
        let (group, kind, name) = new;
        // The server shows its own, internal form of it.
        let shown = json!({"APIGroup": group, "Kind": kind, "Name": name});
        errors.push(FieldError::invalid("roleRef", shown, "cannot change roleRef"));
    }
}

fn unsupported(path: &str, value: &str, supported: &[&str]) -> FieldError {
    let listed: Vec<String> = supported.iter().map(|value| format!("{value:?}")).collect();
    let detail = format!("supported values: {}", listed.join(", "));
    FieldError::new(ErrorType::NotSupported, path, value, detail)
}

fn refuse(errors: &mut Vec<FieldError>, path: &str, value: &str, messages: Vec<String>) {
    errors.extend(messages.into_iter().map(|message| FieldError::invalid(path, value, message)));
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn items<'a>(object: &'a Value, field: &str) -> &'a [Value] {
    object.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
