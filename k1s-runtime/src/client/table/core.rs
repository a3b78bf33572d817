//! The columns and cells of the kinds that Kubernetes itself brings, as `pkg/printers/internalversion` has them.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Column;
use super::age::age_of;

/// Makes the cells of one object.
pub(super) type Cells = fn(&Value, Timestamp) -> Vec<Value>;

/// The table of a core kind.
pub(super) fn table(group: &str, kind: &str) -> Option<(Vec<Column>, Cells)> {
    let text = |name: &str| Column::new(name, "string");
    let named = |columns: &[&str]| {
        std::iter::once(Column::identity())
            .chain(columns.iter().map(|name| Column::new(name, "string")))
            .collect()
    };
    let created = || vec![Column::identity(), Column::new("Created At", "date")];
    Some(match (group, kind) {
        ("", "ConfigMap") => (named(&["Data", "Age"]), config_map),
        ("", "Secret") => (named(&["Type", "Data", "Age"]), secret),
        ("", "ServiceAccount") => (named(&["Age"]), name_and_age),
        ("", "Namespace") => (named(&["Status", "Age"]), namespace),
        ("", "Event") => (
            vec![
                text("Last Seen"),
                text("Type"),
                text("Reason"),
                text("Object"),
                text("Subobject").wide(),
                text("Source").wide(),
                text("Message"),
                text("First Seen").wide(),
                text("Count").wide(),
                Column::identity().wide(),
            ],
            event,
        ),
        ("apiextensions.k8s.io", "CustomResourceDefinition")
        | ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => (created(), name_and_creation),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            let mut columns: Vec<Column> = named(&["Role", "Age"]);
            columns.extend(["Users", "Groups", "ServiceAccounts"].map(|name| text(name).wide()));
            (columns, binding)
        }
        ("coordination.k8s.io", "Lease") => (named(&["Holder", "Age"]), lease),
        _ => return None,
    })
}

fn config_map(object: &Value, now: Timestamp) -> Vec<Value> {
    let entries = length(object, "data") + length(object, "binaryData");
    vec![name(object).into(), entries.into(), age(object, now)]
}

fn secret(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name(object).into(), string(object, "type").into(), length(object, "data").into(), age(object, now)]
}

fn name_and_age(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name(object).into(), age(object, now)]
}

fn namespace(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name(object).into(), string(part(object, "status"), "phase").into(), age(object, now)]
}

fn name_and_creation(object: &Value, _: Timestamp) -> Vec<Value> {
    vec![name(object).into(), either(created_at(object), "0001-01-01T00:00:00Z").into()]
}

fn lease(object: &Value, now: Timestamp) -> Vec<Value> {
    vec![name(object).into(), string(part(object, "spec"), "holderIdentity").into(), age(object, now)]
}

fn binding(object: &Value, now: Timestamp) -> Vec<Value> {
    let reference = part(object, "roleRef");
    let role = format!("{}/{}", string(reference, "kind"), string(reference, "name"));
    let subjects = part(object, "subjects").as_array().map_or(&[][..], Vec::as_slice);
    let of_kind = |kind: &str| -> Value {
        let subjects = subjects.iter().filter(|subject| string(subject, "kind") == kind);
        let names = subjects.map(|subject| match kind {
            "ServiceAccount" => format!("{}/{}", string(subject, "namespace"), string(subject, "name")),
            _ => string(subject, "name").to_owned(),
        });
        names.collect::<Vec<_>>().join(", ").into()
    };
    let subjects = [of_kind("User"), of_kind("Group"), of_kind("ServiceAccount")];
    [name(object).into(), role.into(), age(object, now)].into_iter().chain(subjects).collect()
}

