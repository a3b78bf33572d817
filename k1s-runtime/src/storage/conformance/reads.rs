//! Gets, lists, pages, filters and indexes.

use super::Open;
use super::kit::{
    content, contents, delete, everything, get, indexed, key, list, open, put, revision, set, stamped, write,
};
use crate::storage::{Expect, IndexMatch, ListQuery};

/// A get answers the text of the last write, complete with its revision; nothing for what was never there or is gone.
pub fn gets_what_was_put(with: Open<'_>) {
    let store = open(with);
    assert_eq!(get(&*store, key("ns", "a")), None);
    assert_eq!(revision(&*store), 0, "an empty store is at revision 0");
    let first = set(&*store, "ns", "a", "one");
    assert_eq!(first.bytes, stamped("one", 1));
    assert_eq!(get(&*store, key("ns", "a")), Some(first));
    let second = set(&*store, "ns", "a", "two");
    assert_eq!(second.bytes, stamped("two", 2));
    assert_eq!(get(&*store, key("ns", "a")), Some(second));
    for other in [key("ns", "b"), key("", "a"), key("n", "sa"), key("ns", "")] {
        assert_eq!(get(&*store, other), None, "{other:?}");
    }
    write(&*store, delete(key("ns", "a"), Expect::Any, "gone"));
    assert_eq!(get(&*store, key("ns", "a")), None);
}

/// Lists come by namespace, then name, each by bytes, from one namespace or all, and tell the revision.
pub fn lists_in_key_order(with: Open<'_>) {
    let store = open(with);
    assert!(list(&*store, everything()).items.is_empty());
    for (namespace, name) in
        [("b", "x"), ("a-b", "z"), ("a", "z"), ("a", "a.b"), ("a", "a-b"), ("", "c"), ("a", "é")]
    {
        set(&*store, namespace, name, &format!("{namespace}/{name}"));
    }
    let page = list(&*store, everything());
    assert_eq!(contents(&page), ["/c", "a/a-b", "a/a.b", "a/z", "a/é", "a-b/z", "b/x"]);
    assert_eq!((page.revision, page.remaining, page.next), (7, Some(0), None));
    for (namespace, expected) in [
        ("a", &["a/a-b", "a/a.b", "a/z", "a/é"][..]),
        ("a-b", &["a-b/z"]),
        ("", &["/c"]),
        ("c", &[]),
        ("a\0", &[]),
    ] {
        let page = list(&*store, ListQuery { namespace: Some(namespace), ..everything() });
        assert_eq!(contents(&page), expected, "namespace {namespace:?}");
    }
}

/// Pages of any size give each object once, tell how many follow, and where to go on.
pub fn pages_cover_everything_once(with: Open<'_>) {
    let store = open(with);
    for namespace in ["a", "b", "c"] {
        for number in 0..7 {
            set(&*store, namespace, &format!("n{number}"), &format!("{namespace}{number}"));
        }
    }
    for namespace in [None, Some("b"), Some("d")] {
        let whole = list(&*store, ListQuery { namespace, ..everything() });
        for limit in 1..=22 {
            let (mut seen, mut next) = (Vec::new(), None::<(String, String)>);
            loop {
                let after = next.as_ref().map(|(namespace, name)| (namespace.as_str(), name.as_str()));
                let page = list(&*store, ListQuery { namespace, after, limit, ..everything() });
                seen.extend(page.items);
                assert_eq!(page.remaining, Some((whole.items.len() - seen.len()) as u64), "limit {limit}");
                assert_eq!(page.next.is_some(), seen.len() < whole.items.len(), "limit {limit}");
                next = page.next;
                if next.is_none() {
                    break;
                }
            }
            assert_eq!(seen, whole.items, "limit {limit} in {namespace:?}");
        }
    }
    let far = "z".repeat(2000);
    for (after, count) in
        [(("a", "n9"), 14), (("", ""), 21), (("b", "n6"), 7), (("d", ""), 0), ((far.as_str(), ""), 0)]
    {
        let page = list(&*store, ListQuery { after: Some(after), ..everything() });
        assert_eq!(page.items.len(), count, "after {after:?}");
    }
    let before = list(&*store, ListQuery { after: Some(("a", "n3")), namespace: Some("b"), ..everything() });
    assert_eq!(before.items.len(), 7, "a start before the namespace is its start");
    let behind = list(&*store, ListQuery { after: Some(("c", "n3")), namespace: Some("b"), ..everything() });
    assert_eq!((behind.items.len(), behind.remaining), (0, Some(0)), "nothing follows the namespace");
}

