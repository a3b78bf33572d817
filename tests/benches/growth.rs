//! Cost grows with the work asked for, not with what is stored: the same work on stores of 1,000, 100,000 and 1,000,000 objects,
//! beside bare LMDB with the same objects.
//!
//! `cargo bench -p k1s-tests --bench growth`, followed by `-- 1000` and the like for some sizes. The largest needs 5 GB of disk.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a bench reports, and may panic")]
#![expect(
    unsafe_code,
    reason = "the floor is bare LMDB, which only opens so; the directories are this program's own"
)]

mod kit;

use std::hint::black_box;
use std::ops::Bound;
use std::path::Path;
use std::time::Duration;

use k1s_runtime::storage::{
    Durability, Expect, IndexEntry, IndexMatch, Key, ListQuery, LmdbOptions, LmdbStorage, Mutation, Outcome,
    Stamped, Storage, Transaction, WatchQuery,
};
use kit::{Floor, Gate, alternate, heading, report};
use pollster::block_on;

const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];
const OBJECT_BYTES: usize = 1024;
/// Objects of a namespace, and of an index value.
const GROUP: usize = 100;
/// Changes that a watch has missed.
const MISSED: u64 = 1_000;

fn main() {
    let wanted: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    for size in SIZES.into_iter().filter(|size| wanted.is_empty() || wanted.contains(size)) {
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        heading(&format!("{size} objects"));
        let path = directory.path().join("ours");
        let floor = Floor::open(&directory.path().join("floor"));
        fill(&floor, &path, size);
        opens(&floor, &path);
        let store = open(&path);
        gets(&floor, &store, size);
        lists(&floor, &store, size);
        watches(&store);
        tenants(&store);
        puts(&floor, &store, size);
    }
}

fn options() -> LmdbOptions {
    LmdbOptions { map_size: 4 << 30, ..LmdbOptions::default() }
}

fn open(path: &Path) -> LmdbStorage {
    LmdbStorage::open(path, options()).unwrap()
}

fn namespace(number: usize) -> String {
    format!("ns-{:07}", number / GROUP)
}

fn name(number: usize) -> String {
    format!("object-{number:07}")
}

fn key<'a>(namespace: &'a str, name: &'a str) -> Key<'a> {
    Key { tenant: "default", resource: "widgets.example.com", namespace, name }
}

fn put(number: usize) -> Transaction {
    let mut text = b"{\"data\":\"".to_vec();
    text.resize(OBJECT_BYTES, b'x');
    let index = IndexEntry { index: ".spec.group".into(), value: namespace(number) };
    Transaction {
        mutations: vec![Mutation::Put {
            key: key(&namespace(number), &name(number)).to_buf(),
            expect: Expect::Any,
            value: Stamped::new(text, 9),
            indexes: vec![index],
        }],
    }
}

/// The same objects here and there. It is not measured, and waits for the disk once.
fn fill(floor: &Floor, path: &Path, size: usize) {
    let store =
        LmdbStorage::open(path, LmdbOptions { durability: Durability::Process, ..options() }).unwrap();
    for start in (0..size).step_by(10_000) {
        let numbers = start..size.min(start + 10_000);
        let values: Vec<_> = numbers.clone().map(|number| (bare(number), vec![b'x'; OBJECT_BYTES])).collect();
        floor.put(&values);
        let outcomes = block_on(store.commit(numbers.map(put).collect())).unwrap();
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Committed { .. })));
    }
    store.flush().unwrap();
}

/// The key of the floor.
fn bare(number: usize) -> String {
    format!("{}/{}", namespace(number), name(number))
}

fn each((bare, own): (Duration, Duration), calls: u32) -> (Duration, Duration) {
    (bare / calls, own / calls)
}

