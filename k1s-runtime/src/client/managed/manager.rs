//! Ownership as requests need it: who writes, what may be owned, and when.
//!
//! Mirrors the chain of managers of `k8s.io/apimachinery/pkg/util/managedfields`.

use std::sync::LazyLock;

use serde_json::Value;

use crate::api::Object;
use crate::client::core::Kind;
use crate::client::kinds::Builtin;
use crate::client::{Result, Subresource, WriteRequest, clock};

use super::element::PathElement;
use super::entries::{self, Manager, Managers, Operation, Owned};
use super::error::Error;
use super::last_applied::{self, KUBECTL};
use super::set::FieldSet;
use super::updater::{Applied, Updater, gvk};

/// The owner of what was there before anybody applied.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";
/// A writer that does not say who it is.
const UNKNOWN: &str = "unknown";

/// Fields of metadata that the server keeps, and that nobody owns.
const STRIPPED_METADATA: &[&str] = &[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "clusterName",
    "generation",
    "managedFields",
    "resourceVersion",
];

/// Everything that nobody owns: those and the type.
pub(super) static STRIPPED: LazyLock<FieldSet> = LazyLock::new(|| {
    let mut set = FieldSet::of_fields(&["apiVersion", "kind", "metadata"]);
    for name in STRIPPED_METADATA {
        set.insert(&[PathElement::field("metadata"), PathElement::field(name)]);
    }
    set
});

/// Whether nobody owns a field of metadata.
pub(super) fn is_stripped_metadata(name: &str) -> bool {
    STRIPPED_METADATA.contains(&name)
}

/// Who writes, and through which endpoint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Author<'a> {
    name: &'a str,
    subresource: &'a str,
}

impl<'a> Author<'a> {
    /// The author of a request.
    pub(crate) fn of(request: &'a WriteRequest) -> Self {
        let name = request.options.field_manager.as_deref().filter(|name| !name.is_empty());
        let subresource = request.subresource.as_ref().map_or("", Subresource::as_str);
        Self { name: name.unwrap_or(UNKNOWN), subresource }
    }

    /// The writer's name.
    pub(super) fn name(self) -> &'a str {
        self.name
    }

    pub(super) fn manager(self, operation: Operation, api_version: &str) -> Manager {
        Manager::new(self.name, operation, api_version, self.subresource)
    }
}

