//! Requests and answers as data: what kube-apiserver reads from paths, query parameters and bodies.

use kube_core::GroupVersionKind;
use kube_core::response::Status;
use serde_json::Value;

use crate::api::{Object, RawObject};

use super::Bookmark;

/// Which kind, in which namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Group, version and kind; the version is the one that answers are in.
    pub gvk: GroupVersionKind,
    /// Namespace of the request. `None` for cluster-scoped kinds, and for lists and watches across namespaces.
    pub namespace: Option<String>,
}

/// A request for one object.
#[derive(Clone, Debug)]
pub struct GetRequest {
    /// Which kind, in which namespace.
    pub target: Target,
    /// Name.
    pub name: String,
    /// A subresource instead of the object.
    pub subresource: Option<Subresource>,
    /// The object must not be older than this. `None`, empty and `0` ask for nothing.
    pub resource_version: Option<String>,
}

impl GetRequest {
    /// A request for an object as it is now.
    pub fn of(target: Target, name: impl Into<String>) -> Self {
        Self { target, name: name.into(), subresource: None, resource_version: None }
    }
}

/// Part of an object with an endpoint of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subresource {
    /// `status`.
    Status,
    /// `scale`.
    Scale,
    /// Any other; answered 404.
    Other(String),
}

impl Subresource {
    /// The path segment.
    pub fn as_str(&self) -> &str {
        match self {
            Subresource::Status => "status",
            Subresource::Scale => "scale",
            Subresource::Other(name) => name,
        }
    }
}

/// A request for many objects.
#[derive(Clone, Debug)]
pub struct ListRequest {
    /// Which kind, in which namespace.
    pub target: Target,
    /// Label selector in string form; empty selects everything.
    pub label_selector: String,
    /// Field selector in string form; empty selects everything.
    pub field_selector: String,
    /// At most so many objects; 0 is no limit.
    pub limit: usize,
    /// `continue` token of the page before. The pages of a list are those of one state: a later one does not see what was written
    /// since the first.
    pub continue_token: Option<String>,
    /// A revision: with [`VersionMatch::Exact`] the list is as of it, else it is of now, which must not be older. `None`, empty
    /// and `0` ask for nothing.
    pub resource_version: Option<String>,
    /// How the list must relate to `resource_version`. Without it a list with a limit is exact, and one without is not older.
    pub resource_version_match: Option<VersionMatch>,
}

/// `resourceVersionMatch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionMatch {
    /// As of the version.
    Exact,
    /// Of the version or a later one.
    NotOlderThan,
    /// Any other text; refused with a 422.
    Other(String),
}

impl VersionMatch {
    /// Reads the parameter; the empty text is none.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" => None,
            "Exact" => Some(VersionMatch::Exact),
            "NotOlderThan" => Some(VersionMatch::NotOlderThan),
            other => Some(VersionMatch::Other(other.to_owned())),
        }
    }

    /// The parameter's text.
    pub fn as_str(&self) -> &str {
        match self {
            VersionMatch::Exact => "Exact",
            VersionMatch::NotOlderThan => "NotOlderThan",
            VersionMatch::Other(text) => text,
        }
    }
}

impl ListRequest {
    /// A list of everything in the target.
    pub fn all(target: Target) -> Self {
        Self {
            target,
            label_selector: String::new(),
            field_selector: String::new(),
            limit: 0,
            continue_token: None,
            resource_version: None,
            resource_version_match: None,
        }
    }
}

/// A page of objects.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The objects, by namespace and name.
    pub items: Vec<RawObject>,
    /// `metadata.resourceVersion` of the list.
    pub resource_version: String,
    /// `metadata.continue`; `None` on the last page.
    pub continue_token: Option<String>,
    /// `metadata.remainingItemCount`; absent with selectors.
    pub remaining_item_count: Option<u64>,
}

/// A request to change something.
#[derive(Clone, Debug)]
pub struct WriteRequest {
    /// Which kind, in which namespace.
    pub target: Target,
    /// Name in the path; empty on create.
    pub name: String,
    /// A subresource instead of the object.
    pub subresource: Option<Subresource>,
    /// What to do.
    pub verb: WriteVerb,
    /// Query parameters.
    pub options: WriteOptions,
}

/// What a [`WriteRequest`] does.
#[derive(Clone, Debug)]
pub enum WriteVerb {
    /// POST: the object must not exist.
    Create(Object),
    /// PUT: replaces the object.
    Update(Object),
    /// PATCH.
    Patch(Patch),
    /// DELETE.
    Delete(DeleteOptions),
    /// DELETE of a collection: of everything in the target that is selected. The request's name is empty.
    DeleteCollection(DeleteCollection),
}

