//! Any sequence of transactions leaves every backend as it leaves a plain map, and what a tenant writes shows in no other.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use k1s_runtime::storage::{
    Change, ChangeKind, Expect, IndexEntry, IndexMatch, Key, KeyBuf, ListQuery, MemoryStorage, Mutation,
    Outcome, Stamped, Storage, Transaction, WatchQuery, tenants,
};
use pollster::block_on;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const RESOURCE: &str = "things";

/// A map of what is stored, with the changes that led to it.
#[derive(Default)]
struct Model {
    objects: BTreeMap<KeyBuf, (u64, String, Vec<IndexEntry>)>,
    changes: Vec<(u64, ChangeKind, KeyBuf)>,
}

#[derive(Clone, Debug)]
struct Step {
    key: KeyBuf,
    delete: bool,
    /// What is expected, relative to what is there.
    expect: Option<bool>,
    values: Vec<String>,
}

impl Model {
    fn expectation(&self, step: &Step) -> Expect {
        let there = self.objects.get(&step.key).map(|(revision, ..)| *revision);
        match (step.expect, there) {
            (None, _) => Expect::Any,
            (Some(true), None) | (Some(false), Some(_)) => Expect::Absent,
            (Some(true), Some(revision)) => Expect::Revision(revision),
            (Some(false), None) => Expect::Revision(1),
        }
    }

    /// Applies a transaction, and tells whether it is committed.
    fn apply(&mut self, steps: &[Step]) -> bool {
        if steps.iter().any(|step| step.expect == Some(false)) {
            return false;
        }
        for step in steps {
            let there = self.objects.contains_key(&step.key);
            let revision = self.changes.len() as u64 + 1;
            let kind = match (step.delete, there) {
                (true, false) => continue,
                (true, true) => ChangeKind::Deleted,
                (false, true) => ChangeKind::Updated,
                (false, false) => ChangeKind::Created,
            };
            self.changes.push((revision, kind, step.key.clone()));
            if step.delete {
                self.objects.remove(&step.key);
            } else {
                let text = String::from_utf8(text(&step.values).stamp(revision).to_vec()).unwrap();
                self.objects.insert(step.key.clone(), (revision, text, entries(&step.values)));
            }
        }
        true
    }
}

fn text(values: &[String]) -> Stamped {
    Stamped::new(format!("[\"\",{}]", values.len()).into_bytes(), 2)
}

fn entries(values: &[String]) -> Vec<IndexEntry> {
    values.iter().map(|value| IndexEntry { index: "i".into(), value: value.clone() }).collect()
}

fn mutation(model: &Model, step: &Step) -> Mutation {
    let (key, expect, value) = (step.key.clone(), model.expectation(step), text(&step.values));
    if step.delete {
        Mutation::Delete { key, expect, value }
    } else {
        Mutation::Put { key, expect, value, indexes: entries(&step.values) }
    }
}

fn words() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "a-b", "a.b", "é", "ab"]).prop_map(str::to_owned)
}

/// Names that try to reach into other tenants: with what separates keys, like paths, like each other, as long as can be.
fn hostile_names() -> impl Strategy<Value = String> {
    let odd = [
        "a/things",
        "things",
        "\u{0}",
        "a\u{0}",
        "a\u{0}b",
        "\u{0}a",
        "../a",
        "/",
        ".",
        "\u{10FFFF}",
        "a\u{301}",
        "A",
    ];
    prop_oneof![
        3 => words(),
        1 => "[^\u{0}]{1,20}",
        2 => select(odd.to_vec()).prop_map(str::to_owned),
        1 => select(vec![399_usize, 400]).prop_map(|length| "a".repeat(length)),
    ]
}

fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        words(),
        select(vec![99_usize, 100, 101, 255, 256, 700]).prop_map(|length| "v".repeat(length))
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let key = (hostile_names(), words(), words()).prop_map(|(tenant, namespace, name)| KeyBuf {
        tenant,
        resource: RESOURCE.into(),
        namespace,
        name,
    });
    let expect = prop_oneof![4 => Just(None), 4 => Just(Some(true)), 1 => Just(Some(false))];
    (key, any::<bool>(), expect, vec(values(), 0..3)).prop_map(|(key, delete, expect, values)| Step {
        key,
        delete,
        expect,
        values,
    })
}

/// Transactions, none of which names a key twice.
fn transactions() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let one = vec(steps(), 1..5).prop_map(|mut steps| {
        steps.sort_by(|a, b| a.key.cmp(&b.key));
        steps.dedup_by(|a, b| a.key == b.key);
        steps
    });
    vec(one, 1..20)
}

/// What a tenant's export says: resource, namespace and name of its objects with their index values.
fn exported(store: &dyn Storage, tenant: &str) -> Vec<(KeyBuf, Vec<IndexEntry>)> {
    let mut found = Vec::new();
    block_on(store.visit(tenant, &mut |member| {
        found.push((member.key.to_buf(), member.indexes.to_vec()));
        std::ops::ControlFlow::Continue(())
    }))
    .unwrap();
    found
}

