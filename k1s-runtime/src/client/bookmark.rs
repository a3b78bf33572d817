//! Bookmarks: how far a watch has come, without an object that changed.

use serde_json::{Value, json};

/// The annotation of the bookmark that follows the initial events.
pub const INITIAL_EVENTS_END: &str = "k8s.io/initial-events-end";

/// Everything up to a version has been told: a later watch may start there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bookmark {
    /// `apiVersion` of the objects that are watched.
    pub api_version: String,
    /// Their kind.
    pub kind: String,
    /// The version.
    pub resource_version: String,
    /// Whether this is the end of the initial events.
    pub initial_events_end: bool,
}

impl Bookmark {
    /// The object that an API server sends: one of the kind with nothing but a version.
    ///
    /// ```
    /// # use k1s_runtime::client::Bookmark;
    /// let bookmark = Bookmark {
    ///     api_version: "v1".into(), kind: "ConfigMap".into(), resource_version: "7".into(), initial_events_end: true,
    /// };
    /// assert_eq!(bookmark.object()["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
    /// ```
    pub fn object(&self) -> Value {
        let mut metadata = json!({"resourceVersion": self.resource_version});
        if self.initial_events_end {
            metadata["annotations"] = json!({INITIAL_EVENTS_END: "true"});
        }
        json!({"apiVersion": self.api_version, "kind": self.kind, "metadata": metadata})
    }
}
