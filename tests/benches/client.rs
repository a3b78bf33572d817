//! Gates of the client and of bulk commands: each line has the floor, ours, the ratio and the gate, from one run.
//!
//! `cargo bench -p k1s-tests --bench client`, followed by `-- memory` and the like for a part.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a bench reports, and may panic")]
#![expect(
    unsafe_code,
    reason = "the floor is bare LMDB, which only opens so; the directories are this program's own"
)]

mod kit;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use inventory_example::Item;
use k1s_runtime::api::Resource;
use k1s_runtime::cli::{App, Environment, Streams};
use k1s_runtime::client::{
    Api, Client, CoreClient, GetRequest, ListRequest, Target, WriteOptions, WriteRequest, WriteVerb,
};
use k1s_runtime::manifest;
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::{LmdbOptions, LmdbStorage, LogLimits, MemoryStorage, Storage};
use k1s_runtime::{Object, serde_json};
use kit::{Floor, Gate, alternate, heading, median, middle, report, timed};
use pollster::block_on;
use serde::Deserialize;
use serde_json::json;

const OBJECTS: usize = 100_000;
const BATCH: usize = 1_000;
/// Objects of a bulk.
const BULK: usize = 10_000;

fn main() {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = |name: &str| directory.path().join(name);
    if let Some(objects) = std::env::var_os("CREATES") {
        return creates(objects.to_str().unwrap().parse().unwrap());
    }
    heading("client");
    if wanted("memory") {
        memory();
    }
    if wanted("writes") {
        let (floor, client) = (Floor::open(&path("floor")), client(open(&path("ours"))));
        bulk(&floor, &client);
        single(&floor, &client);
        tasks(&client);
    }
    if wanted("reads") {
        let (floor, ours) = (Floor::open(&path("list-floor")), path("list"));
        fill(&floor, &ours);
        let storage = open(&ours);
        reads(&floor, &storage);
        drop(storage);
        opens(&floor, &ours);
    }
    if wanted("indexes") {
        for objects in [1_000, OBJECTS] {
            indexes(&path(&format!("index-{objects}")), objects);
        }
    }
    if wanted("apply") {
        apply(&path("manifests"));
    }
}

/// Whether the command line asks for a part, or for everything.
fn wanted(part: &str) -> bool {
    let mut parts = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    parts.peek().is_none() || parts.any(|argument| argument == part)
}

fn scheme() -> Arc<Scheme> {
    let scheme = Scheme::new();
    scheme.register::<Item>().unwrap();
    Arc::new(scheme)
}

fn client(storage: Arc<dyn Storage>) -> CoreClient {
    CoreClient::new(storage, scheme())
}

fn open(directory: &Path) -> Arc<LmdbStorage> {
    let log = LogLimits { bytes: 1 << 30, ..LogLimits::default() };
    Arc::new(LmdbStorage::open(directory, LmdbOptions { log, ..LmdbOptions::default() }).unwrap())
}

fn target() -> Target {
    Target { gvk: Item::definition().gvk(), namespace: Some("default".to_owned()) }
}

fn name(number: usize) -> String {
    format!("item-{number:07}")
}

/// An item whose stored text has about 1 KB.
fn item(name: &str, number: usize) -> Object {
    let shop = if number.is_multiple_of(100) { "rare" } else { "common" };
    let value = json!({
        "apiVersion": "inventory.example.com/v1alpha1",
        "kind": "Item",
        "metadata": {
            "name": name,
            "labels": {"app.kubernetes.io/part-of": "inventory", "shop": shop},
            "annotations": {"example.com/note": "x".repeat(380)},
        },
        "spec": {
            "name": "Claw hammer, 450 g, hickory handle",
            "category": "hand-tools",
            "quantity": number % 10_000,
            "price": 1899,
            "location": "B3-07",
            "tags": ["hammer", "steel", "hickory"],
            "supplier": {
                "name": "Northern Tool Works", "email": "orders@northern-tools.example.com", "leadTimeDays": 5,
            },
        },
    });
    Object::try_from(value).unwrap()
}

fn create(name: &str, number: usize) -> WriteRequest {
    WriteRequest {
        target: target(),
        name: String::new(),
        subresource: None,
        verb: WriteVerb::Create(item(name, number)),
        options: WriteOptions::default(),
    }
}

fn write(client: &CoreClient, requests: Vec<WriteRequest>) {
    for answer in block_on(client.write(requests)) {
        black_box(answer.unwrap());
    }
}

fn each(time: Duration, calls: usize) -> Duration {
    time / u32::try_from(calls).unwrap()
}

