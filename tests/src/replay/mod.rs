//! Recorded scenarios of a real API server, replayed against [`CoreClient`](k1s_runtime::client::CoreClient).
//!
//! A scenario is a list of requests with what kube-apiserver answered. Every step is performed on a fresh store and compared at
//! four levels: verdict (code and reason), causes, message, and everything else (objects, lists, warnings, events,
//! versions).

mod compare;
mod driver;
mod normalise;
mod request;
mod scenario;
mod table;
mod validate;
mod watches;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use k1s_runtime::storage::{LmdbOptions, LmdbStorage, MemoryStorage, Storage};

pub use compare::{Difference, Score};
pub use scenario::Scenario;
pub use validate::{Agreement, validate};

/// Why scenarios could not be replayed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not a scenario.
    #[error("{path} is not a scenario: {source}")]
    NotAScenario {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// A store could not be opened.
    #[error("cannot open a store: {0}")]
    Store(String),
}

/// The agreement that was there once, by scenario: it must not fall.
pub type Baseline = BTreeMap<String, Score>;

/// Reads a baseline file.
///
/// # Errors
/// When it cannot be read or is not one.
pub fn read_baseline(path: &Path) -> Result<Baseline, Error> {
    let text = std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| Error::NotAScenario { path: path.to_owned(), source })
}

/// Where scenarios are replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// In memory.
    Memory,
    /// In LMDB, in a temporary directory.
    Lmdb,
}

/// The agreement of many scenarios.
#[derive(Debug, Default)]
pub struct Report {
    /// How many scenarios were replayed.
    pub scenarios: usize,
    /// Over all of their steps.
    pub score: Score,
    /// By scenario.
    pub by_scenario: BTreeMap<String, Score>,
    /// Where the answers differ.
    pub differences: Vec<Difference>,
}

/// Replays the scenarios in files and directories, in order of their names.
///
/// # Errors
/// When a file cannot be read or a store cannot be opened; differences are no errors.
pub fn replay(paths: &[PathBuf], backend: Backend, only: Option<&str>) -> Result<Report, Error> {
    let mut report = Report::default();
    for file in files(paths)? {
        let scenario = read(&file)?;
        if only.is_some_and(|only| !scenario.name.contains(only)) {
            continue;
        }
        let directory = tempfile::tempdir().map_err(|error| Error::Store(error.to_string()))?;
        let storage: Arc<dyn Storage> = match backend {
            Backend::Memory => Arc::new(MemoryStorage::new()),
            Backend::Lmdb => Arc::new(
                LmdbStorage::open(directory.path(), LmdbOptions::default())
                    .map_err(|error| Error::Store(error.to_string()))?,
            ),
        };
        let (score, differences) = pollster::block_on(driver::run(&scenario, storage));
        report.scenarios += 1;
        report.score += score;
        report.by_scenario.insert(scenario.name, score);
        report.differences.extend(differences);
    }
    Ok(report)
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |source| Error::Read { path: path.clone(), source };
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            inside.push(entry.map_err(failed)?.path());
        }
        inside.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Scenario, Error> {
    let text = std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| Error::NotAScenario { path: path.to_owned(), source })
}
