//! What watches tell, from where, and when.

use std::sync::mpsc;

use pollster::block_on;

use super::Open;
use super::kit::{
    RESOURCE, TENANT, delete, drain, key, moved, open, put, revision, set, stamped, watch, watch_query, write,
};
use crate::storage::{ChangeKind, Error, Expect, LogLimits, Mutation, WatchQuery};

/// Every change comes once, in order, with the text after and before it.
pub fn watches_tell_everything_once(with: Open<'_>) {
    let store = open(with);
    let mut watch = watch(&*store, watch_query(0));
    assert!(watch.try_next().unwrap().is_empty());
    set(&*store, "ns", "a", "one");
    set(&*store, "ns", "a", "two");
    write(&*store, delete(key("ns", "a"), Expect::Any, "three"));
    let changes = drain(&mut *watch);
    let told: Vec<_> = changes.iter().map(|change| (change.revision, change.kind)).collect();
    assert_eq!(told, [(1, ChangeKind::Created), (2, ChangeKind::Updated), (3, ChangeKind::Deleted)]);
    assert!(changes.iter().all(|change| change.key == key("ns", "a").to_buf()));
    let texts: Vec<_> = changes.iter().map(|change| change.bytes.to_vec()).collect();
    assert_eq!(texts, [stamped("one", 1), stamped("two", 2), stamped("three", 3)]);
    let before: Vec<_> =
        changes.iter().map(|change| change.previous.as_ref().map(|text| text.to_vec())).collect();
    assert_eq!(before, [None, Some(stamped("one", 1)), Some(stamped("two", 2))]);
    assert!(watch.try_next().unwrap().is_empty(), "what was told is not told again");
    set(&*store, "ns", "a", "four");
    assert_eq!(drain(&mut *watch).len(), 1);
}

/// A watch goes on from any revision that the log still reaches, and not from one that is yet to come.
pub fn watches_start_anywhere(with: Open<'_>) {
    let store = open(with);
    for number in 0..2500 {
        set(&*store, "ns", &format!("n{}", number % 7), "x");
    }
    for after in [0, 1, 999, 1000, 1001, 2499, 2500] {
        let revisions: Vec<_> =
            drain(&mut *watch(&*store, watch_query(after))).iter().map(|change| change.revision).collect();
        assert_eq!(revisions, (after + 1..=2500).collect::<Vec<_>>(), "after {after}");
    }
    match block_on(store.watch(watch_query(2501))).map(drop) {
        Err(Error::Future { requested: 2501, current: 2500 }) => {}
        other => panic!("a revision to come should be refused: {other:?}"),
    }
}

/// A watch tells of its tenant, resource and namespace alone.
pub fn watches_see_only_what_they_ask_for(with: Open<'_>) {
    let store = open(with);
    set(&*store, "a", "x", "1");
    set(&*store, "b", "x", "2");
    for (tenant, resource) in [("team-b", RESOURCE), (TENANT, "widgets.example.org"), (RESOURCE, TENANT)] {
        let elsewhere = moved(key("a", "x"), tenant, resource);
        write(&*store, put(elsewhere.as_key(), Expect::Absent, "elsewhere", &[]));
    }
    set(&*store, "", "x", "6");
    let told =
        |query| drain(&mut *watch(&*store, query)).iter().map(|change| change.revision).collect::<Vec<_>>();
    assert_eq!(told(watch_query(0)), [1, 2, 6]);
    assert_eq!(told(WatchQuery { namespace: Some("a".into()), ..watch_query(0) }), [1]);
    assert_eq!(told(WatchQuery { namespace: Some(String::new()), ..watch_query(0) }), [6]);
    assert_eq!(told(WatchQuery { tenant: "team-b".into(), ..watch_query(0) }), [3]);
    assert_eq!(told(WatchQuery { resource: "gadgets".into(), ..watch_query(0) }), [0; 0]);
}

/// A watch that waits is woken by a commit on another thread, and not before there is something for it.
pub fn watches_wake_up(with: Open<'_>) {
    let store = open(with);
    set(&*store, "ns", "before", "x");
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        let mut watch = watch(&*store, WatchQuery { namespace: Some("ns".into()), ..watch_query(1) });
        scope.spawn(move || {
            for _ in 0..3 {
                let changes = block_on(watch.next()).unwrap();
                assert!(!changes.is_empty(), "a wait does not end with nothing");
                changes.iter().for_each(|change| send.send(change.revision).unwrap());
            }
        });
        for number in 0..3 {
            set(&*store, "other", "x", "x");
            let stored = set(&*store, "ns", &format!("n{number}"), "x");
            assert_eq!(receive.recv().unwrap(), stored.revision);
        }
    });
}

/// Changes that left the log are an error that tells from where a watch can start; a watch that fell behind ends with it.
pub fn forgotten_changes_are_an_error(with: Open<'_>) {
    for limits in
        [LogLimits { entries: 10, ..LogLimits::default() }, LogLimits { bytes: 1000, ..LogLimits::default() }]
    {
        let store = with(limits);
        let mut behind = watch(&*store, watch_query(0));
        let mut beside = watch(&*store, watch_query(0));
        for number in 0..100 {
            set(&*store, "ns", &format!("n{}", number % 10), "some text that fills the log");
            assert_eq!(drain(&mut *beside).len(), 1, "a watch that keeps up misses nothing");
        }
        let Err(Error::Compacted { requested: 0, oldest }) = block_on(store.watch(watch_query(0))).map(drop)
        else {
            panic!("{limits:?}: a watch from before the log should be refused");
        };
        assert!((90..100).contains(&oldest), "{limits:?}: the log should start at about 90, not {oldest}");
        assert!(matches!(behind.try_next(), Err(Error::Compacted { requested: 0, .. })), "{limits:?}");
        assert_eq!(drain(&mut *watch(&*store, watch_query(oldest))).len() as u64, 100 - oldest);
        assert!(block_on(store.watch(watch_query(oldest - 1))).is_err());
    }
    the_newest_change_is_kept(with);
}

fn the_newest_change_is_kept(with: Open<'_>) {
    let store = with(LogLimits { bytes: 1, entries: 0, ..LogLimits::default() });
    for number in 0..5 {
        set(&*store, "ns", &format!("n{number}"), "x");
        let changes = drain(&mut *watch(&*store, watch_query(revision(&*store) - 1)));
        assert!(matches!(changes[..], [ref change] if change.kind == ChangeKind::Created));
    }
    let nothing = Mutation::Check { key: key("ns", "x").to_buf(), expect: Expect::Absent };
    super::kit::commit(&*store, vec![nothing]);
    assert_eq!(drain(&mut *watch(&*store, watch_query(4))).len(), 1);
}
