//! `Api<K>`: the typed face of a [`Client`], shaped like kube-rs'.

use std::marker::PhantomData;
use std::sync::Arc;

use kube_core::{GroupVersionKind, NamespaceResourceScope, Resource as KubeResource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::{Object, RawObject, ResourceDefinition};

use super::{
    Bookmark, Client, DeleteCollection, DeleteOptions, Error, Event, EventStream, EventType, GetRequest,
    List, ListRequest, Patch, Result, Subresource, Target, WatchRequest, WriteBody, WriteOptions,
    WriteRequest, WriteVerb, Written,
};

/// Objects of one kind, in one namespace or in all.
///
/// `K` is a derived kind, one of `k8s-openapi`, or [`Object`] for a kind known only by its definition
/// ([`Api::dynamic`]). Typed or not, everything goes through the same [`Client`].
///
/// ```
/// # use std::sync::Arc;
/// # use k1s_runtime::client::{Api, CoreClient, Patch};
/// # use k1s_runtime::k8s_openapi::api::core::v1::ConfigMap;
/// # use k1s_runtime::scheme::Scheme;
/// # use k1s_runtime::storage::MemoryStorage;
/// # pollster::block_on(async {
/// # let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
/// let maps: Api<ConfigMap> = Api::default_namespaced(client);
/// let mut map = ConfigMap::default();
/// map.metadata.name = Some("a".into());
/// maps.create(&map).await?;
/// let patch = Patch::Merge(serde_json::json!({"data": {"k": "v"}}));
/// let patched = maps.patch("a", patch).await?;
/// assert_eq!(patched.data.unwrap()["k"], "v");
/// maps.delete("a", Default::default()).await?;
/// assert!(maps.get_opt("a").await?.is_none());
/// # Ok::<(), k1s_runtime::client::Error>(())
/// # }).unwrap();
/// ```
pub struct Api<K> {
    client: Arc<dyn Client>,
    target: Target,
    options: WriteOptions,
    kind: PhantomData<fn() -> K>,
}

impl<K> Clone for Api<K> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            target: self.target.clone(),
            options: self.options.clone(),
            kind: PhantomData,
        }
    }
}

/// Objects of a list, with the list's metadata.
#[derive(Clone, Debug)]
pub struct TypedList<K> {
    /// The objects, by namespace and name.
    pub items: Vec<K>,
    /// `metadata.resourceVersion` of the list: where a watch may start.
    pub resource_version: String,
    /// `metadata.continue`; `None` on the last page.
    pub continue_token: Option<String>,
}

/// One change that a typed watch saw.
#[derive(Clone, Debug)]
pub enum TypedEvent<K> {
    /// It appeared in the selection.
    Added(K),
    /// It changed.
    Modified(K),
    /// It left the selection.
    Deleted(K),
    /// Everything up to a version has been told; only where the request allows for bookmarks.
    Bookmark(Bookmark),
}

/// The stream of a typed watch.
pub struct TypedWatch<K> {
    stream: Box<dyn EventStream>,
    kind: PhantomData<fn() -> K>,
}

fn gvk_of<K: KubeResource<DynamicType = ()>>() -> GroupVersionKind {
    GroupVersionKind {
        group: K::group(&()).into_owned(),
        version: K::version(&()).into_owned(),
        kind: K::kind(&()).into_owned(),
    }
}

impl<K: KubeResource<DynamicType = ()>> Api<K> {
    /// Objects in one namespace.
    pub fn namespaced(client: impl IntoClient, namespace: &str) -> Self
    where
        K: KubeResource<Scope = NamespaceResourceScope>,
    {
        Self::new(client.into_client(), gvk_of::<K>(), Some(namespace.to_owned()))
    }

    /// Objects in the namespace `default`.
    pub fn default_namespaced(client: impl IntoClient) -> Self
    where
        K: KubeResource<Scope = NamespaceResourceScope>,
    {
        Self::namespaced(client, "default")
    }

    /// Objects of a cluster-scoped kind, or of all namespaces; the latter can be listed and watched only.
    pub fn all(client: impl IntoClient) -> Self {
        Self::new(client.into_client(), gvk_of::<K>(), None)
    }
}

