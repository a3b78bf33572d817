//! Which namespaces there are: those in the store, and those that every tenant has from the start.
//!
//! The latter are stored together with the first write to a store; until then they are answered as if they were.

use std::sync::atomic::Ordering;

use crate::api::status::{self, Subject};
use crate::api::{Object, StatusCause};
use crate::client::kinds::{Builtin, namespace};
use crate::client::{Error, Result, clock, encode};
use crate::storage::{Expect, Key, Mutation, Stored, Transaction};

use super::{Inner, Kind};

const RESOURCE: &str = "namespaces";

/// Uids of the namespaces that are always there, in the order of [`namespace::SYSTEM`]. They are the same in every store, as
/// they are shown before there is a place to keep them.
const UIDS: [&str; 4] = [
    "6b317300-0000-4000-8000-000000000001",
    "6b317300-0000-4000-8000-000000000002",
    "6b317300-0000-4000-8000-000000000003",
    "6b317300-0000-4000-8000-000000000004",
];

impl Inner {
    fn namespace_key<'a>(&'a self, name: &'a str) -> Key<'a> {
        self.key_of(RESOURCE, "", name)
    }

    /// Whether the namespaces that are always there are in the store.
    pub(crate) async fn namespaces_are_stored(&self) -> Result<bool> {
        if self.namespaces_stored.load(Ordering::Acquire) {
            return Ok(true);
        }
        let found = self.storage.get(self.namespace_key(namespace::SYSTEM[0])).await?.is_some();
        if found {
            self.namespaces_stored.store(true, Ordering::Release);
        }
        Ok(found)
    }

    /// The transaction that stores the namespaces that are always there; `None` if they are stored.
    pub(super) async fn missing_namespaces(&self) -> Result<Option<Transaction>> {
        if self.namespaces_are_stored().await? {
            return Ok(None);
        }
        let mut mutations = Vec::with_capacity(namespace::SYSTEM.len());
        for object in system_namespaces() {
            mutations.push(Mutation::Put {
                key: self.namespace_key(object.name()).to_buf(),
                expect: Expect::Absent,
                value: encode::stamped(&object, "v1")?,
                indexes: Vec::new(),
            });
        }
        Ok(Some(Transaction { mutations }))
    }

    /// One of the namespaces that are always there, as if stored at revision 0.
    pub(super) async fn virtual_namespace(&self, kind: &Kind, name: &str) -> Result<Option<Stored>> {
        let may_be = kind.builtin == Some(Builtin::Namespace) && namespace::SYSTEM.contains(&name);
        if !may_be || self.namespaces_are_stored().await? {
            return Ok(None);
        }
        let found = system_namespaces().find(|object| object.name() == name);
        found.map(|object| as_stored(&object)).transpose()
    }

    /// All of the namespaces that are always there, as if stored at revision 0.
    pub(crate) fn virtual_namespaces(&self) -> Result<Vec<Stored>> {
        system_namespaces().map(|object| as_stored(&object)).collect()
    }

    /// What lets an object be created in a namespace: that it is there, and not about to go.
    ///
    /// # Errors
    /// 404 when it is not there, 403 when it is being deleted.
    pub(crate) async fn admit_namespace(
        &self,
        kind: &Kind,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Mutation>> {
        // These are always there: they cannot be deleted.
        if namespace::is_immortal(namespace) {
            return Ok(None);
        }
        let key = self.namespace_key(namespace);
        let subject = Subject { group: "", resource: RESOURCE };
        let Some(stored) = self.storage.get(key).await? else {
            if namespace::SYSTEM.contains(&namespace) && !self.namespaces_are_stored().await? {
                return Ok(None);
            }
            return Err(status::not_found(subject, namespace).into());
        };
        let object: Object = serde_json::from_slice(&stored.bytes).map_err(Error::Decode)?;
        if object.deletion_timestamp().is_some() {
            return Err(terminating(kind, namespace, name));
        }
        Ok(Some(Mutation::Check { key: key.to_buf(), expect: Expect::Revision(stored.revision) }))
    }
}

fn system_namespaces() -> impl Iterator<Item = Object> {
    let now = clock::now();
    namespace::SYSTEM.iter().zip(UIDS).map(move |(name, uid)| namespace::system(name, uid, &now))
}

fn as_stored(object: &Object) -> Result<Stored> {
    Ok(Stored { revision: 0, bytes: encode::stamped(object, "v1")?.stamp(0) })
}

fn terminating(kind: &Kind, namespace: &str, name: &str) -> Error {
    let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
    let mut status = status::forbidden(kind.subject(), name, &why);
    if let Some(details) = &mut status.details {
        details.causes.push(StatusCause {
            reason: "NamespaceTerminating".to_owned(),
            message: format!("namespace {namespace} is being terminated"),
            field: "metadata.namespace".to_owned(),
        });
    }
    Error::Api(status)
}
