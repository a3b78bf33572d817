//! Floor 5: plugins, as far as a program needs to know of them before it runs one.
//!
//! A plugin says in a `types.yaml` ([`crate::schema::type_manifest`]) which kinds it brings. [`Discovery`] finds these manifests and
//! lends their kinds to a [`Scheme`](crate::scheme::Scheme) when they are named: nothing else of a plugin is opened. What it has read it
//! keeps in one file, so that the next start asks the file system only whether something has changed.
//!
//! `scan` finds manifests, `stamp` tells whether one has changed, `known` is what is known of one, `catalogue` of all of them, `cache` the
//! file that it is kept in.

mod cache;
mod catalogue;
mod discovery;
mod error;
mod known;
mod read;
mod scan;
mod stamp;

pub use discovery::{Discovery, Gone};
pub use error::{Error, Result};
pub use scan::{MANIFEST, MAX_ENTRIES, MAX_MANIFESTS, MAX_TOTAL_BYTES};