/// A patch document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Patch {
    /// RFC 6902, with the API server's leniencies.
    Json(Value),
    /// RFC 7386.
    Merge(Value),
    /// Strategic merge patch; core kinds only.
    Strategic(Value),
    /// Server-side apply: the object as the manager wants it. What the manager applied before and leaves out now goes, unless
    /// another applier has it too; fields that others own conflict when they would change. An object that is not there is
    /// created. Needs [`WriteOptions::field_manager`].
    Apply {
        /// The object, with `apiVersion` and `kind`.
        document: Value,
        /// Whether to take conflicting fields from their owners.
        force: bool,
    },
}

/// Options of create, update and patch.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// Do everything but commit.
    pub dry_run: DryRun,
    /// What to do about unknown fields.
    pub field_validation: FieldValidation,
    /// Name of the writer in `managedFields`.
    pub field_manager: Option<String>,
}

/// Whether a write is real.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DryRun {
    /// It is.
    #[default]
    None,
    /// Admission and validation run, nothing is stored.
    All,
}

/// What unknown and duplicate fields lead to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// They are dropped without a word.
    Ignore,
    /// They are dropped with a warning each.
    #[default]
    Warn,
    /// The request fails.
    Strict,
}

/// The body of a DELETE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// What must be so of the object.
    pub preconditions: Preconditions,
    /// What happens to the objects that it owns. `None` is the kind's default.
    pub propagation: Option<Propagation>,
    /// Seconds until forced removal; kept for kinds that honour it.
    pub grace_period_seconds: Option<i64>,
}

/// Which objects of a collection to delete, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteCollection {
    /// How each of them is deleted. Preconditions are asked of each.
    pub options: DeleteOptions,
    /// Label selector in string form; empty selects everything.
    pub label_selector: String,
    /// Field selector in string form; empty selects everything.
    pub field_selector: String,
    /// At most so many objects; 0 is no limit.
    pub limit: usize,
    /// `continue` token of the answer before.
    pub continue_token: Option<String>,
}

/// What must be so of an object for it to be deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// The object's uid.
    pub uid: Option<String>,
    /// The object's resourceVersion.
    pub resource_version: Option<String>,
}

/// `propagationPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Propagation {
    /// Dependents lose their owner and stay.
    Orphan,
    /// Dependents go after the owner.
    Background,
    /// Dependents go before the owner.
    Foreground,
}

/// The answer to a [`WriteRequest`].
#[derive(Clone, Debug)]
pub struct Written {
    /// HTTP status code: 200 or 201.
    pub code: u16,
    /// The answer's body.
    pub body: WriteBody,
    /// `Warning` headers, in order.
    pub warnings: Vec<String>,
    /// Whether anything was stored (or would have been, in a dry run).
    pub changed: bool,
}

/// What a write answers with.
#[derive(Clone, Debug)]
pub enum WriteBody {
    /// The object as it is now.
    Object(RawObject),
    /// A success status: what most deletions answer.
    Status(Box<Status>),
    /// The objects of a deleted collection, as they were before.
    List(Box<List>),
}

impl WriteBody {
    /// The object, if there is one.
    pub fn object(&self) -> Option<&RawObject> {
        match self {
            WriteBody::Object(raw) => Some(raw),
            WriteBody::Status(_) | WriteBody::List(_) => None,
        }
    }
}

/// A request for changes.
#[derive(Clone, Debug)]
pub struct WatchRequest {
    /// Which kind, in which namespace.
    pub target: Target,
    /// Label selector; empty selects everything.
    pub label_selector: String,
    /// Field selector; empty selects everything.
    pub field_selector: String,
    /// Start after this resourceVersion; `None` or `0` begins with an ADDED for each object that is there. One that the store has
    /// not come to yet is waited for in silence.
    pub resource_version: Option<String>,
    /// Must be [`VersionMatch::NotOlderThan`] with `send_initial_events`, and absent without.
    pub resource_version_match: Option<VersionMatch>,
    /// Whether to begin with an ADDED for each object that is there, whatever the version, which says how new they must be at least.
    pub send_initial_events: Option<bool>,
    /// Whether to send bookmarks: after the initial events, about every minute when something has happened, and two seconds
    /// before the timeout.
    pub allow_watch_bookmarks: bool,
    /// Seconds after which the stream ends. `None` and 0 are no limit; what is negative ends at once.
    pub timeout_seconds: Option<i64>,
}

impl WatchRequest {
    /// A watch of everything in the target, beginning with what is there.
    pub fn all(target: Target) -> Self {
        Self {
            target,
            label_selector: String::new(),
            field_selector: String::new(),
            resource_version: None,
            resource_version_match: None,
            send_initial_events: None,
            allow_watch_bookmarks: false,
            timeout_seconds: None,
        }
    }
}

/// What happened to an object, as seen through the watch's selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    /// It appeared in the selection.
    Added,
    /// It changed.
    Modified,
    /// It left the selection.
    Deleted,
}

/// One watch event.
#[derive(Clone, Debug)]
pub enum Event {
    /// A change of an object.
    Object(EventType, RawObject),
    /// How far the watch has come; only where the request allows for it.
    Bookmark(Bookmark),
    /// The watch failed; it ends after this.
    Error(Box<Status>),
}
