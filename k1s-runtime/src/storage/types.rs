//! Keys, queries, transactions and changes: the words in which `client` and the backends talk.

use async_trait::async_trait;
use bytes::Bytes;

use super::{Result, Stamped};

/// Address of one object. The empty namespace is that of cluster-scoped objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key<'a> {
    /// Tenant; whatever is under one tenant cannot be reached from another.
    pub tenant: &'a str,
    /// `plural.group`, or the plural alone in the core group.
    pub resource: &'a str,
    /// Namespace, or empty.
    pub namespace: &'a str,
    /// Name.
    pub name: &'a str,
}

impl Key<'_> {
    /// The same key, owned.
    pub fn to_buf(self) -> KeyBuf {
        KeyBuf {
            tenant: self.tenant.to_owned(),
            resource: self.resource.to_owned(),
            namespace: self.namespace.to_owned(),
            name: self.name.to_owned(),
        }
    }
}

/// An owned [`Key`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyBuf {
    /// Tenant.
    pub tenant: String,
    /// `plural.group`.
    pub resource: String,
    /// Namespace, or empty.
    pub namespace: String,
    /// Name.
    pub name: String,
}

impl KeyBuf {
    /// Borrows it as a [`Key`].
    pub fn as_key(&self) -> Key<'_> {
        Key { tenant: &self.tenant, resource: &self.resource, namespace: &self.namespace, name: &self.name }
    }
}

/// A stored object: its bytes, complete with the revision inside, and that revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The revision of the write that made it so.
    pub revision: u64,
    /// The JSON text.
    pub bytes: Bytes,
}

/// What a transaction expects of a key before it writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// No object is there.
    Absent,
    /// The object is there, last written at this revision.
    Revision(u64),
    /// Nothing is expected.
    Any,
}

/// One entry of a secondary index: objects are found by `(tenant, resource, index, value)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexEntry {
    /// Name of the index, as `.spec.category`.
    pub index: String,
    /// The object's value in it. Values of any length are accepted.
    pub value: String,
}

/// One change that a transaction makes.
#[derive(Clone, Debug)]
pub enum Mutation {
    /// Writes the object and replaces all of its index entries.
    Put {
        /// Which object.
        key: KeyBuf,
        /// What must be so before.
        expect: Expect,
        /// The new text; the backend fills in the revision.
        value: Stamped,
        /// The object's index entries from now on.
        indexes: Vec<IndexEntry>,
    },
    /// Removes the object and its index entries.
    Delete {
        /// Which object.
        key: KeyBuf,
        /// What must be so before; with [`Expect::Any`], deleting an absent object does nothing.
        expect: Expect,
        /// The object's final text, which watchers are told; its revision is that of the deletion.
        value: Stamped,
    },
    /// Changes nothing, but lets the transaction fail unless the expectation holds.
    Check {
        /// Which object.
        key: KeyBuf,
        /// What must be so.
        expect: Expect,
    },
}

/// Mutations that happen together or not at all. Expectations are those of the state before the transaction; a key may
/// be named once.
#[derive(Clone, Debug, Default)]
pub struct Transaction {
    /// In the order in which they get their revisions.
    pub mutations: Vec<Mutation>,
}

/// What became of a [`Transaction`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is committed.
    Committed {
        /// What each mutation left behind, in order: the text with its revision; `None` for checks and for deletions of
        /// what was not there.
        stored: Vec<Option<Stored>>,
    },
    /// An expectation did not hold, and nothing was changed.
    Conflict {
        /// Index of the first mutation whose expectation failed.
        mutation: usize,
        /// What is there instead.
        found: Option<Stored>,
    },
}

/// Selects by a secondary index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexMatch<'a> {
    /// Name of the index.
    pub index: &'a str,
    /// The value looked for.
    pub value: &'a str,
}

/// Decides on an object by its text. It runs while the store is locked for reading and must not call the store.
pub type Filter<'a> = &'a (dyn Fn(&[u8]) -> bool + Sync);

/// A question for a range of objects.
#[derive(Clone, Copy)]
pub struct ListQuery<'a> {
    /// Tenant.
    pub tenant: &'a str,
    /// `plural.group`.
    pub resource: &'a str,
    /// One namespace, or `None` for all (and for cluster-scoped resources).
    pub namespace: Option<&'a str>,
    /// Only objects in this index entry. With `at`, objects that have changed since then are let through whatever entries they
    /// had, which the log does not know: the filter decides on them.
    pub index: Option<IndexMatch<'a>>,
    /// An entry that every object which the filter lets through has, if it has any in that index. Where all objects of the resource
    /// have one in it, the others are not looked at, so that the list costs what it answers; else this changes nothing. It is for
    /// use with a filter and without `index`.
    pub hint: Option<IndexMatch<'a>>,
    /// Only objects whose text passes.
    pub filter: Option<Filter<'a>>,
    /// Start after this namespace and name.
    pub after: Option<(&'a str, &'a str)>,
    /// At most so many objects (those that pass the filter count); 0 is no limit.
    pub limit: usize,
    /// The objects as they were at this revision; `None` is now.
    pub at: Option<u64>,
}

impl<'a> ListQuery<'a> {
    /// A question for all objects of a resource.
    pub fn all(tenant: &'a str, resource: &'a str) -> Self {
        Self {
            tenant,
            resource,
            namespace: None,
            index: None,
            hint: None,
            filter: None,
            after: None,
            limit: 0,
            at: None,
        }
    }
}

/// An answer to a [`ListQuery`]: a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The objects in key order.
    pub items: Vec<Stored>,
    /// The revision of the snapshot: the store's, or the one asked for.
    pub revision: u64,
    /// Namespace and name of the last object, if objects that pass may follow.
    pub next: Option<(String, String)>,
    /// How many objects of the range follow the page, filtered or not; `None` if there is a filter or an index.
    pub remaining: Option<u64>,
}

/// What a watcher wants to see.
#[derive(Clone, Debug)]
pub struct WatchQuery {
    /// Tenant.
    pub tenant: String,
    /// `plural.group`.
    pub resource: String,
    /// One namespace, or `None` for all.
    pub namespace: Option<String>,
    /// Changes after this revision.
    pub after: u64,
}

/// Whether a change made, changed or removed an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there before.
    Created,
    /// It was there before.
    Updated,
    /// It is gone.
    Deleted,
}

/// One entry of the watch log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The change's revision.
    pub revision: u64,
    /// What happened.
    pub kind: ChangeKind,
    /// To which object.
    pub key: KeyBuf,
    /// The text after the change; of a deletion, the final text.
    pub bytes: Bytes,
    /// The text before the change, if there was one.
    pub previous: Option<Bytes>,
    /// The revision of the text before the change.
    pub previous_revision: Option<u64>,
}

/// A stream of changes, in revision order, each once.
#[async_trait]
pub trait Watch: Send {
    /// Waits for the next changes; never answers an empty list.
    ///
    /// # Errors
    /// [`super::Error::Compacted`] when changes that were not yet seen have left the log. The watch is over then.
    async fn next(&mut self) -> Result<Vec<Change>>;

    /// The changes that are there now, without waiting.
    ///
    /// # Errors
    /// As [`Watch::next`].
    fn try_next(&mut self) -> Result<Vec<Change>>;

    /// The revision up to which everything has been told. It moves also with changes that are not for this watch, as soon
    /// as [`Watch::next`] or [`Watch::try_next`] has come by them.
    fn progress(&self) -> u64;
}
