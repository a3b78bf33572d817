//! What only a durable store can do, or fail to do: files, limits, other processes, and sudden ends.

#![cfg(feature = "lmdb")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use k1s_runtime::storage::{
    Error, Expect, Key, ListQuery, LmdbOptions, LmdbStorage, Mutation, Outcome, Stamped, Storage,
    Transaction, WatchQuery,
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
    let put = Mutation::Put { key: key(name).to_buf(), expect: Expect::Any, value, indexes: Vec::new() };
    vec![Transaction { mutations: vec![put] }]
}

fn delete(name: &str) -> Vec<Transaction> {
    let value = Stamped::fixed(b"{}".to_vec());
    let delete = Mutation::Delete { key: key(name).to_buf(), expect: Expect::Any, value };
    vec![Transaction { mutations: vec![delete] }]
}

fn everything<'a>() -> ListQuery<'a> {
    ListQuery {
        tenant: "t",
        resource: "r",
        namespace: None,
        index: None,
        hint: None,
        filter: None,
        after: None,
        limit: 0,
        at: None,
    }
}

fn from(after: u64) -> WatchQuery {
    WatchQuery { tenant: "t".into(), resource: "r".into(), namespace: None, after }
}

fn revision_of(outcomes: &[Outcome]) -> u64 {
    match outcomes {
        [Outcome::Committed { stored }] => stored[0].as_ref().unwrap().revision,
        other => panic!("not committed: {other:?}"),
    }
}

/// Starts this test program again as another process, which does one job.
fn child(job: &str, directory: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "job_of_a_child", "--nocapture"])
        .env("K1S_TEST_JOB", job)
        .env("K1S_TEST_STORE", directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run_child(job: &str, directory: &Path) {
    assert!(child(job, directory).wait_with_output().unwrap().status.success(), "the child failed at {job}");
}

/// What a child does; nothing in the test program itself.
#[test]
fn job_of_a_child() {
    let Some(job) = std::env::var_os("K1S_TEST_JOB") else { return };
    let store = open(Path::new(&std::env::var_os("K1S_TEST_STORE").unwrap()));
    match job.to_str().unwrap() {
        "write one" => drop(block_on(store.commit(put("of-the-child", 10))).unwrap()),
        "write much" => {
            for number in 0..50 {
                block_on(store.commit(put(&format!("much-{number}"), 100_000))).unwrap();
            }
        }
        "write until killed" => loop {
            let name = format!("n{}", block_on(store.revision()).unwrap() % 500);
            let revision = revision_of(&block_on(store.commit(put(&name, 3000))).unwrap());
            writeln!(std::io::stdout(), "ack {name} {revision}").unwrap();
        },
        other => panic!("unknown job {other}"),
    }
}

#[test]
fn a_commit_of_another_process_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let before = store.commits();
    assert_eq!(store.commits(), before);
    run_child("write one", directory.path());
    assert_ne!(store.commits(), before);
    assert_eq!(block_on(store.revision()).unwrap(), 1);
}

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("some/new/place");
    for round in 1..=5 {
        let store = open(&path);
        assert_eq!(block_on(store.revision()).unwrap(), round - 1);
        assert_eq!(revision_of(&block_on(store.commit(put(&format!("n{round}"), 10))).unwrap()), round);
        assert_eq!(block_on(store.list(everything())).unwrap().items.len() as u64, round);
        assert_eq!(block_on(store.watch(from(0))).unwrap().try_next().unwrap().len() as u64, round);
    }
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let store = open(&path);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    assert_eq!((mode(&path.join("data.mdb")), mode(&path.join("lock.mdb"))), (0o600, 0o600));
    drop(store);
}

