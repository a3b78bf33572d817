//! Looking after a durable store: backups, checks, migration, durability, and files that are not what they were.

#![cfg(feature = "lmdb")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::path::Path;

use k1s_runtime::storage::{
    Durability, Error, Expect, IndexEntry, IndexMatch, Key, ListQuery, LmdbOptions, LmdbStorage, Mutation,
    Outcome, Stamped, Storage, Transaction, WatchQuery, tenants,
};
use pollster::block_on;

fn open(directory: &Path) -> LmdbStorage {
    LmdbStorage::open(directory, LmdbOptions::default()).unwrap()
}

fn key(name: &str) -> Key<'_> {
    Key { tenant: "t", resource: "r", namespace: "ns", name }
}

fn put(name: &str, size: usize) -> Vec<Transaction> {
    let value = Stamped::fixed(format!("\"{}\"", "x".repeat(size)).into_bytes());
    let indexes = vec![IndexEntry { index: "size".into(), value: size.to_string() }];
    let put = Mutation::Put { key: key(name).to_buf(), expect: Expect::Any, value, indexes };
    vec![Transaction { mutations: vec![put] }]
}

fn write(store: &LmdbStorage, name: &str, size: usize) {
    let outcomes = block_on(store.commit(put(name, size))).unwrap();
    assert!(matches!(outcomes[..], [Outcome::Committed { .. }]));
}

fn names(store: &LmdbStorage) -> usize {
    block_on(store.list(ListQuery::all("t", "r"))).unwrap().items.len()
}

#[test]
fn a_backup_is_a_store_of_its_own_without_free_space() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("store"));
    for round in 0..3 {
        for number in 0..100 {
            write(&store, &format!("n{number}"), 5_000 * (2 - round));
        }
    }
    let place = directory.path().join("backups/today");
    let bytes = store.backup(&place).unwrap();
    let before = store.check().unwrap();
    assert!(before.free_bytes > 0 && bytes <= before.bytes - before.free_bytes, "{bytes} of {before:?}");
    write(&store, "later", 10);
    let backup = LmdbStorage::open(&place, LmdbOptions { verify: true, ..LmdbOptions::default() }).unwrap();
    let checked = backup.check().unwrap();
    assert_eq!((checked.revision, checked.objects, checked.changes), (300, 100, before.changes));
    assert_eq!((names(&backup), names(&store)), (100, 101));
    write(&backup, "other", 10);
    assert!(block_on(store.get(key("other"))).unwrap().is_none());
    let watch = WatchQuery { tenant: "t".into(), resource: "r".into(), namespace: None, after: 299 };
    assert_eq!(block_on(backup.watch(watch)).unwrap().try_next().unwrap().len(), 2, "the log goes on");
}

#[cfg(unix)]
#[test]
fn a_backup_is_for_its_owner_alone_and_replaces_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("store"));
    write(&store, "a", 10);
    let place = directory.path().join("backup");
    store.backup(&place).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&place), mode(&place.join("data.mdb"))), (0o700, 0o600));
    assert_eq!(std::fs::read_dir(&place).unwrap().count(), 1, "nothing else is left there");
    let first = std::fs::read(place.join("data.mdb")).unwrap();
    write(&store, "b", 10);
    for taken in [place.as_path(), store.path()] {
        let refused = store.backup(taken).unwrap_err();
        assert!(refused.to_string().contains("there is a store already"), "{refused}");
    }
    assert_eq!(std::fs::read(place.join("data.mdb")).unwrap(), first);
    let refused = store.backup(place.join("data.mdb"));
    assert!(matches!(refused, Err(Error::Open { .. })), "{refused:?}");
    let busy = directory.path().join("busy");
    std::fs::create_dir(&busy).unwrap();
    std::fs::write(busy.join("data.mdb.partial"), "of another").unwrap();
    let refused = store.backup(&busy).unwrap_err();
    assert!(refused.to_string().contains("remove data.mdb.partial"), "{refused}");
    assert_eq!(std::fs::read(busy.join("data.mdb.partial")).unwrap(), b"of another");
}

#[test]
fn a_backup_is_of_one_moment_while_writers_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let options = LmdbOptions { map_size: 0, ..LmdbOptions::default() };
    let store = LmdbStorage::open(directory.path().join("store"), options).unwrap();
    let both = |number: usize| {
        let mut one = put("left", number);
        one[0].mutations.extend(put("right", number).remove(0).mutations);
        block_on(store.commit(one)).unwrap();
    };
    both(0);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (1..300).for_each(|number| both(number * 100)));
        let mut round = 0;
        while !writer.is_finished() {
            let place = directory.path().join(format!("backup-{round}"));
            store.backup(&place).unwrap();
            let backup = open(&place);
            let page = block_on(backup.list(ListQuery::all("t", "r"))).unwrap();
            assert_eq!(page.items[0].bytes, page.items[1].bytes, "half a transaction is in a backup");
            backup.check().unwrap();
            round += 1;
        }
        assert!(round > 0);
    });
    store.check().unwrap();
}

