//! ServiceAccount: one deprecated annotation.

use crate::api::Object;

const MOUNTABLE: &str = "kubernetes.io/enforce-mountable-secrets";

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
