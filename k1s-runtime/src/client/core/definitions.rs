//! What is known of the CustomResourceDefinitions in the store, and whether they have changed since, by whomever.
//!
//! A request asks the store first whether anything at all was committed since the last request, which costs next to nothing. Only
//! if so, the watch log tells whether a definition was among it; only then the definitions are read, and of those only what is new.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::api::Object;
use crate::client::Result;
use crate::storage::{self, ListQuery, Page, WatchQuery};

use super::{DEFINITIONS, Effect, Inner, registration};

/// How many changes are looked through for one of a definition, before the definitions themselves are.
const LOOK_BACK: u64 = 1_000;

/// No number of commits: nothing was looked at yet.
const NEVER: u64 = u64::MAX;

/// The state of a client's knowledge of definitions.
#[derive(Debug)]
pub(crate) struct Definitions {
    /// [`storage::Storage::commits`] before the last look.
    seen: AtomicU64,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The revision up to which all changes are known; `None` before the first look.
    revision: Option<u64>,
    /// What was registered, by the definition's name.
    kinds: HashMap<String, Registered>,
}

/// The kind of a definition.
#[derive(Clone, Debug)]
struct Registered {
    /// Of the definition.
    revision: u64,
    group: String,
    kind: String,
}

impl Default for Definitions {
    fn default() -> Self {
        Self { seen: AtomicU64::new(NEVER), known: Mutex::default() }
    }
}

impl Definitions {
    fn known(&self) -> MutexGuard<'_, Known> {
        // What a panic elsewhere leaves is at worst read again.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Lets the scheme follow the definitions in the store.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn refresh_definitions(&self) -> Result<()> {
        // Asked before anything is read: what comes meanwhile is looked for the next time.
        let commits = match self.storage.commits() {
            Some(commits) => commits,
            None => self.storage.revision().await?,
        };
        if self.definitions.seen.load(Ordering::Acquire) == commits {
            return Ok(());
        }
        let now = self.storage.revision().await?;
        if self.definitions_changed(now).await? {
            let page = self.storage.list(ListQuery::all(&self.tenant, DEFINITIONS)).await?;
            self.take_definitions(page);
        } else {
            let mut known = self.definitions.known();
            known.revision = known.revision.max(Some(now));
        }
        self.definitions.seen.store(commits, Ordering::Release);
        Ok(())
    }

    /// Whether there may be a definition that was changed after the last look and not after `now`.
    async fn definitions_changed(&self, now: u64) -> Result<bool> {
        let Some(after) = self.definitions.known().revision else { return Ok(true) };
        match now.saturating_sub(after) {
            // Another request may have looked at more than this one.
            0 => return Ok(false),
            count if count > LOOK_BACK => return Ok(true),
            _ => {}
        }
        let tenant = self.tenant.clone();
        let query = WatchQuery { tenant, resource: DEFINITIONS.to_owned(), namespace: None, after };
        let changes = match self.storage.watch(query).await {
            Ok(mut watch) => watch.try_next(),
            Err(error) => Err(error),
        };
        match changes {
            Ok(changes) => Ok(!changes.is_empty()),
            Err(storage::Error::Compacted { .. } | storage::Error::Future { .. }) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Registers the kinds of all definitions that there are, and forgets those of definitions that are gone.
    fn take_definitions(&self, page: Page) {
        let mut known = self.definitions.known();
        if known.revision > Some(page.revision) {
            return;
        }
        let mut before = std::mem::take(&mut known.kinds);
        for stored in page.items {
            let Ok(object) = serde_json::from_slice::<Object>(&stored.bytes) else { continue };
            let name = object.name().to_owned();
            let registered = before.remove(&name);
            if let Some(registered) = &registered
                && registered.revision == stored.revision
            {
                known.kinds.extend([(name, registered.clone())]);
                continue;
            }
            // What was stored by a program that knew more, or clashes with a kind of this one, stays unknown here.
            let Ok(effect) = registration(&object) else { continue };
            let (group, kind) = (effect.group.clone(), effect.kind.clone());
            // It may have gone and come again with another kind.
            registered
                .filter(|registered| registered.kind != kind)
                .into_iter()
                .for_each(|it| self.forget(it));
            if self.apply_effect(effect).is_ok() {
                known.kinds.insert(name, Registered { revision: stored.revision, group, kind });
            }
        }
        before.into_values().for_each(|registered| self.forget(registered));
        known.revision = Some(page.revision);
    }

    fn forget(&self, Registered { group, kind, .. }: Registered) {
        // That is never refused.
        let _ = self.apply_effect(Effect { group, kind, versions: Vec::new() });
    }
}