/// `metadata.managedFields` after a write without apply: of a new object, or of one in the place of `old`. `new` is as it was
/// decoded, with the entries that the writer gave.
pub(crate) fn track(
    kind: &Kind,
    old: Option<&Object>,
    new: &Object,
    author: Author<'_>,
) -> Result<Option<Value>> {
    let field = |object: &'_ Object| object.metadata().and_then(|it| it.get("managedFields")).cloned();
    let (given, live) = (field(new), old.and_then(field));
    let mut managers = start(given.as_ref(), live.as_ref(), !author.subresource.is_empty());
    if managers.is_empty() && old.is_some() {
        // Nobody has been asked so far.
        return Ok(None);
    }
    let empty = Object::default();
    let live = old.unwrap_or(&empty);
    let updater = Updater::new(kind, reset_fields(kind, author.subresource));
    let manager = author.manager(Operation::Update, &kind.api_version);
    match own_update(&updater, live, new, &mut managers, &manager) {
        Ok(()) => Ok(entries::encode(&managers)),
        // An object that cannot be seen in the version of one of its owners has no owners any more, and is written all the same.
        Err(Error::Failed(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// The owners to start from: those that a write gives, if it may, or those of the live object.
fn start(given: Option<&Value>, live: Option<&Value>, of_subresource: bool) -> Managers {
    let of_live = || entries::decode(live).unwrap_or_default();
    if of_subresource {
        return of_live();
    }
    if entries::is_reset(given) {
        return Managers::new();
    }
    // Clients that know nothing of managedFields leave them out, and mean no harm.
    match entries::decode(given) {
        Ok(managers) if !managers.is_empty() => managers,
        _ => of_live(),
    }
}

fn own_update(
    updater: &Updater<'_>,
    live: &Object,
    new: &Object,
    managers: &mut Managers,
    manager: &Manager,
) -> std::result::Result<(), Error> {
    let taken = updater.update(live, new, managers)?.minus(&STRIPPED);
    if !taken.is_empty() {
        let owned = managers.entry(manager.clone()).or_insert_with(|| Owned {
            fields: FieldSet::default(),
            api_version: manager.api_version.clone(),
            time: None,
        });
        owned.fields = std::mem::take(&mut owned.fields).joined(taken);
        owned.time = Some(clock::now());
    }
    entries::cap(managers);
    Ok(())
}

/// Applies a document. Returns the object to put in the live one's place, with its `managedFields`.
///
/// # Errors
/// 400 for a document of another kind, 409 for conflicts, 500 for a document that is not of the kind's schema.
pub(crate) fn apply(
    kind: &Kind,
    live: Option<&Object>,
    document: &Object,
    author: Author<'_>,
    force: bool,
) -> Result<Object> {
    let definition = &kind.definition;
    let mut empty = Object::default();
    empty.0.insert("apiVersion".to_owned(), kind.api_version.as_str().into());
    empty.0.insert("kind".to_owned(), definition.kind.as_str().into());
    if gvk(document) != gvk(&empty) {
        return Err(Error::BadRequest(format!("invalid object type: {}", gvk(document))).into());
    }
    let field = |object: &'_ Object| object.metadata().and_then(|it| it.get("managedFields")).cloned();
    if field(document).is_some_and(|entries| !entries.is_null()) {
        return Err(Error::BadRequest("metadata.managedFields must be nil".to_owned()).into());
    }
    let mut managers = entries::decode(live.and_then(field).as_ref())
        .map_err(|why| Error::Failed(format!("failed to decode managed fields: {why}")))?;
    let mut live = live.unwrap_or(&empty).clone();
    if live.metadata().is_some() {
        live.metadata_mut().remove("managedFields");
    }
    let updater = Updater::new(kind, reset_fields(kind, author.subresource));
    if managers.is_empty() {
        let before =
            Manager::new(BEFORE_FIRST_APPLY, Operation::Update, &kind.api_version, author.subresource);
        own_update(&updater, &empty, &live, &mut managers, &before)?;
    }
    let manager = author.manager(Operation::Apply, &kind.api_version);
    let applied = match updater.apply(&live, document, &managers, &manager, force) {
        Err(Error::Conflicts(conflicts)) if author.name == KUBECTL => {
            let left = last_applied::unforgiven(kind.version().types()?, &live, conflicts);
            if !left.is_empty() {
                return Err(Error::Conflicts(left).into());
            }
            updater.apply(&live, document, &managers, &manager, true)?
        }
        applied => applied?,
    };
    Ok(finish(applied, live, document, &manager))
}

/// The applied object with its owners.
fn finish(applied: Applied, live: Object, document: &Object, manager: &Manager) -> Object {
    let Applied { object, mut managers } = applied;
    if let Some(owned) = managers.get_mut(manager) {
        owned.fields = owned.fields.difference(&STRIPPED);
        // Who applies what is there already has no time.
        if object.is_some() {
            owned.time = Some(clock::now());
        }
    }
    managers.retain(|_, owned| !owned.fields.is_empty());
    let mut object = object.unwrap_or(live);
    if manager.name == KUBECTL {
        last_applied::renew(document, &mut object);
    }
    match entries::encode(&managers) {
        Some(entries) => object.set_metadata("managedFields", entries),
        None => {
            object.metadata_mut().remove("managedFields");
        }
    }
    object
}

/// The fields that an endpoint leaves as they are, whatever is written to it.
fn reset_fields(kind: &Kind, subresource: &str) -> FieldSet {
    FieldSet::of_fields(reset_names(kind, subresource))
}

/// Their names: they are fields of the object.
pub(super) fn reset_names(kind: &Kind, subresource: &str) -> &'static [&'static str] {
    match (kind.builtin, subresource) {
        (None, "status") => &["metadata", "spec"],
        (None, _) if kind.definition.status => &["status"],
        (Some(Builtin::Namespace | Builtin::CustomResourceDefinition), "status") => &["spec"],
        (Some(Builtin::Namespace | Builtin::CustomResourceDefinition), _) => &["status"],
        _ => &[],
    }
}
