//! ServiceAccount: references to secrets, and one deprecated annotation.

use serde_json::Value;

use crate::api::Object;

const MOUNTABLE: &str = "kubernetes.io/enforce-mountable-secrets";

/// References to secrets keep the name alone: they are in the account's own namespace.
pub(super) fn prepare(object: &mut Object) {
    let Some(Value::Array(secrets)) = object.0.get_mut("secrets") else { return };
    for secret in secrets.iter_mut().filter_map(Value::as_object_mut) {
        secret.retain(|field, _| field == "name");
    }
}

pub(super) fn warnings(object: &Object, old: Option<&Object>) -> Vec<String> {
    let new = object.annotation(MOUNTABLE);
    if new.is_none() || old.is_some_and(|old| old.annotation(MOUNTABLE) == new) {
        return Vec::new();
    }
    vec![format!(
        "metadata.annotations[{MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to \
         mounted secrets"
    )]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_to_secrets_keep_the_name() {
        let mut object = Object::new("v1", "ServiceAccount", "a");
        object.0.insert("secrets".to_owned(), json!([{"name": "x", "namespace": "y"}, {}]));
        prepare(&mut object);
        assert_eq!(object.0["secrets"], json!([{"name": "x"}, {}]));
    }
}