#[test]
fn a_store_can_be_read_only() {
    let directory = tempfile::tempdir().unwrap();
    let read_only = || LmdbOptions { read_only: true, ..LmdbOptions::default() };
    let path = directory.path().join("store");
    let missing = LmdbStorage::open(&path, read_only());
    assert!(matches!(missing, Err(Error::Open { .. })), "{missing:?}");
    assert!(!path.exists(), "reading creates nothing");
    let store = open(&path);
    block_on(store.commit(put("a", 10))).unwrap();
    let beside = LmdbStorage::open(&path, read_only()).unwrap();
    assert!(block_on(beside.get(key("a"))).unwrap().is_some());
    assert!(block_on(beside.commit(put("b", 10))).is_err());
    drop(beside);
    drop(store);
    let reader = LmdbStorage::open(&path, read_only()).unwrap();
    assert!(block_on(reader.get(key("a"))).unwrap().is_some());
    assert!(block_on(reader.commit(put("b", 10))).is_err());
    let writer = LmdbStorage::open(&path, LmdbOptions::default());
    assert!(matches!(writer, Err(Error::Open { .. })), "one process, one way of opening: {writer:?}");
}

#[test]
fn what_is_in_the_way_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "text").unwrap();
    for path in [file.clone(), file.join("below")] {
        let error = LmdbStorage::open(&path, LmdbOptions::default()).unwrap_err();
        assert!(matches!(error, Error::Open { .. }), "{error}");
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "text");
    let odd = directory.path().join("odd");
    std::fs::create_dir_all(odd.join("data.mdb")).unwrap();
    assert!(matches!(LmdbStorage::open(&odd, LmdbOptions::default()), Err(Error::NotAStore { .. })));
}

#[test]
fn garbage_is_refused_and_left_alone() {
    for length in [1, 100, 152, 4096, 8192, 100_000] {
        for byte in [0_u8, 0xFF, b'x'] {
            let directory = tempfile::tempdir().unwrap();
            let file = directory.path().join("data.mdb");
            std::fs::write(&file, vec![byte; length]).unwrap();
            let error = LmdbStorage::open(directory.path(), LmdbOptions::default()).unwrap_err();
            assert!(matches!(error, Error::NotAStore { .. }), "{length} × {byte}: {error}");
            assert_eq!(std::fs::read(&file).unwrap(), vec![byte; length]);
        }
    }
}

#[test]
fn a_file_cut_short_is_an_error_and_never_a_crash() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for number in 0..60 {
        block_on(store.commit(put(&format!("n{number}"), number * 300))).unwrap();
    }
    let whole = block_on(store.list(everything())).unwrap().items;
    drop(store);
    let file = directory.path().join("data.mdb");
    let bytes = std::fs::read(&file).unwrap();
    let mut refused = 0;
    for cut in (1..bytes.len()).step_by(bytes.len() / 61) {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("data.mdb"), &bytes[..bytes.len() - cut]).unwrap();
        match LmdbStorage::open(directory.path(), LmdbOptions::default()) {
            Ok(store) => assert_eq!(block_on(store.list(everything())).unwrap().items, whole, "cut by {cut}"),
            Err(Error::Corrupt(_) | Error::NotAStore { .. }) => refused += 1,
            Err(other) => panic!("cut by {cut}: {other}"),
        }
    }
    assert!(refused > 50, "only {refused} cuts were noticed");
}

#[test]
fn a_full_store_says_so_and_can_be_emptied() {
    let directory = tempfile::tempdir().unwrap();
    let options = || LmdbOptions { map_size: 0, max_map_size: 2 << 20, ..LmdbOptions::default() };
    let store = LmdbStorage::open(directory.path(), options()).unwrap();
    let mut written = 0;
    let error = loop {
        match block_on(store.commit(put(&format!("n{written}"), 20_000))) {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 200, "the limit is not kept");
    };
    assert!(matches!(error, Error::Full { .. }), "{error}");
    assert!(written > 20, "full after {written} objects");
    assert_eq!(
        block_on(store.list(everything())).unwrap().items.len(),
        written,
        "nothing acknowledged is lost"
    );
    let huge = block_on(store.commit(put("huge", 10 << 20)));
    assert!(matches!(huge, Err(Error::Full { .. })), "{huge:?}");
    for number in 0..written {
        block_on(store.commit(delete(&format!("n{number}")))).unwrap();
    }
    for number in 0..10 {
        block_on(store.commit(put(&format!("again-{number}"), 20_000))).unwrap();
    }
    assert!(matches!(block_on(store.commit(put("huge", 10 << 20))), Err(Error::Full { .. })));
    drop(store);
    let larger = LmdbStorage::open(directory.path(), LmdbOptions::default()).unwrap();
    block_on(larger.commit(put("huge", 10 << 20))).unwrap();
    assert_eq!(block_on(larger.list(everything())).unwrap().items.len(), 11);
}

