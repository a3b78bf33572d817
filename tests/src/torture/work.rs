//! What the further processes do.

use std::io::Write;
use std::path::Path;

use k1s_runtime::storage::{Error, Expect, ListQuery, LmdbOptions, LmdbStorage, Storage, WatchQuery};
use pollster::block_on;

use super::kit::{RESOURCE, TENANT, commit, delete, get, key, number, numbers, open, put};
use super::witness::LAST;
use super::{Failure, Result, ensure, kills, readers};

/// A job for a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Job {
    /// Raises numbers on several threads until it is killed, and says each that is acknowledged.
    Raise,
    /// Raises one number so many times, against others.
    Increment,
    /// Writes so many transactions, each of which sets all numbers to the same.
    Generations,
    /// Looks for half a transaction until the last object is there.
    Read,
    /// Fills the store until it is full, then uses it on.
    Fill,
    /// Opens a file that may be damaged, having it verified, and uses it if it is sound.
    Inspect,
    /// The same without having it verified.
    InspectOnly,
}

impl Job {
    const ALL: [Self; 7] = [
        Self::Raise,
        Self::Increment,
        Self::Generations,
        Self::Read,
        Self::Fill,
        Self::Inspect,
        Self::InspectOnly,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Raise => "raise",
            Self::Increment => "increment",
            Self::Generations => "generations",
            Self::Read => "read",
            Self::Fill => "fill",
            Self::Inspect => "inspect",
            Self::InspectOnly => "inspect-only",
        }
    }

    /// The job of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|job| job.name() == name)
    }
}

/// Does a job on a store.
///
/// # Errors
/// When the store breaks a promise.
pub fn work(job: Job, directory: &Path, count: u64) -> Result<()> {
    match job {
        Job::Raise => raise(directory),
        Job::Increment => increment(directory, count),
        Job::Generations => generations(directory, count),
        Job::Read => read(directory),
        Job::Fill => fill(directory, count),
        Job::Inspect => inspect(directory, true),
        Job::InspectOnly => inspect(directory, false),
    }
}

/// Says a line, at once.
fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

fn raise(directory: &Path) -> Result<()> {
    let store = open(directory)?;
    let store = &store;
    std::thread::scope(|scope| {
        let start = |thread| scope.spawn(move || raise_one(store, thread));
        let threads: Vec<_> = (0..kills::THREADS).map(start).collect();
        // They only end when something is broken.
        threads.into_iter().try_for_each(|thread| {
            thread.join().map_err(|_| Failure::Broken("a thread panicked".to_owned()))?
        })
    })
}

/// Raises the two numbers of a thread together. Every third time a further object comes, and goes the next.
fn raise_one(store: &LmdbStorage, thread: u64) -> Result<()> {
    let [left, right, extra] = kills::names(thread);
    let mut number = get(store, key("left", &left))?.map_or(0, |(_, number)| number);
    loop {
        number += 1;
        let padding = usize::try_from(number * 37 % 5_000).unwrap_or(0);
        let mut mutations = vec![
            put(key("left", &left), Expect::Any, number, padding),
            put(key("right", &right), Expect::Any, number, 3),
        ];
        match number % 3 {
            1 => mutations.push(put(key("right", &extra), Expect::Any, number, 10_000)),
            2 => mutations.push(delete(key("right", &extra))),
            _ => {}
        }
        if commit(store, mutations)?.is_none() {
            return Err(Failure::Broken("a conflict about what one thread writes".to_owned()));
        }
        say(&format!("ack {thread} {number} ."))?;
    }
}

fn increment(directory: &Path, count: u64) -> Result<()> {
    let store = open(directory)?;
    let (at, mut conflicts) = (key("", "counter"), 0_u64);
    let mut done = 0;
    while done < count {
        let found = get(&store, at)?;
        let expect = found.as_ref().map_or(Expect::Absent, |(stored, _)| Expect::Revision(stored.revision));
        let next = found.map_or(0, |(_, number)| number) + 1;
        match commit(&store, vec![put(at, expect, next, 0)])? {
            Some(_) => done += 1,
            None => conflicts += 1,
        }
    }
    say(&format!("{conflicts}"))
}

