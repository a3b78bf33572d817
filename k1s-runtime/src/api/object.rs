//! The dynamic object: what a kind without a Rust type is handled as.

use std::collections::BTreeMap;

use kube_core::GroupVersionKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The fields of `metav1.ObjectMeta`, in alphabetical order.
pub const METADATA_FIELDS: &[&str] = &[
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// A Kubernetes object of any kind as a JSON object, with accessors for the fields that every kind has.
///
/// Reading an accessor never fails: a field of the wrong type reads as absent (admission refuses it later, with an
/// address).
///
/// ```
/// use k1s_runtime::Object;
/// let mut item: Object = serde_json::from_str(r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"#)?;
/// item.set_namespace("default");
/// assert_eq!((item.kind(), item.name(), item.namespace()), ("ConfigMap", "a", Some("default")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Object(pub Map<String, Value>);

impl Object {
    /// An object with `apiVersion`, `kind` and `metadata.name`.
    pub fn new(api_version: &str, kind: &str, name: &str) -> Self {
        let mut map = Map::new();
        map.insert("apiVersion".into(), api_version.into());
        map.insert("kind".into(), kind.into());
        let mut object = Self(map);
        object.set_metadata("name", name);
        object
    }

    /// `apiVersion`, empty if absent.
    pub fn api_version(&self) -> &str {
        self.0.get("apiVersion").and_then(Value::as_str).unwrap_or_default()
    }

    /// `kind`, empty if absent.
    pub fn kind(&self) -> &str {
        self.0.get("kind").and_then(Value::as_str).unwrap_or_default()
    }

    /// Group, version and kind. Everything before the first `/` of `apiVersion` is the group.
    pub fn gvk(&self) -> GroupVersionKind {
        let (group, version) = self.api_version().split_once('/').unwrap_or(("", self.api_version()));
        GroupVersionKind {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: self.kind().to_owned(),
        }
    }

    /// `metadata`, if it is an object.
    pub fn metadata(&self) -> Option<&Map<String, Value>> {
        self.0.get("metadata").and_then(Value::as_object)
    }

    /// `metadata`, made an empty object if it is absent or not an object.
    pub fn metadata_mut(&mut self) -> &mut Map<String, Value> {
        let slot = self.0.entry("metadata").or_insert(Value::Null);
        if !slot.is_object() {
            *slot = Value::Object(Map::new());
        }
        match slot {
            Value::Object(map) => map,
            _ => unreachable!("made an object above"),
        }
    }

    fn metadata_str(&self, field: &str) -> Option<&str> {
        self.metadata()?.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    /// Sets a string field of `metadata`.
    pub fn set_metadata(&mut self, field: &str, value: impl Into<Value>) {
        self.metadata_mut().insert(field.to_owned(), value.into());
    }

    /// `metadata.name`, empty if absent.
    pub fn name(&self) -> &str {
        self.metadata_str("name").unwrap_or_default()
    }

    /// `metadata.generateName`.
    pub fn generate_name(&self) -> Option<&str> {
        self.metadata_str("generateName")
    }

    /// `metadata.namespace`; `None` if absent or empty.
    pub fn namespace(&self) -> Option<&str> {
        self.metadata_str("namespace")
    }

    /// Sets `metadata.namespace`.
    pub fn set_namespace(&mut self, namespace: &str) {
        self.set_metadata("namespace", namespace);
    }

    /// `metadata.uid`.
    pub fn uid(&self) -> Option<&str> {
        self.metadata_str("uid")
    }

    /// `metadata.resourceVersion`.
    pub fn resource_version(&self) -> Option<&str> {
        self.metadata_str("resourceVersion")
    }

    /// `metadata.generation`.
    pub fn generation(&self) -> Option<i64> {
        self.metadata()?.get("generation")?.as_i64()
    }

    /// `metadata.creationTimestamp`.
    pub fn creation_timestamp(&self) -> Option<&str> {
        self.metadata_str("creationTimestamp")
    }

    /// `metadata.deletionTimestamp`.
    pub fn deletion_timestamp(&self) -> Option<&str> {
        self.metadata_str("deletionTimestamp")
    }

    /// `metadata.finalizers`; entries that are not strings are left out.
    pub fn finalizers(&self) -> Vec<&str> {
        let list = self.metadata().and_then(|metadata| metadata.get("finalizers")).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// `metadata.labels`; entries that are not strings are left out.
    pub fn labels(&self) -> BTreeMap<&str, &str> {
        self.metadata_strings("labels")
    }

    /// `metadata.annotations`; entries that are not strings are left out.
    pub fn annotations(&self) -> BTreeMap<&str, &str> {
        self.metadata_strings("annotations")
    }

    /// One annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.metadata()?.get("annotations")?.get(key)?.as_str()
    }

    fn metadata_strings(&self, field: &str) -> BTreeMap<&str, &str> {
        let map = self.metadata().and_then(|metadata| metadata.get(field)).and_then(Value::as_object);
        map.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
    }

    /// The JSON value.
    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}

/// Whether there is a null anywhere in an object. Most have none, and seeing that is cheaper than looking for those to drop.
pub(crate) fn has_null(map: &Map<String, Value>) -> bool {
    fn is_or_has_null(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(items) => items.iter().any(is_or_has_null),
            Value::Object(map) => map.values().any(is_or_has_null),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }
    map.values().any(is_or_has_null)
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        object.into_value()
    }
}

impl TryFrom<Value> for Object {
    /// The value, given back: it was not an object.
    type Error = Value;

    fn try_from(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(map) => Ok(Self(map)),
            other => Err(other),
        }
    }
}
