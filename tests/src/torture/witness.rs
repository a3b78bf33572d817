//! A watcher that is there through all of a test and must see every change once, in order.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread::JoinHandle;

use k1s_runtime::storage::{Change, ChangeKind, KeyBuf, ListQuery, Storage, WatchQuery};
use pollster::block_on;

use super::kit::{self, RESOURCE, TENANT};
use super::{Failure, Result, ensure};

/// The object whose creation ends the watch.
pub(super) const LAST: &str = "the-last";

/// A watcher on a thread of its own.
pub(super) struct Witness {
    thread: JoinHandle<Result<Seen>>,
}

/// What a watcher has seen.
#[derive(Default)]
pub(super) struct Seen {
    /// Every change, in the order in which it came.
    pub(super) changes: u64,
    /// What the objects are by that.
    objects: BTreeMap<KeyBuf, Vec<u8>>,
}

impl Witness {
    /// Watches a store, which must be empty.
    pub(super) fn start(directory: &Path) -> Result<Self> {
        let store = kit::open(directory)?;
        let query =
            WatchQuery { tenant: TENANT.into(), resource: RESOURCE.into(), namespace: None, after: 0 };
        let mut watch = block_on(store.watch(query))?;
        let thread = std::thread::spawn(move || {
            let mut seen = Seen::default();
            loop {
                for change in block_on(watch.next())? {
                    let last = change.key.name == LAST;
                    seen.note(change)?;
                    if last {
                        return Ok(seen);
                    }
                }
            }
        });
        Ok(Self { thread })
    }

    /// Writes the last object and compares what was seen with what is there.
    pub(super) fn end(self, directory: &Path) -> Result<Seen> {
        let store = kit::open(directory)?;
        let last = kit::put(kit::key("", LAST), k1s_runtime::storage::Expect::Absent, 0, 0);
        kit::commit(&store, vec![last])?;
        let seen = self.thread.join().map_err(|_| Failure::Broken("the watcher panicked".to_owned()))??;
        let page = block_on(store.list(ListQuery::all(TENANT, RESOURCE)))?;
        ensure(seen.changes == page.revision, || {
            format!("the watcher saw {} changes of {}", seen.changes, page.revision)
        })?;
        let stored: Vec<_> = page.items.iter().map(|stored| &stored.bytes[..]).collect();
        let told: Vec<_> = seen.objects.values().map(Vec::as_slice).collect();
        ensure(stored == told, || "what the watcher was told is not what is stored".to_owned())?;
        Ok(seen)
    }
}

impl Seen {
    fn note(&mut self, change: Change) -> Result<()> {
        let Change { revision, kind, key, bytes, previous, .. } = change;
        ensure(revision == self.changes + 1, || format!("change {revision} came after {}", self.changes))?;
        self.changes = revision;
        let before = match kind {
            ChangeKind::Deleted => self.objects.remove(&key),
            ChangeKind::Created | ChangeKind::Updated => self.objects.insert(key.clone(), bytes.to_vec()),
        };
        ensure(before.is_none() == (kind == ChangeKind::Created), || {
            format!(
                "{key:?} was {kind:?} at {revision}, but was {}there",
                if before.is_none() { "not " } else { "" }
            )
        })?;
        ensure(before.as_deref() == previous.as_deref(), || {
            format!("{key:?} was something else before {revision}")
        })
    }
}
