//! A baseline: the findings that are known and do not fail, in a file that stands beside the manifests in their repository.
//!
//! The file has a line for each finding, sorted, in JSON: who adds one adds a line, and two branches merge as text does. A finding is known
//! by its source (relative to the baseline's directory), object, rule, field and a hash of its message, and by how often it occurs; not by
//! its line, which moves. Messages quote values: only their hashes are kept.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use k1s_runtime::manifest::Position;
use serde::{Deserialize, Serialize};

use super::finding::{Finding, Report, Severity, Span, Verdict};
use super::{identity, rules};

mod relative;

use relative::Base;

/// The version of the format that is written, and the newest that is read.
const VERSION: u32 = 1;

/// Bytes that a baseline may have: room for some hundred thousand findings.
const MAX_BYTES: u64 = 64 << 20;

/// A baseline that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is larger than a baseline can be.
    #[error("{path}: limit baseline_bytes of {MAX_BYTES} exceeded: this is no baseline of k1s-gen")]
    Limit {
        /// The file.
        path: PathBuf,
    },
    /// A line is not what a baseline has there.
    #[error("{name}:{line}:{column}: {problem}\nhelp: {hint}")]
    Line {
        /// Name of the file.
        name: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
        /// What to do about it.
        hint: &'static str,
    },
}

/// The first line of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    baseline: String,
    version: u32,
}

const NAME: &str = "k1s-gen";

/// What a finding is known by. The order of the fields is that of the lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    source: String,
    object: String,
    rule: String,
    field: String,
    message: String,
}

/// Every other line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    source: String,
    object: String,
    rule: String,
    field: String,
    message: String,
    count: usize,
}

impl Key {
    fn of(source: &str, object: &str, finding: &Finding) -> Self {
        Key {
            source: source.to_owned(),
            object: object.to_owned(),
            rule: finding.rule.to_owned(),
            field: finding.field.clone(),
            message: identity::message(&finding.message),
        }
    }
}

/// Findings that are known.
///
/// ```no_run
/// use k1s_gen::validate::baseline::Baseline;
/// # let reports: Vec<k1s_gen::validate::Report> = Vec::new();
/// let mut baseline = Baseline::read("ci/known.jsonl".as_ref())?;
/// for mut report in reports {
///     baseline.apply(&mut report); // only what is new is left in it
/// }
/// let stale = baseline.stale(); // what is known and does not occur any more
/// # Ok::<(), k1s_gen::validate::baseline::Error>(())
/// ```
#[derive(Debug)]
pub struct Baseline {
    name: String,
    base: Base,
    known: BTreeMap<Key, Known>,
    looked_at: HashSet<String>,
    /// The source that was looked at last, and its name here: documents of one come one after another.
    last: (String, String),
}

#[derive(Debug)]
struct Known {
    /// How many more findings of the kind are known.
    left: usize,
    line: usize,
}

impl Baseline {
    /// Reads a baseline. Sources are relative to the directory it is in.
    ///
    /// # Errors
    /// When the file cannot be read, or is no baseline.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Io { path: path.to_owned(), source };
        let mut text = String::new();
        let file = File::open(path).map_err(failed)?;
        let read = file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
        if read as u64 > MAX_BYTES {
            return Err(Error::Limit { path: path.to_owned() });
        }
        Self::parse(path, &text)
    }

    /// Reads the text of a baseline that stands, or would stand, at a path.
    ///
    /// # Errors
    /// [`Error::Line`] if it is no baseline.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let name = path.display().to_string();
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
            .filter(|(_, line)| !line.trim().is_empty());
        let (at, first) = lines.next().unwrap_or((1, ""));
        const NONE: &str = "this is no baseline of k1s-gen; write one with --write-baseline";
        let header: Header = line_of(&name, at, first, NONE)?;
        let refuse = |problem, hint| Error::Line { name: name.clone(), line: at, column: 1, problem, hint };
        if header.baseline != NAME {
            return Err(refuse(
                format!("this is a baseline of {:?}, not of {NAME:?}", header.baseline),
                NONE,
            ));
        }
        if header.version == 0 || header.version > VERSION {
            let problem = format!("version {} of the format is not known, only {VERSION}", header.version);
            return Err(refuse(problem, "use the version of k1s-gen that wrote it, or write it anew"));
        }
        let mut known: BTreeMap<Key, Known> = BTreeMap::new();
        for (at, line) in lines {
            const BAD: &str = "write the baseline anew with --write-baseline";
            let Line { source, object, rule, field, message, count } = line_of(&name, at, line, BAD)?;
            let key = Key { source, object, rule, field, message };
            // Merged branches may name one twice.
            let entry = known.entry(key).or_insert(Known { left: 0, line: at });
            entry.left = entry.left.saturating_add(count);
        }
        Ok(Self {
            name,
            base: Base::beside(path),
            known,
            looked_at: HashSet::new(),
            last: Default::default(),
        })
    }

    /// Takes the findings out of a report that are known, and notes that its source was looked at.
    pub fn apply(&mut self, report: &mut Report) {
        let source = self.look_at(&report.source);
        let object = identity::object(report.object.as_ref());
        let known = &mut self.known;
        report.retain(|finding| match known.get_mut(&Key::of(&source, &object, finding)) {
            Some(Known { left, .. }) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        });
    }

    /// Notes that a source was looked at, if only to find no document in it: what is known of it and does not occur is stale. Answers
    /// with the source's name in the baseline.
    pub fn look_at(&mut self, source: &str) -> String {
        if self.last.0 != source {
            let name = self.base.relative(source);
            self.looked_at.insert(name.clone());
            self.last = (source.to_owned(), name);
        }
        self.last.1.clone()
    }

    /// What is known and does not occur any more, as warnings about the baseline's file. Of sources that were not looked at only those
    /// count that are gone: a run over some files says nothing of the others. `None` if there is nothing to tell.
    pub fn stale(&self) -> Option<Report> {
        let gone = |source: &str| source != "stdin" && !self.base.join(source).exists();
        let stale = self.known.iter().filter(|(key, known)| {
            known.left > 0 && (self.looked_at.contains(&key.source) || gone(&key.source))
        });
        let findings: Vec<Finding> = stale.map(|(key, known)| known.finding(key)).collect();
        (!findings.is_empty()).then(|| Report {
            source: Arc::from(self.name.as_str()),
            index: 0,
            line: 1,
            object: None,
            verdict: Verdict::Valid,
            findings,
            lines: Vec::new(),
            suppressed: 0,
        })
    }
}

