//! The store that lives as long as the process: for tests, dry runs and programs that keep nothing.
//!
//! It is the same store as the durable ones in all but durability: it passes the same conformance suite.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::convert::Infallible;
use std::ops::{Bound, ControlFlow};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use async_trait::async_trait;
use event_listener::Event;

use super::age::{Marks, now};
use super::apply::{Ledger, LogEntry, apply};
use super::page::{self, Candidate, Range};
use super::past::{self, Past};
use super::tenants::{Member, Tenant, Visitor};
use super::watch::{Log, LogWatch, MAX_CHANGE_BYTES, MAX_CHANGES, check_start, selects};
use super::{
    Change, IndexEntry, Key, ListQuery, LogLimits, Outcome, Page, Result, Storage, Stored, Transaction,
    Watch, WatchQuery, validate,
};

/// A store in memory. Clones are handles of one store.
///
/// ```
/// # use k1s_runtime::storage::{MemoryStorage, Storage};
/// let store = MemoryStorage::new();
/// assert_eq!(pollster::block_on(store.revision()).unwrap(), 0);
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: RwLock<State>,
    changed: Event,
}

#[derive(Debug, Default)]
struct State {
    tenants: BTreeMap<String, Tables>,
    revision: u64,
    limits: LogLimits,
    log: VecDeque<Change>,
    log_bytes: u64,
    marks: Marks,
}

/// The objects of one tenant, and how many there are with how many bytes of text.
#[derive(Debug, Default)]
struct Tables {
    of: BTreeMap<String, Table>,
    objects: u64,
    bytes: u64,
}

/// The objects of one tenant and resource.
#[derive(Debug, Default)]
struct Table {
    rows: HashMap<Place, Row>,
    /// The places of `rows`, for lists.
    order: BTreeSet<Place>,
    indexes: HashMap<String, Index>,
    /// How many objects have an entry in each index.
    covered: HashMap<String, usize>,
}

/// Namespace, a NUL byte, name.
type Place = Arc<[u8]>;
/// The places of the objects under each value.
type Index = HashMap<String, BTreeSet<Place>>;

#[derive(Debug)]
struct Row {
    stored: Stored,
    indexes: Vec<IndexEntry>,
}

impl MemoryStorage {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store that remembers so much for watchers.
    pub fn with_log(limits: LogLimits) -> Self {
        let state = RwLock::new(State { limits, ..State::default() });
        Self { shared: Arc::new(Shared { state, changed: Event::new() }) }
    }
}

