//! The file format of a transcript.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::Error;

/// A transcript: what exists at the start, and command lines with their answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Short name; also the file's.
    pub name: String,
    /// What it is about, in a line.
    #[serde(default)]
    pub about: String,
    /// CustomResourceDefinitions that exist before the first step.
    #[serde(default)]
    pub crds: Vec<Value>,
    /// Files of the working directory by relative path.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// The command lines, in order.
    pub steps: Vec<Step>,
}

/// One command line and its answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Arguments, without the program's name.
    pub args: Vec<String>,
    /// Standard input; `$uid(TYPE/NAME)` stands for the uid of that object.
    #[serde(default)]
    pub stdin: Option<String>,
    /// Environment variables besides the usual ones.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Why the step is there.
    #[serde(default)]
    pub note: String,
    /// Only the lines of standard output that match this regular expression count, and not how wide their columns are:
    /// a cluster has more kinds than we.
    #[serde(default)]
    pub keep: Option<String>,
    /// The order of the lines of standard output is random; they are compared sorted.
    #[serde(default)]
    pub sort: bool,
    /// What was printed on standard output.
    pub stdout: String,
    /// What was printed on standard error.
    pub stderr: String,
    /// Exit code.
    pub exit: i32,
}

/// Reads transcripts from files, and from every `.json` file of directories, by name.
///
/// # Errors
/// A path cannot be read or a file is no transcript.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Scenario>, Error> {
    let mut scenarios = Vec::new();
    for path in paths {
        for file in files(path)? {
            let text = fs::read_to_string(&file).map_err(|source| Error::io(&file, source))?;
            let scenario =
                serde_json::from_str(&text).map_err(|source| Error::Json { path: file, source })?;
            scenarios.push(scenario);
        }
    }
    Ok(scenarios)
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(|source| Error::io(path, source))? {
        let file = entry.map_err(|source| Error::io(path, source))?.path();
        if file.extension().is_some_and(|extension| extension == "json") {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}
