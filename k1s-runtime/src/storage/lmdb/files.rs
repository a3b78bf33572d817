//! Wakes watches when another process has committed: the system tells of writes to the data file.

use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

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
    wait_until_visible(&shared);
    shared.tell();
}

/// The event comes with the write that makes a commit durable, a moment before readers see it. No event comes then, so that
/// moment is waited for here; in vain only if the writer died in it, before it could acknowledge the commit.
fn wait_until_visible(shared: &Shared) {
    let mut pause = Duration::from_micros(20);
    while pause < Duration::from_secs(2) {
        let written = shared.written_transaction();
        if shared.visible_transaction().is_ok_and(|visible| visible >= written) {
            return;
        }
        std::thread::sleep(pause);
        pause *= 2;
    }
}
