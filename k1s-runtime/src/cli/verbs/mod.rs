//! The verbs, a file each: its arguments, and what it does with them.

pub(crate) mod annotate;
pub(crate) mod api_resources;
pub(crate) mod api_versions;
pub(crate) mod apply;
pub(crate) mod completion;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod describe;
pub(crate) mod edit;
pub(crate) mod events;
pub(crate) mod explain;
pub(crate) mod get;
pub(crate) mod label;
mod metadata;
pub(crate) mod options;
pub(crate) mod patch;
pub(crate) mod replace;
pub(crate) mod scale;
pub(crate) mod version;
pub(crate) mod wait;