fn generations(directory: &Path, count: u64) -> Result<()> {
    let store = open(directory)?;
    for generation in 1..=count {
        let one = |member| {
            let (namespace, name) = readers::member(member);
            let padding = usize::try_from(generation * 97 % 3_000).unwrap_or(0);
            put(key(namespace, &name), Expect::Any, generation, padding)
        };
        commit(&store, (0..readers::MEMBERS).map(one).collect())?;
    }
    Ok(())
}

fn read(directory: &Path) -> Result<()> {
    let store = open(directory)?;
    let (mut reads, mut last) = (0_u64, 0);
    while block_on(store.get(key("", LAST)))?.is_none() {
        let numbers = numbers(&store)?;
        // The last object may have come.
        let members = numbers.iter().filter(|number| **number != 0);
        let (first, count) = (members.clone().next().copied().unwrap_or(0), members.clone().count() as u64);
        ensure(count == 0 || count == readers::MEMBERS, || format!("{count} members of a generation"))?;
        ensure(members.clone().all(|number| *number == first), || {
            format!("half a transaction: {numbers:?}")
        })?;
        ensure(first >= last, || format!("generation {first} was read after {last}"))?;
        (last, reads) = (first, reads + 1);
    }
    say(&format!("{reads}"))
}

/// `padding` bytes an object. Everything that was acknowledged must be there, before and after the store is opened anew.
fn fill(directory: &Path, padding: u64) -> Result<()> {
    let store = open(directory)?;
    let padding = usize::try_from(padding).unwrap_or(1000);
    let name = |number: u64| format!("n{number:06}");
    let mut written = 0;
    let error = loop {
        match commit(&store, vec![put(key("full", &name(written)), Expect::Absent, written, padding)]) {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
    };
    ensure(matches!(error, Failure::Storage(Error::Full { .. })), || {
        format!("not told that it is full: {error}")
    })?;
    let all: Vec<u64> = (0..written).collect();
    let whole = |store: &LmdbStorage, kept: &[u64]| {
        ensure(numbers(store)? == kept, || "what was acknowledged is not there".to_owned())?;
        Ok::<_, Failure>(store.check()?)
    };
    whole(&store, &all)?;
    // It is full again and again, and can be emptied.
    let again = commit(&store, vec![put(key("full", "again"), Expect::Absent, 1, 64 << 20)]);
    ensure(matches!(again, Err(Failure::Storage(Error::Full { .. }))), || format!("{again:?}"))?;
    let gone = written / 2;
    for number in 0..gone {
        commit(&store, vec![delete(key("full", &name(number)))])?;
    }
    commit(&store, vec![put(key("full", "z"), Expect::Absent, written, padding)])?;
    let kept: Vec<u64> = (gone..=written).collect();
    whole(&store, &kept)?;
    drop(store);
    whole(&open(directory)?, &kept)?;
    say(&format!("{written} {error}"))
}

/// Says `refused` or `sound`; whatever else happens is a failure, a crash most of all.
fn inspect(directory: &Path, verify: bool) -> Result<()> {
    let options = LmdbOptions { verify, map_size: 0, ..LmdbOptions::default() };
    let store = match LmdbStorage::open(directory, options) {
        Ok(store) => store,
        Err(error @ (Error::Corrupt(_) | Error::NotAStore { .. } | Error::FromTheFuture { .. })) => {
            return say(&format!("refused: {error}"));
        }
        Err(error) => return Err(error.into()),
    };
    match use_all_of_it(&store) {
        Ok(()) => say("sound"),
        Err(Failure::Storage(error @ Error::Corrupt(_))) if !verify => say(&format!("refused: {error}")),
        Err(error) => Err(error),
    }
}

fn use_all_of_it(store: &LmdbStorage) -> Result<()> {
    let page = block_on(store.list(ListQuery::all(TENANT, RESOURCE)))?;
    for stored in &page.items {
        // Texts are not the store's to judge.
        let _ = number(&stored.bytes);
    }
    let after = page.revision.saturating_sub(20);
    let query = WatchQuery { tenant: TENANT.into(), resource: RESOURCE.into(), namespace: None, after };
    if let Ok(mut watch) = block_on(store.watch(query)) {
        while !watch.try_next()?.is_empty() {}
    }
    for round in 0..30 {
        let name = format!("after-{round}");
        commit(store, vec![put(key("left", &name), Expect::Any, round, 3_000)])?;
        if round % 3 == 2 {
            commit(store, vec![delete(key("left", &name))])?;
        }
    }
    store.check()?;
    Ok(())
}
