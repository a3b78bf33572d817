//! What the tests share: keys and values, processes, chance.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use k1s_runtime::storage::{
    Expect, IndexEntry, Key, ListQuery, LmdbOptions, LmdbStorage, Mutation, Outcome, Stamped, Storage,
    Stored, Transaction,
};
use pollster::block_on;

use super::{Failure, Job, Place, Result, ensure};

pub(super) const TENANT: &str = "torture";
pub(super) const RESOURCE: &str = "numbers.example.com";

pub(super) fn open(directory: &Path) -> Result<LmdbStorage> {
    Ok(LmdbStorage::open(directory, LmdbOptions::default())?)
}

pub(super) fn key<'a>(namespace: &'a str, name: &'a str) -> Key<'a> {
    Key { tenant: TENANT, resource: RESOURCE, namespace, name }
}

/// Writes a number, and so many bytes with it.
pub(super) fn put(key: Key<'_>, expect: Expect, number: u64, padding: usize) -> Mutation {
    let text = format!("{{\"number\":{number},\"padding\":\"{}\"}}", "x".repeat(padding));
    let entry = |index: &str, value: String| IndexEntry { index: index.to_owned(), value };
    Mutation::Put {
        key: key.to_buf(),
        expect,
        value: Stamped::fixed(text.into_bytes()),
        indexes: vec![entry("seventh", (number % 7).to_string()), entry("long", "v".repeat(200))],
    }
}

pub(super) fn delete(key: Key<'_>) -> Mutation {
    Mutation::Delete { key: key.to_buf(), expect: Expect::Any, value: Stamped::fixed(b"{}".to_vec()) }
}

/// The number of a text.
pub(super) fn number(text: &[u8]) -> Result<u64> {
    let digits = std::str::from_utf8(text).ok().and_then(|text| text.strip_prefix("{\"number\":"));
    let digits = digits.and_then(|rest| rest.split(',').next()).and_then(|digits| digits.parse().ok());
    digits.ok_or_else(|| Failure::Broken(format!("a text is not what was written: {text:?}")))
}

/// The object of a key with its number.
pub(super) fn get(store: &LmdbStorage, key: Key<'_>) -> Result<Option<(Stored, u64)>> {
    let Some(stored) = block_on(store.get(key))? else { return Ok(None) };
    let number = number(&stored.bytes)?;
    Ok(Some((stored, number)))
}

/// The numbers of all objects.
pub(super) fn numbers(store: &LmdbStorage) -> Result<Vec<u64>> {
    let page = block_on(store.list(ListQuery::all(TENANT, RESOURCE)))?;
    page.items.iter().map(|stored| number(&stored.bytes)).collect()
}

/// Commits one transaction; answers the revision of its last mutation, or `None` after a conflict.
pub(super) fn commit(store: &LmdbStorage, mutations: Vec<Mutation>) -> Result<Option<u64>> {
    match block_on(store.commit(vec![Transaction { mutations }]))?.pop() {
        Some(Outcome::Committed { stored }) => {
            Ok(Some(stored.into_iter().flatten().map(|stored| stored.revision).next_back().unwrap_or(0)))
        }
        Some(Outcome::Conflict { .. }) => Ok(None),
        None => Err(Failure::Broken("a transaction has no outcome".to_owned())),
    }
}

/// A process at its job.
pub(super) struct Worker {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    pub(super) fn start(place: &Place, job: Job, store: &Path, count: u64) -> Result<Self> {
        Self::run(Command::new(&place.program), job, store, count)
    }

    /// The same, through a shell that first runs a script; it gets the program and its arguments as its own.
    pub(super) fn start_in(place: &Place, script: &str, job: Job, store: &Path, count: u64) -> Result<Self> {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{script}\nexec \"$0\" \"$@\"")]).arg(&place.program);
        Self::run(command, job, store, count)
    }

    fn run(mut command: Command, job: Job, store: &Path, count: u64) -> Result<Self> {
        let count = count.to_string();
        let words = [OsStr::new("work"), OsStr::new(job.name()), store.as_os_str(), OsStr::new(&count)];
        let mut child = command.args(words).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or_else(|| Failure::Broken("a process is mute".to_owned()))?;
        Ok(Self { child, lines: BufReader::new(stdout).lines() })
    }

    /// The next line that it says; `None` at its end.
    pub(super) fn line(&mut self) -> Result<Option<String>> {
        Ok(self.lines.next().transpose()?)
    }

    /// Kills it, and answers what it had said meanwhile.
    pub(super) fn kill(mut self) -> Result<Vec<String>> {
        self.child.kill()?;
        self.child.wait()?;
        // The last line may have been cut off; it is no acknowledgement then.
        Ok(self.lines.collect::<std::io::Result<_>>()?)
    }

    /// Waits for its end; answers it, and what it had said.
    pub(super) fn end(mut self) -> Result<(ExitStatus, Vec<String>)> {
        let lines = self.lines.by_ref().collect::<std::io::Result<_>>()?;
        Ok((self.child.wait()?, lines))
    }

    /// Waits for its end, which must be a good one.
    pub(super) fn finish(self, what: &str) -> Result<Vec<String>> {
        let (status, lines) = self.end()?;
        ensure(status.success(), || format!("{what}: {status}; it had said {lines:?}"))?;
        Ok(lines)
    }
}

/// Chance that can be had again (xorshift).
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below a limit.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit.max(1)
    }
}
