//! Kubernetes' CEL.

mod issue;
pub mod limits;
mod stack;
pub mod syntax;

pub use issue::{Issue, Issues, Location};
