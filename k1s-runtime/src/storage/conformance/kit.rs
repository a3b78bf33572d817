//! Short words for what the checks do again and again.

use std::sync::Arc;

use pollster::block_on;

use super::Open;
use crate::storage::{
    Change, Expect, IndexEntry, IndexMatch, Key, KeyBuf, ListQuery, LogLimits, Mutation, Outcome, Page,
    Stamped, Storage, Stored, Transaction, Watch, WatchQuery,
};

pub(super) const TENANT: &str = "team-a";
pub(super) const RESOURCE: &str = "widgets.example.com";

pub(super) fn open(open: Open<'_>) -> Arc<dyn Storage> {
    open(LogLimits::default())
}

pub(super) fn key<'a>(namespace: &'a str, name: &'a str) -> Key<'a> {
    Key { tenant: TENANT, resource: RESOURCE, namespace, name }
}

/// A text with the revision inside.
pub(super) fn text(content: &str) -> Stamped {
    let (head, tail) = ("{\"metadata\":{\"resourceVersion\":\"", format!("\"}},\"content\":\"{content}\"}}"));
    Stamped::new(format!("{head}{tail}").into_bytes(), head.len())
}

/// The text as it is stored.
pub(super) fn stamped(content: &str, revision: u64) -> Vec<u8> {
    text(content).stamp(revision).to_vec()
}

pub(super) fn put(key: Key<'_>, expect: Expect, content: &str, indexes: &[(&str, &str)]) -> Mutation {
    let entry = |(index, value): &(&str, &str)| IndexEntry { index: (*index).into(), value: (*value).into() };
    Mutation::Put {
        key: key.to_buf(),
        expect,
        value: text(content),
        indexes: indexes.iter().map(entry).collect(),
    }
}

pub(super) fn delete(key: Key<'_>, expect: Expect, content: &str) -> Mutation {
    Mutation::Delete { key: key.to_buf(), expect, value: text(content) }
}

pub(super) fn check(key: Key<'_>, expect: Expect) -> Mutation {
    Mutation::Check { key: key.to_buf(), expect }
}

/// Commits one transaction.
#[track_caller]
pub(super) fn commit(store: &dyn Storage, mutations: Vec<Mutation>) -> Outcome {
    let mut outcomes = block_on(store.commit(vec![Transaction { mutations }])).unwrap();
    assert_eq!(outcomes.len(), 1, "one transaction has one outcome");
    outcomes.remove(0)
}

/// Commits one mutation that must succeed and leave something behind.
#[track_caller]
pub(super) fn write(store: &dyn Storage, mutation: Mutation) -> Stored {
    match commit(store, vec![mutation]) {
        Outcome::Committed { mut stored } if stored.len() == 1 => match stored.remove(0) {
            Some(stored) => stored,
            None => panic!("the mutation left nothing behind"),
        },
        outcome => panic!("not committed: {outcome:?}"),
    }
}

/// Writes an object, whatever was there.
#[track_caller]
pub(super) fn set(store: &dyn Storage, namespace: &str, name: &str, content: &str) -> Stored {
    write(store, put(key(namespace, name), Expect::Any, content, &[]))
}

#[track_caller]
pub(super) fn get(store: &dyn Storage, key: Key<'_>) -> Option<Stored> {
    block_on(store.get(key)).unwrap()
}

#[track_caller]
pub(super) fn revision(store: &dyn Storage) -> u64 {
    block_on(store.revision()).unwrap()
}

/// Everything of [`RESOURCE`].
pub(super) fn everything<'a>() -> ListQuery<'a> {
    ListQuery {
        tenant: TENANT,
        resource: RESOURCE,
        namespace: None,
        index: None,
        hint: None,
        filter: None,
        after: None,
        limit: 0,
        at: None,
    }
}

#[track_caller]
pub(super) fn list(store: &dyn Storage, query: ListQuery<'_>) -> Page {
    block_on(store.list(query)).unwrap()
}

/// The contents of a page.
pub(super) fn contents(page: &Page) -> Vec<String> {
    page.items.iter().map(|stored| content(&stored.bytes)).collect()
}

/// The content of a text made by [`text`].
pub(super) fn content(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    let (_, rest) = text.split_once("\"content\":\"").unwrap();
    rest.trim_end_matches("\"}").to_owned()
}

/// The contents of the objects under a value of an index.
#[track_caller]
pub(super) fn indexed(store: &dyn Storage, index: &str, value: &str) -> Vec<String> {
    contents(&list(store, ListQuery { index: Some(IndexMatch { index, value }), ..everything() }))
}

pub(super) fn watch_query(after: u64) -> WatchQuery {
    WatchQuery { tenant: TENANT.into(), resource: RESOURCE.into(), namespace: None, after }
}

#[track_caller]
pub(super) fn watch(store: &dyn Storage, query: WatchQuery) -> Box<dyn Watch> {
    block_on(store.watch(query)).unwrap()
}

/// All changes that are there now.
#[track_caller]
pub(super) fn drain(watch: &mut dyn Watch) -> Vec<Change> {
    let mut all = Vec::new();
    loop {
        let changes = watch.try_next().unwrap();
        if changes.is_empty() {
            return all;
        }
        all.extend(changes);
    }
}

/// The same key elsewhere.
pub(super) fn moved(key: Key<'_>, tenant: &str, resource: &str) -> KeyBuf {
    Key { tenant, resource, ..key }.to_buf()
}
