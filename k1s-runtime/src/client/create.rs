//! POST: a new object.

use std::sync::Arc;

use crate::api::{Object, status};
use crate::schema::Findings;
use crate::storage::Expect;

use super::apply::Owners;
use super::convert::{self, StoredForm};
use super::core::{Answer, Inner, Kind, Plan, registration};
use super::kinds::Builtin;
use super::managed::{self, Author};
use super::{
    DryRun, Error, Patch, Result, WriteRequest, WriteVerb, body, clock, encode, limits, metadata, options,
    validate,
};

/// When a creation finds out that the object is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Before it is planned.
    First,
    /// When it is committed, which looks in any case. Most new objects are new, and are looked for once.
    AtCommit,
}

/// Plans the creation of an object.
///
/// # Errors
/// As kube-apiserver, in its order: 400 for a body that cannot be decoded, 404 and 403 about the namespace, 422 for an
/// invalid object, 409 if it exists.
pub(crate) async fn create(
    core: &Inner,
    kind: Arc<Kind>,
    request: &WriteRequest,
    object: &Object,
    look: Look,
) -> Result<Plan> {
    if let Some(subresource) = &request.subresource {
        return Err(options::unsupported(&kind, &request.name, subresource, "create"));
    }
    options::check(&request.options, "CreateOptions")?;
    let mut object = object.clone();
    let warnings =
        body::decode(&kind, &mut object, request.options.field_validation, |gvk| core.known_kind(gvk))?;
    let said = warnings.clone();
    admit(core, kind, request, object, warnings, look, Owners::Compare)
        .await
        .map_err(|error| error.after(said))
}

/// Plans the creation of an object that has been decoded.
///
/// # Errors
/// As [`create`], but for the body.
pub(crate) async fn admit(
    core: &Inner,
    kind: Arc<Kind>,
    request: &WriteRequest,
    mut object: Object,
    mut warnings: Vec<String>,
    look: Look,
    owners: Owners,
) -> Result<Plan> {
    body::settle_namespace(&kind, &mut object, request.target.namespace.as_deref())?;
    limits::check_depth(&object)?;
    let owners = own(&kind, request, &mut object, owners)?;
    let name = prepare(&kind, &mut object, &mut warnings);
    if let Some(owners) = owners {
        object.set_metadata("managedFields", owners);
    }
    let mut check = None;
    if let Some(namespace) = object.namespace() {
        check = core.admit_namespace(&kind, namespace, &name).await?;
    }
    let found = validate::new_object(&kind, &object)?;
    refuse(&kind, &object, &found)?;
    if matches!(request.verb, WriteVerb::Patch(Patch::Apply { .. })) && kind.builtin.is_none() {
        kind.schema()?.drop_nulls(&mut object.0);
    }
    warnings.extend(found.warnings);
    if version_is_set(&mut object) {
        let message = "resourceVersion should not be set on objects to be created";
        return Err(Error::Api(status::other(500, "", message)));
    }
    let rules = kind.metadata_rules();
    warnings.extend(metadata::warnings(&object, rules));
    if let Some(builtin) = kind.builtin {
        warnings.extend(builtin.warnings(&object, None));
    }
    let key = core.key_buf(&kind, &request.target, &name);
    let look_first = look == Look::First
        || request.options.dry_run == DryRun::All
        // Some are there before they are stored.
        || kind.builtin == Some(Builtin::Namespace);
    if look_first && let Some(found) = core.read(&kind, &request.target, &name).await? {
        return Err(already_exists(&kind, &name, &found.bytes));
    }
    if request.options.dry_run == DryRun::All {
        let raw = encode::raw(&convert::as_if_stored(&kind, object)?, &kind.api_version, None)?;
        limits::check_size(raw.as_bytes().len())?;
        let mut plan = Plan::unchanged(kind, raw, warnings);
        plan.code = 201;
        return Ok(plan);
    }
    let effect = match kind.builtin {
        Some(Builtin::CustomResourceDefinition) => Some(registration(&object)?),
        _ => None,
    };
    let stored = StoredForm::of(&kind, &object)?;
    stored.check_size()?;
    let mutations = std::iter::once(stored.put(key, Expect::Absent)).chain(check).collect();
    Ok(Plan { kind, mutations, answer: Answer::Stored, code: 201, warnings, effect, as_scale: false })
}

/// Who owns the fields of a new object.
fn own(
    kind: &Kind,
    request: &WriteRequest,
    object: &mut Object,
    owners: Owners,
) -> Result<Option<serde_json::Value>> {
    if let Some(builtin) = kind.builtin {
        builtin.default(object);
    }
    match owners {
        Owners::Known(owners) => Ok(owners),
        Owners::Compare => managed::track(kind, None, object, Author::of(request)),
    }
}

/// Fills in what the server gives to a new object. Returns its name.
fn prepare(kind: &Kind, object: &mut Object, warnings: &mut Vec<String>) -> String {
    if object.name().is_empty()
        && let Some(prefix) = object.generate_name()
    {
        let name = clock::generated_name(prefix);
        object.set_metadata("name", name);
    }
    settle(kind, object, warnings);
    let metadata = object.metadata_mut();
    metadata.insert("uid".to_owned(), clock::uid().into());
    metadata.insert("creationTimestamp".to_owned(), clock::now().into());
    object.name().to_owned()
}

/// What of that depends on the object alone: takes away what nobody may set, and fills in the rest.
pub(crate) fn settle(kind: &Kind, object: &mut Object, warnings: &mut Vec<String>) {
    warnings.extend(metadata::deduplicate_owners(object));
    let metadata = object.metadata_mut();
    for field in [
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "managedFields",
        "uid",
    ] {
        metadata.remove(field);
    }
    if kind.has_generation() {
        metadata.insert("generation".to_owned(), 1.into());
    }
    if let Some(builtin) = kind.builtin {
        builtin.prepare_create(object);
    } else if kind.definition.status {
        object.0.remove("status");
    }
}

/// 422 with the errors, if there are any; warnings go with it.
pub(crate) fn refuse(kind: &Kind, object: &Object, found: &Findings) -> Result<()> {
    if found.errors.is_empty() {
        return Ok(());
    }
    // The message names the kind that the object says it is.
    let mut subject = kind.kind_subject();
    if kind.builtin.is_none() {
        subject.resource = object.kind();
    }
    let error = Error::Api(status::invalid(subject, object.name(), &found.errors));
    Err(error.after(found.warnings.clone()))
}

/// Whether a new object names a version; text that is not a version does not count.
fn version_is_set(object: &mut Object) -> bool {
    let set = object.resource_version().and_then(|text| text.parse::<u64>().ok()).is_some_and(|v| v != 0);
    object.metadata_mut().remove("resourceVersion");
    set
}

fn already_exists(kind: &Kind, name: &str, found: &[u8]) -> Error {
    let found: Object = serde_json::from_slice(found).unwrap_or_default();
    Error::Api(if found.deletion_timestamp().is_some() {
        status::being_deleted(kind.subject(), name)
    } else {
        status::already_exists(kind.subject(), name)
    })
}
