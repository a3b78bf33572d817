//! Processes raise one number against each other, each time expecting it to be as they have read it.

use super::kit::{Worker, get, key, open};
use super::witness::Witness;
use super::{Failure, Job, Place, Result, ensure};

/// So many processes make so many increments together.
///
/// # Errors
/// When the sum is not exact, or a watcher missed a number.
pub fn increments(place: &Place, processes: u64, total: u64) -> Result {
    let directory = place.directory.join("increments");
    let store = open(&directory)?;
    let witness = Witness::start(&directory)?;
    let share = |process: u64| total / processes + u64::from(process < total % processes);
    let start = |process| Worker::start(place, Job::Increment, &directory, share(process));
    let workers = (0..processes).map(start).collect::<Result<Vec<_>>>()?;
    let mut conflicts = 0;
    for worker in workers {
        let said = worker.finish("a process that increments")?;
        let count = said.first().and_then(|line| line.parse::<u64>().ok());
        conflicts += count.ok_or_else(|| Failure::Broken(format!("a process said {said:?}")))?;
    }
    let sum = get(&store, key("", "counter"))?.map_or(0, |(_, number)| number);
    ensure(sum == total, || format!("the sum is {sum}, not {total}"))?;
    let seen = witness.end(&directory)?;
    ensure(seen.changes == total + 1, || format!("{} changes for {total} increments", seen.changes))?;
    store.check()?;
    Ok(format!(
        "{processes} processes: the sum is {sum}, after {conflicts} conflicts; the watcher saw each once, in order"
    ))
}