/// Creates in memory and nothing else, to count the instructions of: two runs with different
/// numbers, and what they differ in is of the creates.
fn creates(objects: usize) {
    let client = client(Arc::new(MemoryStorage::new()));
    (0..objects).for_each(|number| write(&client, vec![create(&name(number), number)]));
}

fn memory() {
    let client = client(Arc::new(MemoryStorage::new()));
    let rounds = (0..OBJECTS).step_by(BATCH).map(|start| {
        let requests: Vec<_> = (start..start + BATCH).map(|number| create(&name(number), number)).collect();
        timed(|| requests.into_iter().for_each(|request| write(&client, vec![request])))
    });
    let time = middle(rounds.collect());
    report("memory: create, one at a time", None, each(time, BATCH), Gate::Rate(100_000.0));
    let requests: Vec<_> = (0..OBJECTS)
        .map(|number| GetRequest {
            target: target(),
            name: name(number * 7919 % OBJECTS),
            subresource: None,
            resource_version: None,
        })
        .collect();
    let time = median(5, |_| {
        for request in &requests {
            black_box(block_on(client.get(request)).unwrap());
        }
    });
    report("memory: get, untyped", None, each(time, OBJECTS), Gate::Rate(1_000_000.0));
}

/// Creates in batches, each one commit.
fn bulk(floor: &Floor, client: &CoreClient) {
    let rounds = (0..BULK).step_by(BATCH).map(|start| {
        let numbers = start..start + BATCH;
        let text = |number| serde_json::to_vec(&item(&name(number), number)).unwrap();
        let values: Vec<_> = numbers.clone().map(|number| (name(number), text(number))).collect();
        let requests = numbers.map(|number| create(&name(number), number)).collect();
        (timed(|| floor.put(&values)), timed(|| write(client, requests)))
    });
    let (bare, own): (Vec<_>, Vec<_>) = rounds.unzip();
    let (bare, own) = (middle(bare), middle(own));
    report(
        "10,000 creates, 1,000 a batch: each",
        Some(each(bare, BATCH)),
        each(own, BATCH),
        Gate::Rate(30_000.0),
    );
}

/// Durable creates, one commit each, typed.
fn single(floor: &Floor, client: &CoreClient) {
    let items: Api<Item> = Api::namespaced(client.clone(), "default");
    let typed = |name: &str| serde_json::from_value::<Item>(item(name, 1).into()).unwrap();
    let rounds = 500;
    let new: Vec<_> = (0..rounds).map(|round| typed(&format!("single-{round:05}"))).collect();
    let text = serde_json::to_vec(&block_on(items.create(&typed("single"))).unwrap()).unwrap();
    let (bare, own) = alternate(
        rounds,
        |round| floor.put(&[(format!("single-{round:05}"), text.clone())]),
        |round| {
            black_box(block_on(items.create(&new[round])).unwrap());
        },
    );
    report("durable create, admission included", Some(bare), own, Gate::Ratio(1.5));
}

/// Durable creates by tasks that share commits. The floor is one task.
fn tasks(client: &CoreClient) {
    let each_task = 200;
    let run = |tasks: usize, round: usize| {
        let time = timed(|| {
            std::thread::scope(|scope| {
                for task in 0..tasks {
                    scope.spawn(move || {
                        for number in 0..each_task {
                            write(client, vec![create(&format!("{tasks}-{round}-{task}-{number}"), number)]);
                        }
                    });
                }
            });
        });
        each(time, tasks * each_task)
    };
    let (one, eight) = (0..5).map(|round| (run(1, round), run(8, round))).unzip();
    report("durable create by 8 tasks, against 1", Some(middle(one)), middle(eight), Gate::Ratio(0.25));
}

/// The same stored texts here and there.
fn fill(floor: &Floor, directory: &Path) {
    let storage = open(directory);
    let client = client(storage);
    for start in (0..OBJECTS).step_by(BULK) {
        write(&client, (start..start + BULK).map(|number| create(&name(number), number)).collect());
    }
    let list = block_on(client.list(&ListRequest::all(target()))).unwrap();
    let values: Vec<_> =
        list.items.iter().enumerate().map(|(number, raw)| (name(number), raw.as_bytes().to_vec())).collect();
    assert_eq!(values.len(), OBJECTS);
    values.chunks(BULK).for_each(|values| floor.put(values));
}

#[derive(Deserialize)]
struct Labelled<'a> {
    #[serde(borrow)]
    metadata: Labels<'a>,
}

#[derive(Deserialize)]
struct Labels<'a> {
    #[serde(borrow, default)]
    labels: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

