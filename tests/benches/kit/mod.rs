//! What the benches share: measuring, reporting against a gate, and the floor, which is LMDB with nothing around it.
//!
//! A gate is a ratio or a rate taken in one run. What is measured is told, not asserted: machines differ.

#![allow(dead_code, reason = "each bench uses its part")]

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use heed::types::Bytes;
use heed::{CommitOrAbort, Database, Env, EnvOpenOptions, WithoutTls};

/// What a figure is held to.
#[derive(Clone, Copy)]
pub(crate) enum Gate {
    /// At most so many times the floor.
    Ratio(f64),
    /// At least so many a second.
    Rate(f64),
    /// At most so long.
    Time(Duration),
    /// Nothing: the figure explains another one.
    None,
}

impl Gate {
    fn holds(self, floor: Option<Duration>, ours: Duration) -> bool {
        match self {
            Gate::Ratio(limit) => floor.is_none_or(|floor| ratio(floor, ours) <= limit),
            Gate::Rate(limit) => 1.0 / ours.as_secs_f64() >= limit,
            Gate::Time(limit) => ours <= limit,
            Gate::None => true,
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gate::Ratio(limit) => write!(f, "<= {limit}x"),
            Gate::Rate(limit) => write!(f, ">= {limit}/s"),
            Gate::Time(limit) => write!(f, "<= {limit:?}"),
            Gate::None => Ok(()),
        }
    }
}

fn ratio(floor: Duration, ours: Duration) -> f64 {
    ours.as_secs_f64() / floor.as_secs_f64()
}

/// Prints the heading of the table.
pub(crate) fn heading(what: &str) {
    println!("{what:<46} {:>11} {:>11} {:>12} {:>8}  gate", "floor", "ours", "rate", "ratio");
}

/// Prints a line: the floor if there is one, ours, and whether the gate holds.
pub(crate) fn report(what: &str, floor: Option<Duration>, ours: Duration, gate: Gate) {
    let rate = format!("{:.0}/s", 1.0 / ours.as_secs_f64());
    let (bare, times) = match floor {
        Some(floor) => (format!("{floor:.2?}"), format!("{:.2}x", ratio(floor, ours))),
        None => ("-".to_owned(), "-".to_owned()),
    };
    let verdict = match gate {
        Gate::None => "",
        gate if gate.holds(floor, ours) => "  ok",
        _ => "  MISSED",
    };
    let ours = format!("{ours:.2?}");
    println!("{what:<46} {bare:>11} {ours:>11} {rate:>12} {times:>8}  {gate}{verdict}");
}

/// Time of a call.
pub(crate) fn timed(call: impl FnOnce()) -> Duration {
    let start = Instant::now();
    call();
    start.elapsed()
}

/// Middle of several times.
pub(crate) fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Medians of two calls that take turns, so that a busy machine is busy for both.
pub(crate) fn alternate(
    rounds: usize,
    mut floor: impl FnMut(usize),
    mut ours: impl FnMut(usize),
) -> (Duration, Duration) {
    let (floors, own) = (0..rounds).map(|round| (timed(|| floor(round)), timed(|| ours(round)))).unzip();
    (middle(floors), middle(own))
}

/// Median of several times of a call.
pub(crate) fn median(rounds: usize, mut call: impl FnMut(usize)) -> Duration {
    middle((0..rounds).map(|round| timed(|| call(round))).collect())
}

/// LMDB with nothing around it.
pub(crate) struct Floor {
    pub(crate) env: Env<WithoutTls>,
    pub(crate) objects: Database<'static, Bytes, Bytes>,
}

impl Floor {
    /// Opens a database in a directory, made if it is not there.
    pub(crate) fn open(directory: &Path) -> Self {
        std::fs::create_dir_all(directory).unwrap();
        let mut options = EnvOpenOptions::new().read_txn_without_tls();
        options.map_size(4 << 30).max_dbs(1);
        // SAFETY: only this program knows the directory, and it opens it once.
        let env = unsafe { options.open(directory) }.unwrap();
        let txn = env.write_txn().unwrap();
        let objects = env
            .create_databases_and_commit(txn, |opener, txn| {
                opener.create_database(txn, Some("objects")).map(CommitOrAbort::<_, ()>::Commit)
            })
            .unwrap_or_else(|error: heed::Error| panic!("{error}"))
            .unwrap_commit();
        Self { env, objects }
    }

    /// Reads a value where it lies.
    pub(crate) fn get<R>(&self, key: &str, read: impl FnOnce(&[u8]) -> R) -> R {
        let txn = self.env.read_txn().unwrap();
        read(self.objects.get(&txn, key.as_bytes()).unwrap().unwrap())
    }

    /// Writes values in one durable commit.
    pub(crate) fn put(&self, values: &[(String, Vec<u8>)]) {
        let mut txn = self.env.write_txn().unwrap();
        for (key, value) in values {
            self.objects.put(&mut txn, key.as_bytes(), value).unwrap();
        }
        txn.commit().unwrap();
    }
}
