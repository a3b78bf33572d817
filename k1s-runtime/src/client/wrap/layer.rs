//! What a layer is, and the client that it makes of another one.

use std::sync::Arc;

use async_trait::async_trait;
use kube_core::GroupVersionKind;

use crate::api::{RawObject, ResourceDefinition, status};
use crate::client::{
    Client, Error, EventStream, GetRequest, IntoClient, List, ListRequest, Result, WatchRequest,
    WriteRequest, Written,
};

/// What is done to calls on their way to a client, and to answers on their way back.
///
/// Every method passes the call on to `next` unless a layer does something else: call it with another request, not at all, or
/// several times. Contracts of [`Client`] hold for layers, above all that [`Client::write`] answers each request, in order.
///
/// ```
/// use async_trait::async_trait;
/// use k1s_runtime::client::wrap::Layer;
/// use k1s_runtime::client::{Client, ListRequest, List, Result};
///
/// /// Lists in pages of at most a hundred objects.
/// struct Paged;
///
/// #[async_trait]
/// impl Layer for Paged {
///     async fn list(&self, next: &dyn Client, request: &ListRequest) -> Result<List> {
///         let mut request = request.clone();
///         request.limit = if request.limit == 0 { 100 } else { request.limit.min(100) };
///         next.list(&request).await
///     }
/// }
/// ```
#[async_trait]
pub trait Layer: Send + Sync + 'static {
    /// [`Client::resolve`].
    ///
    /// # Errors
    /// As there.
    async fn resolve(&self, next: &dyn Client, gvk: &GroupVersionKind) -> Result<Arc<ResourceDefinition>> {
        next.resolve(gvk).await
    }

    /// [`Client::discover`].
    ///
    /// # Errors
    /// As there.
    async fn discover(&self, next: &dyn Client) -> Result<Vec<Arc<ResourceDefinition>>> {
        next.discover().await
    }

    /// [`Client::discover_named`]. All that [`Layer::discover`] answers unless it is said otherwise, so that a layer that hides kinds
    /// there hides them here.
    ///
    /// # Errors
    /// As there.
    async fn discover_named(&self, next: &dyn Client, word: &str) -> Result<Vec<Arc<ResourceDefinition>>> {
        let _ = word;
        self.discover(next).await
    }

    /// [`Client::deprecation`].
    ///
    /// # Errors
    /// As there.
    async fn deprecation(&self, next: &dyn Client, gvk: &GroupVersionKind) -> Result<Option<String>> {
        next.deprecation(gvk).await
    }

    /// [`Client::get`].
    ///
    /// # Errors
    /// As there.
    async fn get(&self, next: &dyn Client, request: &GetRequest) -> Result<RawObject> {
        next.get(request).await
    }

    /// [`Client::list`].
    ///
    /// # Errors
    /// As there.
    async fn list(&self, next: &dyn Client, request: &ListRequest) -> Result<List> {
        next.list(request).await
    }

    /// [`Client::write`].
    async fn write(&self, next: &dyn Client, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        next.write(requests).await
    }

    /// [`Client::watch`].
    ///
    /// # Errors
    /// As there.
    async fn watch(&self, next: &dyn Client, request: &WatchRequest) -> Result<Box<dyn EventStream>> {
        next.watch(request).await
    }
}

/// A client seen through a layer. Clones are handles of one client: they share the layer and what is below it.
pub struct Layered<L> {
    next: Arc<dyn Client>,
    layer: Arc<L>,
}

impl<L> Clone for Layered<L> {
    fn clone(&self) -> Self {
        Self { next: self.next.clone(), layer: self.layer.clone() }
    }
}

impl<L> Layered<L> {
    /// The layer.
    pub fn layer(&self) -> &L {
        &self.layer
    }

    /// The client below it.
    pub fn next(&self) -> &Arc<dyn Client> {
        &self.next
    }
}

impl<L: std::fmt::Debug> std::fmt::Debug for Layered<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layered").field("layer", &self.layer).finish_non_exhaustive()
    }
}

/// Putting layers on clients.
pub trait ClientExt: IntoClient + Sized {
    /// This client, seen through a layer.
    fn layered<L: Layer>(self, layer: L) -> Layered<L> {
        Layered { next: self.into_client(), layer: Arc::new(layer) }
    }
}

impl<C: IntoClient> ClientExt for C {}

#[async_trait]
impl<L: Layer> Client for Layered<L> {
    async fn resolve(&self, gvk: &GroupVersionKind) -> Result<Arc<ResourceDefinition>> {
        self.layer.resolve(&*self.next, gvk).await
    }

    async fn discover(&self) -> Result<Vec<Arc<ResourceDefinition>>> {
        self.layer.discover(&*self.next).await
    }

    async fn discover_named(&self, word: &str) -> Result<Vec<Arc<ResourceDefinition>>> {
        self.layer.discover_named(&*self.next, word).await
    }

    async fn deprecation(&self, gvk: &GroupVersionKind) -> Result<Option<String>> {
        self.layer.deprecation(&*self.next, gvk).await
    }

    async fn get(&self, request: &GetRequest) -> Result<RawObject> {
        self.layer.get(&*self.next, request).await
    }

    async fn list(&self, request: &ListRequest) -> Result<List> {
        self.layer.list(&*self.next, request).await
    }

    async fn write(&self, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        self.layer.write(&*self.next, requests).await
    }

    async fn watch(&self, request: &WatchRequest) -> Result<Box<dyn EventStream>> {
        self.layer.watch(&*self.next, request).await
    }
}

/// Writes those requests that a layer lets pass, all at once, and answers the others with what it has against them.
pub(super) async fn write_passed(
    next: &dyn Client,
    requests: Vec<Result<WriteRequest>>,
) -> Vec<Result<Written>> {
    let mut passed = Vec::with_capacity(requests.len());
    let verdicts: Vec<Result<()>> =
        requests.into_iter().map(|request| request.map(|request| passed.push(request))).collect();
    let mut answers = if passed.is_empty() { Vec::new() } else { next.write(passed).await }.into_iter();
    let missing = || Err(Error::Api(status::internal("a write was left without an answer")));
    let answer = |verdict: Result<()>| verdict.and_then(|()| answers.next().unwrap_or_else(missing));
    verdicts.into_iter().map(answer).collect()
}