fn reads(floor: &Floor, storage: &Arc<LmdbStorage>) {
    let client = client(storage.clone());
    let items: Api<Item> = Api::namespaced(client.clone(), "default");
    let names: Vec<_> = (0..BULK).map(|number| name(number * 7919 % OBJECTS)).collect();
    let (bare, own) = alternate(
        11,
        |_| {
            for name in &names {
                black_box(floor.get(name, |text| serde_json::from_slice::<Item>(text).unwrap()));
            }
        },
        |_| {
            for name in &names {
                black_box(block_on(items.get(name)).unwrap());
            }
        },
    );
    report("get, typed", Some(each(bare, BULK)), each(own, BULK), Gate::Ratio(3.0));
    let request = ListRequest { label_selector: "shop=rare".to_owned(), ..ListRequest::all(target()) };
    let (bare, own) = alternate(
        7,
        |_| {
            let txn = floor.env.read_txn().unwrap();
            let rare = floor.objects.iter(&txn).unwrap().filter(|entry| {
                let object: Labelled<'_> = serde_json::from_slice(entry.as_ref().unwrap().1).unwrap();
                object.metadata.labels["shop"] == "rare"
            });
            assert_eq!(rare.count(), OBJECTS / 100);
        },
        |_| assert_eq!(block_on(client.list(&request)).unwrap().items.len(), OBJECTS / 100),
    );
    report("list 100,000, 1 % by label", Some(bare), own, Gate::Ratio(3.0));
}

/// Selecting ten objects by a declared index, out of so many; the floor is getting and
/// decoding the ten, as the selector does. It must not grow with the number.
fn indexes(directory: &Path, objects: usize) {
    let mut definition = Item::definition();
    definition.indexes = vec![".spec.quantity".to_owned()];
    let scheme = Scheme::new();
    scheme.register_definition(definition).unwrap();
    let client = CoreClient::new(open(directory), Arc::new(scheme));
    for start in (0..objects).step_by(1_000) {
        write(&client, (start..start + 1_000).map(|number| create(&name(number), number / 10)).collect());
    }
    let gets: Vec<_> = (70..80).map(|number| GetRequest::of(target(), name(number))).collect();
    let select = ListRequest { field_selector: "spec.quantity=7".to_owned(), ..ListRequest::all(target()) };
    let (bare, own) = alternate(
        51,
        |_| {
            for get in &gets {
                black_box(block_on(client.get(get)).unwrap().to_object().unwrap());
            }
        },
        |_| assert_eq!(block_on(client.list(&select)).unwrap().items.len(), 10),
    );
    report(&format!("select 10 of {objects} by index"), Some(bare), own, Gate::Ratio(3.0));
}

/// What a program pays before its first answer.
fn opens(floor: &Floor, directory: &Path) {
    let floor_directory = floor.env.path().with_file_name("open-floor");
    let (bare, own) = alternate(
        51,
        |_| drop(black_box(Floor::open(&floor_directory))),
        |_| {
            let items: Api<Item> = Api::namespaced(client(open(directory)), "default");
            black_box(block_on(items.get(&name(5))).unwrap());
        },
    );
    report("client open and first get", Some(bare), own, Gate::Time(Duration::from_millis(1)));
}

/// `apply -f` of a file of new objects, less what decoding the file takes; each object's share.
fn apply(directory: &Path) {
    std::fs::create_dir_all(directory).unwrap();
    let file = directory.join("items.json");
    let text: Vec<_> = (0..BULK).map(|number| item(&name(number), number)).collect();
    let text = text.iter().map(|item| serde_json::to_string(item).unwrap()).collect::<Vec<_>>().join("\n");
    std::fs::write(&file, &text).unwrap();
    let app = App::new("inventory").resource::<Item>();
    let (decoding, whole) = alternate(
        5,
        |_| {
            let decoded = manifest::decode("items.json", text.as_bytes());
            assert_eq!(decoded.inspect(|document| assert!(black_box(document).is_ok())).count(), BULK);
        },
        |round| {
            let store = directory.join(format!("store-{round}"));
            let words = ["apply", "-f", file.to_str().unwrap(), "--store", store.to_str().unwrap()];
            let (mut streams, written) = Streams::captured("");
            let code = app.execute(words.map(Into::into), &mut streams, &Environment::default());
            assert_eq!(code, 0, "{}", written.stderr());
        },
    );
    let after = whole.saturating_sub(decoding);
    report("apply -f of 10,000 (floor: decoding): whole", Some(decoding), whole, Gate::None);
    report("apply -f of 10,000, after decoding: each", None, each(after, BULK), Gate::Rate(30_000.0));
}