#[test]
fn a_store_of_the_first_format_is_brought_up_to_date() {
    let directory = tempfile::tempdir().unwrap();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format-1/data.mdb");
    let file = directory.path().join("data.mdb");
    std::fs::copy(&old, &file).unwrap();
    let read_only = || LmdbOptions { read_only: true, ..LmdbOptions::default() };
    let refused = LmdbStorage::open(directory.path(), read_only()).unwrap_err();
    assert!(matches!(refused, Error::Outdated { found: 1, known: 2, .. }), "{refused}");
    assert!(refused.to_string().contains("open it for writing once"), "{refused}");
    assert_eq!(std::fs::read(&file).unwrap(), std::fs::read(&old).unwrap(), "reading changes nothing");
    let store = open(directory.path());
    let checked = store.check().unwrap();
    assert_eq!((checked.revision, checked.objects, checked.tenants), (25, 17, 3));
    assert_eq!(checked.changes, 20, "what the older program remembered for watches");
    let listed: Vec<_> =
        block_on(store.tenants()).unwrap().into_iter().map(|it| (it.name, it.objects)).collect();
    assert_eq!(listed, [("default".to_owned(), 10), ("t\0 odd/é".to_owned(), 1), ("team-a".to_owned(), 6)]);
    let red = Some(IndexMatch { index: "color", value: "red" });
    let query = ListQuery { index: red, ..ListQuery::all("team-a", "widgets.example.com") };
    assert_eq!(block_on(store.list(query)).unwrap().items.len(), 3);
    write(&store, "new", 10);
    drop(store);
    let reader = LmdbStorage::open(directory.path(), read_only()).unwrap();
    assert_eq!(block_on(reader.tenants()).unwrap().len(), 4);
}

/// Dies in the middle of a read, when it is started to.
#[test]
fn job_of_a_child() {
    let Some(directory) = std::env::var_os("K1S_TEST_DYING_READER") else { return };
    let store = open(Path::new(&directory));
    block_on(store.visit("t", &mut |_| std::process::abort())).unwrap();
}

#[cfg(unix)]
#[test]
fn readers_that_died_keep_no_space() {
    use std::os::unix::process::ExitStatusExt;
    let directory = tempfile::tempdir().unwrap();
    let options = LmdbOptions { map_size: 0, max_map_size: 2 << 20, ..LmdbOptions::default() };
    let store = LmdbStorage::open(directory.path(), options).unwrap();
    write(&store, "a", 20_000);
    for round in 0..3 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "job_of_a_child"]).env("K1S_TEST_DYING_READER", directory.path());
        assert!(child.output().unwrap().status.signal().is_some(), "it should have died");
        // Nobody opens the store anew, which would clear them out.
        for number in 0..200 {
            write(&store, "a", 20_000 + number + round);
        }
    }
    assert_eq!(store.check().unwrap().revision, 601);
}

/// With every durability, and from a full check, the same answers.
#[test]
fn weaker_durability_changes_no_answer() {
    for durability in [Durability::Full, Durability::Latest, Durability::Process] {
        let directory = tempfile::tempdir().unwrap();
        let options = LmdbOptions { durability, ..LmdbOptions::default() };
        let store = LmdbStorage::open(directory.path(), options.clone()).unwrap();
        for number in 0..50 {
            write(&store, &format!("n{}", number % 20), number * 97);
        }
        store.flush().unwrap();
        drop(store);
        let store = LmdbStorage::open(directory.path(), LmdbOptions { verify: true, ..options }).unwrap();
        assert_eq!((names(&store), store.check().unwrap().revision), (20, 50), "{durability:?}");
    }
}

#[test]
fn what_is_garbage_where_a_tree_begins_is_told_when_it_is_opened() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for number in 0..50 {
        write(&store, &format!("n{number}"), 300);
    }
    drop(store);
    let file = directory.path().join("data.mdb");
    let whole = std::fs::read(&file).unwrap();
    let page = usize::try_from(u32::from_ne_bytes(whole[40..44].try_into().unwrap())).unwrap();
    for byte in [0_u8, 0xFF, b'x'] {
        let mut damaged = whole.clone();
        damaged[2 * page..].fill(byte);
        std::fs::write(&file, &damaged).unwrap();
        for read_only in [false, true] {
            let options = LmdbOptions { read_only, ..LmdbOptions::default() };
            let error = LmdbStorage::open(directory.path(), options).unwrap_err();
            assert!(matches!(error, Error::Corrupt(_)), "{error}");
            assert!(error.to_string().contains("go back to a backup"), "{error}");
        }
        assert_eq!(std::fs::read(&file).unwrap(), damaged, "it is left as it is");
    }
}

#[test]
fn a_check_runs_beside_writers() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    write(&store, "a", 10);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..300 {
                write(&store, &format!("n{}", number % 40), number * 40);
            }
        });
        let mut last = 0;
        while !writer.is_finished() {
            let checked = store.check().unwrap();
            assert!(checked.revision >= last);
            last = checked.revision;
        }
    });
    assert_eq!(store.check().unwrap().revision, 301);
}

#[test]
fn what_cannot_be_written_ends_an_export() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.0 < bytes.len() {
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            self.0 -= bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    (0..20).for_each(|number| write(&store, &format!("n{number}"), 100));
    for (room, at) in [(0, 1), (500, 3)] {
        match block_on(tenants::export(&store, "t", &mut Full(room))) {
            Err(Error::Transfer { line, .. }) => assert!(line >= at, "{line}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(block_on(tenants::remove(&store, "t")).unwrap(), 20, "the store goes on");
}
