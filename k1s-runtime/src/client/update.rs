//! PUT and PATCH: an object in the place of the one that is there.

use std::sync::Arc;

use serde_json::Value;

use crate::api::field::FieldError;
use crate::api::{Object, status};
use crate::storage::{Expect, Mutation, Stored};

use super::apply::{self, Owners};
use super::convert::{self, StoredForm};
use super::core::{Answer, Inner, Kind, Plan, registration};
use super::create::{self, Look, refuse};
use super::kinds::{Builtin, namespace};
use super::managed::{self, Author};
use super::patch;
use super::{
    DryRun, Error, Patch, Result, Subresource, WriteRequest, WriteVerb, body, encode, limits, metadata,
    options, scale, validate,
};

/// Plans a PUT.
///
/// # Errors
/// As kube-apiserver: 400 for a body that cannot be decoded, 404, 409 and 422.
pub(crate) async fn replace(
    core: &Inner,
    kind: Arc<Kind>,
    request: &WriteRequest,
    object: &Object,
) -> Result<Plan> {
    options::check(&request.options, "UpdateOptions")?;
    check_subresource(&kind, request)?;
    if request.subresource == Some(Subresource::Scale) {
        return scale::replace(core, kind, request, object).await;
    }
    let mut object = object.clone();
    let warnings =
        body::decode(&kind, &mut object, request.options.field_validation, |gvk| core.known_kind(gvk))?;
    check_name(&object, &request.name)?;
    let Some(stored) = core.read(&kind, &request.target, &request.name).await? else {
        if kind.builtin.is_some_and(Builtin::creates_on_update) && request.subresource.is_none() {
            let said = warnings.clone();
            return create::admit(core, kind, request, object, warnings, Look::AtCommit, Owners::Compare)
                .await
                .map_err(|error| error.after(said));
        }
        return Err(status::not_found(kind.subject(), &request.name).into());
    };
    let old = encode::object_in_version(&stored.bytes, &kind)?;
    if let (Some(wanted), Some(found)) = (object.uid(), old.uid())
        && wanted != found
    {
        return Err(uid_conflict(&kind, request, wanted, found));
    }
    Change { core, kind, request, old, stored, owners: Owners::Compare }.plan(object, warnings)
}

/// Plans a PATCH.
///
/// # Errors
/// As kube-apiserver; 415 for a kind of patch that the kind does not take.
pub(crate) async fn patch(
    core: &Inner,
    kind: Arc<Kind>,
    request: &WriteRequest,
    document: &Patch,
) -> Result<Plan> {
    match document {
        Patch::Apply { .. } => options::check_apply(&request.options)?,
        _ => options::check(&request.options, "PatchOptions")?,
    }
    check_subresource(&kind, request)?;
    patch::check_supported(&kind, request.subresource.as_ref(), document)?;
    if request.subresource == Some(Subresource::Scale) {
        return scale::patch(core, kind, request, document).await;
    }
    if let Patch::Apply { document, force } = document {
        return apply::plan(core, kind, request, document, *force).await;
    }
    let Some(stored) = core.read(&kind, &request.target, &request.name).await? else {
        return Err(status::not_found(kind.subject(), &request.name).into());
    };
    let old = encode::object_in_version(&stored.bytes, &kind)?;
    let (object, warnings) = patch::apply(&kind, &old, document, request.options.field_validation)?;
    check_name(&object, &request.name)?;
    Change { core, kind, request, old, stored, owners: Owners::Compare }.plan(object, warnings)
}

fn check_subresource(kind: &Kind, request: &WriteRequest) -> Result<()> {
    match &request.subresource {
        Some(subresource) if !options::has(kind, subresource) => {
            Err(status::not_found(kind.subject(), &request.name).into())
        }
        _ => Ok(()),
    }
}

pub(crate) fn check_name(object: &Object, name: &str) -> Result<()> {
    let message = match object.name() {
        "" => {
            format!("the name of the object ({name} based on URL) was undeterminable: name must be provided")
        }
        found if found != name => {
            format!("the name of the object ({found}) does not match the name on the URL ({name})")
        }
        _ => return Ok(()),
    };
    Err(Error::Api(status::bad_request(message)))
}

fn uid_conflict(kind: &Kind, request: &WriteRequest, wanted: &str, found: &str) -> Error {
    let definition = &kind.definition;
    let namespace = request.target.namespace.as_deref().filter(|_| definition.is_namespaced());
    let segments =
        [definition.group.as_str(), &definition.plural, namespace.unwrap_or_default(), &request.name];
    let path: Vec<&str> = segments.into_iter().filter(|segment| !segment.is_empty()).collect();
    let why = format!(
        "StorageError: invalid object, Code: 4, Key: /registry/{}, ResourceVersion: 0, AdditionalErrorMsg: \
         Precondition failed: UID in precondition: {wanted}, UID in object meta: {found}",
        path.join("/")
    );
    Error::Api(status::conflict(kind.subject(), &request.name, &why))
}

