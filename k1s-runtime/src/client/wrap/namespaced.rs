//! One namespace and no other.

use async_trait::async_trait;

use super::layer::{Layer, write_passed};
use crate::api::RawObject;
use crate::api::status::{self, Subject};
use crate::client::{
    Client, Error, EventStream, GetRequest, List, ListRequest, Result, Target, WatchRequest, WriteRequest,
    WriteVerb, Written,
};

/// Keeps requests for namespaced kinds in one namespace: it is filled in where a request names none, so that lists and watches of all
/// namespaces become those of the one, and requests that name another are refused with a 403.
///
/// Cluster-scoped kinds are not touched, namespaces among them: this is a convenience that catches mistakes, and no authorisation.
///
/// ```
/// # use std::sync::Arc;
/// # use k1s_runtime::client::{Api, CoreClient};
/// # use k1s_runtime::client::wrap::{ClientExt, Namespaced};
/// # use k1s_runtime::k8s_openapi::api::core::v1::ConfigMap;
/// # use k1s_runtime::scheme::Scheme;
/// # use k1s_runtime::storage::MemoryStorage;
/// # let core = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
/// let client = core.layered(Namespaced::new("default"));
/// let maps: Api<ConfigMap> = Api::namespaced(client, "kube-system");
/// let error = pollster::block_on(maps.get("a")).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "configmaps \"a\" is forbidden: the client is kept to the namespace \"default\", and this is \"kube-system\""
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Namespaced {
    namespace: String,
}

impl Namespaced {
    /// A layer for this namespace.
    pub fn new(namespace: impl Into<String>) -> Self {
        Self { namespace: namespace.into() }
    }

    /// The namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Puts a target into the namespace.
    async fn place(&self, next: &dyn Client, target: &mut Target, name: &str) -> Result<()> {
        if target.namespace.as_ref() == Some(&self.namespace) {
            return Ok(());
        }
        let definition = next.resolve(&target.gvk).await?;
        if !definition.is_namespaced() {
            return Ok(());
        }
        match target.namespace.as_deref() {
            None | Some("") => {
                target.namespace = Some(self.namespace.clone());
                Ok(())
            }
            Some(other) => {
                let subject = Subject { group: &definition.group, resource: &definition.plural };
                let own = &self.namespace;
                let why = format!("the client is kept to the namespace {own:?}, and this is {other:?}");
                Err(Error::Api(status::forbidden(subject, name, &why)))
            }
        }
    }
}

#[async_trait]
impl Layer for Namespaced {
    async fn get(&self, next: &dyn Client, request: &GetRequest) -> Result<RawObject> {
        let mut request = request.clone();
        self.place(next, &mut request.target, &request.name).await?;
        next.get(&request).await
    }

    async fn list(&self, next: &dyn Client, request: &ListRequest) -> Result<List> {
        let mut request = request.clone();
        self.place(next, &mut request.target, "").await?;
        next.list(&request).await
    }

    async fn write(&self, next: &dyn Client, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        let mut placed = Vec::with_capacity(requests.len());
        for mut request in requests {
            let name = match &request.verb {
                WriteVerb::Create(object) => object.name(),
                _ => &request.name,
            };
            let verdict = self.place(next, &mut request.target, name).await;
            placed.push(verdict.map(|()| request));
        }
        write_passed(next, placed).await
    }

    async fn watch(&self, next: &dyn Client, request: &WatchRequest) -> Result<Box<dyn EventStream>> {
        let mut request = request.clone();
        self.place(next, &mut request.target, "").await?;
        next.watch(&request).await
    }
}