fn opens(floor: &Floor, path: &Path) {
    let floor_directory = floor.env.path().with_file_name("floor-open");
    let (bare, own) = alternate(
        51,
        |_| drop(black_box(Floor::open(&floor_directory))),
        |_| {
            let store = open(path);
            black_box(block_on(store.get(key("ns-0000000", "object-0000005"))).unwrap().unwrap());
        },
    );
    report("open, first get, close (floor: open)", Some(bare), own, Gate::Time(Duration::from_millis(1)));
}

fn gets(floor: &Floor, store: &LmdbStorage, size: usize) {
    let numbers: Vec<_> = (0..1_000).map(|number| number * 7_919 % size).collect();
    let names: Vec<_> = numbers.iter().map(|number| (namespace(*number), name(*number))).collect();
    let bares: Vec<_> = numbers.iter().map(|number| bare(*number)).collect();
    let times = alternate(
        51,
        |_| {
            for key in &bares {
                black_box(floor.get(key, <[u8]>::len));
            }
        },
        |_| {
            for (namespace, name) in &names {
                black_box(block_on(store.get(key(namespace, name))).unwrap().unwrap());
            }
        },
    );
    let (bare, own) = each(times, 1_000);
    report("get", Some(bare), own, Gate::Ratio(3.0));
}

fn lists(floor: &Floor, store: &LmdbStorage, size: usize) {
    let middle = namespace(size / 2);
    let prefix = format!("{middle}/");
    let end = format!("{middle}0");
    let scan = || {
        let txn = floor.env.read_txn().unwrap();
        let range = (Bound::Included(prefix.as_bytes()), Bound::Excluded(end.as_bytes()));
        let found: Vec<_> =
            floor.objects.range(&txn, &range).unwrap().map(|entry| entry.unwrap().1.to_vec()).collect();
        assert_eq!(found.len(), GROUP);
    };
    let all = ListQuery::all("default", "widgets.example.com");
    let list = |query: ListQuery<'_>| {
        let page = block_on(store.list(query)).unwrap();
        assert_eq!(page.items.len(), GROUP);
    };
    let (bare, own) = alternate(201, |_| scan(), |_| list(ListQuery { namespace: Some(&middle), ..all }));
    report("list a namespace of 100", Some(bare), own, Gate::Ratio(3.0));
    let index = Some(IndexMatch { index: ".spec.group", value: &middle });
    let (bare, own) = alternate(201, |_| scan(), |_| list(ListQuery { index, ..all }));
    report("select 100 by an index", Some(bare), own, Gate::None);
}

fn watches(store: &LmdbStorage) {
    let after = block_on(store.revision()).unwrap() - MISSED + 1;
    let own = kit::median(51, |_| {
        let (tenant, resource) = ("default".to_owned(), "widgets.example.com".to_owned());
        let query = WatchQuery { tenant, resource, namespace: None, after };
        let mut watch = block_on(store.watch(query)).unwrap();
        let mut seen = 0;
        while seen < MISSED - 1 {
            seen += watch.try_next().unwrap().len() as u64;
        }
    });
    report("resume a watch, 1,000 changes missed", None, own, Gate::Time(Duration::from_millis(10)));
}

fn tenants(store: &LmdbStorage) {
    let own = kit::median(51, |_| assert_eq!(block_on(store.tenants()).unwrap().len(), 1));
    report("list the tenants with what they hold", None, own, Gate::Time(Duration::from_millis(1)));
}

fn puts(floor: &Floor, store: &LmdbStorage, size: usize) {
    let (floor_text, number) = (vec![b'x'; OBJECT_BYTES], |round: usize| round * 7_919 % size);
    let (bare, own) = alternate(
        301,
        |round| floor.put(&[(bare(number(round)), floor_text.clone())]),
        |round| {
            let outcomes = block_on(store.commit(vec![put(number(round))])).unwrap();
            assert!(matches!(outcomes[..], [Outcome::Committed { .. }]));
        },
    );
    report("durable put", Some(bare), own, Gate::Ratio(1.5));
}
