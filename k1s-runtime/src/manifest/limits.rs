//! Bounds on what one source may make the decoder do.

use std::fmt;

/// A named bound; an error says which one was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Bytes of one source.
    SourceBytes,
    /// Documents of one source, empty ones included.
    Documents,
    /// Bytes of one scalar or key.
    ScalarBytes,
    /// Levels of nesting of maps and lists.
    Depth,
    /// Nodes (scalars, maps, lists) of one document, written out and copied through aliases.
    Nodes,
    /// Bytes that aliases and merge keys of one document may copy.
    AliasBytes,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::SourceBytes => "source_bytes",
            Limit::Documents => "documents",
            Limit::ScalarBytes => "scalar_bytes",
            Limit::Depth => "depth",
            Limit::Nodes => "nodes",
            Limit::AliasBytes => "alias_bytes",
        })
    }
}

/// The value of each [`Limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one source. Default: 256 MiB.
    pub source_bytes: usize,
    /// Documents of one source, empty ones included. Default: 100,000.
    pub documents: usize,
    /// Bytes of one scalar or key, as it is after its escapes are resolved. Default: 16 MiB, more than any API server takes.
    pub scalar_bytes: usize,
    /// Levels of nesting. Default: 120, what a JSON decoder of stored objects still takes.
    pub depth: usize,
    /// Nodes of one document. Default: 2,000,000.
    pub nodes: usize,
    /// Bytes that aliases of one document may copy, strings and the bookkeeping of nodes together. Default: 16 MiB.
    pub alias_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source_bytes: 256 << 20,
            documents: 100_000,
            scalar_bytes: 16 << 20,
            depth: 120,
            nodes: 2_000_000,
            alias_bytes: 16 << 20,
        }
    }
}

/// How to decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether documents carry the positions of their keys and values. Default: true.
    pub positions: bool,
    /// Bounds.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self { positions: true, limits: Limits::default() }
    }
}
