//! The past: lists as of a revision, and how it is forgotten.

use std::time::Duration;

use pollster::block_on;

use super::Open;
use super::kit::{
    RESOURCE, TENANT, content, contents, delete, drain, everything, key, list, moved, open, put, revision,
    set, watch, watch_query, write,
};
use crate::storage::{Error, Expect, IndexMatch, ListQuery, LogLimits, Page, Storage, WatchQuery};

/// Writes, changes and deletes objects in two namespaces, with others' writes between. Answers what a list showed after each
/// revision, from 0.
fn history(store: &dyn Storage) -> Vec<Page> {
    let mut pages = vec![list(store, everything())];
    for step in 0..60_usize {
        let (namespace, name) = (["a", "b"][step % 2], format!("n{}", step * 7 % 11));
        let key = key(namespace, &name);
        if step % 5 == 4 && block_on(store.get(key)).unwrap().is_some() {
            write(store, delete(key, Expect::Any, "gone"));
        } else if step % 7 == 6 {
            let elsewhere = moved(key, TENANT, "gadgets");
            write(store, put(elsewhere.as_key(), Expect::Any, "elsewhere", &[]));
        } else {
            let color = ["red", "blue"][step % 3 % 2];
            write(store, put(key, Expect::Any, &format!("{step}"), &[("color", color)]));
        }
        pages.push(list(store, everything()));
    }
    pages
}

/// A list as of a revision is what a list was then: texts, revisions, order and numbers.
pub fn past_lists_are_those_of_then(with: Open<'_>) {
    let store = open(with);
    let pages = history(&*store);
    for (at, then) in (0..).zip(&pages) {
        let of = |query| list(&*store, ListQuery { at: Some(at), ..query });
        let now = of(everything());
        assert_eq!(now.items, then.items, "as of {at}");
        assert_eq!((now.revision, now.remaining), (at, Some(0)), "as of {at}");
        let in_a = of(ListQuery { namespace: Some("a"), ..everything() });
        let odd = |bytes: &[u8]| content(bytes).ends_with(['1', '3', '5', '7', '9']);
        let filtered = of(ListQuery { filter: Some(&odd), ..everything() });
        let expected: Vec<_> = then.items.iter().filter(|stored| odd(&stored.bytes)).cloned().collect();
        assert_eq!(filtered.items, expected, "as of {at}, filtered");
        let (whole, part) = (contents(then), contents(&in_a));
        assert!(part.iter().all(|content| whole.contains(content)), "as of {at}: {part:?} of {whole:?}");
        assert!(in_a.items.len() <= then.items.len());
    }
    let (none, query) = (ListQuery { resource: "nothing", ..everything() }, everything());
    assert!(list(&*store, ListQuery { at: Some(3), ..none }).items.is_empty());
    match block_on(store.list(ListQuery { at: Some(61), ..query })) {
        Err(Error::Future { requested: 61, current: 60 }) => {}
        other => panic!("a revision to come should be refused: {other:?}"),
    }
    past_indexes(&*store, &pages);
}

/// An index and a filter that asks for the same value give what was there then.
fn past_indexes(store: &dyn Storage, pages: &[Page]) {
    // The color of an object follows from the step that it was written in, which is its content.
    let red = |bytes: &[u8]| content(bytes).parse::<usize>().is_ok_and(|step| step % 3 % 2 == 0);
    for (at, then) in (0..).zip(pages) {
        let index = Some(IndexMatch { index: "color", value: "red" });
        let page = list(store, ListQuery { index, filter: Some(&red), at: Some(at), ..everything() });
        let expected: Vec<_> = then.items.iter().filter(|stored| red(&stored.bytes)).cloned().collect();
        assert_eq!(page.items, expected, "as of {at}");
    }
}

