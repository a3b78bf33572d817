//! Floor 2: the registry of kinds: group, version and kind ↔ resource ↔ the names people type.
//!
//! A [`Scheme`] starts with the core kinds, takes derived kinds at start-up and those of CustomResourceDefinitions while it runs.
//! It holds recipes, not schemas: registering a kind builds nothing.

mod convert;
mod core;
mod lookup;
mod registry;

pub use convert::ConvertError;
pub(crate) use convert::{check_versions, convert, has_conversions};
pub use lookup::Lookup;
pub use registry::{Error, Scheme};
