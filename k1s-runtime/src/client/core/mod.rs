//! [`CoreClient`]: the API server's semantics over one store, for one tenant, without threads or an async runtime.
//!
//! `kind` makes definitions ready for requests, `definitions` follows those of the store, `author` is strict with derived ones in
//! debug builds, `batch` carries writes to the store, `plan` is what a write comes to before it is committed, `namespaces` knows
//! which namespaces there are.

mod author;
mod batch;
mod definitions;
mod kind;
mod namespaces;
mod plan;
mod resolve;
mod terminate;

pub(crate) use batch::delete_each;
pub(crate) use kind::{Kind, KindCache, Version};
pub(crate) use plan::{Answer, Effect, Plan};
pub(crate) use resolve::{DEFINITIONS, registration};

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use async_trait::async_trait;
use kube_core::GroupVersionKind;

use crate::api::{RawObject, ResourceDefinition, status};
use crate::scheme::Scheme;
use crate::storage::{Key, KeyBuf, Storage, Stored};

use super::{
    Client, EventStream, GetRequest, List, ListRequest, Result, Subresource, Target, WatchRequest,
    WriteRequest, Written,
};
use super::{encode, list, options, place, query, scale, watch};

/// The tenant of a client that names none.
pub const DEFAULT_TENANT: &str = "default";

/// A [`Client`] that answers from a store in this process, as kube-apiserver would answer from etcd.
///
/// It also does what a cluster's controllers do about deletions, in the deletion itself: dependents go with their owner, or lose it, as
/// the propagation policy says, and a deleted namespace is emptied and goes. [`CoreClient::without_controllers`] leaves that undone.
///
/// Clones are handles of one client. Nothing runs in the background: a call does its work and returns, and with an
/// embedded store no future needs an async runtime, so that `pollster::block_on` is all a program needs.
///
/// ```
/// use std::sync::Arc;
/// use k1s_runtime::Object;
/// use k1s_runtime::client::{Api, CoreClient};
/// use k1s_runtime::k8s_openapi::api::core::v1::ConfigMap;
/// use k1s_runtime::scheme::Scheme;
/// use k1s_runtime::storage::MemoryStorage;
///
/// let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
/// pollster::block_on(async {
///     let maps: Api<ConfigMap> = Api::namespaced(client, "default");
///     let mut map = ConfigMap::default();
///     map.metadata.name = Some("settings".into());
///     let made = maps.create(&map).await?;
///     assert!(made.metadata.uid.is_some());
///     assert_eq!(maps.get("settings").await?.metadata.resource_version, made.metadata.resource_version);
///     Ok::<(), k1s_runtime::client::Error>(())
/// })?;
/// # Ok::<(), k1s_runtime::client::Error>(())
/// ```
#[derive(Clone)]
pub struct CoreClient {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) scheme: Arc<Scheme>,
    pub(crate) tenant: String,
    kinds: kind::KindCache,
    /// What is known of the store's CustomResourceDefinitions.
    definitions: definitions::Definitions,
    /// Whether deletions are followed up as a cluster's controllers do.
    controllers: bool,
    /// Whether the namespaces that are always there are known to be in the store.
    namespaces_stored: AtomicBool,
}

impl CoreClient {
    /// A client of the default tenant.
    pub fn new(storage: Arc<dyn Storage>, scheme: Arc<Scheme>) -> Self {
        Self::for_tenant(storage, scheme, DEFAULT_TENANT)
    }

    /// A client of one tenant: it sees and changes nothing of the others.
    ///
    /// The scheme takes the kinds of the tenant's CustomResourceDefinitions; clients of different tenants need
    /// different schemes.
    pub fn for_tenant(storage: Arc<dyn Storage>, scheme: Arc<Scheme>, tenant: &str) -> Self {
        Self::of(storage, scheme, tenant, true)
    }

    /// A client of the same store that does nothing on its own account, as a server whose controllers do not run: dependents of what
    /// is deleted stay, the finalizers `orphan` and `foregroundDeletion` stay until somebody removes them, and a deleted namespace
    /// stays `Terminating` with what is in it. For tests of such controllers; recordings of a server alone are replayed with it.
    pub fn without_controllers(&self) -> Self {
        let Inner { storage, scheme, tenant, .. } = &*self.inner;
        Self::of(storage.clone(), scheme.clone(), tenant, false)
    }

