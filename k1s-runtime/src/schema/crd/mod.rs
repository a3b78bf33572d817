//! CustomResourceDefinitions: made of definitions, read as definitions, checked for admission.
//!
//! [`to_crd`] and [`to_crd_json`] merge the versions of a kind into one `apiextensions.k8s.io/v1` object; [`definitions`]
//! is the way back; [`review`] serves conversions; [`validate_crd`] and [`validate_crd_update`] say what a kube-apiserver says
//! about one that is applied, and [`complaints`] what its author should know.

mod check;
mod complaints;
mod parts;
mod read;
mod review;
mod write;

pub use check::{validate_crd, validate_crd_update, warnings, warnings_of_update};
pub use complaints::{COST_LIMIT, Complaint, RuleCost, complaints, rule_costs};
pub use parts::CrdParts;
pub use read::definitions;
pub use review::review;
pub(super) use write::{column, scale};
pub use write::{to_crd, to_crd_json, to_crds_json};