/// A change of one stored object.
pub(crate) struct Change<'a> {
    pub(crate) core: &'a Inner,
    pub(crate) kind: Arc<Kind>,
    pub(crate) request: &'a WriteRequest,
    pub(crate) old: Object,
    pub(crate) stored: Stored,
    pub(crate) owners: Owners,
}

impl Change<'_> {
    /// Plans to put `object`, which has been decoded, in the old one's place.
    ///
    /// # Errors
    /// After the warnings: 400 about the namespace, 409 about the version, 422 for an invalid object.
    pub(crate) fn plan(self, object: Object, warnings: Vec<String>) -> Result<Plan> {
        let said = warnings.clone();
        self.admit(object, warnings).map_err(|error| error.after(said))
    }

    fn admit(self, mut object: Object, mut warnings: Vec<String>) -> Result<Plan> {
        let kind = self.kind.clone();
        body::settle_namespace(&kind, &mut object, self.request.target.namespace.as_deref())?;
        limits::check_depth(&object)?;
        self.check_version(&object)?;
        let owners = self.own(&mut object)?;
        self.prepare(&mut object, &mut warnings);
        self.count_generation(&mut object);
        self.put_owners(&mut object, owners);
        let found = validate::changed_object(&kind, &object, &self.old, self.request.subresource.as_ref())?;
        refuse(&kind, &object, &found)?;
        if matches!(self.request.verb, WriteVerb::Patch(Patch::Apply { .. })) && kind.builtin.is_none() {
            kind.schema()?.drop_nulls(&mut object.0);
        }
        warnings.extend(found.warnings);
        if self.request.subresource.is_none() {
            warnings.extend(metadata::warnings(&object, kind.metadata_rules()));
        }
        if let Some(builtin) = kind.builtin {
            warnings.extend(builtin.warnings(&object, Some(&self.old)));
        }
        self.commit(&object, warnings)
    }

    /// Optimistic concurrency: the version that the object says it is based on.
    fn check_version(&self, object: &Object) -> Result<()> {
        let text = object.resource_version().unwrap_or_default();
        let version = if text.is_empty() { Ok(0) } else { options::parse_uint(text) };
        let version = version.map_err(|message| status::other(500, "", message))?;
        let name = &self.request.name;
        if version == 0 {
            if self.kind.allows_unconditional_update() {
                return Ok(());
            }
            let detail = "must be specified for an update";
            let error = FieldError::invalid("metadata.resourceVersion", Value::from(0), detail);
            return Err(Error::Api(status::invalid(self.kind.subject(), name, &[error])));
        }
        if version != self.stored.revision {
            return Err(Error::Api(status::conflict(self.kind.subject(), name, status::MODIFIED)));
        }
        Ok(())
    }

    /// Who owns the object's fields from now on.
    fn own(&self, object: &mut Object) -> Result<Option<Value>> {
        if let Some(builtin) = self.kind.builtin {
            builtin.default(object);
        }
        match &self.owners {
            Owners::Known(owners) => Ok(owners.clone()),
            Owners::Compare => managed::track(&self.kind, Some(&self.old), object, Author::of(self.request)),
        }
    }

    /// Writes the owners into the object. A write that says nothing new does not renew their times.
    fn put_owners(&self, object: &mut Object, owners: Option<Value>) {
        let old = self.old.metadata().and_then(|metadata| metadata.get("managedFields"));
        let changed = managed::entries_changed(old, owners.as_ref());
        let put = |object: &mut Object, owners: Option<Value>| match owners {
            Some(owners) => object.set_metadata("managedFields", owners),
            None => {
                object.metadata_mut().remove("managedFields");
            }
        };
        if !changed {
            put(object, old.cloned());
            if same(object, &self.old) {
                return;
            }
        }
        put(object, owners);
    }

    /// Fields that a write does not change are taken from the old object.
    fn prepare(&self, object: &mut Object, warnings: &mut Vec<String>) {
        settle(&self.kind, self.request.subresource.as_ref(), object, &self.old, warnings);
        object.set_metadata("resourceVersion", self.stored.revision.to_string());
    }

    /// The generation counts changes of everything but metadata and, where it has an endpoint of its own, status.
    fn count_generation(&self, object: &mut Object) {
        let old = self.old.generation();
        if !self.kind.has_generation() {
            match old {
                Some(old) => object.set_metadata("generation", old),
                None => {
                    object.metadata_mut().remove("generation");
                }
            }
            return;
        }
        let counts =
            |field: &String| field != "metadata" && !(field == "status" && self.kind.definition.status);
        let changed = object
            .0
            .keys()
            .chain(self.old.0.keys())
            .filter(|field| counts(field))
            .any(|field| object.0.get(field) != self.old.0.get(field));
        object.set_metadata("generation", old.unwrap_or(0) + i64::from(changed));
    }

    fn commit(self, object: &Object, warnings: Vec<String>) -> Result<Plan> {
        let Change { core, kind, request, old, stored, .. } = self;
        let version = stored.revision.to_string();
        let key = core.key_buf(&kind, &request.target, &request.name);
        // Revision 0 is what is always there without having been stored.
        let expect = if stored.revision == 0 { Expect::Absent } else { Expect::Revision(stored.revision) };
        if may_go(&kind, object, &old) {
            let raw = encode::raw(object, &kind.api_version, Some(&version))?;
            let mut plan = Plan::unchanged(kind.clone(), raw, warnings);
            // Watchers are told the last state that was stored.
            let value = convert::last_state(&stored.bytes)?;
            plan.mutations.push(Mutation::Delete { key, expect, value });
            return Ok(plan);
        }
        let same = same(object, &old);
        let form = if same && is_stored_form(&kind, &stored) {
            None
        } else {
            let form = StoredForm::of(&kind, object)?;
            // Who says something new is heard, also where the stored version has no field for it: the server notes who said it.
            Some(form).filter(|form| !same || !form.is(&stored))
        };
        let Some(form) = form else {
            let raw = encode::in_version(stored.bytes, &kind)?;
            return Ok(Plan::unchanged(kind, raw, warnings));
        };
        let effect = match kind.builtin {
            Some(Builtin::CustomResourceDefinition) => Some(registration(object)?),
            _ => None,
        };
        form.check_size()?;
        let put = form.put(key, expect);
        let answer = match request.options.dry_run {
            DryRun::None => Answer::Stored,
            DryRun::All => {
                let object = convert::as_if_stored(&kind, object.clone())?;
                Answer::Raw(encode::raw(&object, &kind.api_version, Some(&version))?)
            }
        };
        Ok(Plan { kind, mutations: vec![put], answer, code: 200, warnings, effect, as_scale: false })
    }
}

