//! Transactions, expectations, revisions and concurrent writers.

use std::collections::BTreeSet;

use pollster::block_on;

use super::Open;
use super::kit::{
    check, commit, delete, drain, everything, get, indexed, key, list, open, put, revision, set, stamped,
    watch, watch_query, write,
};
use crate::storage::{ChangeKind, Expect, Outcome, Transaction};

/// Every mutation gets the next revision; what changes nothing gets none.
pub fn revisions_count_mutations(with: Open<'_>) {
    let store = open(with);
    let outcome = commit(
        &*store,
        vec![
            put(key("ns", "a"), Expect::Absent, "a", &[]),
            check(key("ns", "x"), Expect::Absent),
            put(key("ns", "b"), Expect::Any, "b", &[]),
            delete(key("ns", "c"), Expect::Any, "c"),
        ],
    );
    let Outcome::Committed { stored } = outcome else { panic!("not committed: {outcome:?}") };
    let revisions: Vec<_> =
        stored.iter().map(|stored| stored.as_ref().map(|stored| stored.revision)).collect();
    assert_eq!(revisions, [Some(1), None, Some(2), None]);
    assert_eq!(revision(&*store), 2);
    commit(&*store, vec![check(key("ns", "a"), Expect::Revision(1)), check(key("ns", "b"), Expect::Any)]);
    commit(&*store, vec![put(key("ns", "a"), Expect::Absent, "a", &[])]);
    assert!(block_on(store.commit(Vec::new())).unwrap().is_empty(), "no transactions have no outcomes");
    assert_eq!(commit(&*store, Vec::new()), Outcome::Committed { stored: Vec::new() });
    assert_eq!(revision(&*store), 2, "what changed nothing has no revision");
    let gone = write(&*store, delete(key("ns", "a"), Expect::Any, "gone"));
    assert_eq!(
        (gone.revision, &gone.bytes[..]),
        (3, &stamped("gone", 3)[..]),
        "a deletion has a revision too"
    );
}

/// A failed expectation is a conflict that names the mutation and shows what is there.
pub fn conflicts_tell_what_is_there(with: Open<'_>) {
    let store = open(with);
    let a = set(&*store, "ns", "a", "a");
    for (expect, name, holds) in [
        (Expect::Any, "a", true),
        (Expect::Revision(1), "a", true),
        (Expect::Revision(2), "a", false),
        (Expect::Revision(0), "a", false),
        (Expect::Absent, "a", false),
        (Expect::Any, "b", true),
        (Expect::Absent, "b", true),
        (Expect::Revision(1), "b", false),
        (Expect::Revision(0), "b", false),
    ] {
        let found = (name == "a").then(|| a.clone());
        let outcome =
            commit(&*store, vec![check(key("ns", "z"), Expect::Absent), check(key("ns", name), expect)]);
        match outcome {
            Outcome::Committed { .. } => assert!(holds, "{expect:?} of {name} should not hold"),
            conflict => {
                assert!(!holds, "{expect:?} of {name} should hold");
                assert_eq!(conflict, Outcome::Conflict { mutation: 1, found }, "{expect:?} of {name}");
            }
        }
    }
}

/// All of a transaction happens, or nothing of it: objects, index entries, changes and revisions.
pub fn transactions_are_whole_or_nothing(with: Open<'_>) {
    let store = open(with);
    let a = write(&*store, put(key("ns", "a"), Expect::Any, "a", &[("color", "red")]));
    let outcome = commit(
        &*store,
        vec![
            put(key("ns", "a"), Expect::Revision(1), "changed", &[("color", "blue")]),
            put(key("ns", "b"), Expect::Absent, "b", &[("color", "blue")]),
            delete(key("ns", "c"), Expect::Revision(9), "c"),
        ],
    );
    assert_eq!(outcome, Outcome::Conflict { mutation: 2, found: None });
    assert_eq!(get(&*store, key("ns", "a")), Some(a));
    assert_eq!(get(&*store, key("ns", "b")), None);
    assert!(indexed(&*store, "color", "blue").is_empty());
    assert_eq!(indexed(&*store, "color", "red"), ["a"]);
    assert_eq!(revision(&*store), 1);
    assert_eq!(drain(&mut *watch(&*store, watch_query(0))).len(), 1);
}