impl Api<Object> {
    /// Objects of a kind that is known only by its definition.
    pub fn dynamic(
        client: impl IntoClient,
        definition: &ResourceDefinition,
        namespace: Option<&str>,
    ) -> Self {
        let namespace = namespace.filter(|_| definition.is_namespaced()).map(str::to_owned);
        Self::new(client.into_client(), definition.gvk(), namespace)
    }
}

impl<K> Api<K> {
    fn new(client: Arc<dyn Client>, gvk: GroupVersionKind, namespace: Option<String>) -> Self {
        Self {
            client,
            target: Target { gvk, namespace },
            options: WriteOptions::default(),
            kind: PhantomData,
        }
    }

    /// The same objects, written with these options.
    pub fn with_options(mut self, options: WriteOptions) -> Self {
        self.options = options;
        self
    }

    fn request(&self, name: &str, subresource: Option<Subresource>, verb: WriteVerb) -> WriteRequest {
        WriteRequest {
            target: self.target.clone(),
            name: name.to_owned(),
            subresource,
            verb,
            options: self.options.clone(),
        }
    }

    async fn write(&self, request: WriteRequest) -> Result<Written> {
        self.client.write(vec![request]).await.pop().unwrap_or_else(|| {
            Err(Error::Api(crate::api::status::internal("a write was left without an answer")))
        })
    }
}

impl<K: Serialize + DeserializeOwned> Api<K> {
    /// One object.
    ///
    /// # Errors
    /// 404 when it is not there; [`Error::Decode`] when it does not fit `K`.
    pub async fn get(&self, name: &str) -> Result<K> {
        let request = GetRequest {
            target: self.target.clone(),
            name: name.to_owned(),
            subresource: None,
            resource_version: None,
        };
        decode(&self.client.get(&request).await?)
    }