/// A filter gets the text as it is stored; only what passes counts against the limit.
pub fn filters_see_the_text(with: Open<'_>) {
    let store = open(with);
    for number in 0..20 {
        set(&*store, "ns", &format!("n{number:02}"), if number % 4 == 3 { "yes" } else { "no" });
    }
    let filter = |text: &[u8]| text.ends_with(b"\"content\":\"yes\"}");
    let query = ListQuery { filter: Some(&filter), ..everything() };
    let page = list(&*store, query);
    assert_eq!(page.items.iter().map(|stored| stored.revision).collect::<Vec<_>>(), [4, 8, 12, 16, 20]);
    assert_eq!(page.remaining, None, "with a filter, what follows is not counted");
    let page = list(&*store, ListQuery { limit: 2, ..query });
    assert_eq!(page.items.len(), 2);
    assert_eq!(page.next, Some(("ns".into(), "n07".into())));
    let page = list(&*store, ListQuery { limit: 5, ..query });
    assert_eq!((page.items.len(), page.next), (5, None), "nothing follows the last object");
}

/// An index gives exactly the objects with the value, in key order, and combines with everything else.
pub fn indexes_are_followed(with: Open<'_>) {
    let store = open(with);
    for (namespace, name, indexes) in [
        ("b", "1", &[("color", "red")][..]),
        ("a", "2", &[("color", "red"), ("size", "xl")]),
        ("a", "1", &[("color", "blue"), ("color", "red"), ("color", "red")]),
        ("c", "1", &[("color", "reddish"), ("size", "red")]),
        ("c", "2", &[("color", "")]),
        ("c", "3", &[]),
    ] {
        write(&*store, put(key(namespace, name), Expect::Any, &format!("{namespace}{name}"), indexes));
    }
    for (index, value, expected) in [
        ("color", "red", &["a1", "a2", "b1"][..]),
        ("color", "blue", &["a1"]),
        ("color", "re", &[]),
        ("color", "", &["c2"]),
        ("size", "red", &["c1"]),
        ("weight", "red", &[]),
    ] {
        assert_eq!(indexed(&*store, index, value), expected, "{index}={value}");
    }
    let red = ListQuery { index: Some(IndexMatch { index: "color", value: "red" }), ..everything() };
    assert_eq!(contents(&list(&*store, ListQuery { namespace: Some("a"), ..red })), ["a1", "a2"]);
    assert_eq!(contents(&list(&*store, ListQuery { after: Some(("a", "1")), ..red })), ["a2", "b1"]);
    let page = list(&*store, ListQuery { limit: 2, ..red });
    assert_eq!((contents(&page), page.remaining), (vec!["a1".to_owned(), "a2".to_owned()], None));
    assert_eq!(page.next, Some(("a".into(), "2".into())));
    let filter = |text: &[u8]| text.ends_with(b"2\"}");
    assert_eq!(contents(&list(&*store, ListQuery { filter: Some(&filter), ..red })), ["a2"]);
}

