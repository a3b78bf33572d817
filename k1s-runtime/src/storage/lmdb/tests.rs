use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use pollster::block_on;

use super::layout::{self, Databases, FORMAT_KEY};
use super::{Durability, LmdbOptions, LmdbStorage, env, sys};
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
        let env = sys::open(directory.path(), 1 << 20, layout::COUNT, &LmdbOptions::default()).unwrap();
        let layout::Found::All(databases) = Databases::open(&env, env.read_txn().unwrap()).unwrap() else {
            panic!("not all databases are there");
        };
        let mut txn = env.write_txn().unwrap();
        databases.meta.put(&mut txn, FORMAT_KEY, &7_u32.to_be_bytes()).unwrap();
        txn.commit().unwrap();
    }
    let refused = LmdbStorage::open(directory.path(), LmdbOptions::default());
    assert!(matches!(refused, Err(Error::FromTheFuture { found: 7, known: 2, .. })), "{refused:?}");
}

#[test]
fn the_file_of_another_program_is_refused_and_left_alone() {
    for name in ["theirs", "meta"] {
        let directory = tempfile::tempdir().unwrap();
        {
            let env = sys::open(directory.path(), 1 << 20, 1, &LmdbOptions::default()).unwrap();
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
    for _ in 0..10 {
        block_on(store.commit(put("a", Expect::Any))).unwrap();
    }
    // Pages at the end become free, as LMDB leaves them out of a file when they were never written.
    let meta = store.shared.databases.meta;
    store.shared.write(1 << 30, |txn| Ok((meta.put(txn, b"k", &[1; 100_000])?, true))).unwrap();
    store.shared.write(1 << 30, |txn| Ok((meta.delete(txn, b"k")?, true))).unwrap();
    for _ in 0..5 {
        block_on(store.commit(put("a", Expect::Any))).unwrap();
    }
    drop(store);
    let file = directory.path().join("data.mdb");
    let whole = std::fs::read(&file).unwrap();
    let page = usize::try_from(u32::from_ne_bytes(whole[40..44].try_into().unwrap())).unwrap();
    let mut cut = whole.as_slice();
    let sound = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        let read_only = LmdbOptions { read_only: true, ..LmdbOptions::default() };
        match LmdbStorage::open(directory.path(), read_only) {
            Ok(store) => {
                assert!(block_on(store.get(key("a").as_key())).unwrap().is_some());
                drop(store);
                assert_eq!(std::fs::read(&file).unwrap(), bytes, "a reader leaves the file as it is");
                true
            }
            Err(Error::Corrupt(_)) => false,
            Err(error) => panic!("{error}"),
        }
    };
    while sound(&cut[..cut.len() - page]) {
        cut = &cut[..cut.len() - page];
    }
    let lacking = (whole.len() - cut.len()) / page;
    assert!(lacking > 4, "only {lacking} pages were not missed");
    for _ in 0..2 {
        assert!(matches!(
            LmdbStorage::open(directory.path(), LmdbOptions::default()),
            Err(Error::Corrupt(_))
        ));
    }
    std::fs::write(&file, cut).unwrap();
    let store = open(directory.path());
    assert!(block_on(store.get(key("a").as_key())).unwrap().is_some());
    block_on(store.commit(put("b", Expect::Absent))).unwrap();
    store.check().unwrap();
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

#[test]
fn each_durability_asks_for_its_syncs() {
    use heed::EnvFlags;
    let weak = EnvFlags::NO_SYNC | EnvFlags::NO_META_SYNC;
    for (durability, flags) in [
        (Durability::default(), EnvFlags::empty()),
        (Durability::Full, EnvFlags::empty()),
        (Durability::Latest, EnvFlags::NO_META_SYNC),
        (Durability::Process, EnvFlags::NO_SYNC),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let options = LmdbOptions { durability, ..LmdbOptions::default() };
        let store = LmdbStorage::open(directory.path(), options).unwrap();
        let asked = store.shared.with_env(|env| Ok(env.flags()?)).unwrap().unwrap();
        assert_eq!(asked & weak, flags, "{durability:?}");
        assert!(!asked.intersects(EnvFlags::NO_LOCK | EnvFlags::WRITE_MAP | EnvFlags::MAP_ASYNC));
        block_on(store.commit(put("a", Expect::Absent))).unwrap();
        store.flush().unwrap();
    }
}

#[test]
fn a_program_whose_store_was_migrated_under_it_writes_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    block_on(store.commit(put("a", Expect::Absent))).unwrap();
    let meta = store.shared.databases.meta;
    let newer = |txn: &mut heed::RwTxn<'_>| Ok(((), meta.put(txn, FORMAT_KEY, &9_u32.to_be_bytes()).is_ok()));
    store.shared.write(1 << 30, newer).unwrap();
    let refused = block_on(store.commit(put("b", Expect::Absent)));
    assert!(matches!(refused, Err(Error::FromTheFuture { found: 9, .. })), "{refused:?}");
}

/// What is wrong inside of sound pages is found too: every database is compared with the others.
#[test]
fn a_check_finds_what_does_not_agree() {
    type Damage = fn(&Databases, &mut heed::RwTxn<'_>) -> heed::Result<()>;
    fn key_of(database: layout::Raw, txn: &heed::RwTxn<'_>) -> Vec<u8> {
        database.first(txn).unwrap().unwrap().0.to_vec()
    }
    /// The first count whose key ends in so many bytes of ids: of an index, or of all objects.
    fn count_key(it: &Databases, txn: &heed::RwTxn<'_>, ids: usize) -> Vec<u8> {
        let mut keys = it.meta.iter(txn).unwrap().map(|entry| entry.unwrap().0.to_vec());
        keys.find(|key| key.starts_with(b"count") && key.len() == 5 + ids).unwrap()
    }
    let damages: [(&str, Damage); 9] = [
        ("log has a gap", |it, txn| it.log.delete(txn, &key_of(it.log, txn)).map(drop)),
        ("index lacks", |it, txn| it.index.delete(txn, &key_of(it.index, txn)).map(drop)),
        ("index entries", |it, txn| it.objects.delete(txn, &key_of(it.objects, txn)).map(drop)),
        ("without a name", |it, txn| it.names.delete(txn, b"\0t").map(drop)),
        ("account", |it, txn| it.tenants.clear(txn)),
        ("cut short", |it, txn| it.objects.put(txn, &key_of(it.objects, txn), b"short")),
        ("counted wrongly", |it, txn| it.meta.put(txn, &count_key(it, txn, 12), &7_u64.to_be_bytes())),
        ("counted wrongly", |it, txn| it.meta.put(txn, &count_key(it, txn, 8), &1_u64.to_be_bytes())),
        ("one id", |it, txn| it.names.put(txn, b"\0other", &0_u32.to_be_bytes())),
    ];
    for (what, damage) in damages {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path());
        for name in ["a", "b"] {
            let entry = |value: &str| crate::storage::IndexEntry { index: "i".into(), value: value.into() };
            let put = Mutation::Put {
                key: key(name),
                expect: Expect::Any,
                value: Stamped::fixed(b"{}".to_vec()),
                indexes: vec![entry("short"), entry(&"long".repeat(100))],
            };
            block_on(store.commit(vec![Transaction { mutations: vec![put] }])).unwrap();
        }
        let checked = store.check().unwrap();
        assert_eq!((checked.objects, checked.index_entries, checked.changes, checked.tenants), (2, 4, 2, 1));
        let databases = store.shared.databases;
        store.shared.write(1 << 30, |txn| Ok(((), damage(&databases, txn).is_ok()))).unwrap();
        let found = store.check();
        assert!(matches!(&found, Err(Error::Corrupt(text)) if text.contains(what)), "{what}: {found:?}");
    }
}