impl Known {
    fn finding(&self, key: &Key) -> Finding {
        let Key { source, object, rule, field, .. } = key;
        let mut message = match self.left {
            1 => format!("a known finding of rule {rule} does not occur any more in {source}"),
            left => format!("{left} known findings of rule {rule} do not occur any more in {source}"),
        };
        for (what, text) in [("object", object), ("field", field)] {
            if !text.is_empty() {
                message.push_str(&format!(", {what} {text}"));
            }
        }
        let start = Position { line: u32::try_from(self.line).unwrap_or(u32::MAX), column: 1 };
        Finding {
            severity: Severity::Warning,
            rule: rules::STALE_BASELINE,
            field: String::new(),
            message,
            hint: Some("write the baseline anew with --write-baseline".to_owned()),
            span: Some(Span { start, end: start }),
        }
    }
}

fn line_of<'t, T: Deserialize<'t>>(
    name: &str,
    line: usize,
    text: &'t str,
    hint: &'static str,
) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| {
        let problem = error.to_string();
        // serde_json counts the lines of the one line that it was given.
        let problem = problem.split(" at line ").next().unwrap_or(&problem).to_owned();
        Error::Line { name: name.to_owned(), line, column: error.column().max(1), problem, hint }
    })
}

/// What writes a baseline: it is given every report, with all its findings.
#[derive(Debug)]
pub struct Recorder {
    path: PathBuf,
    base: Base,
    found: BTreeMap<Key, usize>,
}

impl Recorder {
    /// A recorder for the baseline at a path, to which sources are relative.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), base: Base::beside(path), found: BTreeMap::new() }
    }

    /// Takes the findings of a report down, before a baseline is applied to it.
    pub fn record(&mut self, report: &Report) {
        let source = self.base.relative(&report.source);
        let object = identity::object(report.object.as_ref());
        for finding in &report.findings {
            *self.found.entry(Key::of(&source, &object, finding)).or_default() += 1;
        }
    }

    /// How many findings were taken down.
    pub fn count(&self) -> usize {
        self.found.values().sum()
    }

    /// The text of the baseline.
    ///
    /// # Errors
    /// None that anyone could bring about; serde's, if it ever has one.
    pub fn render(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string(&Header { baseline: NAME.to_owned(), version: VERSION })?;
        text.push('\n');
        for (key, count) in &self.found {
            let Key { source, object, rule, field, message } = key.clone();
            text.push_str(&serde_json::to_string(&Line {
                source,
                object,
                rule,
                field,
                message,
                count: *count,
            })?);
            text.push('\n');
        }
        Ok(text)
    }

    /// Writes the baseline, unless the file says the same already.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self) -> Result<(), Error> {
        let failed = |source: io::Error| Error::Io { path: self.path.clone(), source };
        let text = self.render().map_err(|error| failed(error.into()))?;
        if fs::read_to_string(&self.path).is_ok_and(|present| present == text) {
            return Ok(());
        }
        fs::write(&self.path, text).map_err(failed)
    }
}
