//! POST: a new object.

use std::sync::Arc;

use crate::api::{Object, status};
use crate::schema::Findings;
use crate::storage::{Expect, Mutation};

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

/// A new object that has been admitted: all of its plan but what depends on what is stored.
pub(crate) struct NewObject {
    object: Object,
    /// `managedFields` as text, if the object is stored as it is and does not have them itself.
    owners: Option<Vec<u8>>,
    /// Whether its name was made up.
    named: bool,
    /// The warnings about the body, which errors come with.
    said: Vec<String>,
}

impl NewObject {
    /// The mutation that stores it.
    ///
    /// # Errors
    /// 413 when it is too long, and those of a conversion to the stored version.
    fn put(&self, core: &Inner, kind: &Kind, request: &WriteRequest) -> Result<Mutation> {
        let stored = StoredForm::of_new(kind, &self.object, self.owners.as_deref())?;
        stored.check_size()?;
        Ok(stored.put(core.key_buf(kind, &request.target, self.object.name()), Expect::Absent))
    }
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
    mut object: Object,
    look: Look,
) -> Result<Plan> {
    if let Some(subresource) = &request.subresource {
        return Err(options::unsupported(&kind, &request.name, subresource, "create"));
    }
    options::check(&request.options, "CreateOptions")?;
    let warnings =
        body::decode(&kind, &mut object, request.options.field_validation, |gvk| core.known_kind(gvk))?;
    let said = warnings.clone();
    match admit(core, kind, request, object, warnings, look, Owners::Compare).await {
        Ok(mut plan) => {
            if let Some(new) = &mut plan.new {
                new.said = said;
            }
            Ok(plan)
        }
        Err(error) => Err(error.after(said)),
    }
}

/// Plans a creation anew that was not committed because of what is stored by now. Its object is as good as before.
///
/// # Errors
/// 404 and 403 about the namespace, 409 if the object exists.
pub(crate) async fn again(
    core: &Inner,
    request: &WriteRequest,
    plan: &mut Plan,
    mut new: NewObject,
) -> Result<()> {
    let kind = plan.kind.clone();
    if new.named && core.read(&kind, &request.target, new.object.name()).await?.is_some() {
        new.object.set_metadata("name", "");
        generate_name(&mut new.object);
        // What was said of the name before is said of this one.
        if let Some(builtin) = kind.builtin {
            builtin.default(&mut new.object);
        }
        refuse(&kind, &new.object, &validate::new_object(&kind, &new.object)?)?;
    }
    match mutations(core, &kind, request, &new).await {
        Ok(mutations) => plan.mutations = mutations,
        Err(error) => return Err(error.after(new.said)),
    }
    plan.new = Some(new);
    Ok(())
}

/// What stores a new object, if nothing that is stored is against it.
async fn mutations(
    core: &Inner,
    kind: &Kind,
    request: &WriteRequest,
    new: &NewObject,
) -> Result<Vec<Mutation>> {
    let check = admit_namespace(core, kind, &new.object).await?;
    if let Some(found) = core.read(kind, &request.target, new.object.name()).await? {
        return Err(already_exists(kind, new.object.name(), &found.bytes));
    }
    Ok(std::iter::once(new.put(core, kind, request)?).chain(check).collect())
}

