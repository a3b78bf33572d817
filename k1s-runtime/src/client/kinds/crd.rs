//! CustomResourceDefinition: what the server fills in. Its schema rules are `schema::crd`'s.

use serde_json::{Map, Value, json};

use crate::api::Object;
use crate::client::clock;

/// Fills in names that follow from others, and the status of a definition that is established at once.
pub(super) fn prepare_create(object: &mut Object) {
    fill_defaults(object);
    object.0.insert("status".to_owned(), Value::Object(Map::new()));
    establish(object, &[]);
}

pub(super) fn prepare_update(object: &mut Object, old: &Object) {
    fill_defaults(object);
    let status = old.0.get("status").cloned().unwrap_or_default();
    let stored: Vec<String> = status
        .get("storedVersions")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    object.0.insert("status".to_owned(), status);
    if object.0.get("spec") != old.0.get("spec") {
        establish(object, &stored);
    }
}

/// Finalizer of a CustomResourceDefinition whose objects are being deleted.
const CLEANUP: &str = "customresourcecleanup.apiextensions.k8s.io";

/// Marks a definition that is being deleted, as the server does before it deletes the objects and answers.
pub(crate) fn terminate(object: &mut Object) {
    let now = clock::now();
    object.set_metadata("deletionTimestamp", now.as_str());
    object.set_metadata("finalizers", json!([CLEANUP]));
    let conditions = object.0.get_mut("status").and_then(|status| status.get_mut("conditions"));
    if let Some(Value::Array(conditions)) = conditions {
        conditions.push(json!({
            "type": "Terminating",
            "status": "True",
            "reason": "InstanceDeletionPending",
            "message": "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
            "lastTransitionTime": now,
        }));
    }
}

fn fill_defaults(object: &mut Object) {
    let Some(Value::Object(spec)) = object.0.get_mut("spec") else { return };
    let conversion = spec.entry("conversion").or_insert_with(|| json!({"strategy": "None"}));
    if let Some(Value::Object(service)) = conversion.pointer_mut("/webhook/clientConfig/service") {
        service.entry("port").or_insert_with(|| json!(443));
    }
    let Some(Value::Object(names)) = spec.get_mut("names") else { return };
    let kind = names.get("kind").and_then(Value::as_str).filter(|kind| !kind.is_empty());
    let Some(kind) = kind.map(str::to_owned) else { return };
    names.entry("singular").or_insert_with(|| kind.to_lowercase().into());
    names.entry("listKind").or_insert_with(|| format!("{kind}List").into());
}

/// Writes the status that the naming and establishing controllers would come to.
fn establish(object: &mut Object, stored_before: &[String]) {
    let spec = object.0.get("spec");
    let names = spec.and_then(|spec| spec.get("names")).cloned().unwrap_or_else(|| json!({}));
    let versions = spec.and_then(|spec| spec.get("versions")).and_then(Value::as_array);
    let storage = versions
        .into_iter()
        .flatten()
        .find(|version| version.get("storage").and_then(Value::as_bool) == Some(true))
        .and_then(|version| version.get("name"))
        .and_then(Value::as_str);
    let mut stored = stored_before.to_vec();
    if let Some(storage) = storage
        && !stored.iter().any(|version| version == storage)
    {
        stored.push(storage.to_owned());
    }
    let since = object
        .0
        .get("status")
        .and_then(|status| status.pointer("/conditions/0/lastTransitionTime"))
        .cloned()
        .unwrap_or_else(|| clock::now().into());
    let condition = |kind: &str, reason: &str, message: &str| json!({"type": kind, "status": "True", "reason": reason, "message": message, "lastTransitionTime": since});
    let status = json!({
        "acceptedNames": names,
        "conditions": [
            condition("NamesAccepted", "NoConflicts", "no conflicts found"),
            condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ],
        "storedVersions": stored,
    });
    object.0.insert("status".to_owned(), status);
}
