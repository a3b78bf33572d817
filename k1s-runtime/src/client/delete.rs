//! DELETE: preconditions, propagation, finalizers, and what goes along with some kinds.

use std::sync::Arc;

use serde_json::Value;

use crate::api::status::{self, Subject};
use crate::api::{Object, StatusDetails, StatusSummary};
use crate::storage::{Expect, ListQuery, Mutation};

use super::convert::{self, StoredForm};
use super::core::{Answer, Effect, Inner, Kind, Plan, registration};
use super::kinds::{Builtin, crd, namespace};
use super::metadata::{FOREGROUND, ORPHAN};
use super::{DeleteOptions, DryRun, Error, Propagation, Result, WriteRequest, clock, encode, options};

/// Plans a deletion.
///
/// # Errors
/// 404, 409 when a precondition does not hold, 403 for a namespace that is always there.
pub(crate) async fn delete(
    core: &Inner,
    kind: Arc<Kind>,
    request: &WriteRequest,
    body: &DeleteOptions,
) -> Result<Plan> {
    if let Some(subresource) = &request.subresource {
        return Err(options::unsupported(&kind, &request.name, subresource, "delete"));
    }
    let name = &request.name;
    let is_namespace = kind.builtin == Some(Builtin::Namespace);
    if is_namespace && namespace::is_immortal(name) {
        let why = "this namespace may not be deleted";
        return Err(Error::Api(status::forbidden(kind.subject(), name, why)));
    }
    let Some(stored) = core.read(&kind, &request.target, name).await? else {
        return Err(Error::Api(status::not_found(kind.subject(), name)));
    };
    let old = encode::object_in_version(&stored.bytes, &kind)?;
    check_preconditions(&kind, &old, stored.revision, body)?;
    let warnings = Vec::new();
    let key = core.key_buf(&kind, &request.target, name);
    let expect = Expect::Revision(stored.revision);
    let mut object = old.clone();
    set_propagation_finalizers(&mut object, body.propagation);
    if is_gone_at_once(&kind, &object, &old) {
        let mutation = Mutation::Delete { key, expect, value: convert::last_state(&stored.bytes)? };
        let mut mutations = vec![mutation];
        let mut effect = None;
        if kind.builtin == Some(Builtin::CustomResourceDefinition) {
            let registered = registration(&old)?;
            delete_all_of(core, &registered, &mut mutations).await?;
            effect = Some(Effect { versions: Vec::new(), ..registered });
        }
        let answer = deleted(&kind, &object, request)?;
        return Ok(Plan { kind, mutations, answer, code: 200, warnings, effect, as_scale: false, new: None });
    }
    mark_deleted(&kind, &mut object);
    if object.0 == old.0 {
        let raw = encode::in_version(stored.bytes, &kind)?;
        return Ok(Plan::unchanged(kind, raw, warnings));
    }
    let answer = match request.options.dry_run {
        DryRun::None => Answer::Stored,
        DryRun::All => {
            let object = convert::as_if_stored(&kind, object.clone())?;
            Answer::Raw(encode::raw(&object, &kind.api_version, Some(&stored.revision.to_string()))?)
        }
    };
    let put = StoredForm::of(&kind, &object)?.put(key, expect);
    Ok(Plan {
        kind,
        mutations: vec![put],
        answer,
        code: 200,
        warnings,
        effect: None,
        as_scale: false,
        new: None,
    })
}

fn check_preconditions(kind: &Kind, old: &Object, revision: u64, body: &DeleteOptions) -> Result<()> {
    let conflict = |why: String| {
        let subject = Subject { group: &kind.definition.group, resource: &kind.definition.kind };
        Err(Error::Api(status::conflict(subject, old.name(), &why)))
    };
    let uid = old.uid().unwrap_or_default();
    if let Some(wanted) = &body.preconditions.uid
        && wanted != uid
    {
        return conflict(format!(
            "the UID in the precondition ({wanted}) does not match the UID in record ({uid}). The object might have been \
             deleted and then recreated"
        ));
    }
    if let Some(wanted) = &body.preconditions.resource_version
        && *wanted != revision.to_string()
    {
        return conflict(format!(
            "the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record \
             ({revision}). The object might have been modified"
        ));
    }
    Ok(())
}

