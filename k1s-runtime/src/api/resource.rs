//! The trait of typed kinds and their registration.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ResourceDefinition;

/// A kind that is a Rust type.
///
/// `#[derive(Resource)]` on the spec struct implements it, together with [`kube_core::Resource`], for the root type that
/// it generates; the same type therefore works with `kube::Api` on a real cluster.
pub trait Resource:
    kube_core::Resource<DynamicType = ()> + Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Names, scope, columns and schema recipe of this version of the kind.
    fn definition() -> ResourceDefinition;
}

/// A derived kind, registered at link time for tools that read the kinds of a crate.
pub struct Registration {
    /// The kind's definition.
    pub definition: fn() -> ResourceDefinition,
}

/// The registrations of the crates linked into this program; the derive adds to it.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static REGISTRATIONS: [Registration];

impl Registration {
    /// Every kind that was derived in the crates linked into this program, in no particular order.
    pub fn all() -> impl Iterator<Item = &'static Registration> {
        REGISTRATIONS.iter()
    }
}
