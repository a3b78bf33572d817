//! Names that try to be what they are not.

use pollster::block_on;

use super::Open;
use super::kit::{
    commit, contents, delete, everything, get, indexed, key, list, moved, open, put, revision, stamped,
    watch_query, write,
};
use crate::storage::{Error, Expect, IndexMatch, Key, ListQuery, Transaction, WatchQuery};

/// One tenant's objects, lists, indexes and deletions do not touch another's.
pub fn tenants_are_apart(with: Open<'_>) {
    let store = open(with);
    let tenants = ["a", "b", "A", "a ", "ab"];
    for tenant in tenants {
        let at = moved(key("ns", "x"), tenant, "widgets");
        write(&*store, put(at.as_key(), Expect::Absent, tenant, &[("color", "red")]));
    }
    let of = |tenant| ListQuery { tenant, resource: "widgets", ..everything() };
    for tenant in tenants {
        assert_eq!(contents(&list(&*store, of(tenant))), [tenant]);
        let red = Some(IndexMatch { index: "color", value: "red" });
        assert_eq!(contents(&list(&*store, ListQuery { index: red, ..of(tenant) })), [tenant]);
    }
    write(&*store, delete(moved(key("ns", "x"), "a", "widgets").as_key(), Expect::Any, ""));
    assert!(list(&*store, of("a")).items.is_empty());
    assert_eq!(contents(&list(&*store, of("ab"))), ["ab"]);
    assert!(list(&*store, of("")).items.is_empty());
}

/// Names with separators, zero bytes, dots, or none at all never reach another key.
pub fn hostile_names_stay_apart(with: Open<'_>) {
    let store = open(with);
    let words =
        ["a", "a/b", "/", "..", "a\0b", "\0", "\u{1}", "é", "\u{10FFFF}", "%00", "\n", "a\0", "\0a", "b"];
    let mut written = Vec::new();
    for tenant in words {
        for resource in words {
            for (namespace, name) in [("a", "b"), ("", "a/b"), ("a/b", "a"), ("\u{1}", "\u{1}")] {
                let at = Key { tenant, resource, namespace, name };
                written.push((at, format!("{}", written.len())));
            }
        }
    }
    let mutations =
        written.iter().map(|(at, content)| put(*at, Expect::Absent, content, &[("i", content)])).collect();
    commit(&*store, mutations);
    assert_eq!(revision(&*store), written.len() as u64);
    for (number, (at, content)) in written.iter().enumerate() {
        let stored = get(&*store, *at).unwrap();
        assert_eq!(&stored.bytes[..], stamped(content, number as u64 + 1), "{at:?}");
    }
    for tenant in words {
        for resource in words {
            let page = list(&*store, ListQuery { tenant, resource, ..everything() });
            assert_eq!(page.items.len(), 4, "{tenant:?} {resource:?}");
            let query = WatchQuery { tenant: tenant.into(), resource: resource.into(), ..watch_query(0) };
            let changes = super::kit::drain(&mut *super::kit::watch(&*store, query));
            assert!(
                changes.iter().all(|change| change.key.tenant == tenant && change.key.resource == resource)
            );
            assert_eq!(changes.len(), 4, "{tenant:?} {resource:?}");
        }
    }
}

/// The longest names that Kubernetes allows, all at once, with an index entry.
pub fn longest_names_fit(with: Open<'_>) {
    let store = open(with);
    let (namespace, name, value) = ("n".repeat(63), "x".repeat(253), "v".repeat(100));
    let resource = format!("{}.{}", "p".repeat(63), "g".repeat(253));
    let tenant = "t".repeat(253);
    let neighbour = format!("{}y", &name[1..]);
    for name in [&name, &neighbour] {
        let at = Key { tenant: &tenant, resource: &resource, namespace: &namespace, name };
        let stored = write(&*store, put(at, Expect::Absent, name, &[(".spec.category", &value)]));
        assert_eq!(get(&*store, at), Some(stored));
    }
    let all = ListQuery { tenant: &tenant, resource: &resource, ..everything() };
    assert_eq!(list(&*store, all).items.len(), 2);
    let page = list(&*store, ListQuery { limit: 1, ..all });
    assert_eq!(page.next, Some((namespace.clone(), name.clone())));
    let index = Some(IndexMatch { index: ".spec.category", value: &value });
    assert_eq!(contents(&list(&*store, ListQuery { index, ..all })), [name, neighbour]);
}

/// Keys that cannot be stored are refused before anything is written, and nothing is found under them.
pub fn impossible_keys_are_refused(with: Open<'_>) {
    let store = open(with);
    let (long, good) = ("x".repeat(10_000), key("ns", "a"));
    for bad in [
        key("ns", ""),
        key("ns", "a\0b"),
        key("n\0s", "a"),
        key("ns", &long),
        key(&long, "a"),
        Key { tenant: "", ..good },
        Key { resource: "", ..good },
        Key { tenant: &long, ..good },
        Key { resource: &long, ..good },
    ] {
        let mutations = vec![put(good, Expect::Any, "good", &[]), put(bad, Expect::Any, "bad", &[])];
        let refused = block_on(store.commit(vec![Transaction { mutations }]));
        assert!(matches!(refused, Err(Error::BadKey { .. })), "{refused:?}");
        assert_eq!(get(&*store, good), None, "nothing of a refused batch is written");
        assert_eq!(get(&*store, bad), None);
        let query = ListQuery {
            tenant: bad.tenant,
            resource: bad.resource,
            namespace: Some(bad.namespace),
            ..everything()
        };
        assert!(list(&*store, query).items.is_empty());
    }
    let entry = put(good, Expect::Any, "good", &[(&long, "value")]);
    assert!(block_on(store.commit(vec![Transaction { mutations: vec![entry] }])).is_err());
    assert!(indexed(&*store, &long, "value").is_empty());
    assert_eq!(revision(&*store), 0);
}
