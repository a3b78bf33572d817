//! Readers of other processes see only whole transactions, while a writer sets many numbers at once and the map grows.

use super::kit::{Worker, open};
use super::witness::Witness;
use super::{Job, Place, Result, ensure};

/// Objects of a transaction.
pub(super) const MEMBERS: u64 = 20;
const READERS: u64 = 3;

/// Namespace and name of a member.
pub(super) fn member(number: u64) -> (&'static str, String) {
    let namespace = if number.is_multiple_of(2) { "even" } else { "odd" };
    (namespace, format!("member-{number}"))
}

/// Writes so many transactions beside readers.
///
/// # Errors
/// When a reader sees half a transaction, or time running backwards.
pub fn whole_transactions(place: &Place, generations: u64) -> Result {
    let directory = place.directory.join("readers");
    let store = open(&directory)?;
    let witness = Witness::start(&directory)?;
    let readers = (0..READERS).map(|_| Worker::start(place, Job::Read, &directory, 0));
    let readers = readers.collect::<Result<Vec<_>>>()?;
    Worker::start(place, Job::Generations, &directory, generations)?.finish("the writer")?;
    let seen = witness.end(&directory)?;
    let mut reads = 0;
    for reader in readers {
        let said = reader.finish("a reader")?;
        reads += said.first().and_then(|line| line.parse::<u64>().ok()).unwrap_or(0);
    }
    ensure(reads > 0, || "nobody read".to_owned())?;
    ensure(seen.changes == generations * MEMBERS + 1, || {
        format!("the watcher saw {} changes", seen.changes)
    })?;
    store.check()?;
    Ok(format!(
        "{generations} transactions of {MEMBERS} objects: {reads} reads by {READERS} processes saw them whole"
    ))
}