    fn of(storage: Arc<dyn Storage>, scheme: Arc<Scheme>, tenant: &str, controllers: bool) -> Self {
        Self {
            inner: Arc::new(Inner {
                storage,
                scheme,
                tenant: tenant.to_owned(),
                controllers,
                kinds: kind::KindCache::default(),
                definitions: definitions::Definitions::default(),
                namespaces_stored: AtomicBool::new(false),
            }),
        }
    }

    /// The kinds that it knows so far. [`Client::discover`] loads those of CustomResourceDefinitions first.
    pub fn scheme(&self) -> &Arc<Scheme> {
        &self.inner.scheme
    }

    /// The store.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.inner.storage
    }

    /// The tenant.
    pub fn tenant(&self) -> &str {
        &self.inner.tenant
    }
}

impl std::fmt::Debug for CoreClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CoreClient").field("tenant", &self.inner.tenant).finish_non_exhaustive()
    }
}

impl Inner {
    /// The key of an object of a kind; cluster-scoped kinds have no namespace whatever the request says.
    pub(crate) fn key<'a>(&'a self, kind: &'a Kind, target: &'a Target, name: &'a str) -> Key<'a> {
        let namespace = if kind.definition.is_namespaced() {
            target.namespace.as_deref().unwrap_or_default()
        } else {
            ""
        };
        self.key_of(&kind.resource, namespace, name)
    }

    /// The key of an object by its parts.
    pub(crate) fn key_of<'a>(&'a self, resource: &'a str, namespace: &'a str, name: &'a str) -> Key<'a> {
        Key { tenant: &self.tenant, resource, namespace, name }
    }

    pub(crate) fn key_buf(&self, kind: &Kind, target: &Target, name: &str) -> KeyBuf {
        self.key(kind, target, name).to_buf()
    }

    /// What is stored under a name; the namespaces that are always there count as stored, at revision 0.
    pub(crate) async fn read(&self, kind: &Kind, target: &Target, name: &str) -> Result<Option<Stored>> {
        let found = self.storage.get(self.key(kind, target, name)).await?;
        Ok(match found {
            None => self.virtual_namespace(kind, name).await?,
            found => found,
        })
    }
}

#[async_trait]
impl Client for CoreClient {
    async fn resolve(&self, gvk: &GroupVersionKind) -> Result<Arc<ResourceDefinition>> {
        Ok(self.inner.kind(gvk).await?.definition.clone())
    }

    async fn discover(&self) -> Result<Vec<Arc<ResourceDefinition>>> {
        self.inner.refresh_definitions().await?;
        Ok(self.inner.scheme.definitions().into_iter().filter(|definition| definition.served).collect())
    }

    async fn discover_named(&self, word: &str) -> Result<Vec<Arc<ResourceDefinition>>> {
        self.inner.refresh_definitions().await?;
        Ok(self.inner.scheme.named(word))
    }

    async fn deprecation(&self, gvk: &GroupVersionKind) -> Result<Option<String>> {
        Ok(options::deprecation(&self.inner.scheme, &*self.inner.kind(gvk).await?))
    }

    async fn get(&self, request: &GetRequest) -> Result<RawObject> {
        let kind = self.inner.kind(&request.target.gvk).await?;
        place::check_named(&kind, &request.target, "get", &request.name)?;
        let version =
            query::version(request.resource_version.as_deref()).map_err(|why| status::other(500, "", why))?;
        if let Some(version) = version {
            list::check_reached(&self.inner, version).await?;
        }
        match &request.subresource {
            Some(Subresource::Scale) if kind.definition.scale.is_some() => {
                return scale::get(&self.inner, &kind, request).await;
            }
            Some(Subresource::Status) if kind.definition.status => {}
            None => {}
            Some(_) => return Err(status::not_found(kind.subject(), &request.name).into()),
        }
        let found = self.inner.read(&kind, &request.target, &request.name).await?;
        let stored = found.ok_or_else(|| status::not_found(kind.subject(), &request.name))?;
        encode::in_version(stored.bytes, &kind)
    }

    async fn list(&self, request: &ListRequest) -> Result<List> {
        list::list(&self.inner, request).await
    }

    async fn write(&self, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        batch::write(&self.inner, requests).await
    }

    async fn watch(&self, request: &WatchRequest) -> Result<Box<dyn EventStream>> {
        watch::watch(&self.inner, request).await
    }
}
