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
    /// Keys that occur more than once in their map. The last one won. Of very many only the first are named, as by the API
    /// server's strict decoder: 100, or as many as have paths of 1 MiB together.
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

/// The duplicates of a document, as many as are worth naming.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    pub(super) found: Vec<Duplicate>,
    bytes: usize,
}

impl Duplicates {
    const MAX: usize = 100;
    const MAX_BYTES: usize = 1 << 20;

    /// Takes one more, whose path is written down only if there is room.
    pub(super) fn push(&mut self, path: impl FnOnce() -> String, position: Position) {
        if self.found.len() < Self::MAX && self.bytes < Self::MAX_BYTES {
            let path = path();
            self.bytes += path.len();
            self.found.push(Duplicate { path, position });
        }
    }
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
