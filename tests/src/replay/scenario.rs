//! Scenario files as data.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Requests in order, on one store.
#[derive(Clone, Debug, Deserialize)]
pub struct Scenario {
    /// The scenario's name.
    pub name: String,
    /// CustomResourceDefinitions that are there before the first step.
    #[serde(default)]
    pub crds: Vec<Value>,
    /// The requests.
    pub steps: Vec<Step>,
}

/// One request and what the server answered.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// What is done: `create`, `patch`, `watchRead`, ….
    pub op: String,
    /// Kind of the endpoint; the object's own if absent.
    #[serde(default)]
    pub kind: Option<String>,
    /// Namespace; `*` is all.
    #[serde(default)]
    pub namespace: Option<String>,
    /// Name in the path.
    #[serde(default)]
    pub name: Option<String>,
    /// Version of the endpoint.
    #[serde(default)]
    pub version: Option<String>,
    /// Subresource.
    #[serde(default)]
    pub subresource: Option<String>,
    /// Kind of patch.
    #[serde(default, rename = "type")]
    pub patch_type: Option<String>,
    /// Body.
    #[serde(default)]
    pub object: Option<Value>,
    /// Body, where it is no object of the kind.
    #[serde(default)]
    pub body: Option<Value>,
    /// Query parameters.
    #[serde(default)]
    pub query: Map<String, Value>,
    /// Name of a watch.
    #[serde(default)]
    pub id: Option<String>,
    /// `end` waits for the server to close the stream.
    #[serde(default)]
    pub until: Option<String>,
    /// Whether bookmarks without annotations are kept.
    #[serde(default)]
    pub bookmarks: bool,
    /// Another form of answer.
    #[serde(default, rename = "as")]
    pub form: Option<String>,
    /// Whether `managedFields` are compared.
    #[serde(default, rename = "managedFields")]
    pub managed_fields: bool,
    /// What the server answered.
    pub expect: Map<String, Value>,
}
