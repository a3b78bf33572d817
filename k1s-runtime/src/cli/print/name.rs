//! `-o name`, and the `type/name` that opens most of kubectl's messages.

use serde_json::Value;

use crate::Object;

/// `item.inventory.example.com/bolt`, from an object's own `apiVersion`, `kind` and name.
pub(crate) fn type_and_name(object: &Value) -> String {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let metadata = object.get("metadata");
    let name = text(metadata.and_then(|metadata| metadata.get("name")));
    joined(&text(object.get("apiVersion")), &text(object.get("kind")), &name)
}

/// The same of an [`Object`].
pub(crate) fn name_of(object: &Object) -> String {
    joined(object.api_version(), object.kind(), object.name())
}

fn joined(api_version: &str, kind: &str, name: &str) -> String {
    let kind = kind.to_lowercase();
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let name = if name.is_empty() { "<unknown>" } else { name };
    if group.is_empty() { format!("{kind}/{name}") } else { format!("{kind}.{group}/{name}") }
}