/// An update replaces an object's entries, and a deletion removes them.
pub fn indexes_follow_updates(with: Open<'_>) {
    let store = open(with);
    let write = |indexes| write(&*store, put(key("ns", "a"), Expect::Any, "a", indexes));
    write(&[("color", "red"), ("size", "s")]);
    write(&[("color", "blue"), ("size", "s")]);
    assert!(indexed(&*store, "color", "red").is_empty());
    assert_eq!(indexed(&*store, "color", "blue"), ["a"]);
    assert_eq!(indexed(&*store, "size", "s"), ["a"]);
    write(&[]);
    assert!(indexed(&*store, "color", "blue").is_empty());
    write(&[("color", "red")]);
    super::kit::write(&*store, delete(key("ns", "a"), Expect::Any, "a"));
    assert!(indexed(&*store, "color", "red").is_empty());
}

/// Values of any length are found, and only they.
pub fn long_index_values_are_told_apart(with: Open<'_>) {
    let store = open(with);
    let long = "v".repeat(5000);
    let values: Vec<String> = [90, 99, 100, 101, 102, 254, 255, 256, 300, 4999]
        .iter()
        .map(|length| long[..*length].to_owned())
        .collect();
    for (number, value) in values.iter().enumerate() {
        let next = &values[(number + 1) % values.len()];
        let name = format!("n{number}");
        let entries = [("data", value.as_str()), ("data", next.as_str())];
        write(&*store, put(key("ns", &name), Expect::Absent, &name, &entries));
    }
    for (number, value) in values.iter().enumerate() {
        let mut expected = [format!("n{number}"), format!("n{}", (number + values.len() - 1) % values.len())];
        expected.sort();
        assert_eq!(indexed(&*store, "data", value), expected, "value of {} bytes", value.len());
    }
    assert!(indexed(&*store, "data", &long).is_empty());
    assert!(indexed(&*store, "data", "").is_empty());
    write(&*store, delete(key("ns", "n9"), Expect::Any, ""));
    assert_eq!(indexed(&*store, "data", &values[9]), ["n8"]);
}

/// A hint never changes what is answered. Once all objects are in the index, the filter is asked about those with the value alone.
pub fn hints_spare_the_rest(with: Open<'_>) {
    let store = open(with);
    let hint = Some(IndexMatch { index: "color", value: "red" });
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let red = |bytes: &[u8]| {
        asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        content(bytes).starts_with("red")
    };
    let found = || {
        asked.store(0, std::sync::atomic::Ordering::Relaxed);
        let page = list(&*store, ListQuery { hint, filter: Some(&red), ..everything() });
        assert_eq!(page.remaining, None);
        (contents(&page), asked.load(std::sync::atomic::Ordering::Relaxed))
    };
    let put_one = |name: &str, color: &str, indexes: &[(&str, &str)]| {
        write(&*store, put(key("ns", name), Expect::Any, &format!("{color}-{name}"), indexes));
    };
    put_one("old", "red", &[]);
    for number in 0..9 {
        let color = ["red", "blue", "green"][number % 3];
        put_one(&format!("n{number}"), color, &[("color", color), ("size", "1")]);
    }
    let reds = ["red-n0", "red-n3", "red-n6"].map(str::to_owned);
    assert_eq!(found(), ([&reds[..], &["red-old".to_owned()]].concat(), 10), "one is not in the index");
    put_one("old", "red", &[("size", "1")]);
    assert_eq!(found().1, 10, "it is in another");
    write(&*store, delete(key("ns", "old"), Expect::Any, "gone"));
    assert_eq!(found(), (reds.to_vec(), 3), "all are in the index");
    put_one("n3", "blue", &[("color", "blue")]);
    put_one("n4", "red", &[("color", "red"), ("color", "blue")]);
    assert_eq!(found(), (["red-n0", "red-n4", "red-n6"].map(str::to_owned).to_vec(), 3));
    let elsewhere = key("elsewhere", "x");
    write(&*store, put(elsewhere, Expect::Any, "red-x", &[]));
    assert_eq!(found().1, 10);
    write(&*store, put(elsewhere, Expect::Any, "red-x", &[("color", "red")]));
    assert_eq!(found(), (["red-x", "red-n0", "red-n4", "red-n6"].map(str::to_owned).to_vec(), 4));
}
