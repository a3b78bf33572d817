//! `metadata.ownerReferences`, and the index that finds an owner's dependents.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::Object;
use crate::storage::IndexEntry;

/// Name of the index of objects by the uids of their owners. No declared index has it: those begin with a dot.
pub(crate) const INDEX: &str = "metadata.ownerReferences.uid";

/// A reference to an owner.
pub(super) struct Reference<'a> {
    pub(super) api_version: &'a str,
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) uid: &'a str,
    /// Whether the owner waits for this dependent when it is deleted in the foreground.
    pub(super) blocks: bool,
}

/// The references of an object.
pub(super) fn references(object: &Object) -> impl Iterator<Item = Reference<'_>> {
    let listed = object.metadata().and_then(|metadata| metadata.get("ownerReferences"));
    listed.and_then(Value::as_array).into_iter().flatten().map(|reference| {
        let text = |field: &str| reference.get(field).and_then(Value::as_str).unwrap_or_default();
        Reference {
            api_version: text("apiVersion"),
            kind: text("kind"),
            name: text("name"),
            uid: text("uid"),
            blocks: reference.get("blockOwnerDeletion").and_then(Value::as_bool) == Some(true),
        }
    })
}

/// The object's entries in the index of owners.
pub(crate) fn entries(object: &Object) -> impl Iterator<Item = IndexEntry> {
    let uids: BTreeSet<&str> = references(object).map(|reference| reference.uid).collect();
    uids.into_iter().map(|uid| IndexEntry { index: INDEX.to_owned(), value: uid.to_owned() })
}

/// Removes the references to these owners. Says whether there were any.
pub(super) fn forget(object: &mut Object, uids: &BTreeSet<String>) -> bool {
    let metadata = object.metadata_mut();
    let Some(Value::Array(references)) = metadata.get_mut("ownerReferences") else { return false };
    let before = references.len();
    references.retain(|reference| {
        !reference.get("uid").and_then(Value::as_str).is_some_and(|uid| uids.contains(uid))
    });
    let changed = references.len() < before;
    if references.is_empty() {
        metadata.remove("ownerReferences");
    }
    changed
}

/// Lets no owner wait for the object.
pub(super) fn unblock(object: &mut Object) {
    let references = object.metadata_mut().get_mut("ownerReferences").and_then(Value::as_array_mut);
    for reference in references.into_iter().flatten().filter_map(Value::as_object_mut) {
        reference.insert("blockOwnerDeletion".to_owned(), false.into());
    }
}

/// Removes a finalizer.
pub(super) fn release(object: &mut Object, finalizer: &str) {
    let metadata = object.metadata_mut();
    let Some(Value::Array(finalizers)) = metadata.get_mut("finalizers") else { return };
    finalizers.retain(|found| found.as_str() != Some(finalizer));
    if finalizers.is_empty() {
        metadata.remove("finalizers");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_indexed_once_and_forgotten_by_uid() {
        let mut object = Object::new("v1", "ConfigMap", "a");
        object.set_metadata(
            "ownerReferences",
            json!([{"uid": "u", "blockOwnerDeletion": true}, {"uid": "v"}, {"uid": "u"}]),
        );
        let values: Vec<_> = entries(&object).map(|entry| entry.value).collect();
        assert_eq!(values, ["u", "v"]);
        unblock(&mut object);
        assert!(references(&object).all(|reference| !reference.blocks));
        assert!(forget(&mut object, &BTreeSet::from(["u".to_owned()])));
        assert!(!forget(&mut object, &BTreeSet::from(["u".to_owned()])));
        assert!(forget(&mut object, &BTreeSet::from(["v".to_owned()])));
        assert!(!object.metadata().unwrap().contains_key("ownerReferences"));
    }
}
