//! Semantic versions, as `kubernetes.Semver` defines them.

mod table;
mod version;

pub(super) use table::FUNCTIONS;
pub(super) use table::NAME;