/// Lists, shows and removes tenants; no step shows in another tenant.
fn whole_tenants(store: &dyn Storage, model: &mut Model) {
    loop {
        let mut expected: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for (key, (_, text, _)) in &model.objects {
            let (objects, bytes) = expected.entry(key.tenant.clone()).or_default();
            (*objects, *bytes) = (*objects + 1, *bytes + text.len() as u64);
        }
        let listed = block_on(store.tenants()).unwrap();
        let listed: Vec<_> = listed.into_iter().map(|it| (it.name, (it.objects, it.bytes))).collect();
        assert_eq!(listed, expected.clone().into_iter().collect::<Vec<_>>());
        for tenant in expected.keys().map(String::as_str).chain(["", "nobody"]) {
            let own = model.objects.iter().filter(|(key, _)| key.tenant == tenant);
            let own: Vec<_> = own.map(|(key, (.., entries))| (key.clone(), entries.clone())).collect();
            assert_eq!(exported(store, tenant), own);
        }
        let Some(gone) = expected.keys().next() else { return };
        let removed = block_on(tenants::remove(store, gone)).unwrap();
        assert_eq!(removed, expected[gone].0);
        model.objects.retain(|key, _| key.tenant != *gone);
    }
}

fn run(store: &dyn Storage, transactions: &[Vec<Step>]) {
    let mut model = Model::default();
    for steps in transactions {
        let mutations = steps.iter().map(|step| mutation(&model, step)).collect();
        let outcomes = block_on(store.commit(vec![Transaction { mutations }])).unwrap();
        let committed = matches!(outcomes[..], [Outcome::Committed { .. }]);
        assert_eq!(committed, model.apply(steps), "{steps:?}");
    }
    assert_eq!(block_on(store.revision()).unwrap(), model.changes.len() as u64);
    for (key, (revision, text, _)) in &model.objects {
        let stored = block_on(store.get(key.as_key())).unwrap().unwrap();
        assert_eq!((stored.revision, &stored.bytes[..]), (*revision, text.as_bytes()));
    }
    let tenants = model.changes.iter().map(|(.., key)| key.tenant.as_str());
    for tenant in tenants.chain(["a", "", "nobody"]) {
        compare(store, &model, tenant);
    }
    whole_tenants(store, &mut model);
}

/// What one tenant sees.
fn compare(store: &dyn Storage, model: &Model, tenant: &str) {
    let all = ListQuery {
        tenant,
        resource: RESOURCE,
        namespace: None,
        index: None,
        hint: None,
        filter: None,
        after: None,
        limit: 0,
        at: None,
    };
    let listed = |query: ListQuery<'_>| {
        let page = block_on(store.list(query)).unwrap();
        page.items.into_iter().map(|stored| stored.revision).collect::<Vec<_>>()
    };
    let expected = |of: &dyn Fn(&KeyBuf, &[IndexEntry]) -> bool| {
        let own =
            model.objects.iter().filter(|(key, (.., entries))| key.tenant == tenant && of(key, entries));
        own.map(|(_, (revision, ..))| *revision).collect::<Vec<_>>()
    };
    assert_eq!(listed(all), expected(&|_, _| true));
    for namespace in ["a", "a-b", "ab"] {
        let query = ListQuery { namespace: Some(namespace), ..all };
        assert_eq!(listed(query), expected(&|key, _| key.namespace == namespace));
        let query = ListQuery { after: Some((namespace, "b")), ..all };
        let after = Key { tenant, resource: RESOURCE, namespace, name: "b" }.to_buf();
        assert_eq!(listed(query), expected(&|key, _| *key > after));
    }
    let long = "v".repeat(255);
    for value in ["a", "é", &long[..99], &long[..100], &long[..101], &long] {
        let query = ListQuery { index: Some(IndexMatch { index: "i", value }), ..all };
        assert_eq!(listed(query), expected(&|_, entries| entries.iter().any(|entry| entry.value == value)));
    }
    let query = WatchQuery { tenant: tenant.into(), resource: RESOURCE.into(), namespace: None, after: 0 };
    let told = block_on(store.watch(query)).unwrap().try_next().unwrap();
    let told: Vec<_> =
        told.into_iter().map(|Change { revision, kind, key, .. }| (revision, kind, key)).collect();
    let changes = model.changes.iter().filter(|(.., key)| key.tenant == tenant);
    assert_eq!(told, changes.cloned().collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn the_memory_store_is_a_map(transactions in transactions()) {
        run(&MemoryStorage::new(), &transactions);
    }
}

#[cfg(feature = "lmdb")]
proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_durable_store_is_a_map(transactions in transactions()) {
        use k1s_runtime::storage::{LmdbOptions, LmdbStorage};

        let directory = tempfile::tempdir().unwrap();
        run(&LmdbStorage::open(directory.path(), LmdbOptions::default()).unwrap(), &transactions);
    }
}
