//! Gates of the storage floor: each line has the floor (bare LMDB, or one task), ours, and the ratio, from one run.
//!
//! `cargo bench -p k1s-tests --bench storage`
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a bench reports, and may panic")]
#![expect(
    unsafe_code,
    reason = "the floor is bare LMDB, which only opens so; the directories are this program's own"
)]

mod kit;

use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use k1s_runtime::storage::{
    Expect, Key, ListQuery, LmdbOptions, LmdbStorage, LogLimits, MemoryStorage, Mutation, Outcome, Stamped,
    Storage, Transaction, WatchQuery,
};
use kit::{Floor, Gate, alternate, heading, median, report};
use pollster::block_on;

const OBJECTS: usize = 100_000;
const OBJECT_BYTES: usize = 1024;

/// The argument that makes this program the other process of [`other_process`], followed by the store's directory.
const TELL: &str = "--tell";
/// How many changes are told of.
const CHANGES: usize = 200;

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != TELL).skip(1);
    if let Some(directory) = arguments.next() {
        return tell(Path::new(&directory));
    }
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    heading("storage");
    memory();
    let (floor, ours) = (Floor::open(&directory.path().join("floor")), open(&directory.path().join("ours")));
    fill(&floor, &ours);
    gets(&floor, &ours);
    lists(&floor, &ours);
    opens(&floor, &directory.path().join("ours"));
    replay(&ours);
    commits(&floor, &ours);
    tasks(&ours);
    notifications(&ours);
    other_process(&ours, &directory.path().join("ours"));
}

fn open(directory: &Path) -> LmdbStorage {
    let log = LogLimits { bytes: 1 << 30, ..LogLimits::default() };
    LmdbStorage::open(directory, LmdbOptions { log, ..LmdbOptions::default() }).unwrap()
}

fn text(number: usize) -> Vec<u8> {
    let label = if number.is_multiple_of(100) { "rare" } else { "common" };
    let mut text = format!("{{\"label\":\"{label}\",\"data\":\"").into_bytes();
    text.resize(OBJECT_BYTES, b'x');
    text
}

fn name(number: usize) -> String {
    format!("object-{number:07}")
}

fn key(name: &str) -> Key<'_> {
    Key { tenant: "default", resource: "widgets.example.com", namespace: "default", name }
}

fn create(name: &str, number: usize) -> Transaction {
    let value = Stamped::new(text(number), 3);
    Transaction {
        mutations: vec![Mutation::Put {
            key: key(name).to_buf(),
            expect: Expect::Absent,
            value,
            indexes: Vec::new(),
        }],
    }
}

fn commit(store: &dyn Storage, batch: Vec<Transaction>) {
    let outcomes = block_on(store.commit(batch)).unwrap();
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Committed { .. })));
}

fn everything<'a>() -> ListQuery<'a> {
    let Key { tenant, resource, .. } = key("");
    ListQuery::all(tenant, resource)
}

/// Time of one of many calls.
fn each(calls: usize, mut call: impl FnMut(usize)) -> Duration {
    median(5, |_| (0..calls).for_each(&mut call)) / u32::try_from(calls).unwrap()
}

fn memory() {
    let store = MemoryStorage::new();
    let batches: Vec<_> = (0..OBJECTS).map(|number| create(&name(number), number)).collect();
    let start = Instant::now();
    for transaction in batches {
        commit(&store, vec![transaction]);
    }
    report("memory: create", None, start.elapsed() / u32::try_from(OBJECTS).unwrap(), Gate::Rate(100_000.0));
    let names: Vec<_> = (0..OBJECTS).map(|number| name(number * 7919 % OBJECTS)).collect();
    let get = each(OBJECTS, |number| {
        black_box(block_on(store.get(key(&names[number]))).unwrap().unwrap());
    });
    report("memory: get", None, get, Gate::Rate(1_000_000.0));
}

fn fill(floor: &Floor, ours: &LmdbStorage) {
    let batch = 10_000;
    let (bare, own) = alternate(
        OBJECTS / batch,
        |round| {
            let numbers = round * batch..(round + 1) * batch;
            floor.put(&numbers.map(|number| (name(number), text(number))).collect::<Vec<_>>());
        },
        |round| {
            let numbers = round * batch..(round + 1) * batch;
            commit(ours, numbers.map(|number| create(&name(number), number)).collect());
        },
    );
    report("10,000 creates in one commit", Some(bare), own, Gate::Time(Duration::from_millis(333)));
}

fn gets(floor: &Floor, ours: &LmdbStorage) {
    let names: Vec<_> = (0..OBJECTS).map(|number| name(number * 7919 % OBJECTS)).collect();
    let bare = each(OBJECTS, |number| {
        black_box(floor.get(&names[number], <[u8]>::len));
    });
    let own = each(OBJECTS, |number| {
        black_box(block_on(ours.get(key(&names[number]))).unwrap().unwrap());
    });
    report("get", Some(bare), own, Gate::Ratio(3.0));
}

fn lists(floor: &Floor, ours: &LmdbStorage) {
    let filter = |text: &[u8]| text[10..22].windows(4).any(|word| word == b"rare");
    let bare = median(7, |_| {
        let txn = floor.env.read_txn().unwrap();
        let passed =
            floor.objects.iter(&txn).unwrap().filter(|entry| filter(entry.as_ref().unwrap().1)).count();
        assert_eq!(passed, OBJECTS / 100);
    });
    let own = median(7, |_| {
        let page = block_on(ours.list(ListQuery { filter: Some(&filter), ..everything() })).unwrap();
        assert_eq!(page.items.len(), OBJECTS / 100);
    });
    report("list 100,000, of which 1 % passes", Some(bare), own, Gate::Ratio(3.0));
    let own = median(7, |_| {
        let page = block_on(ours.list(ListQuery { limit: 500, ..everything() })).unwrap();
        assert_eq!((page.items.len(), page.remaining), (500, Some(OBJECTS as u64 - 500)));
    });
    report("list 500 of 100,000, counting the rest", Some(bare), own, Gate::None);
}

