//! Wakes watches when another process has committed: the system tells of writes to the data file.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, Weak};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::env::Shared;
use super::place::DATA;
use crate::storage::{Error, Result};

/// Watches the data file for as long as it is held. All watches of a store share one.
pub(super) struct FileWatch {
    _watcher: RecommendedWatcher,
}

impl FileWatch {
    /// The one of this store; started if there is none.
    pub(super) fn of(shared: &Arc<Shared>) -> Result<Arc<Self>> {
        let mut current = shared.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = current.upgrade() {
            return Ok(running);
        }
        let started = Arc::new(Self::start(shared).map_err(|error| {
            Error::Backend(format!("cannot watch {} for changes: {error}", shared.path.display()))
        })?);
        *current = Arc::downgrade(&started);
        Ok(started)
    }

    fn start(shared: &Arc<Shared>) -> notify::Result<Self> {
        let store = Arc::downgrade(shared);
        let mut watcher = notify::recommended_watcher(move |event| tell(&store, event))?;
        watcher.watch(&shared.path.join(DATA), RecursiveMode::NonRecursive)?;
        Ok(Self { _watcher: watcher })
    }
}

fn tell(store: &Weak<Shared>, event: notify::Result<Event>) {
    if event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_))) {
        return;
    }
    let Some(shared) = store.upgrade() else { return };
    // A commit is several writes, of which only the last makes it visible.
    let latest = shared.last_transaction();
    if shared.seen_transaction.swap(latest, Ordering::AcqRel) != latest {
        shared.changed.notify(usize::MAX);
    }
}
