//! Whole tenants: listed, exported, imported, removed.

use std::ops::ControlFlow;

use pollster::block_on;

use super::Open;
use super::kit::{
    commit, contents, delete, drain, everything, get, indexed, key, list, moved, open, put, revision,
    stamped, watch, watch_query, write,
};
use crate::storage::tenants::{self, Existing, Removed, Tenant};
use crate::storage::{Error, Expect, ListQuery, Storage, WatchQuery};

/// Writes an object of a tenant.
fn fill(store: &dyn Storage, tenant: &str, resource: &str, names: &[&str]) {
    let one = |name: &&str| {
        put(moved(key("ns", name), tenant, resource).as_key(), Expect::Absent, name, &[("color", "red")])
    };
    commit(store, names.iter().map(one).collect());
}

fn listed(store: &dyn Storage) -> Vec<(String, u64, u64)> {
    let tenants = block_on(store.tenants()).unwrap();
    tenants.into_iter().map(|Tenant { name, objects, bytes }| (name, objects, bytes)).collect()
}

/// Tenants that hold something are listed by name, with what they hold, through every kind of change.
pub fn tenants_are_counted(with: Open<'_>) {
    let store = open(with);
    assert!(listed(&*store).is_empty());
    let bytes = |names: &[(&str, u64)]| {
        names.iter().map(|(name, revision)| stamped(name, *revision).len() as u64).sum::<u64>()
    };
    fill(&*store, "b", "widgets", &["one", "two"]);
    fill(&*store, "a\0", "gadgets", &["x"]);
    let b = ("b".to_owned(), 2, bytes(&[("one", 1), ("two", 2)]));
    let a = ("a\0".to_owned(), 1, bytes(&[("x", 3)]));
    assert_eq!(listed(&*store), [a.clone(), b]);
    write(&*store, put(moved(key("ns", "one"), "b", "widgets").as_key(), Expect::Any, "longer", &[]));
    let b = ("b".to_owned(), 2, bytes(&[("longer", 4), ("two", 2)]));
    assert_eq!(listed(&*store), [a, b.clone()]);
    // What is there and gone within one commit, and what a conflict would have done, counts for nothing.
    commit(&*store, vec![delete(moved(key("ns", "x"), "a\0", "gadgets").as_key(), Expect::Any, "")]);
    fill(&*store, "b", "widgets", &["two", "three"]);
    assert_eq!(listed(&*store), [b]);
}

/// What is exported is imported into another tenant of another store: the same objects under the same keys and index
/// entries, each with a revision of the new store.
pub fn exports_are_imported_again(with: Open<'_>) {
    let (here, there) = (open(with), open(with));
    fill(&*here, "a", "widgets", &["one", "two"]);
    fill(&*here, "a", "gadgets", &["three"]);
    fill(&*here, "other", "widgets", &["hidden"]);
    commit(&*there, vec![put(key("ns", "unrelated"), Expect::Any, "", &[])]);
    let mut file = Vec::new();
    let exported = block_on(tenants::export(&*here, "a", &mut file)).unwrap();
    assert_eq!((exported.objects, exported.revision), (3, 4));
    assert!(!String::from_utf8(file.clone()).unwrap().contains("hidden"));
    let imported =
        block_on(tenants::import(&*there, "b\0/..", &mut file.as_slice(), Existing::Refuse)).unwrap();
    assert_eq!((imported.objects, imported.kept, imported.revision), (3, 0, 4));
    let mut revisions = Vec::new();
    for (resource, name) in [("gadgets", "three"), ("widgets", "one"), ("widgets", "two")] {
        let found = get(&*there, moved(key("ns", name), "b\0/..", resource).as_key()).unwrap();
        assert_eq!(&found.bytes[..], stamped(name, found.revision), "the text says its new revision");
        revisions.push(found.revision);
    }
    revisions.sort_unstable();
    assert_eq!(revisions, [2, 3, 4]);
    let red = Some(crate::storage::IndexMatch { index: "color", value: "red" });
    let query = ListQuery { tenant: "b\0/..", resource: "widgets", index: red, ..everything() };
    assert_eq!(contents(&list(&*there, query)), ["one", "two"]);
    let mut again = Vec::new();
    block_on(tenants::export(&*there, "nobody", &mut again)).unwrap();
    assert_eq!(again.iter().filter(|byte| **byte == b'\n').count(), 2, "nothing is an export too");
    block_on(tenants::import(&*there, "nobody", &mut again.as_slice(), Existing::Refuse)).unwrap();
}