fn opens(floor: &Floor, directory: &Path) {
    let copy = directory.with_file_name("copy");
    std::fs::create_dir_all(&copy).unwrap();
    std::fs::copy(directory.join("data.mdb"), copy.join("data.mdb")).unwrap();
    let own = median(51, |_| {
        let store = open(&copy);
        black_box(block_on(store.get(key(&name(5)))).unwrap().unwrap());
    });
    let path = floor.env.path().with_file_name("floor-copy");
    let bare = median(51, |_| {
        let floor = Floor::open(&path);
        black_box(floor.env.info().map_size);
    });
    report("open and first get, then close", Some(bare), own, Gate::Time(Duration::from_millis(1)));
}

fn replay(ours: &LmdbStorage) {
    let Key { tenant, resource, .. } = key("");
    let missed = 10_000;
    let own = median(7, |_| {
        let after = OBJECTS as u64 - missed;
        let query = WatchQuery { tenant: tenant.into(), resource: resource.into(), namespace: None, after };
        let mut watch = block_on(ours.watch(query)).unwrap();
        let mut seen = 0;
        while seen < missed {
            seen += watch.try_next().unwrap().len() as u64;
        }
    });
    report("replay of 10,000 missed changes", None, own, Gate::Time(Duration::from_millis(100)));
}

fn commits(floor: &Floor, ours: &LmdbStorage) {
    let (bare, own) = alternate(
        500,
        |time| floor.put(&[(format!("single-{time:05}"), text(time))]),
        |time| commit(ours, vec![create(&format!("single-{time:05}"), time)]),
    );
    report("durable create", Some(bare), own, Gate::Ratio(1.5));
}

fn tasks(ours: &LmdbStorage) {
    let each_task = 200;
    let run = |tasks: usize, round: &str| {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for task in 0..tasks {
                scope.spawn(move || {
                    for number in 0..each_task {
                        commit(ours, vec![create(&format!("{round}-{tasks}-{task}-{number}"), number)]);
                    }
                });
            }
        });
        start.elapsed() / u32::try_from(tasks * each_task).unwrap()
    };
    let mut ratios: Vec<_> =
        ["r0", "r1", "r2", "r3", "r4"].iter().map(|round| (run(1, round), run(8, round))).collect();
    ratios.sort_by(|a, b| {
        (a.0.as_secs_f64() / a.1.as_secs_f64()).total_cmp(&(b.0.as_secs_f64() / b.1.as_secs_f64()))
    });
    let (one, eight) = ratios[2];
    report("durable create by 8 tasks, against 1", Some(one), eight, Gate::Ratio(0.25));
}

fn notifications(ours: &LmdbStorage) {
    let Key { tenant, resource, .. } = key("");
    let after = block_on(ours.revision()).unwrap();
    let query = WatchQuery { tenant: tenant.into(), resource: resource.into(), namespace: None, after };
    let mut watch = block_on(ours.watch(query)).unwrap();
    let (send, receive) = std::sync::mpsc::channel();
    let times = CHANGES;
    let delays = std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut seen = 0;
            while seen < times {
                seen += block_on(watch.next()).unwrap().len();
                send.send(Instant::now()).unwrap();
            }
        });
        let mut delays: Vec<_> = (0..times)
            .map(|time| {
                commit(ours, vec![create(&format!("told-{time}"), time)]);
                let committed = Instant::now();
                receive.recv().unwrap().saturating_duration_since(committed)
            })
            .collect();
        delays.sort();
        delays
    });
    let what = format!("change to notification (p99 {:.2?})", delays[times * 99 / 100]);
    report(&what, None, delays[times / 2], Gate::Time(Duration::from_micros(200)));
}

/// Watches in this process what another one writes, and says when it saw each change.
fn tell(directory: &Path) {
    let ours = open(directory);
    let Key { tenant, resource, .. } = key("");
    let after = block_on(ours.revision()).unwrap();
    let query = WatchQuery { tenant: tenant.into(), resource: resource.into(), namespace: None, after };
    let mut watch = block_on(ours.watch(query)).unwrap();
    println!("ready");
    let mut seen = 0;
    while seen < CHANGES {
        let changes = block_on(watch.next()).unwrap().len();
        let now = since_epoch();
        (0..changes).for_each(|_| println!("{}", now.as_nanos()));
        seen += changes;
    }
}

/// The clock that two processes share.
fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

fn other_process(ours: &LmdbStorage, directory: &Path) {
    let mut other = Command::new(std::env::current_exe().unwrap())
        .arg(TELL)
        .arg(directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(other.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.next().as_deref(), Some("ready"));
    let mut delays: Vec<Duration> = (0..CHANGES)
        .map(|time| {
            commit(ours, vec![create(&format!("elsewhere-{time}"), time)]);
            let committed = since_epoch();
            let seen = lines.next().unwrap().parse().unwrap();
            Duration::from_nanos(seen).saturating_sub(committed)
        })
        .collect();
    assert!(other.wait().unwrap().success());
    delays.sort();
    let what = format!("change to notification in another process (p99 {:.2?})", delays[CHANGES * 99 / 100]);
    report(&what, None, delays[CHANGES / 2], Gate::Time(Duration::from_millis(1)));
}
