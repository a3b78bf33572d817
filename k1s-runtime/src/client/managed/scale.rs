//! Ownership of the replicas, which an object and its Scale both show.
//!
//! Mirrors `k8s.io/apimachinery/pkg/util/managedfields/scalehandler.go`: the owners of the object's replicas own those of the Scale, a write to the
//! Scale is one like any other, and what comes of it is carried back.

use serde_json::Value;

use crate::api::Object;
use crate::client::core::Kind;
use crate::client::{Result, clock};

use super::conflict;
use super::entries::{self, Manager, Managers, Operation, Owned};
use super::error::Error;
use super::manager::Author;
use super::set::{FieldSet, path_of_fields};
use super::updater::gvk;

/// The version of a Scale.
const API_VERSION: &str = "autoscaling/v1";
/// The only field of a Scale that anybody owns.
const REPLICAS: &str = "spec.replicas";

/// What a write to a Scale does to its replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replicas {
    Same,
    /// They become another number.
    Changed,
    /// Nobody owns them any more: they become 0, which a Scale leaves out, or the writer did not say that it writes a Scale.
    Dropped,
}

/// `metadata.managedFields` of an object after a write to its Scale.
pub(crate) fn hand_over(
    kind: &Kind,
    path: &str,
    old: &Object,
    replicas: Replicas,
    author: Author<'_>,
) -> Option<Value> {
    let parent = of_object(old);
    if parent.is_empty() {
        return None;
    }
    let mut scale = to_scale(kind, &parent);
    if scale.is_empty() {
        // Nobody has been asked who owns the replicas, as of an object without owners.
        return entries::encode(&parent);
    }
    if replicas != Replicas::Same {
        scale.clear();
    }
    if replicas == Replicas::Changed {
        let owned = owned(REPLICAS, API_VERSION, Some(clock::now()));
        scale.insert(author.manager(Operation::Update, API_VERSION), owned);
    }
    entries::encode(&to_parent(kind, path, &parent, scale))
}

/// `metadata.managedFields` of an object after an apply to its Scale. An apply that would change the replicas, and `differs`, cannot be carried
/// out: the server cannot convert what it comes to.
///
/// # Errors
/// 400 for a document of another kind, 409 for conflicts, 500 otherwise when the replicas would change or nobody owns them yet.
pub(crate) fn apply(
    kind: &Kind,
    old: &Object,
    differs: bool,
    document: &Object,
    author: Author<'_>,
    force: bool,
) -> Result<Option<Value>> {
    let unconvertible = |what: &str, named: &str| {
        Error::Failed(format!(
            "{what} object ({named}; {API_VERSION}, Kind=Scale) to proper version: request to convert CR to an invalid \
             group/version: {API_VERSION}"
        ))
    };
    let found = gvk(document);
    if found != format!("{API_VERSION}, Kind=Scale") {
        return Err(Error::BadRequest(format!("invalid object type: {found}")).into());
    }
    let parent = of_object(old);
    let mut scale = to_scale(kind, &parent);
    if scale.is_empty() {
        let what = "failed to create manager for existing fields: failed to convert live";
        return Err(unconvertible(what, "/").into());
    }
    let own = author.manager(Operation::Apply, API_VERSION);
    if !differs {
        scale.entry(own).or_insert_with(|| owned(REPLICAS, API_VERSION, None));
        let path = replicas_path(kind, &kind.api_version).unwrap_or_default();
        return Ok(entries::encode(&to_parent(kind, &path, &parent, scale)));
    }
    let others = scale.iter().filter(|(manager, _)| **manager != own);
    let conflicts: Vec<_> =
        others.flat_map(|(manager, owned)| conflict::with(manager, &owned.fields)).collect();
    if !force && !conflicts.is_empty() {
        return Err(Error::Conflicts(conflicts).into());
    }
    let name = format!("{}/{}", document.namespace().unwrap_or_default(), document.name());
    Err(unconvertible("failed to convert new", &name).into())
}

/// `metadata.managedFields` of the Scale of an object.
pub(crate) fn entries_of_scale(kind: &Kind, object: &Object) -> Option<Value> {
    entries::encode(&to_scale(kind, &of_object(object)))
}

fn of_object(old: &Object) -> Managers {
    entries::decode(old.metadata().and_then(|metadata| metadata.get("managedFields"))).unwrap_or_default()
}

fn owned(path: &str, api_version: &str, time: Option<String>) -> Owned {
    let fields = FieldSet::of_fields(&[path.trim_start_matches('.')]);
    Owned { fields, api_version: api_version.to_owned(), time }
}

/// Where a version of the kind has its replicas.
fn replicas_path(kind: &Kind, api_version: &str) -> Option<String> {
    let version = kind.family.version(api_version)?;
    version.definition.scale.as_ref().map(|scale| scale.spec_replicas_path.clone())
}

fn has_replicas(kind: &Kind, owned: &Owned) -> bool {
    replicas_path(kind, &owned.api_version).is_some_and(|path| owned.fields.has_path(&path_of_fields(&path)))
}

/// The owners of the Scale's replicas.
fn to_scale(kind: &Kind, parent: &Managers) -> Managers {
    let owners = parent.iter().filter(|(_, owned)| has_replicas(kind, owned));
    let owners = owners.map(|(manager, of)| {
        let manager = Manager::new(&manager.name, manager.operation, API_VERSION, &manager.subresource);
        (manager, owned(REPLICAS, API_VERSION, of.time.clone()))
    });
    owners.collect()
}

/// The owners of the object when these own its Scale's replicas.
fn to_parent(kind: &Kind, path: &str, parent: &Managers, mut scale: Managers) -> Managers {
    let mut managers = Managers::new();
    for (manager, of) in parent {
        if kind.family.version(&of.api_version).is_none() {
            continue;
        }
        if !has_replicas(kind, of) || scale.remove(manager).is_some() {
            managers.insert(manager.clone(), of.clone());
            continue;
        }
        let theirs = replicas_path(kind, &of.api_version).unwrap_or_default();
        let fields = of.fields.difference(&FieldSet::of_fields(&[theirs.trim_start_matches('.')]));
        if !fields.is_empty() {
            managers.insert(manager.clone(), Owned { fields, ..of.clone() });
        }
    }
    for manager in scale.into_keys() {
        let Manager { name, operation, subresource, .. } = manager;
        let manager = Manager::new(&name, operation, &kind.api_version, &subresource);
        // The server looks for the time under another name, and finds none.
        let of = owned(path, &kind.api_version, None);
        match managers.get_mut(&manager) {
            Some(known) => known.fields = known.fields.union(&of.fields),
            None => {
                managers.insert(manager, of);
            }
        }
    }
    managers
}