/// The finalizers that stand for what happens to dependents. Without a policy those that are there decide.
pub(crate) fn set_propagation_finalizers(object: &mut Object, policy: Option<Propagation>) {
    let Some(policy) = policy else { return };
    let own = match policy {
        Propagation::Orphan => Some(ORPHAN),
        Propagation::Foreground => Some(FOREGROUND),
        Propagation::Background => None,
    };
    let kept = object.finalizers().into_iter().filter(|name| ![ORPHAN, FOREGROUND].contains(name));
    let finalizers: Vec<Value> = kept.chain(own).map(Value::from).collect();
    let metadata = object.metadata_mut();
    if finalizers.is_empty() {
        metadata.remove("finalizers");
    } else {
        metadata.insert("finalizers".to_owned(), finalizers.into());
    }
}

/// Whether nothing holds an object back. A namespace is first marked and goes with the deletion after that.
pub(crate) fn is_gone_at_once(kind: &Kind, object: &Object, old: &Object) -> bool {
    if !object.finalizers().is_empty() {
        return false;
    }
    if kind.builtin != Some(Builtin::Namespace) {
        return true;
    }
    old.deletion_timestamp().is_some() && namespace::finalizers(object).is_empty()
}

/// Marks an object as being deleted, unless it is.
pub(crate) fn mark_deleted(kind: &Kind, object: &mut Object) {
    if object.deletion_timestamp().is_some() {
        return;
    }
    object.set_metadata("deletionTimestamp", clock::now());
    if kind.builtin == Some(Builtin::Namespace) {
        namespace::terminate(object);
        return;
    }
    object.set_metadata("deletionGracePeriodSeconds", 0);
    if let Some(generation) = object.generation() {
        object.set_metadata("generation", generation + 1);
    }
}

/// What is answered when an object is gone.
fn deleted(kind: &Kind, object: &Object, request: &WriteRequest) -> Result<Answer> {
    if kind.builtin == Some(Builtin::CustomResourceDefinition) {
        // The server first marks it, cleans its objects up, and answers before that is done.
        let mut marked = object.clone();
        crd::terminate(&mut marked);
        return Ok(Answer::Raw(encode::raw(&marked, &kind.api_version, object.resource_version())?));
    }
    if kind.builtin.is_some_and(Builtin::delete_returns_object) {
        if request.options.dry_run == DryRun::None {
            return Ok(Answer::Stored);
        }
        return Ok(Answer::Raw(encode::raw(object, &kind.api_version, object.resource_version())?));
    }
    let details = StatusDetails {
        name: request.name.clone(),
        group: kind.definition.group.clone(),
        kind: kind.definition.plural.clone(),
        uid: object.uid().unwrap_or_default().to_owned(),
        causes: Vec::new(),
        retry_after_seconds: 0,
    };
    Ok(Answer::Status(Box::new(crate::api::Status {
        status: Some(StatusSummary::Success),
        code: 0,
        message: String::new(),
        metadata: Some(Default::default()),
        reason: String::new(),
        details: Some(details),
    })))
}

/// Adds the deletion of every object of a kind, whatever holds it back: the kind goes.
async fn delete_all_of(core: &Inner, gone: &Effect, mutations: &mut Vec<Mutation>) -> Result<()> {
    let Some(first) = gone.versions.first() else { return Ok(()) };
    let resource = first.qualified_resource();
    for stored in core.storage.list(ListQuery::all(&core.tenant, &resource)).await?.items {
        let object: Object = serde_json::from_slice(&stored.bytes).map_err(Error::Decode)?;
        let key = core.key_of(&resource, object.namespace().unwrap_or_default(), object.name()).to_buf();
        let value = encode::stamped(&object, object.api_version())?;
        mutations.push(Mutation::Delete { key, expect: Expect::Revision(stored.revision), value });
    }
    Ok(())
}