fn event(object: &Value, now: Timestamp) -> Vec<Value> {
    let top = object;
    let first = match string(top, "firstTimestamp") {
        "" => string(top, "eventTime"),
        moment => moment,
    };
    let mut last = match string(top, "lastTimestamp") {
        "" => first,
        moment => moment,
    };
    let mut count = top.get("count").and_then(Value::as_i64).unwrap_or(0);
    if let Some(series) = top.get("series").filter(|series| series.is_object()) {
        last = string(series, "lastObservedTime");
        count = series.get("count").and_then(Value::as_i64).unwrap_or(0);
    } else if count == 0 {
        // An event that happened once may leave out how often.
        count = 1;
    }
    let about = part(object, "involvedObject");
    let kind = string(about, "kind").to_lowercase();
    let target = match string(about, "name") {
        "" => kind,
        name => format!("{kind}/{name}"),
    };
    let source = part(object, "source");
    let component = either(string(source, "component"), string(top, "reportingComponent"));
    let instance = either(string(source, "host"), string(top, "reportingInstance"));
    let source = if instance.is_empty() { component.to_owned() } else { format!("{component}, {instance}") };
    vec![
        age_of(last, now).into(),
        string(top, "type").into(),
        string(top, "reason").into(),
        target.into(),
        string(about, "fieldPath").into(),
        source.into(),
        string(top, "message").trim().into(),
        age_of(first, now).into(),
        count.into(),
        name(object).into(),
    ]
}

/// `metadata.name`.
pub(super) fn name(object: &Value) -> &str {
    string(part(object, "metadata"), "name")
}

fn created_at(object: &Value) -> &str {
    string(part(object, "metadata"), "creationTimestamp")
}

fn age(object: &Value, now: Timestamp) -> Value {
    age_of(created_at(object), now).into()
}

fn length(object: &Value, field: &str) -> usize {
    object.get(field).and_then(Value::as_object).map_or(0, Map::len)
}

fn part<'a>(object: &'a Value, field: &str) -> &'a Value {
    static NOTHING: Value = Value::Null;
    object.get(field).unwrap_or(&NOTHING)
}

fn string<'a>(object: &'a Value, field: &str) -> &'a str {
    part(object, field).as_str().unwrap_or_default()
}

fn either<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.is_empty() { second } else { first }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(group: &str, kind: &str, object: &Value) -> Vec<Value> {
        let (columns, cells) = table(group, kind).unwrap();
        let row = cells(object, "2026-01-01T00:01:00Z".parse().unwrap());
        assert_eq!(row.len(), columns.len(), "{kind}");
        row
    }

    #[test]
    fn every_core_kind_has_its_cells() {
        let metadata = json!({"name": "a", "creationTimestamp": "2026-01-01T00:00:00Z"});
        let data =
            json!({"metadata": metadata, "data": {"x": "1"}, "binaryData": {"y": "eA=="}, "type": "t"});
        assert_eq!(row("", "ConfigMap", &data), [json!("a"), json!(2), json!("60s")]);
        assert_eq!(row("", "Secret", &data), [json!("a"), json!("t"), json!(1), json!("60s")]);
        assert_eq!(row("", "ServiceAccount", &data), [json!("a"), json!("60s")]);
        let namespace = json!({"metadata": metadata, "status": {"phase": "Active"}});
        assert_eq!(row("", "Namespace", &namespace), [json!("a"), json!("Active"), json!("60s")]);
        let created = row("apiextensions.k8s.io", "CustomResourceDefinition", &data);
        assert_eq!(created, [json!("a"), json!("2026-01-01T00:00:00Z")]);
        assert!(table("inventory.example.com", "ConfigMap").is_none());
    }

    #[test]
    fn a_binding_lists_its_subjects_by_kind() {
        let binding = json!({
            "metadata": {"name": "b"}, "roleRef": {"kind": "Role", "name": "r"},
            "subjects": [{"kind": "User", "name": "u"}, {"kind": "User", "name": "v"},
                {"kind": "ServiceAccount", "namespace": "n", "name": "s"}],
        });
        let row = row("rbac.authorization.k8s.io", "RoleBinding", &binding);
        assert_eq!(row, ["b", "Role/r", "<unknown>", "u, v", "", "n/s"].map(Value::from));
    }

    #[test]
    fn an_event_says_when_what_happened_to_whom() {
        let event = json!({
            "metadata": {"name": "e"}, "involvedObject": {"kind": "ConfigMap", "name": "x", "fieldPath": "data.x"},
            "type": "Warning", "reason": "New", "message": " m ", "reportingComponent": "c", "reportingInstance": "i",
            "eventTime": "2026-01-01T00:00:00.000000Z",
            "series": {"count": 7, "lastObservedTime": "2026-01-01T00:00:30.000000Z"},
        });
        let cells = row("", "Event", &event);
        let expected =
            ["30s", "Warning", "New", "configmap/x", "data.x", "c, i", "m", "60s"].map(Value::from);
        assert_eq!(cells[..8], expected);
        assert_eq!(cells[8..], [json!(7), json!("e")]);
    }
}
