//! The store as a sweep leaves it: what is stored, under what the plan and the sweep have changed.

use std::collections::HashMap;

use bytes::Bytes;

use crate::api::{Object, status};
use crate::client::convert::{self, StoredForm};
use crate::client::core::{DEFINITIONS, Inner, Plan};
use crate::client::{Error, Result, encode};
use crate::storage::{Expect, IndexMatch, KeyBuf, ListQuery, Mutation};

use super::owners::{self, Reference, references};

/// How many objects one deletion may change or take along.
const MAX_OBJECTS: usize = 100_000;

/// A kind of object as the store knows it.
struct Resource {
    name: String,
    namespaced: bool,
}

/// An object that the sweep has come by.
struct Entry {
    expect: Expect,
    /// The text that watchers are told when the object goes.
    bytes: Bytes,
    /// The object as it is now; `None` when it is gone.
    object: Option<Object>,
    /// Which of the plan's mutations is about it.
    planned: Option<usize>,
    changed: bool,
}

pub(super) struct Ground<'a> {
    pub(super) core: &'a Inner,
    resources: Vec<Resource>,
    entries: HashMap<KeyBuf, Entry>,
    /// Keys of what has changed, in order.
    order: Vec<KeyBuf>,
}

impl<'a> Ground<'a> {
    /// The store as it is.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn new(core: &'a Inner) -> Result<Self> {
        core.refresh_definitions().await?;
        let mut resources: Vec<Resource> = Vec::new();
        for definition in core.scheme.definitions() {
            let name = definition.qualified_resource();
            if name != DEFINITIONS && resources.iter().all(|known| known.name != name) {
                resources.push(Resource { name, namespaced: definition.is_namespaced() });
            }
        }
        Ok(Self { core, resources, entries: HashMap::new(), order: Vec::new() })
    }

    /// Takes over what a mutation of the plan does. Returns its key and, of a deletion, the object that goes.
    ///
    /// # Errors
    /// [`Error::Decode`] when its text is not an object's.
    pub(super) fn adopt(&mut self, index: usize, mutation: &Mutation) -> Result<Option<(KeyBuf, Object)>> {
        let (key, expect, value, goes) = match mutation {
            Mutation::Put { key, expect, value, .. } => (key, expect, value, false),
            Mutation::Delete { key, expect, value } => (key, expect, value, true),
            Mutation::Check { .. } => return Ok(None),
        };
        let bytes = value.stamp(0);
        let object: Object = serde_json::from_slice(&bytes).map_err(Error::Decode)?;
        let now = Some(object.clone()).filter(|_| !goes);
        let entry = Entry { expect: *expect, bytes, object: now, planned: Some(index), changed: false };
        self.entries.insert(key.clone(), entry);
        Ok(Some((key.clone(), object)))
    }

    /// An object, as it is now.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn get(&mut self, key: &KeyBuf) -> Result<Option<Object>> {
        if let Some(entry) = self.entries.get(key) {
            return Ok(entry.object.clone());
        }
        let Some(stored) = self.core.storage.get(key.as_key()).await? else { return Ok(None) };
        self.note(key.clone(), stored.revision, stored.bytes).map(Some)
    }

    fn note(&mut self, key: KeyBuf, revision: u64, bytes: Bytes) -> Result<Object> {
        let object: Object = serde_json::from_slice(&bytes).map_err(Error::Decode)?;
        let expect = Expect::Revision(revision);
        let entry = Entry { expect, bytes, object: Some(object.clone()), planned: None, changed: false };
        self.entries.insert(key, entry);
        Ok(object)
    }

    /// Where the owner that a reference of an object in `namespace` names would be; `None` if that cannot be told.
    pub(super) fn place_of(&self, reference: &Reference<'_>, namespace: &str) -> Option<KeyBuf> {
        let group = reference.api_version.split_once('/').map_or("", |(group, _)| group);
        let definition = self.core.scheme.versions(group, reference.kind).into_iter().next()?;
        let namespace = match (definition.is_namespaced(), namespace) {
            (true, "") => return None,
            (true, namespace) => namespace,
            (false, _) => "",
        };
        Some(self.core.key_of(&definition.qualified_resource(), namespace, reference.name).to_buf())
    }

    /// The objects that refer to an owner and can: those in its namespace, or all if it has none.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn dependents(&mut self, owner: &KeyBuf, uid: &str) -> Result<Vec<KeyBuf>> {
        let namespace = Some(owner.namespace.as_str()).filter(|namespace| !namespace.is_empty());
        let mut found = Vec::new();
        for index in 0..self.resources.len() {
            let resource = &self.resources[index];
            if namespace.is_some() && !resource.namespaced {
                continue;
            }
            let query = ListQuery {
                namespace,
                index: Some(IndexMatch { index: owners::INDEX, value: uid }),
                ..ListQuery::all(&self.core.tenant, &resource.name)
            };
            let name = resource.name.clone();
            for stored in self.core.storage.list(query).await?.items {
                let object: Object = serde_json::from_slice(&stored.bytes).map_err(Error::Decode)?;
                let place = object.namespace().unwrap_or_default();
                let key = self.core.key_of(&name, place, object.name()).to_buf();
                if !self.entries.contains_key(&key) {
                    self.note(key.clone(), stored.revision, stored.bytes)?;
                }
                let refers = |object: &Object| references(object).any(|reference| reference.uid == uid);
                let now = self.entries.get(&key).and_then(|entry| entry.object.as_ref());
                if now.is_some_and(refers) {
                    found.push(key);
                }
            }
        }
        Ok(found)
    }

    /// Changes an object.
    ///
    /// # Errors
    /// As [`Ground::remove`].
    pub(super) fn set(&mut self, key: &KeyBuf, object: Object) -> Result<()> {
        self.change(key, Some(object))
    }

    /// Removes an object.
    ///
    /// # Errors
    /// 403 when the deletion has grown too large.
    pub(super) fn remove(&mut self, key: &KeyBuf) -> Result<()> {
        self.change(key, None)
    }

    fn change(&mut self, key: &KeyBuf, object: Option<Object>) -> Result<()> {
        let Some(entry) = self.entries.get_mut(key) else { return Ok(()) };
        entry.object = object;
        if !entry.changed {
            entry.changed = true;
            self.order.push(key.clone());
        }
        if self.order.len() > MAX_OBJECTS {
            let message = format!(
                "the deletion changes more dependents than one may (limit of {MAX_OBJECTS}): delete some of them first"
            );
            return Err(Error::Api(status::other(403, "Forbidden", message)));
        }
        Ok(())
    }

    /// Writes what has changed into the plan.
    ///
    /// # Errors
    /// [`Error::Encode`], and 500 when an object cannot be stored in its kind's version.
    pub(super) fn settle(mut self, plan: &mut Plan) -> Result<()> {
        for key in std::mem::take(&mut self.order) {
            let Some(entry) = self.entries.remove(&key) else { continue };
            let mutation = match &entry.object {
                None => {
                    Mutation::Delete { key, expect: entry.expect, value: convert::last_state(&entry.bytes)? }
                }
                Some(object) => self.put(key, entry.expect, object)?,
            };
            match entry.planned.and_then(|index| plan.mutations.get_mut(index)) {
                Some(planned) => *planned = mutation,
                None => plan.mutations.push(mutation),
            }
        }
        Ok(())
    }

    fn put(&self, key: KeyBuf, expect: Expect, object: &Object) -> Result<Mutation> {
        if let Some(kind) = self.core.known_kind(&object.gvk()) {
            return Ok(StoredForm::of(&kind, object)?.put(key, expect));
        }
        // A version that is no longer known: it stays in it.
        let value = encode::stamped(object, object.api_version())?;
        Ok(Mutation::Put { key, expect, value, indexes: owners::entries(object).collect() })
    }
}