    /// One object, or `None` when it is not there.
    ///
    /// # Errors
    /// As [`Api::get`], but for 404.
    pub async fn get_opt(&self, name: &str) -> Result<Option<K>> {
        match self.get(name).await {
            Err(error) if error.is_not_found() => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// All objects that a label selector selects; empty selects all.
    ///
    /// # Errors
    /// 400 when the selector is not one.
    pub async fn list(&self, label_selector: &str) -> Result<TypedList<K>> {
        let mut request = ListRequest::all(self.target.clone());
        request.label_selector = label_selector.to_owned();
        self.list_with(&request).await
    }

    /// A list by a request of one's own; its target is replaced by this one.
    ///
    /// # Errors
    /// As [`Client::list`].
    pub async fn list_with(&self, request: &ListRequest) -> Result<TypedList<K>> {
        let request = ListRequest { target: self.target.clone(), ..request.clone() };
        typed(&self.client.list(&request).await?)
    }

    /// Creates an object.
    ///
    /// # Errors
    /// 409 when it is there, 422 when it is invalid.
    pub async fn create(&self, object: &K) -> Result<K> {
        let verb = WriteVerb::Create(encode(object)?);
        self.object(self.request("", None, verb)).await
    }

    /// Puts an object in the place of the one that is there.
    ///
    /// # Errors
    /// 404 when none is there, 409 when it has changed since, 422 when the new one is invalid.
    pub async fn replace(&self, name: &str, object: &K) -> Result<K> {
        let verb = WriteVerb::Update(encode(object)?);
        self.object(self.request(name, None, verb)).await
    }

    /// Replaces an object's status, and nothing else of it.
    ///
    /// # Errors
    /// As [`Api::replace`].
    pub async fn replace_status(&self, name: &str, object: &K) -> Result<K> {
        let verb = WriteVerb::Update(encode(object)?);
        self.object(self.request(name, Some(Subresource::Status), verb)).await
    }

    /// Changes an object.
    ///
    /// # Errors
    /// 404 when it is not there, 422 when the patch fails or what comes of it is invalid.
    pub async fn patch(&self, name: &str, patch: Patch) -> Result<K> {
        self.object(self.request(name, None, WriteVerb::Patch(patch))).await
    }

    /// Changes an object's status, and nothing else of it.
    ///
    /// # Errors
    /// As [`Api::patch`].
    pub async fn patch_status(&self, name: &str, patch: Patch) -> Result<K> {
        self.object(self.request(name, Some(Subresource::Status), WriteVerb::Patch(patch))).await
    }

    /// Deletes an object. `Some` is the object that finalizers keep for now; `None` says that it is gone.
    ///
    /// # Errors
    /// 404 when it is not there, 409 when a precondition does not hold.
    pub async fn delete(&self, name: &str, options: DeleteOptions) -> Result<Option<K>> {
        let written = self.write(self.request(name, None, WriteVerb::Delete(options))).await?;
        written.body.object().map(decode).transpose()
    }

    /// Deletes all objects that a label selector selects; empty selects all. Answers with them, as they were.
    ///
    /// # Errors
    /// 400 when the selector is not one, 405 for kinds that are deleted one by one (namespaces), and the first error of a
    /// deletion: those before it are done. An object that was gone already is no error.
    pub async fn delete_collection(
        &self,
        label_selector: &str,
        options: DeleteOptions,
    ) -> Result<TypedList<K>> {
        let collection =
            DeleteCollection { options, label_selector: label_selector.to_owned(), ..Default::default() };
        let written = self.write(self.request("", None, WriteVerb::DeleteCollection(collection))).await?;
        match written.body {
            WriteBody::List(list) => typed(&list),
            _ => Err(Error::Api(crate::api::status::internal("the deletion of a collection without a list"))),
        }
    }

    /// Watches the objects that a label selector selects. Without a version it begins with those that are there.
    ///
    /// # Errors
    /// 400 when the selector is not one.
    pub async fn watch(&self, label_selector: &str, resource_version: Option<&str>) -> Result<TypedWatch<K>> {
        let mut request = WatchRequest::all(self.target.clone());
        request.label_selector = label_selector.to_owned();
        request.resource_version = resource_version.map(str::to_owned);
        self.watch_with(&request).await
    }

    /// A watch by a request of one's own; its target is replaced by this one.
    ///
    /// # Errors
    /// As [`Client::watch`].
    pub async fn watch_with(&self, request: &WatchRequest) -> Result<TypedWatch<K>> {
        let request = WatchRequest { target: self.target.clone(), ..request.clone() };
        Ok(TypedWatch { stream: self.client.watch(&request).await?, kind: PhantomData })
    }

    async fn object(&self, request: WriteRequest) -> Result<K> {
        match self.write(request).await?.body {
            WriteBody::Object(raw) => decode(&raw),
            WriteBody::Status(status) => Err(Error::Api(status)),
            WriteBody::List(_) => {
                Err(Error::Api(crate::api::status::internal("a list came in the place of an object")))
            }
        }
    }
}

impl<K: DeserializeOwned> TypedWatch<K> {
    /// Waits for the next change; `None` is the end.
    ///
    /// # Errors
    /// The status that ends the watch, as 410 when it has fallen too far behind.
    pub async fn next(&mut self) -> Option<Result<TypedEvent<K>>> {
        Some(match self.stream.next().await? {
            Event::Error(status) => Err(Error::Api(status)),
            Event::Bookmark(bookmark) => Ok(TypedEvent::Bookmark(bookmark)),
            Event::Object(event_type, raw) => decode(&raw).map(|object| match event_type {
                EventType::Added => TypedEvent::Added(object),
                EventType::Modified => TypedEvent::Modified(object),
                EventType::Deleted => TypedEvent::Deleted(object),
            }),
        })
    }
}

/// Something to make an [`Api`] of: a client, or a shared one.
pub trait IntoClient {
    /// The shared client.
    fn into_client(self) -> Arc<dyn Client>;
}

impl<C: Client> IntoClient for C {
    fn into_client(self) -> Arc<dyn Client> {
        Arc::new(self)
    }
}

impl IntoClient for Arc<dyn Client> {
    fn into_client(self) -> Arc<dyn Client> {
        self
    }
}

fn decode<K: DeserializeOwned>(raw: &RawObject) -> Result<K> {
    raw.decode().map_err(Error::Decode)
}

fn typed<K: DeserializeOwned>(list: &List) -> Result<TypedList<K>> {
    Ok(TypedList {
        items: list.items.iter().map(decode).collect::<Result<_>>()?,
        resource_version: list.resource_version.clone(),
        continue_token: list.continue_token.clone(),
    })
}

/// As a JSON object.
fn encode<K: Serialize>(object: &K) -> Result<Object> {
    match serde_json::to_value(object).map_err(Error::Encode)? {
        Value::Object(map) => Ok(Object(map)),
        other => serde_json::from_value(other).map_err(Error::Encode),
    }
}