#[test]
fn the_map_grows_under_readers_and_writers() {
    let directory = tempfile::tempdir().unwrap();
    let options = LmdbOptions { map_size: 0, ..LmdbOptions::default() };
    let store = LmdbStorage::open(directory.path(), options).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..20 {
                    let name = format!("w{writer}-{number}");
                    block_on(store.commit(put(&name, 50_000))).unwrap();
                    assert!(block_on(store.get(key(&name))).unwrap().is_some());
                }
            });
        }
    });
    assert_eq!(block_on(store.list(everything())).unwrap().items.len(), 60);
}

#[test]
fn another_process_may_grow_the_map() {
    let directory = tempfile::tempdir().unwrap();
    let options = LmdbOptions { map_size: 0, ..LmdbOptions::default() };
    let store = LmdbStorage::open(directory.path(), options).unwrap();
    run_child("write much", directory.path());
    assert_eq!(block_on(store.list(everything())).unwrap().items.len(), 50);
    block_on(store.commit(put("more", 100_000))).unwrap();
}

#[test]
fn a_watch_is_woken_by_another_process() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    let mut watch = block_on(store.watch(from(0))).unwrap();
    for round in 1..=3 {
        let path = directory.path().to_owned();
        let writer = std::thread::spawn(move || run_child("write one", &path));
        let changes = block_on(watch.next()).unwrap();
        assert_eq!(changes.iter().map(|change| change.revision).collect::<Vec<_>>(), [round]);
        assert_eq!(changes[0].key.name, "of-the-child");
        writer.join().unwrap();
    }
}

/// A writer is killed again and again at a moment of chance. What it had acknowledged is there, and the store is whole.
#[test]
fn nothing_acknowledged_is_lost_when_a_writer_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let keep_open = open(directory.path());
    let mut ledger = BTreeMap::new();
    for round in 0..20_u64 {
        let mut writer = child("write until killed", directory.path());
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok);
        let first = lines.by_ref().find(|line| line.contains("ack ")).unwrap();
        std::thread::sleep(Duration::from_micros(RandomState::new().hash_one(round) % 20_000));
        writer.kill().unwrap();
        writer.wait().unwrap();
        for line in std::iter::once(first).chain(lines) {
            // The last line may have been cut off.
            let words: Vec<_> = line.split(' ').collect();
            if let [.., "ack", name, revision] = words[..]
                && let Ok(revision) = revision.parse::<u64>()
            {
                ledger.insert(name.to_owned(), revision);
            }
        }
        verify(&keep_open, &ledger);
        revision_of(&block_on(keep_open.commit(put("of-the-parent", 10))).unwrap());
    }
    drop(keep_open);
    verify(&open(directory.path()), &ledger);
}

/// The store holds what the ledger says, or something newer, and its log is whole.
fn verify(store: &LmdbStorage, ledger: &BTreeMap<String, u64>) {
    for (name, revision) in ledger {
        let stored = block_on(store.get(key(name))).unwrap();
        assert!(
            stored.is_some_and(|stored| stored.revision >= *revision),
            "{name} of revision {revision} is lost"
        );
    }
    let page = block_on(store.list(everything())).unwrap();
    let mut watch = block_on(store.watch(from(page.revision.saturating_sub(3000)))).unwrap();
    let mut last = page.revision.saturating_sub(3000);
    let mut latest = BTreeMap::new();
    loop {
        let changes = watch.try_next().unwrap();
        if changes.is_empty() {
            break;
        }
        for change in changes {
            assert_eq!(change.revision, last + 1, "the log has every revision once");
            last = change.revision;
            latest.insert(change.key.name, change.bytes);
        }
    }
    assert_eq!(last, page.revision);
    for (name, text) in latest {
        assert_eq!(
            block_on(store.get(key(&name))).unwrap().unwrap().bytes,
            text,
            "log and objects agree on {name}"
        );
    }
}
