//! Floor 4: the API server's semantics over a store.
//!
//! [`Client`] is the one interface that everything above uses; [`CoreClient`] is the implementation that opens a store and
//! answers. Cross-cutting concerns are wrappers, types that hold a `Client` and are one: see [`wrap`].

mod api;
mod apply;
mod body;
mod bookmark;
mod clock;
mod collection;
mod continuation;
mod convert;
mod core;
mod create;
mod delete;
mod drain;
mod encode;
mod error;
mod garbage;
mod index;
mod kinds;
mod limits;
mod list;
mod managed;
mod metadata;
mod options;
mod parameters;
mod partial;
mod patch;
mod place;
mod query;
mod request;
mod review;
mod scale;
mod select;
mod shape;
pub mod table;
mod update;
mod validate;
mod watch;
pub mod wrap;

pub use api::{Api, IntoClient, TypedEvent, TypedList, TypedWatch};
pub use bookmark::{Bookmark, INITIAL_EVENTS_END};
pub use core::{CoreClient, DEFAULT_TENANT};
pub use drain::drain_namespace;
pub use error::{Error, Result};
pub use partial::{metadata_only, partial_metadata};
#[cfg(feature = "cli")]
pub(crate) use patch::{apply_document, apply_strategic};
pub use request::{
    DeleteCollection, DeleteOptions, DryRun, Event, EventType, FieldValidation, GetRequest, List,
    ListRequest, Patch, Preconditions, Propagation, Subresource, Target, VersionMatch, WatchRequest,
    WriteBody, WriteOptions, WriteRequest, WriteVerb, Written,
};
pub use review::{Review, Reviewer};

use std::sync::Arc;

use async_trait::async_trait;
use kube_core::GroupVersionKind;

use crate::api::{RawObject, ResourceDefinition};

/// A Kubernetes API. Object-safe: pass it as `Arc<dyn Client>`.
///
/// Everything that changes something goes through [`Client::write`], so that a wrapper has one place to stand in. The
/// convenient, typed face is `Api`.
#[async_trait]
pub trait Client: Send + Sync + 'static {
    /// The definition of a kind, from the program or from a CustomResourceDefinition in the store.
    ///
    /// # Errors
    /// 404 `no matches for kind "X" in version "g/v"`.
    async fn resolve(&self, gvk: &GroupVersionKind) -> Result<Arc<ResourceDefinition>>;

    /// Every served version of every kind, by group, then version priority, then resource.
    async fn discover(&self) -> Result<Vec<Arc<ResourceDefinition>>>;

    /// Every served version that a word may mean, as a name or a category of it; there may be others among them. Who knows many kinds
    /// can spare itself looking at all of them, which is what this does unless it is said otherwise.
    ///
    /// # Errors
    /// As [`Client::discover`].
    async fn discover_named(&self, word: &str) -> Result<Vec<Arc<ResourceDefinition>>> {
        let _ = word;
        self.discover().await
    }

    /// The warning that every answer in a version on its way out comes with. Writes bring it with their other warnings; whoever
    /// reads may ask for it here.
    ///
    /// # Errors
    /// As [`Client::resolve`].
    async fn deprecation(&self, gvk: &GroupVersionKind) -> Result<Option<String>>;

    /// One object.
    ///
    /// # Errors
    /// 404 for an object, a kind or a subresource that is not there.
    async fn get(&self, request: &GetRequest) -> Result<RawObject>;

    /// Objects of one kind.
    ///
    /// # Errors
    /// 404 for a kind that is not there, 400 for a selector, version or `continue` token that is not one, 422 for options that do not go
    /// together, 410 for a version or token whose past has been forgotten (of a token, with a fresh one in `metadata.continue`), 504
    /// for a version that the store has not come to.
    async fn list(&self, request: &ListRequest) -> Result<List>;

    /// Writes, in order, in as few commits as possible. Each request stands for itself, as if sent alone after the ones
    /// before it; the answers are in the requests' order. When this answers, what succeeded is durable.
    async fn write(&self, requests: Vec<WriteRequest>) -> Vec<Result<Written>>;

    /// Changes of objects of one kind.
    ///
    /// # Errors
    /// 404 for a kind that is not there, 400 for a selector and 500 for a resourceVersion that is not one, 422 for options that do not go
    /// together. A resourceVersion that is too old is no error: the stream then begins and ends with a 410.
    async fn watch(&self, request: &WatchRequest) -> Result<Box<dyn EventStream>>;
}

/// A stream of watch events.
#[async_trait]
pub trait EventStream: Send {
    /// Waits for the next event. `None` is the end of the stream.
    async fn next(&mut self) -> Option<Event>;
}
