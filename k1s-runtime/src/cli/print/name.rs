//! `-o name`, and the `type/name` that opens most of kubectl's messages.

use serde_json::Value;

/// `item.inventory.example.com/bolt`, from an object's own `apiVersion`, `kind` and name.
pub(crate) fn type_and_name(object: &Value) -> String {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let kind = text(object.get("kind")).to_lowercase();
    let api_version = text(object.get("apiVersion"));
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let metadata = object.get("metadata");
    let mut name = text(metadata.and_then(|metadata| metadata.get("name")));
    if name.is_empty() {
        name = "<unknown>".to_owned();
    }
    if group.is_empty() { format!("{kind}/{name}") } else { format!("{kind}.{group}/{name}") }
}
