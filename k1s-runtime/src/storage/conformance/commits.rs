//! The number that tells whether anything has changed.

use crate::storage::Expect;

use super::Open;
use super::kit::{commit, get, key, open, put, write};

/// The number of commits, if a backend has one, is another one after each commit that is acknowledged, and the same while nothing is
/// written.
pub fn commits_are_noticed(with: Open<'_>) {
    let store = open(with);
    let Some(mut last) = store.commits() else { return };
    for number in 0..20 {
        assert_eq!(store.commits(), Some(last), "nothing was written");
        let name = format!("n{number}");
        write(&*store, put(key("a", &name), Expect::Absent, "x", &[]));
        let now = store.commits().unwrap();
        assert_ne!(now, last, "a commit was acknowledged");
        assert!(get(&*store, key("a", &name)).is_some());
        assert_eq!(store.commits(), Some(now), "reading is no commit");
        last = now;
    }
    // One that is refused need not be told of, and does not hide the next.
    commit(&*store, vec![put(key("a", "n0"), Expect::Absent, "y", &[])]);
    let before = store.commits();
    write(&*store, put(key("a", "n0"), Expect::Any, "y", &[]));
    assert_ne!(store.commits(), before);
    // Every reader that finds the number of before finds what was there before.
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..200 {
                write(&*store, put(key("b", "n"), Expect::Any, &number.to_string(), &[]));
            }
        });
        while !writer.is_finished() {
            let before = store.commits();
            let seen = get(&*store, key("b", "n")).map(|stored| stored.revision);
            let again = get(&*store, key("b", "n")).map(|stored| stored.revision);
            if store.commits() == before {
                assert_eq!(seen, again, "it changed between two equal numbers");
            }
        }
    });
}
