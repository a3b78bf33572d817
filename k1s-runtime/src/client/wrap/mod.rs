//! Clients around clients: each layer does one thing to what passes through it, and any number of them may be put on top of each
//! other, as everything that takes a client takes a [`Layered`] one.
//!
//! | layer | what it does |
//! | --- | --- |
//! | [`Namespaced`] | keeps every request in one namespace, and fills it in where none is given |
//! | [`AlwaysDryRun`] | nothing is stored, everything is checked |
//! | [`FieldOwner`] | names the field manager of writes that name none |
//! | [`FieldValidated`] | refuses (or silences) unknown fields of writes that do not say what to do about them |
//! | [`Interceptor`] | functions that let calls fail, alter them, or alter their answers; for tests |
//! | [`Tracked`] | counts what is under way, and lets a shutdown wait for its end |
//!
//! The last layer put on is the first to see a request. A layer of one's own implements [`Layer`] with the methods that it cares for.
//!
//! ```
//! # use std::sync::Arc;
//! # use k1s_runtime::client::{Api, CoreClient};
//! # use k1s_runtime::k8s_openapi::api::core::v1::ConfigMap;
//! # use k1s_runtime::scheme::Scheme;
//! # use k1s_runtime::storage::MemoryStorage;
//! use k1s_runtime::client::FieldValidation;
//! use k1s_runtime::client::wrap::{AlwaysDryRun, ClientExt, FieldOwner, FieldValidated, Namespaced};
//!
//! # pollster::block_on(async {
//! # let core = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
//! let client = core
//!     .clone()
//!     .layered(Namespaced::new("default"))
//!     .layered(FieldOwner::new("shop"))
//!     .layered(FieldValidated::new(FieldValidation::Strict));
//! let plan = client.clone().layered(AlwaysDryRun);
//!
//! let mut map = ConfigMap::default();
//! map.metadata.name = Some("settings".into());
//! let planned = Api::<ConfigMap>::all(plan).create(&map).await?;
//! assert_eq!(planned.metadata.namespace.as_deref(), Some("default"));
//! assert!(Api::<ConfigMap>::all(client).get_opt("settings").await?.is_none());
//! # Ok::<(), k1s_runtime::client::Error>(())
//! # }).unwrap();
//! ```

mod interceptor;
mod layer;
mod namespaced;
mod options;
mod tracked;

pub use interceptor::{Call, Interceptor, Verb};
pub use layer::{ClientExt, Layer, Layered};
pub use namespaced::Namespaced;
pub use options::{AlwaysDryRun, FieldOwner, FieldValidated};
pub use tracked::{Tracked, Tracker};
