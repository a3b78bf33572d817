//! Floor 2: the registry of kinds: group, version and kind ↔ resource ↔ the names people type.
//!
//! A [`Scheme`] starts with the core kinds, takes derived kinds at start-up and those of CustomResourceDefinitions while it runs.
//! A [`KindSource`] may know more kinds, and is asked for what is not there. The scheme holds recipes, not schemas: registering a
//! kind builds nothing.

mod convert;
mod core;
mod error;
mod lookup;
mod registry;
mod source;

pub use convert::ConvertError;
pub(crate) use convert::{check_versions, convert, has_conversions};
pub use error::Error;
pub use lookup::Lookup;
pub use registry::Scheme;
pub use source::{KindSource, Names, Offer, Wanted};