/// Transactions of a batch stand for themselves, in order: a conflict of one does not touch the others, and each sees what
/// those before it did.
pub fn later_transactions_see_earlier_ones(with: Open<'_>) {
    let store = open(with);
    let batch = [
        vec![put(key("ns", "a"), Expect::Absent, "one", &[("color", "red")])],
        vec![put(key("ns", "a"), Expect::Absent, "two", &[])],
        vec![put(key("ns", "a"), Expect::Revision(1), "three", &[("color", "blue")])],
        vec![delete(key("ns", "a"), Expect::Revision(2), "four")],
        vec![put(key("ns", "a"), Expect::Absent, "five", &[("color", "red")])],
        vec![put(key("ns", "b"), Expect::Absent, "six", &[("color", "red")])],
    ];
    let batch = batch.into_iter().map(|mutations| Transaction { mutations }).collect();
    let outcomes = block_on(store.commit(batch)).unwrap();
    let committed: Vec<_> =
        outcomes.iter().map(|outcome| matches!(outcome, Outcome::Committed { .. })).collect();
    assert_eq!(committed, [true, false, true, true, true, true]);
    let Outcome::Conflict { mutation: 0, found: Some(found) } = &outcomes[1] else {
        panic!("not the conflict expected: {:?}", outcomes[1]);
    };
    assert_eq!((found.revision, &found.bytes[..]), (1, &stamped("one", 1)[..]));
    assert_eq!(indexed(&*store, "color", "red"), ["five", "six"]);
    assert!(indexed(&*store, "color", "blue").is_empty());
    let changes = drain(&mut *watch(&*store, watch_query(0)));
    let kinds: Vec<_> = changes.iter().map(|change| change.kind).collect();
    use ChangeKind::{Created, Deleted, Updated};
    assert_eq!(kinds, [Created, Updated, Deleted, Created, Created]);
}

/// Expectations are of the state before the transaction, also where its own mutations come first; a key is named once.
pub fn expectations_are_of_the_state_before(with: Open<'_>) {
    let store = open(with);
    set(&*store, "ns", "a", "a");
    let outcome = commit(
        &*store,
        vec![
            put(key("ns", "b"), Expect::Absent, "b", &[]),
            delete(key("ns", "a"), Expect::Revision(1), "a"),
            check(key("ns", "c"), Expect::Absent),
        ],
    );
    assert!(matches!(outcome, Outcome::Committed { .. }), "{outcome:?}");
    let twice = vec![put(key("ns", "d"), Expect::Any, "d", &[]), check(key("ns", "d"), Expect::Absent)];
    let refused = block_on(store.commit(vec![Transaction { mutations: twice }]));
    assert!(refused.is_err(), "a key named twice is refused, not guessed at");
    assert_eq!(get(&*store, key("ns", "d")), None);
}

/// A deletion removes what is there and answers its final text; without an expectation it does nothing to what is not.
pub fn deletes_need_something_there(with: Open<'_>) {
    let store = open(with);
    set(&*store, "ns", "a", "a");
    let outcome = commit(&*store, vec![delete(key("ns", "b"), Expect::Any, "b")]);
    assert_eq!(outcome, Outcome::Committed { stored: vec![None] });
    let outcome = commit(&*store, vec![delete(key("ns", "b"), Expect::Revision(1), "b")]);
    assert_eq!(outcome, Outcome::Conflict { mutation: 0, found: None });
    write(&*store, delete(key("ns", "a"), Expect::Revision(1), "a"));
    assert!(list(&*store, everything()).items.is_empty());
    assert_eq!(revision(&*store), 2);
}

/// Writers on several threads: every acknowledged write is there, revisions are never given twice, and readers see each
/// writer's own writes at once.
pub fn concurrent_writers_lose_nothing(with: Open<'_>) {
    const WRITERS: usize = 4;
    const WRITES: usize = 25;
    let store = open(with);
    let revisions = std::thread::scope(|scope| {
        let write = |writer: usize| {
            let store = &*store;
            move || -> Vec<u64> {
                (0..WRITES)
                    .map(|number| {
                        let (namespace, name) = (format!("w{writer}"), format!("n{number}"));
                        let at = key(&namespace, &name);
                        let stored =
                            super::kit::write(store, put(at, Expect::Absent, "x", &[("w", &namespace)]));
                        assert_eq!(get(store, at).as_ref(), Some(&stored), "a writer reads what it wrote");
                        bump(store);
                        stored.revision
                    })
                    .collect()
            }
        };
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(write(writer))).collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect::<BTreeSet<_>>()
    });
    assert_eq!(revisions.len(), WRITERS * WRITES, "no revision is given twice");
    let page = list(&*store, everything());
    assert_eq!(page.items.len(), WRITERS * WRITES + 1);
    assert_eq!(indexed(&*store, "w", "w0").len(), WRITES);
    let counter = get(&*store, key("", "counter")).unwrap();
    assert_eq!(super::kit::content(&counter.bytes), (WRITERS * WRITES).to_string(), "no update is lost");
    let changes = drain(&mut *watch(&*store, watch_query(0)));
    let expected: Vec<u64> = (1..=page.revision).collect();
    assert_eq!(changes.iter().map(|change| change.revision).collect::<Vec<_>>(), expected);
}

/// Adds one to a counter that others add to as well.
fn bump(store: &dyn crate::storage::Storage) {
    loop {
        let old = get(store, key("", "counter"));
        let expect = old.as_ref().map_or(Expect::Absent, |old| Expect::Revision(old.revision));
        let count: u64 = old.map_or(0, |old| super::kit::content(&old.bytes).parse().unwrap());
        let outcome = commit(store, vec![put(key("", "counter"), expect, &(count + 1).to_string(), &[])]);
        if matches!(outcome, Outcome::Committed { .. }) {
            return;
        }
    }
}
