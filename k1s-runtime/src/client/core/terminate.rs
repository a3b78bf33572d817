//! What a cluster's namespace controller does: a namespace that is being deleted is emptied, in batches, and then goes.
//!
//! It is done after the write that gives cause to it is committed: the namespace's deletion, or the end of the last object in it. A
//! process that dies in between leaves the namespace `Terminating`, and the next such write, or another deletion of the namespace, goes
//! on with it.

use std::collections::{BTreeMap, BTreeSet};

use kube_core::GroupVersionKind;
use serde_json::json;

use crate::api::Object;
use crate::client::kinds::{Builtin, namespace};
use crate::client::{
    DeleteOptions, Error, Result, Subresource, Target, WriteOptions, WriteRequest, WriteVerb, Written,
};
use crate::storage::{ListQuery, Mutation};

use super::batch::delete_all;
use super::{Inner, Plan};

/// How many objects are deleted in one commit.
const BATCH: usize = 1_000;

/// Namespaces that writes have deleted, or deleted something in; each with the index of the last such write.
#[derive(Default)]
pub(super) struct Left {
    namespaces: BTreeMap<String, usize>,
}

impl Left {
    /// Notes what a planned write leaves behind.
    pub(super) fn note(&mut self, index: usize, request: &WriteRequest, plan: &Plan) {
        let is_deletion = matches!(request.verb, WriteVerb::Delete(_));
        if is_deletion && plan.kind.builtin == Some(Builtin::Namespace) {
            self.namespaces.insert(request.name.clone(), index);
        }
        for mutation in &plan.mutations {
            let Mutation::Delete { key, .. } = mutation else { continue };
            if !key.namespace.is_empty() && !namespace::is_immortal(&key.namespace) {
                self.namespaces.insert(key.namespace.clone(), index);
            }
        }
    }

    /// Empties those of them that are being deleted. What goes wrong is told as a warning: the writes themselves are done.
    pub(super) async fn follow(self, core: &Inner, answers: &mut [Option<Result<Written>>]) {
        for (name, index) in self.namespaces {
            if let Err(error) = go_on(core, &name).await
                && let Some(Some(Ok(written))) = answers.get_mut(index)
            {
                written.warnings.push(format!("namespace {name} could not be emptied: {error}"));
            }
        }
    }
}

/// Empties a namespace if it is being deleted, and lets it go when nothing is left in it.
async fn go_on(core: &Inner, name: &str) -> Result<()> {
    let target = Target { gvk: GroupVersionKind::gvk("", "v1", "Namespace"), namespace: None };
    let kind = core.kind(&target.gvk).await?;
    let Some(stored) = core.storage.get(core.key(&kind, &target, name)).await? else { return Ok(()) };
    let mut found: Object = serde_json::from_slice(&stored.bytes).map_err(Error::Decode)?;
    if found.deletion_timestamp().is_none() || !empty(core, name).await? {
        return Ok(());
    }
    let others: Vec<&str> =
        namespace::finalizers(&found).into_iter().filter(|own| *own != namespace::CONTENT).collect();
    let others = json!({ "finalizers": others });
    found.0.insert("spec".to_owned(), others);
    found.metadata_mut().remove("resourceVersion");
    let mut finalize = [WriteRequest {
        target,
        name: name.to_owned(),
        subresource: Some(Subresource::Other("finalize".to_owned())),
        verb: WriteVerb::Update(found),
        options: WriteOptions::default(),
    }];
    delete_all(core, &mut finalize).await
}

/// Deletes what is in a namespace. Says whether nothing is left: finalizers may keep some of it.
async fn empty(core: &Inner, name: &str) -> Result<bool> {
    core.refresh_definitions().await?;
    let mut seen = BTreeSet::new();
    let mut is_empty = true;
    for definition in core.scheme.definitions() {
        let resource = definition.qualified_resource();
        if !definition.is_namespaced() || !definition.served || !seen.insert(resource.clone()) {
            continue;
        }
        let target = Target { gvk: definition.gvk(), namespace: Some(name.to_owned()) };
        let mut after: Option<(String, String)> = None;
        loop {
            let query = ListQuery {
                namespace: Some(name),
                after: after.as_ref().map(|(namespace, name)| (namespace.as_str(), name.as_str())),
                limit: BATCH,
                ..ListQuery::all(&core.tenant, &resource)
            };
            let page = core.storage.list(query).await?;
            let mut deletions = Vec::with_capacity(page.items.len());
            for stored in page.items {
                let object: Object = serde_json::from_slice(&stored.bytes).map_err(Error::Decode)?;
                deletions.push(WriteRequest {
                    target: target.clone(),
                    name: object.name().to_owned(),
                    subresource: None,
                    verb: WriteVerb::Delete(DeleteOptions::default()),
                    options: WriteOptions::default(),
                });
            }
            delete_all(core, &mut deletions).await?;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let query = ListQuery { namespace: Some(name), limit: 1, ..ListQuery::all(&core.tenant, &resource) };
        is_empty &= core.storage.list(query).await?.items.is_empty();
    }
    Ok(is_empty)
}