/// Pages as of a revision are parts of the list of then, whatever is written between them.
pub fn past_pages_are_of_one_state(with: Open<'_>) {
    let store = open(with);
    let pages = history(&*store);
    for limit in 1..9 {
        let at = revision(&*store);
        let whole = list(&*store, everything());
        let (mut seen, mut next) = (Vec::new(), None::<(String, String)>);
        loop {
            let after = next.as_ref().map(|(namespace, name)| (namespace.as_str(), name.as_str()));
            let page = list(&*store, ListQuery { after, limit, at: Some(at), ..everything() });
            seen.extend(page.items);
            assert_eq!(page.remaining, Some((whole.items.len() - seen.len()) as u64), "limit {limit}");
            assert_eq!(page.next.is_some(), seen.len() < whole.items.len(), "limit {limit}");
            next = page.next;
            if next.is_none() {
                break;
            }
            set(&*store, "a", &format!("n{}", seen.len()), "between");
            set(&*store, "b", &format!("z{}", seen.len()), "new");
        }
        assert_eq!(seen, whole.items, "limit {limit}");
    }
    assert_eq!(list(&*store, ListQuery { at: Some(60), ..everything() }).items, pages[60].items);
}

/// What is compacted can no longer be listed or watched; what follows can, and objects stay.
pub fn compaction_forgets_what_it_is_told(with: Open<'_>) {
    let store = open(with);
    let pages = history(&*store);
    let mut behind = watch(&*store, watch_query(0));
    assert_eq!(block_on(store.compact(0)).unwrap(), 0);
    assert_eq!(block_on(store.compact(40)).unwrap(), 40);
    assert_eq!(block_on(store.compact(20)).unwrap(), 40, "what is forgotten stays so");
    assert!(matches!(behind.try_next(), Err(Error::Compacted { requested: 0, oldest: 40 })));
    for at in [0, 39] {
        let listed = block_on(store.list(ListQuery { at: Some(at), ..everything() }));
        assert!(matches!(listed, Err(Error::Compacted { oldest: 40, .. })), "as of {at}");
        assert!(block_on(store.watch(watch_query(at))).is_err(), "after {at}");
    }
    for at in [40, 41, 60] {
        let page = list(&*store, ListQuery { at: Some(at), ..everything() });
        assert_eq!(page.items, pages[usize::try_from(at).unwrap()].items, "as of {at}");
    }
    let everything_of = |resource: &str| {
        drain(&mut *watch(&*store, WatchQuery { resource: resource.into(), ..watch_query(40) }))
    };
    assert_eq!(everything_of(RESOURCE).len() + everything_of("gadgets").len(), 20);
    assert_eq!(block_on(store.compact(u64::MAX)).unwrap(), 60);
    assert!(drain(&mut *watch(&*store, watch_query(60))).is_empty());
    assert_eq!(list(&*store, everything()).items, pages[60].items);
    set(&*store, "a", "new", "x");
    assert_eq!(drain(&mut *watch(&*store, watch_query(60))).len(), 1);
    assert_eq!(revision(&*store), 61);
}

/// Changes that are older than they may get are forgotten with the next commit, that of the newest excepted.
pub fn old_changes_are_forgotten(with: Open<'_>) {
    let store = with(LogLimits { age: Duration::ZERO, ..LogLimits::default() });
    for number in 1..=5 {
        set(&*store, "ns", "a", "x");
        let reached = drain(&mut *watch(&*store, watch_query(number - 1)));
        assert_eq!(reached.len(), 1, "the newest change is there");
        if number > 1 {
            assert!(matches!(block_on(store.watch(watch_query(number - 2))), Err(Error::Compacted { .. })));
        }
    }
    assert_eq!(block_on(store.compact(0)).unwrap(), 5, "compacting forgets what has become too old since");
    let kept = with(LogLimits::default());
    set(&*kept, "ns", "a", "x");
    assert_eq!(block_on(kept.compact(0)).unwrap(), 0, "what is young stays");
}

/// A watch knows up to where it has told everything, also past what is not for it.
pub fn watches_tell_how_far_they_have_come(with: Open<'_>) {
    let store = open(with);
    let mut watch = watch(&*store, watch_query(0));
    assert_eq!(watch.progress(), 0);
    set(&*store, "ns", "a", "x");
    assert_eq!(drain(&mut *watch).len(), 1);
    assert_eq!(watch.progress(), 1);
    let elsewhere = moved(key("ns", "a"), TENANT, "gadgets");
    write(&*store, put(elsewhere.as_key(), Expect::Any, "elsewhere", &[]));
    assert_eq!(watch.progress(), 1);
    assert!(watch.try_next().unwrap().is_empty());
    assert_eq!(watch.progress(), 2);
}
