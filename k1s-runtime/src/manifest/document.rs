//! What decoding yields.

use serde_json::Value;

use super::positions::{Position, Positions};

/// One document of a source.
#[derive(Clone, Debug)]
pub struct Document {
    /// The content. Usually an object, but any value that is not null is passed on.
    pub value: Value,
    /// Where keys and values stand; empty if [`Options::positions`](super::Options::positions) is off.
    pub positions: Positions,
    /// Number of the document in its source, from 0, empty documents not counted.
    pub index: usize,
    /// Line on which the document's text starts, from 1.
    pub line: usize,
    /// Keys that occur more than once in their map. The last one won.
    pub duplicates: Vec<Duplicate>,
}

/// A key that its map already had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Field path of the key, as `spec.containers[0].name`.
    pub path: String,
    /// Where the key stands the second time.
    pub position: Position,
}

/// Appends a map key to a field path: `.name`.
pub(crate) fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// Appends a list index to a field path: `[3]`.
pub(crate) fn push_index(path: &mut String, index: usize) {
    path.push('[');
    path.push_str(&index.to_string());
    path.push(']');
}