impl Shared {
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Storage for MemoryStorage {
    async fn get(&self, key: Key<'_>) -> Result<Option<Stored>> {
        Ok(self.shared.state().row(key).map(|row| row.stored.clone()))
    }

    async fn list(&self, query: ListQuery<'_>) -> Result<Page> {
        let state = self.shared.state();
        let revision = query.at.unwrap_or(state.revision);
        check_start(revision, state.oldest(), state.revision)?;
        let (Some(range), Some(table)) = (Range::of(&query), state.table(query.tenant, query.resource))
        else {
            return page::fill(&query, revision, std::iter::empty::<Result<Found<'_>>>());
        };
        let past = (revision != state.revision).then(|| state.past(&query, revision, range.clone()));
        let bounds = (borrow(&range.start), borrow(&range.end));
        let hint = query.hint.filter(|hint| table.covers(hint.index));
        match query.index.or(hint) {
            None => {
                let found = table.order.range::<[u8], _>(bounds).filter_map(|place| table.found(place));
                past::fill(&query, revision, past.as_ref(), found)
            }
            Some(entry) => {
                let places = table.indexes.get(entry.index).and_then(|values| values.get(entry.value));
                let found = places
                    .into_iter()
                    .flat_map(|places| places.range::<[u8], _>(bounds))
                    .filter_map(|place| table.found(place));
                past::fill(&query, revision, past.as_ref(), found)
            }
        }
    }

    async fn commit(&self, batch: Vec<Transaction>) -> Result<Vec<Outcome>> {
        validate::batch(&batch)?;
        let mut state = self.shared.state.write().unwrap_or_else(PoisonError::into_inner);
        let before = state.revision;
        let outcomes = batch
            .iter()
            .map(|transaction| {
                let Ok(outcome) = apply(&mut *state, transaction);
                outcome
            })
            .collect();
        if state.revision != before {
            state.grow_older();
            drop(state);
            self.shared.changed.notify(usize::MAX);
        }
        Ok(outcomes)
    }

    async fn watch(&self, query: WatchQuery) -> Result<Box<dyn Watch>> {
        {
            let state = self.shared.state();
            check_start(query.after, state.oldest(), state.revision)?;
        }
        Ok(Box::new(LogWatch::new(self.shared.clone(), query)))
    }

    async fn compact(&self, revision: u64) -> Result<u64> {
        let mut state = self.shared.state.write().unwrap_or_else(PoisonError::into_inner);
        let expired = state.marks.expired(now(), state.limits.age).unwrap_or(0);
        state.forget(revision.max(expired));
        Ok(state.oldest())
    }

    async fn revision(&self) -> Result<u64> {
        Ok(self.shared.state().revision)
    }

    fn commits(&self) -> Option<u64> {
        Some(self.shared.state().revision)
    }

    async fn tenants(&self) -> Result<Vec<Tenant>> {
        let state = self.shared.state();
        let holding = state.tenants.iter().filter(|(_, tables)| tables.objects > 0);
        let tenant = |(name, tables): (&String, &Tables)| Tenant {
            name: name.clone(),
            objects: tables.objects,
            bytes: tables.bytes,
        };
        Ok(holding.map(tenant).collect())
    }

    async fn visit(&self, tenant: &str, visitor: &mut Visitor<'_>) -> Result<u64> {
        let state = self.shared.state();
        let Some(tables) = state.tenants.get(tenant) else { return Ok(state.revision) };
        for (resource, table) in &tables.of {
            for place in &table.order {
                let Some(row) = table.rows.get(place) else { continue };
                let (namespace, name) = page::split_place(place)?;
                let key = Key { tenant, resource, namespace: &namespace, name: &name };
                let Stored { revision, bytes } = &row.stored;
                let member = Member { key, revision: *revision, text: bytes, indexes: &row.indexes };
                if visitor(member) == ControlFlow::Break(()) {
                    return Ok(state.revision);
                }
            }
        }
        Ok(state.revision)
    }
}

impl State {
    fn table(&self, tenant: &str, resource: &str) -> Option<&Table> {
        self.tenants.get(tenant)?.of.get(resource)
    }

    fn row(&self, key: Key<'_>) -> Option<&Row> {
        let table = self.table(key.tenant, key.resource)?;
        page::with_place(key, |place| table.rows.get(place))?
    }

    /// The revision before the oldest change in the log.
    fn oldest(&self) -> u64 {
        self.revision - self.log.len() as u64
    }

    /// The changes after a revision that the log reaches back to. Every revision has one entry, so its position is known.
    fn changes_after(&self, revision: u64) -> impl Iterator<Item = &Change> {
        let seen = usize::try_from(revision - self.oldest()).unwrap_or(usize::MAX);
        self.log.range(seen.min(self.log.len())..)
    }

    /// What a query's objects were at a revision that the log reaches back to.
    fn past(&self, query: &ListQuery<'_>, revision: u64, range: Range) -> Past {
        let mut past = Past::new(revision, range);
        for change in self.changes_after(revision) {
            if change.key.resource == query.resource && change.key.tenant == query.tenant {
                past.take_back(change.key.as_key(), || {
                    let revision = change.previous_revision?;
                    Some(Stored { revision, bytes: change.previous.clone()? })
                });
            }
        }
        past
    }

    /// Forgets what is too old, then notes when the present commit was.
    fn grow_older(&mut self) {
        let (now, age) = (now(), self.limits.age);
        if let Some(expired) = self.marks.expired(now, age) {
            self.forget(expired);
        }
        self.marks.note(now, self.revision, age);
    }

    /// Forgets the changes up to a revision.
    fn forget(&mut self, revision: u64) {
        while self.log.front().is_some_and(|change| change.revision <= revision) {
            self.forget_first();
        }
        self.marks.forget(self.oldest());
    }

    fn forget_first(&mut self) {
        if let Some(gone) = self.log.pop_front() {
            self.log_bytes -= LogEntry::of(&gone).size();
        }
    }
}

impl Table {
    /// Whether every object has an entry in an index.
    fn covers(&self, index: &str) -> bool {
        self.covered.get(index).copied().unwrap_or(0) == self.rows.len()
    }

    /// Counts an object with such entries in, or out.
    fn count(&mut self, entries: &[IndexEntry], add: bool) {
        for (at, IndexEntry { index, .. }) in entries.iter().enumerate() {
            if entries[..at].iter().any(|before| before.index == *index) {
                continue;
            }
            match self.covered.get_mut(index) {
                Some(count) if add => *count += 1,
                Some(count) => *count = count.saturating_sub(1),
                None => {
                    self.covered.insert(index.clone(), usize::from(add));
                }
            }
        }
    }

    fn found<'a>(&'a self, place: &'a [u8]) -> Option<Result<Found<'a>>> {
        Some(Ok(Found { place, stored: &self.rows.get(place)?.stored }))
    }

    fn unindex(&mut self, place: &[u8], entries: &[IndexEntry]) {
        for entry in entries {
            let Some(values) = self.indexes.get_mut(&entry.index) else { continue };
            let Some(places) = values.get_mut(&entry.value) else { continue };
            places.remove(place);
            if places.is_empty() {
                values.remove(&entry.value);
            }
        }
    }

    fn index(&mut self, place: &Place, entries: &[IndexEntry]) {
        for entry in entries {
            let values = self.indexes.entry(entry.index.clone()).or_default();
            values.entry(entry.value.clone()).or_default().insert(place.clone());
        }
    }
}

impl Ledger for State {
    type Error = Infallible;

    fn get(&self, key: Key<'_>) -> Result<Option<Stored>, Infallible> {
        Ok(self.row(key).map(|row| row.stored.clone()))
    }

    fn next_revision(&self) -> u64 {
        self.revision + 1
    }

    fn put(&mut self, key: Key<'_>, stored: &Stored, indexes: &[IndexEntry]) -> Result<(), Infallible> {
        let mut place = Vec::with_capacity(key.namespace.len() + 1 + key.name.len());
        page::push_place(&mut place, key.namespace, key.name);
        let place = Place::from(place);
        let tables = self.tenants.entry(key.tenant.to_owned()).or_default();
        let table = tables.of.entry(key.resource.to_owned()).or_default();
        table.index(&place, indexes);
        table.count(indexes, true);
        let row = Row { stored: stored.clone(), indexes: indexes.to_vec() };
        tables.bytes += stored.bytes.len() as u64;
        match table.rows.insert(place.clone(), row) {
            None => {
                tables.objects += 1;
                table.order.insert(place);
            }
            Some(old) => {
                table.count(&old.indexes, false);
                tables.bytes -= old.stored.bytes.len() as u64;
                let gone: Vec<_> = old.indexes.into_iter().filter(|entry| !indexes.contains(entry)).collect();
                table.unindex(&place, &gone);
            }
        }
        Ok(())
    }

    fn remove(&mut self, key: Key<'_>) -> Result<(), Infallible> {
        let Some(tables) = self.tenants.get_mut(key.tenant) else { return Ok(()) };
        let Some(table) = tables.of.get_mut(key.resource) else { return Ok(()) };
        let removed = page::with_place(key, |place| table.rows.remove_entry(place)).flatten();
        if let Some((place, row)) = removed {
            tables.objects -= 1;
            tables.bytes -= row.stored.bytes.len() as u64;
            table.order.remove(&place);
            table.unindex(&place, &row.indexes);
            table.count(&row.indexes, false);
        }
        Ok(())
    }

    fn log(&mut self, entry: LogEntry<'_>) -> Result<(), Infallible> {
        self.revision = entry.revision;
        self.log_bytes += entry.size();
        self.log.push_back(entry.to_change());
        while self.limits.exceeded(self.log.len() as u64, self.log_bytes) {
            self.forget_first();
        }
        Ok(())
    }
}

impl Log for Arc<Shared> {
    fn read(&self, query: &WatchQuery) -> Result<(Vec<Change>, u64)> {
        let state = self.state();
        check_start(query.after, state.oldest(), state.revision)?;
        let (mut changes, mut bytes, mut read_to) = (Vec::new(), 0, query.after);
        for change in state.changes_after(query.after) {
            read_to = change.revision;
            if selects(query, change.key.as_key()) {
                bytes += change.bytes.len();
                changes.push(change.clone());
            }
            if changes.len() >= MAX_CHANGES || bytes >= MAX_CHANGE_BYTES {
                break;
            }
        }
        Ok((changes, read_to))
    }

    fn changed(&self) -> &Event {
        &self.changed
    }

    fn prepare_to_wait(&mut self) -> Result<()> {
        Ok(())
    }
}

/// An object that a list comes by.
struct Found<'a> {
    place: &'a [u8],
    stored: &'a Stored,
}

impl Candidate for Found<'_> {
    fn place(&self) -> &[u8] {
        self.place
    }

    fn text(&self) -> Result<&[u8]> {
        Ok(&self.stored.bytes)
    }

    fn stored(&self) -> Result<Stored> {
        Ok(self.stored.clone())
    }
}

fn borrow(bound: &Bound<Vec<u8>>) -> Bound<&[u8]> {
    bound.as_ref().map(Vec::as_slice)
}
