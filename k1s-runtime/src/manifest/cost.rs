//! What copying a value costs, for the limits on aliases.

use serde_json::Value;

/// What copying a value costs.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) nodes: usize,
    pub(super) bytes: usize,
    pub(super) depth: usize,
}

impl Size {
    /// Measures a value that is within the depth limit.
    pub(super) fn of(value: &Value) -> Self {
        let node = size_of::<Value>();
        match value {
            Value::String(text) => Self { nodes: 1, bytes: node + text.len(), depth: 0 },
            Value::Array(list) => list.iter().fold(Self { nodes: 1, bytes: node, depth: 1 }, Self::plus),
            Value::Object(map) => {
                map.iter().fold(Self { nodes: 1, bytes: node, depth: 1 }, |sum, (key, value)| {
                    let sum = sum.plus(value);
                    Self { bytes: sum.bytes + size_of::<String>() + key.len(), ..sum }
                })
            }
            _ => Self { nodes: 1, bytes: node, depth: 0 },
        }
    }

    fn plus(self, child: &Value) -> Self {
        let child = Self::of(child);
        Self {
            nodes: self.nodes + child.nodes,
            bytes: self.bytes + child.bytes,
            depth: self.depth.max(child.depth + 1),
        }
    }
}
