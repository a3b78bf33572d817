//! The rules of garbage collection, applied step by step until nothing is left to do.

use std::collections::{BTreeSet, VecDeque};

use crate::api::Object;
use crate::client::core::{Inner, Plan};
use crate::client::delete::{is_gone_at_once, mark_deleted, set_propagation_finalizers};
use crate::client::kinds::{Builtin, namespace};
use crate::client::metadata::{FOREGROUND, ORPHAN};
use crate::client::{Propagation, Result, WriteRequest, WriteVerb};
use crate::storage::{KeyBuf, Mutation};

use super::ground::Ground;
use super::owners::{self, Reference, references};

/// Something to do.
enum Task {
    /// The object is gone: its dependents have lost an owner, and its owners may have waited for it.
    Gone(KeyBuf, Object),
    /// One of the object's owners is gone or waits for it to go.
    Lost(KeyBuf),
    /// The object is deleted in the foreground: its dependents are to go.
    Foreground(KeyBuf),
    /// The object waits for its dependents, of which one less may be left.
    Finish(KeyBuf),
    /// The object's dependents are to lose their reference to it.
    Orphan(KeyBuf),
}

/// What an owner is to an object that another owner of has been lost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is there, and stays as far as is known.
    Solid,
    /// It waits for its dependents to go.
    Waiting,
    /// It is not there.
    Absent,
}

/// Extends a plan by what becomes of dependents.
///
/// # Errors
/// The store's, and 403 when too many objects are concerned.
pub(crate) async fn follow(core: &Inner, request: &WriteRequest, plan: &mut Plan) -> Result<()> {
    let is_deletion = matches!(request.verb, WriteVerb::Delete(_));
    let goes = |mutation: &Mutation| matches!(mutation, Mutation::Delete { .. });
    if !is_deletion && !plan.mutations.iter().any(goes) {
        return Ok(());
    }
    let mut sweep = Sweep { ground: Ground::new(core).await?, tasks: VecDeque::new() };
    for (index, mutation) in plan.mutations.iter().enumerate() {
        let Some((key, object)) = sweep.ground.adopt(index, mutation)? else { continue };
        if goes(mutation) {
            sweep.tasks.push_back(Task::Gone(key, object));
        } else if is_deletion {
            sweep.wait(&key, &object);
        }
    }
    if plan.mutations.is_empty() {
        // It was deleted before, and what it waits for may have gone by another way.
        let key = core.key_buf(&plan.kind, &request.target, &request.name);
        if let Some(object) = sweep.ground.get(&key).await? {
            sweep.wait(&key, &object);
        }
    }
    sweep.run().await?;
    sweep.ground.settle(plan)
}

struct Sweep<'a> {
    ground: Ground<'a>,
    tasks: VecDeque<Task>,
}

