//! Rendering of `explain`: what a kind and its fields are for.
//!
//! [`Document`] is the OpenAPI v3 description of one kind as an API server publishes it, references to the common types
//! included; [`plaintext`] prints it in kubectl's format, [`classic`] in the one before that.

pub(crate) mod classic;
mod document;
mod node;
pub(crate) mod plaintext;
mod wrap;

pub(crate) use document::Document;
