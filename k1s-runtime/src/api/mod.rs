//! Floor 1: the nouns of the Kubernetes API, without any behaviour that needs a store.
//!
//! Relies on `kube-core` and `k8s-openapi` for the shared types (`ObjectMeta`, `Status`, `GroupVersionKind`).

pub mod conversion;
pub mod definition;
pub mod field;
pub mod gotext;
pub mod jsonpath;
pub mod names;
pub mod object;
pub mod raw;
pub mod rbac;
pub mod resource;
pub mod selector;
pub mod status;

pub use conversion::{Conversion, ConversionError, Hub};
pub use definition::{PrintColumn, ResourceDefinition, Scale, Scope};
pub use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
pub use kube_core::response::{Status, StatusCause, StatusDetails, StatusSummary};
pub use kube_core::{GroupVersionKind, GroupVersionResource};
pub use object::Object;
pub use raw::RawObject;
#[doc(hidden)]
pub use rbac::RBAC_RULES;
pub use rbac::RbacRule;
#[doc(hidden)]
pub use resource::REGISTRATIONS;
pub use resource::{Registration, Resource};
pub use selector::{FieldSelector, LabelSelector};