impl Sweep<'_> {
    async fn run(&mut self) -> Result<()> {
        while let Some(task) = self.tasks.pop_front() {
            match task {
                Task::Gone(key, object) => self.gone(&key, &object).await?,
                Task::Lost(key) => self.lost(&key).await?,
                Task::Foreground(key) => {
                    self.tell_dependents(&key).await?;
                    self.tasks.push_back(Task::Finish(key));
                }
                Task::Finish(key) => self.finish(&key).await?,
                Task::Orphan(key) => self.orphan(&key).await?,
            }
        }
        Ok(())
    }

    /// Notes what an object that is marked as deleted waits for.
    fn wait(&mut self, key: &KeyBuf, object: &Object) {
        if object.deletion_timestamp().is_none() {
            return;
        }
        let finalizers = object.finalizers();
        if finalizers.contains(&ORPHAN) {
            self.tasks.push_back(Task::Orphan(key.clone()));
        } else if finalizers.contains(&FOREGROUND) {
            self.tasks.push_back(Task::Foreground(key.clone()));
        }
    }

    async fn tell_dependents(&mut self, owner: &KeyBuf) -> Result<()> {
        let Some(object) = self.ground.get(owner).await? else { return Ok(()) };
        for dependent in self.ground.dependents(owner, object.uid().unwrap_or_default()).await? {
            self.tasks.push_back(Task::Lost(dependent));
        }
        Ok(())
    }

    async fn gone(&mut self, key: &KeyBuf, object: &Object) -> Result<()> {
        for dependent in self.ground.dependents(key, object.uid().unwrap_or_default()).await? {
            self.tasks.push_back(Task::Lost(dependent));
        }
        for reference in references(object) {
            if self.standing(&reference, &key.namespace).await? == Standing::Waiting
                && let Some(owner) = self.ground.place_of(&reference, &key.namespace)
            {
                self.tasks.push_back(Task::Finish(owner));
            }
        }
        Ok(())
    }

    async fn standing(&mut self, reference: &Reference<'_>, namespace: &str) -> Result<Standing> {
        let Some(place) = self.ground.place_of(reference, namespace) else { return Ok(Standing::Solid) };
        Ok(match self.ground.get(&place).await? {
            Some(owner) if owner.uid() == Some(reference.uid) => {
                if is_waiting(&owner) {
                    Standing::Waiting
                } else {
                    Standing::Solid
                }
            }
            _ => Standing::Absent,
        })
    }

    /// Decides on an object that has lost an owner.
    async fn lost(&mut self, key: &KeyBuf) -> Result<()> {
        let Some(mut object) = self.ground.get(key).await? else { return Ok(()) };
        if object.deletion_timestamp().is_some() {
            if is_waiting(&object) {
                self.tasks.push_back(Task::Finish(key.clone()));
            }
            return Ok(());
        }
        let (mut solid, mut waiting, mut lost) = (false, false, BTreeSet::new());
        for reference in references(&object) {
            match self.standing(&reference, &key.namespace).await? {
                Standing::Solid => {
                    solid = true;
                    continue;
                }
                Standing::Waiting => waiting = true,
                Standing::Absent => {}
            }
            lost.insert(reference.uid.to_owned());
        }
        if solid {
            if owners::forget(&mut object, &lost) {
                self.ground.set(key, object)?;
            }
            return Ok(());
        }
        if lost.is_empty() {
            return Ok(());
        }
        let mut policy = None;
        if waiting {
            let dependents = self.ground.dependents(key, object.uid().unwrap_or_default()).await?;
            if !dependents.is_empty() {
                policy = Some(Propagation::Foreground);
                if self.any_waits(&dependents).await? {
                    // A circle: somebody has to go first.
                    owners::unblock(&mut object);
                }
            }
        }
        self.delete(key, object, policy)
    }

    async fn any_waits(&mut self, keys: &[KeyBuf]) -> Result<bool> {
        for key in keys {
            if self.ground.get(key).await?.is_some_and(|object| is_waiting(&object)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Deletes an object as a request would. What is of a version that is no longer known is left alone.
    fn delete(&mut self, key: &KeyBuf, mut object: Object, policy: Option<Propagation>) -> Result<()> {
        let Some(kind) = self.ground.core.known_kind(&object.gvk()) else { return Ok(()) };
        let old = object.clone();
        set_propagation_finalizers(&mut object, policy);
        if is_gone_at_once(&kind, &object, &old) {
            self.ground.remove(key)?;
            self.tasks.push_back(Task::Gone(key.clone(), old));
            return Ok(());
        }
        mark_deleted(&kind, &mut object);
        self.wait(key, &object);
        self.ground.set(key, object)
    }

    /// Lets an object go that waits for dependents, if none of them keeps it.
    async fn finish(&mut self, key: &KeyBuf) -> Result<()> {
        let Some(object) = self.ground.get(key).await? else { return Ok(()) };
        if !is_waiting(&object) {
            return Ok(());
        }
        let uid = object.uid().unwrap_or_default();
        for dependent in self.ground.dependents(key, uid).await? {
            let keeps = |object: &Object| {
                references(object).any(|reference| reference.uid == uid && reference.blocks)
            };
            if dependent != *key && self.ground.get(&dependent).await?.as_ref().is_some_and(keeps) {
                return Ok(());
            }
        }
        self.release(key, object, FOREGROUND)
    }

    async fn orphan(&mut self, key: &KeyBuf) -> Result<()> {
        let Some(object) = self.ground.get(key).await? else { return Ok(()) };
        let uid = object.uid().unwrap_or_default().to_owned();
        let uids = BTreeSet::from([uid.clone()]);
        for dependent in self.ground.dependents(key, &uid).await? {
            if dependent == *key {
                continue;
            }
            if let Some(mut orphan) = self.ground.get(&dependent).await?
                && owners::forget(&mut orphan, &uids)
            {
                self.ground.set(&dependent, orphan)?;
            }
        }
        self.release(key, object, ORPHAN)
    }

    /// Takes a finalizer off an object that is being deleted, which goes if it was the last.
    fn release(&mut self, key: &KeyBuf, mut object: Object, finalizer: &str) -> Result<()> {
        owners::release(&mut object, finalizer);
        let is_namespace = Builtin::of(&object.gvk().group, object.kind()) == Some(Builtin::Namespace);
        let has_content = is_namespace && !namespace::finalizers(&object).is_empty();
        if !object.finalizers().is_empty() || has_content {
            return self.ground.set(key, object);
        }
        self.ground.remove(key)?;
        self.tasks.push_back(Task::Gone(key.clone(), object));
        Ok(())
    }
}

/// Whether an object is being deleted and waits for its dependents to go first.
fn is_waiting(object: &Object) -> bool {
    object.deletion_timestamp().is_some() && object.finalizers().contains(&FOREGROUND)
}