/// Takes the fields that a write does not change from the old object.
pub(crate) fn settle(
    kind: &Kind,
    subresource: Option<&Subresource>,
    object: &mut Object,
    old: &Object,
    warnings: &mut Vec<String>,
) {
    warnings.extend(metadata::deduplicate_owners(object));
    object.metadata_mut().remove("managedFields");
    object.metadata_mut().remove("selfLink");
    match (subresource, kind.builtin) {
        (Some(Subresource::Status), None) => {
            let status = object.0.remove("status");
            let mut kept = old.clone();
            for field in ["apiVersion", "kind"] {
                if let Some(value) = object.0.get(field) {
                    kept.0.insert(field.to_owned(), value.clone());
                }
            }
            replace_field(&mut kept, "status", status);
            *object = kept;
        }
        (Some(Subresource::Status), Some(_)) => {
            replace_field(object, "spec", old.0.get("spec").cloned());
        }
        (Some(Subresource::Scale), _) => {}
        (Some(_), _) => {
            namespace::label_name(object);
            replace_field(object, "status", old.0.get("status").cloned());
        }
        (None, Some(builtin)) => builtin.prepare_update(object, old),
        (None, None) if kind.definition.status => {
            replace_field(object, "status", old.0.get("status").cloned());
        }
        (None, None) => {}
    }
    let old = old.metadata();
    let metadata = object.metadata_mut();
    let mut keep = |field: &str, even_if_set: bool| {
        if (even_if_set || !metadata.contains_key(field))
            && let Some(value) = old.and_then(|old| old.get(field))
        {
            metadata.insert(field.to_owned(), value.clone());
        }
    };
    keep("uid", false);
    keep("creationTimestamp", true);
    keep("deletionTimestamp", true);
    keep("deletionGracePeriodSeconds", false);
}

fn replace_field(object: &mut Object, field: &str, value: Option<Value>) {
    match value {
        Some(value) => object.0.insert(field.to_owned(), value),
        None => object.0.remove(field),
    };
}

/// Whether a write says nothing new; the version does not count, it is the old one's.
fn same(object: &Object, old: &Object) -> bool {
    object.0 == old.0
}

/// Whether what is stored is in the version of the request and in the stored one: a write that says nothing new then changes
/// nothing. Otherwise storing the object anew may move it to another version, or lose what the request's version does not know.
fn is_stored_form(kind: &Kind, stored: &Stored) -> bool {
    kind.is_stored() && encode::is_in_version(&stored.bytes, &kind.api_version)
}

/// Whether an object that is being deleted has nothing left to wait for.
fn may_go(kind: &Kind, object: &Object, old: &Object) -> bool {
    if old.deletion_timestamp().is_none() || !object.finalizers().is_empty() {
        return false;
    }
    if kind.builtin == Some(Builtin::Namespace) { namespace::finalizers(object).is_empty() } else { true }
}