async fn admit_namespace(core: &Inner, kind: &Kind, object: &Object) -> Result<Option<Mutation>> {
    match object.namespace() {
        Some(namespace) => core.admit_namespace(kind, namespace, object.name()).await,
        None => Ok(None),
    }
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
    let now = clock::now();
    let owners = own(&kind, request, &mut object, owners, &now)?;
    let named = generate_name(&mut object);
    prepare(&kind, &mut object, &mut warnings, now);
    let owners = match owners {
        Owned::Written(text) => text,
        Owned::Entries(entries) => {
            entries.into_iter().for_each(|entries| object.set_metadata("managedFields", entries));
            None
        }
    };
    let check = admit_namespace(core, &kind, &object).await?;
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
    let look_first = look == Look::First
        || request.options.dry_run == DryRun::All
        // Some are there before they are stored.
        || kind.builtin == Some(Builtin::Namespace);
    if look_first && let Some(found) = core.read(&kind, &request.target, object.name()).await? {
        return Err(already_exists(&kind, object.name(), &found.bytes));
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
    let new = NewObject { object, owners, named, said: Vec::new() };
    let mutations = std::iter::once(new.put(core, &kind, request)?).chain(check).collect();
    // Other verbs find an object to change the next time, and are planned from the request.
    let new = matches!(request.verb, WriteVerb::Create(_)).then_some(new);
    Ok(Plan { kind, mutations, answer: Answer::Stored, code: 201, warnings, effect, as_scale: false, new })
}

/// Who owns the fields of a new object.
enum Owned {
    /// `managedFields`, to be put into it.
    Entries(Option<serde_json::Value>),
    /// `managedFields` as text, for an object that is stored as it is.
    Written(Option<Vec<u8>>),
}

fn own(kind: &Kind, request: &WriteRequest, object: &mut Object, owners: Owners, now: &str) -> Result<Owned> {
    if let Some(builtin) = kind.builtin {
        builtin.default(object);
    }
    let author = Author::of(request);
    match owners {
        Owners::Known(owners) => Ok(Owned::Entries(owners)),
        Owners::Compare if is_all_new(kind, request, object) => {
            managed::track_new(kind, object, author, now).map(Owned::Written)
        }
        Owners::Compare => managed::track(kind, None, object, author).map(Owned::Entries),
    }
}

/// Whether nobody but the writer can own anything, and the object is stored as it is, not answered or converted first.
fn is_all_new(kind: &Kind, request: &WriteRequest, object: &Object) -> bool {
    let given = object.metadata().is_some_and(|metadata| metadata.contains_key("managedFields"));
    !given && request.options.dry_run == DryRun::None && kind.is_stored()
}

/// Makes up a name if none is given but its prefix. Says whether it did.
fn generate_name(object: &mut Object) -> bool {
    if !object.name().is_empty() {
        return false;
    }
    let Some(prefix) = object.generate_name() else { return false };
    let name = clock::generated_name(prefix);
    object.set_metadata("name", name);
    true
}

/// Fills in what the server gives to a new object.
fn prepare(kind: &Kind, object: &mut Object, warnings: &mut Vec<String>, now: String) {
    settle(kind, object, warnings);
    let metadata = object.metadata_mut();
    metadata.insert("uid".to_owned(), clock::uid().into());
    metadata.insert("creationTimestamp".to_owned(), now.into());
}

/// What of that depends on the object alone: takes away what nobody may set, and fills in the rest.
pub(crate) fn settle(kind: &Kind, object: &mut Object, warnings: &mut Vec<String>) {
    warnings.extend(metadata::deduplicate_owners(object));
    const NOT_SET: [&str; 6] = [
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "managedFields",
        "uid",
    ];
    let metadata = object.metadata_mut();
    if metadata.keys().any(|field| NOT_SET.contains(&field.as_str())) {
        metadata.retain(|field, _| !NOT_SET.contains(&field.as_str()));
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

/// Whether a new object names a version, which is taken out of it; text that is not a version does not count.
pub(crate) fn version_is_set(object: &mut Object) -> bool {
    let given = object.metadata_mut().remove("resourceVersion");
    let version =
        given.as_ref().and_then(serde_json::Value::as_str).and_then(|text| text.parse::<u64>().ok());
    version.is_some_and(|version| version != 0)
}

fn already_exists(kind: &Kind, name: &str, found: &[u8]) -> Error {
    let found: Object = serde_json::from_slice(found).unwrap_or_default();
    Error::Api(if found.deletion_timestamp().is_some() {
        status::being_deleted(kind.subject(), name)
    } else {
        status::already_exists(kind.subject(), name)
    })
}
