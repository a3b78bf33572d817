//! A writer is killed again and again, at moments of chance. Whatever it had acknowledged is there; of what it had not, at most
//! the one write of each thread that was under way, and that as a whole.

use std::time::Duration;

use k1s_runtime::storage::Expect;

use super::kit::{Chance, Worker, commit, get, key, open, put};
use super::witness::Witness;
use super::{Job, Place, Result, ensure};

/// Threads of a writer.
pub(super) const THREADS: u64 = 4;
/// The whole store is checked after so many kills.
const CHECK_AFTER: u64 = 50;

/// The names of what a thread writes: two numbers that are always equal, and an object that comes and goes.
pub(super) fn names(thread: u64) -> [String; 3] {
    ["", "", "-extra"].map(|suffix| format!("t{thread}{suffix}"))
}

/// Kills a writer so many times.
///
/// # Errors
/// When an acknowledged write is lost, one that was never made is there, half of one is, or a watcher missed one.
pub fn kills(place: &Place, kills: u64) -> Result {
    let directory = place.directory.join("kills");
    let store = open(&directory)?;
    let witness = Witness::start(&directory)?;
    let mut chance = Chance::new(place.seed);
    let mut ledger = [0; THREADS as usize];
    let mut acknowledged = 0_u64;
    let mut survived = 0_u64;
    for round in 1..=kills {
        let mut worker = Worker::start(place, Job::Raise, &directory, 0)?;
        // Every fourth time it is killed while it starts.
        let mut said = Vec::new();
        if chance.below(4) != 0 {
            said.extend(worker.line()?);
        }
        std::thread::sleep(Duration::from_micros(chance.below(15_000)));
        said.extend(worker.kill()?);
        for line in &said {
            if let ["ack", thread, number, "."] = line.split(' ').collect::<Vec<_>>()[..]
                && let (Ok(thread), Ok(number)) = (thread.parse::<usize>(), number.parse::<u64>())
                && let Some(last) = ledger.get_mut(thread)
            {
                *last = number;
                acknowledged += 1;
            }
        }
        // A writer that dies between the disk and telling readers has committed: what it wrote shows with the next commit.
        if commit(&store, vec![put(key("", "round"), Expect::Any, round, 0)])?.is_none() {
            return Err(super::Failure::Broken(format!(
                "kill {round}: a write that expects nothing met a conflict"
            )));
        }
        for (thread, last) in (0..).zip(&mut ledger) {
            let [left, right, extra] = names(thread);
            let number = |at| Ok::<_, super::Failure>(get(&store, at)?.map_or(0, |(_, number)| number));
            let (found, other) = (number(key("left", &left))?, number(key("right", &right))?);
            ensure(found == other, || format!("kill {round}: half a transaction, {found} and {other}"))?;
            ensure(found == *last || found == *last + 1, || {
                format!("kill {round}: {last} was acknowledged, {found} is there (seed {})", place.seed)
            })?;
            let extra = get(&store, key("right", &extra))?.is_some();
            ensure(extra == (found % 3 == 1), || {
                format!("kill {round}: the third object of {found} is wrong")
            })?;
            survived += u64::from(found > *last);
            *last = found;
        }
        if round % CHECK_AFTER == 0 {
            store.check()?;
        }
    }
    let seen = witness.end(&directory)?;
    drop(store);
    let checked = open(&directory)?.check()?;
    ensure(acknowledged > 0, || "no writer came to acknowledge anything".to_owned())?;
    Ok(format!(
        "{kills} kills: {acknowledged} acknowledged transactions are there, and {survived} that were under way; the watcher saw \
         {} changes once, in order; {} bytes are sound",
        seen.changes, checked.bytes
    ))
}