/// An import meets objects that are there as it was told to.
pub fn imports_meet_what_is_there(with: Open<'_>) {
    let store = open(with);
    fill(&*store, "a", "widgets", &["one", "two"]);
    let mut file = Vec::new();
    block_on(tenants::export(&*store, "a", &mut file)).unwrap();
    let import = |existing| block_on(tenants::import(&*store, "b", &mut file.as_slice(), existing));
    commit(&*store, vec![put(moved(key("ns", "two"), "b", "widgets").as_key(), Expect::Any, "mine", &[])]);
    let refused = import(Existing::Refuse).unwrap_err();
    assert!(refused.to_string().contains("widgets ns/two is there already"), "{refused}");
    let kept = import(Existing::Keep).unwrap();
    assert_eq!((kept.objects, kept.kept), (0, 2), "what came before the refusal is there");
    let of_b = ListQuery { tenant: "b", resource: "widgets", ..everything() };
    assert_eq!(contents(&list(&*store, of_b)), ["one", "mine"]);
    assert_eq!(import(Existing::Replace).unwrap().objects, 2);
    assert_eq!(contents(&list(&*store, of_b)), ["one", "two"]);
}

/// An export that lacks its end, or is none, is an error that names the line.
pub fn exports_that_are_cut_short_are_told(with: Open<'_>) {
    let store = open(with);
    fill(&*store, "a", "widgets", &["one", "two"]);
    let mut file = Vec::new();
    block_on(tenants::export(&*store, "a", &mut file)).unwrap();
    for cut in 0..file.len() {
        let refused = block_on(tenants::import(&*store, "b", &mut &file[..cut], Existing::Replace));
        assert!(matches!(refused, Err(Error::Transfer { line: 1..=4, .. })), "{cut}: {refused:?}");
    }
    for none in ["{}\n", "\n", "[[[\n", "{\"k1sExport\":2,\"tenant\":\"a\",\"revision\":1}\n"] {
        let refused = block_on(tenants::import(&*store, "b", &mut none.as_bytes(), Existing::Replace));
        assert!(matches!(refused, Err(Error::Transfer { line: 1, .. })), "{refused:?}");
    }
}

/// A tenant is removed step by step, each of which is bounded; watchers are told, and no other tenant is touched.
pub fn removing_a_tenant_takes_bounded_steps(with: Open<'_>) {
    let store = open(with);
    fill(&*store, "a", "widgets", &["1", "2", "3", "4"]);
    fill(&*store, "a", "gadgets", &["5"]);
    fill(&*store, "ab", "widgets", &["stays"]);
    let before = revision(&*store);
    let step = |limit| block_on(tenants::remove_batch(&*store, "a", limit)).unwrap();
    assert_eq!(step(2), Removed { objects: 2, more: true });
    assert_eq!(listed(&*store)[0].1, 3);
    assert_eq!(step(0), Removed { objects: 1, more: true });
    // Interrupted here, it goes on with what is left.
    fill(&*store, "a", "widgets", &["late"]);
    assert_eq!(block_on(tenants::remove(&*store, "a")).unwrap(), 3);
    assert_eq!(step(2), Removed { objects: 0, more: false });
    assert_eq!(block_on(tenants::remove(&*store, "never")).unwrap(), 0);
    let names: Vec<_> = listed(&*store).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["ab"]);
    let mut shown = 0;
    block_on(store.visit("a", &mut |_| {
        shown += 1;
        ControlFlow::Continue(())
    }))
    .unwrap();
    assert_eq!(shown, 0);
    assert!(indexed(&*store, "color", "red").is_empty());
    let query =
        |resource: &str| WatchQuery { tenant: "a".into(), resource: resource.into(), ..watch_query(before) };
    let told = ["widgets", "gadgets"].map(|resource| drain(&mut *watch(&*store, query(resource))).len());
    assert_eq!(told, [6, 1], "five and one are gone, and one came late");
    let gone = drain(&mut *watch(&*store, query("gadgets"))).remove(0);
    assert_eq!(
        &gone.bytes[..],
        stamped("5", gone.revision),
        "the last text says the revision of the deletion"
    );
}
