//! Pruning: fields that the schema does not know are dropped, and named.
//!
//! What stays: declared properties, map values, anything directly below `x-kubernetes-preserve-unknown-fields`, and of a
//! resource (the root or an embedded one) `apiVersion`, `kind` and the fields of `ObjectMeta`.

use serde_json::{Map, Value};

use crate::api::field::Path;
use crate::api::object::METADATA_FIELDS;

use super::node::{Node, NodeAdditional};

/// The fields of `metav1.OwnerReference`.
const OWNER_REFERENCE: &[&str] = &["apiVersion", "blockOwnerDeletion", "controller", "kind", "name", "uid"];
/// The fields of `metav1.ManagedFieldsEntry`.
const MANAGED_FIELDS: &[&str] =
    &["apiVersion", "fieldsType", "fieldsV1", "manager", "operation", "subresource", "time"];

impl Node {
    /// Prunes a whole object; the paths come in the order of the server's warnings.
    pub(super) fn prune_resource(&self, object: &mut Map<String, Value>) -> Vec<String> {
        let mut dropped = Vec::new();
        prune_metadata(object, &Path::ROOT, &mut dropped);
        let from = dropped.len();
        self.prune_fields(object, true, &Path::ROOT, &mut dropped);
        dropped[from..].sort();
        self.prune_embedded_fields(object, &Path::ROOT, &mut dropped);
        dropped
    }

    /// Prunes a default value. The server tells nobody.
    pub(super) fn prune_default(&self, value: &mut Value) {
        let mut dropped = Vec::new();
        prune(value, Some(self), &Path::ROOT, &mut dropped);
        self.prune_embedded(value, &Path::ROOT, &mut dropped);
    }

    /// Drops unknown fields of a value, the metadata of embedded resources aside.
    pub(super) fn prune_unknown(&self, value: &mut Value) {
        prune(value, Some(self), &Path::ROOT, &mut Vec::new());
    }

    fn prune_fields(
        &self,
        map: &mut Map<String, Value>,
        resource: bool,
        path: &Path<'_>,
        dropped: &mut Vec<String>,
    ) {
        map.retain(|key, value| {
            if resource && is_resource_field(key) {
                return true;
            }
            let at = path.field(key);
            match (self.properties.get(key), &self.additional) {
                (Some(child), _) => prune(value, Some(child), &at, dropped),
                (None, NodeAdditional::Schema(child)) => prune(value, Some(child), &at, dropped),
                // Preserving keeps unknown fields as they are.
                (None, NodeAdditional::Unspecified) if self.preserve => {}
                (None, NodeAdditional::Allowed(_)) => prune(value, None, &at, dropped),
                (None, NodeAdditional::Unspecified) => {
                    dropped.push(at.to_string());
                    return false;
                }
            }
            true
        });
    }

    /// Drops unknown fields from the metadata of embedded resources.
    fn prune_embedded(&self, value: &mut Value, path: &Path<'_>, dropped: &mut Vec<String>) {
        if !self.has_embedded {
            return;
        }
        match value {
            Value::Object(map) => {
                if self.embedded {
                    if let Some(metadata @ Value::Null) = map.get_mut("metadata") {
                        *metadata = Value::Object(Map::new());
                    }
                    prune_metadata(map, path, dropped);
                }
                self.prune_embedded_fields(map, path, dropped);
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    if let Some(child) = &self.items {
                        child.prune_embedded(item, &path.index(index), dropped);
                    }
                }
            }
            _ => {}
        }
    }

    fn prune_embedded_fields(
        &self,
        map: &mut Map<String, Value>,
        path: &Path<'_>,
        dropped: &mut Vec<String>,
    ) {
        if !self.has_embedded {
            return;
        }
        for (key, value) in map {
            if let Some(child) = self.child(key) {
                child.prune_embedded(value, &path.field(key), dropped);
            }
        }
    }
}

/// What is done with an embedded resource.
pub(super) type Visit<'v> = &'v mut dyn FnMut(&mut Map<String, Value>);

impl Node {
    /// Visits the resources embedded below the fields of an object, outer ones first.
    pub(super) fn visit_embedded_fields(&self, map: &mut Map<String, Value>, visit: Visit<'_>) {
        for (key, value) in map {
            if let Some(child) = self.child(key).filter(|child| child.has_embedded) {
                child.visit_embedded(value, visit);
            }
        }
    }

    fn visit_embedded(&self, value: &mut Value, visit: Visit<'_>) {
        match value {
            Value::Object(map) => {
                if self.embedded {
                    visit(map);
                }
                self.visit_embedded_fields(map, visit);
            }
            Value::Array(items) => {
                let Some(child) = &self.items else { return };
                items.iter_mut().for_each(|item| child.visit_embedded(item, visit));
            }
            _ => {}
        }
    }
}

fn is_resource_field(key: &str) -> bool {
    matches!(key, "apiVersion" | "kind" | "metadata")
}

/// Prunes a value. Without a schema nothing is known of it: lists stay, objects lose every field.
fn prune(value: &mut Value, node: Option<&Node>, path: &Path<'_>, dropped: &mut Vec<String>) {
    match (value, node) {
        (Value::Object(map), Some(node)) => node.prune_fields(map, node.embedded, path, dropped),
        (Value::Object(map), None) => {
            dropped.extend(map.keys().map(|key| path.field(key).to_string()));
            map.clear();
        }
        (Value::Array(items), node) => {
            let child = node.and_then(|node| node.items.as_deref());
            if child.is_none() && node.is_some_and(|node| node.preserve) {
                return;
            }
            for (index, item) in items.iter_mut().enumerate() {
                let at = path.index(index);
                match child {
                    // Preserving reaches through a list to its items.
                    Some(child) if node.is_some_and(|node| node.preserve) => {
                        prune_preserved(item, child, &at, dropped);
                    }
                    child => prune(item, child, &at, dropped),
                }
            }
        }
        _ => {}
    }
}

/// Prunes below the declared fields of an item in a list that preserves unknown fields, not the item itself.
fn prune_preserved(value: &mut Value, node: &Node, path: &Path<'_>, dropped: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, field) in map {
                if node.embedded && is_resource_field(key) {
                    continue;
                }
                match (node.child(key), &node.additional) {
                    (None, NodeAdditional::Unspecified) => {}
                    (child, _) => prune(field, child, &path.field(key), dropped),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                if let Some(child) = &node.items {
                    prune_preserved(item, child, &path.index(index), dropped);
                }
            }
        }
        _ => {}
    }
}

fn prune_metadata(object: &mut Map<String, Value>, path: &Path<'_>, dropped: &mut Vec<String>) {
    let Some(Value::Object(metadata)) = object.get_mut("metadata") else { return };
    let at = path.field("metadata");
    keep_known(metadata, METADATA_FIELDS, &at, dropped);
    metadata.retain(|_, value| !is_zero(value));
    for (list, known) in [("ownerReferences", OWNER_REFERENCE), ("managedFields", MANAGED_FIELDS)] {
        let Some(Value::Array(items)) = metadata.get_mut(list) else { continue };
        let at = at.field(list);
        for (index, item) in items.iter_mut().enumerate() {
            if let Value::Object(item) = item {
                keep_known(item, known, &at.index(index), dropped);
            }
        }
    }
}

/// What Go leaves out when it writes metadata.
fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn keep_known(map: &mut Map<String, Value>, known: &[&str], path: &Path<'_>, dropped: &mut Vec<String>) {
    map.retain(|key, _| {
        let keep = known.contains(&key.as_str());
        if !keep {
            dropped.push(path.field(key).to_string());
        }
        keep
    });
}
