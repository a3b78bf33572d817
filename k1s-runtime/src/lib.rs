//! The Kubernetes resource model for command-line programs, without a cluster.
//!
//! A program describes its kinds with `#[derive(Resource)]`, opens a store and uses a
//! [`client::Client`] that answers as kube-apiserver would. The rooms, from the ground floor up; a room uses only
//! rooms below it:
//!
//! | floor | room | holds |
//! | --- | --- | --- |
//! | 6 | `cli` (feature `cli`) | the kubectl-shaped command line |
//! | 5 | `plugin` (feature `plugin`) | the kinds of plugins, found by their type manifests |
//! | 5 | [`testing`] | checks for programs' tests |
//! | 4 | [`client`] | the API server's semantics over a store |
//! | 3 | [`storage`] | revisioned key-value backends with a watch log |
//! | 3 | [`schema`] | structural schemas: prune, default, validate |
//! | 2 | [`scheme`] | the registry of kinds |
//! | 1 | [`api`] | objects, names, errors, selectors, JSONPath |
//! | 0 | [`manifest`] | YAML and JSON documents with positions, read and written |

pub mod api;
#[cfg(feature = "cli")]
pub mod cli;
pub mod client;
pub mod manifest;
#[cfg(feature = "plugin")]
pub mod plugin;
pub mod schema;
pub mod scheme;
pub mod storage;
pub mod testing;

pub use api::{Object, Resource};
#[cfg(feature = "derive")]
pub use k1s_derive::{Resource, Schema, rbac};
pub use {k8s_openapi, kube_core, schemars, serde, serde_json};

#[doc(hidden)]
pub mod __private;

/// The examples of the README and the tutorial, compiled and run with the documentation's own.
#[cfg(all(doctest, feature = "cli", feature = "derive", feature = "lmdb"))]
mod book {
    #[doc = include_str!("../../README.md")]
    mod readme {}
    #[doc = include_str!("../../docs/tutorial.md")]
    mod tutorial {}
    #[doc = include_str!("../../docs/versions.md")]
    mod versions {}
    #[doc = include_str!("../../docs/generate.md")]
    mod generate {}
    #[doc = include_str!("../../docs/testing.md")]
    mod testing {}
    #[doc = include_str!("../../docs/from-kubebuilder.md")]
    mod from_kubebuilder {}
    #[doc = include_str!("../../docs/from-kube-rs.md")]
    mod from_kube_rs {}
    #[doc = include_str!("../../docs/plugins.md")]
    mod plugins {}
}
