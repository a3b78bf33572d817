//! What the namespace controller of a cluster does, by requests: it empties a namespace that is being deleted, and lets it go.

use std::collections::BTreeSet;

use kube_core::GroupVersionKind;
use serde_json::json;

use crate::api::Object;

use super::kinds::namespace::{CONTENT, finalizers};
use super::{
    Client, DeleteOptions, Error, GetRequest, ListRequest, Result, Subresource, Target, WriteOptions,
    WriteRequest, WriteVerb,
};

/// Deletes everything in a namespace that is being deleted, and then the namespace, and says whether it is gone.
///
/// [`CoreClient`](super::CoreClient) does it by itself. Where nobody does, as with
/// [`CoreClient::without_controllers`](super::CoreClient::without_controllers), a deleted namespace stays, in phase `Terminating`, until
/// this is called. Objects with finalizers keep the namespace; once they are gone, calling this again lets it go. A namespace that is
/// not being deleted is left alone.
///
/// # Errors
/// What a list, a deletion or the last write failed with. An object that was gone already is no error.
pub async fn drain_namespace(client: &dyn Client, name: &str) -> Result<bool> {
    let target = Target { gvk: GroupVersionKind::gvk("", "v1", "Namespace"), namespace: None };
    let request = GetRequest {
        target: target.clone(),
        name: name.to_owned(),
        subresource: None,
        resource_version: None,
    };
    let mut namespace = match client.get(&request).await {
        Ok(raw) => raw.to_object().map_err(Error::Decode)?,
        Err(error) if error.is_not_found() => return Ok(true),
        Err(error) => return Err(error),
    };
    if namespace.deletion_timestamp().is_none() || !empty(client, name).await? {
        return Ok(false);
    }
    let others: Vec<&str> = finalizers(&namespace).into_iter().filter(|own| *own != CONTENT).collect();
    let others = json!({ "finalizers": others });
    namespace.0.insert("spec".to_owned(), others);
    let finalize = WriteRequest {
        target,
        name: name.to_owned(),
        subresource: Some(Subresource::Other("finalize".to_owned())),
        verb: WriteVerb::Update(namespace),
        options: WriteOptions::default(),
    };
    for answer in client.write(vec![finalize]).await {
        answer?;
    }
    match client.get(&request).await {
        Err(error) if error.is_not_found() => Ok(true),
        answer => answer.map(|_| false),
    }
}

/// Deletes the objects of every namespaced kind; says whether none is left.
async fn empty(client: &dyn Client, namespace: &str) -> Result<bool> {
    let mut seen = BTreeSet::new();
    let mut left = false;
    for definition in client.discover().await? {
        if !definition.is_namespaced() || !seen.insert((definition.group.clone(), definition.kind.clone())) {
            continue;
        }
        let target = Target { gvk: definition.gvk(), namespace: Some(namespace.to_owned()) };
        let mut requests = Vec::new();
        for raw in client.list(&ListRequest::all(target.clone())).await?.items {
            let object: Object = raw.decode().map_err(Error::Decode)?;
            requests.push(WriteRequest {
                target: target.clone(),
                name: object.name().to_owned(),
                subresource: None,
                verb: WriteVerb::Delete(DeleteOptions::default()),
                options: WriteOptions::default(),
            });
        }
        if requests.is_empty() {
            continue;
        }
        for answer in client.write(requests).await {
            match answer {
                Err(error) if !error.is_not_found() => return Err(error),
                _ => {}
            }
        }
        left |= !client.list(&ListRequest::all(target)).await?.items.is_empty();
    }
    Ok(!left)
}
