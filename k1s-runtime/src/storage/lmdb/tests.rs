use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use pollster::block_on;

use super::layout::{Databases, FORMAT_KEY};
use super::{LmdbOptions, LmdbStorage, env, sys};
use crate::storage::{Error, Expect, Key, KeyBuf, Mutation, Outcome, Stamped, Storage, Transaction};

fn open(directory: &Path) -> LmdbStorage {
    LmdbStorage::open(directory, LmdbOptions::default()).unwrap()
}

fn key(name: &str) -> KeyBuf {
    Key { tenant: "t", resource: "r", namespace: "ns", name }.to_buf()
}

fn put(name: &str, expect: Expect) -> Vec<Transaction> {
    let value = Stamped::fixed(b"{}".to_vec());
    let put = Mutation::Put { key: key(name), expect, value, indexes: Vec::new() };
    vec![Transaction { mutations: vec![put] }]
}

/// Runs futures on one thread, in turns.
fn join<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    let mut context = Context::from_waker(Waker::noop());
    while futures.iter().any(|(_, output)| output.is_none()) {
        for (future, output) in futures.iter_mut().filter(|(_, output)| output.is_none()) {
            if let Poll::Ready(ready) = future.as_mut().poll(&mut context) {
                *output = Some(ready);
            }
        }
    }
    futures.into_iter().filter_map(|(_, output)| output).collect()
}

#[test]
fn commits_that_run_together_share_one_transaction_and_keep_their_own_outcomes() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let before = store.shared.written_transaction();
    let names = ["a", "b", "a", "c", "a", "d", "e", "f"];
    let outcomes = join(names.map(|name| store.commit(put(name, Expect::Absent))));
    assert_eq!(store.shared.written_transaction(), before + 1);
    let committed: Vec<_> = outcomes
        .iter()
        .map(|outcome| matches!(outcome.as_deref(), Ok([Outcome::Committed { .. }])))
        .collect();
    assert_eq!(committed, [true, true, false, true, false, true, true, true]);
    let refused = join([put("", Expect::Any), put("g", Expect::Any)].map(|batch| store.commit(batch)));
    assert!(refused[0].is_err() && refused[1].is_ok(), "a bad batch does not hurt the others");
    assert_eq!(block_on(store.revision()).unwrap(), 7);
}

#[test]
fn a_commit_that_changes_nothing_writes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    block_on(store.commit(put("a", Expect::Absent))).unwrap();
    let before = store.shared.written_transaction();
    block_on(store.commit(put("a", Expect::Absent))).unwrap();
    let check = Mutation::Check { key: key("a"), expect: Expect::Revision(1) };
    block_on(store.commit(vec![Transaction { mutations: vec![check] }])).unwrap();
    assert_eq!(store.shared.written_transaction(), before);
}

#[test]
fn a_commit_that_is_dropped_before_its_turn_is_withdrawn() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    {
        let mut dropped = pin!(store.commit(put("dropped", Expect::Any)));
        assert!(dropped.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    block_on(store.commit(put("kept", Expect::Any))).unwrap();
    assert_eq!(block_on(store.get(key("dropped").as_key())).unwrap(), None);
    assert!(block_on(store.get(key("kept").as_key())).unwrap().is_some());
}

#[test]
fn a_store_is_opened_once_and_shared() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let again = open(&directory.path().join("."));
    assert!(Arc::ptr_eq(&store.shared, &again.shared));
    block_on(store.commit(put("a", Expect::Any))).unwrap();
    assert!(block_on(again.get(key("a").as_key())).unwrap().is_some());
    drop((store, again));
    assert_eq!(block_on(open(directory.path()).revision()).unwrap(), 1);
}

#[test]
fn a_store_of_a_newer_program_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(directory.path()));
    {
        let env = sys::open(directory.path(), 1 << 20, 5, false).unwrap();
        let databases = Databases::open(&env, env.read_txn().unwrap()).unwrap().unwrap();
        let mut txn = env.write_txn().unwrap();
        databases.meta.put(&mut txn, FORMAT_KEY, &7_u32.to_be_bytes()).unwrap();
        txn.commit().unwrap();
    }
    let refused = LmdbStorage::open(directory.path(), LmdbOptions::default());
    assert!(matches!(refused, Err(Error::FromTheFuture { found: 7, known: 1, .. })), "{refused:?}");
}

#[test]
fn the_file_of_another_program_is_refused_and_left_alone() {
    for name in ["theirs", "meta"] {
        let directory = tempfile::tempdir().unwrap();
        {
            let env = sys::open(directory.path(), 1 << 20, 1, false).unwrap();
            let txn = env.write_txn().unwrap();
            let opened = env.create_databases_and_commit(txn, |opener, txn| -> Result<_, heed::Error> {
                let main = opener.create_database::<heed::types::Str, heed::types::Str>(txn, None)?;
                main.put(txn, name, "value")?;
                Ok(heed::CommitOrAbort::<_, ()>::Commit(main))
            });
            assert!(opened.is_ok());
        }
        let file = directory.path().join("data.mdb");
        let before = std::fs::read(&file).unwrap();
        let refused = LmdbStorage::open(directory.path(), LmdbOptions::default());
        assert!(matches!(refused, Err(Error::NotAStore { .. })), "{name}: {refused:?}");
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}

#[test]
fn a_file_that_lacks_only_free_pages_is_sound() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    block_on(store.commit(put("a", Expect::Any))).unwrap();
    let file = directory.path().join("data.mdb");
    drop(store);
    // A last page that was given and never written, as LMDB leaves it: the newest meta page counts one page more.
    let mut bytes = std::fs::read(&file).unwrap();
    let page = usize::try_from(u32::from_ne_bytes(bytes[40..44].try_into().unwrap())).unwrap();
    for last_page in [136, page + 136] {
        let pages = u64::from_ne_bytes(bytes[last_page..last_page + 8].try_into().unwrap());
        bytes[last_page..last_page + 8].copy_from_slice(&(pages + 1).to_ne_bytes());
    }
    std::fs::write(&file, &bytes).unwrap();
    let read_only = LmdbOptions { read_only: true, ..LmdbOptions::default() };
    assert!(matches!(LmdbStorage::open(directory.path(), read_only), Err(Error::Corrupt(_))));
    let store = open(directory.path());
    assert!(block_on(store.get(key("a").as_key())).unwrap().is_some());
    block_on(store.commit(put("b", Expect::Absent))).unwrap();
}

#[test]
fn closing_and_opening_from_many_threads_works_out() {
    let directory = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let path = directory.path();
            scope.spawn(move || {
                for round in 0..20 {
                    let store = open(path);
                    block_on(store.commit(put(&format!("{thread}-{round}"), Expect::Absent))).unwrap();
                }
            });
        }
    });
    let shared = env::open(directory.path(), LmdbOptions::default()).unwrap();
    assert_eq!(block_on(LmdbStorage { shared, read_only: false }.revision()).unwrap(), 80);
}
