//! What validation finds: plain data, which all output formats are made of.

use std::fmt;
use std::sync::Arc;

pub use k1s_runtime::manifest::Span;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The API server would take the object and warn, or only we advise against it.
    Warning,
    /// The API server would refuse the object, or nobody can tell.
    Error,
}

impl Severity {
    /// `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// The object that a document holds, as it names itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.namespace`; empty if there is none.
    pub namespace: String,
    /// `metadata.name`, or `metadata.generateName` if that is what there is; empty if there is neither.
    pub name: String,
}

impl fmt::Display for ObjectRef {
    /// `Item default/hammer`, as far as the parts are there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.kind.is_empty() { "object" } else { &self.kind })?;
        match (self.namespace.as_str(), self.name.as_str()) {
            (_, "") => Ok(()),
            ("", name) => write!(f, " {name}"),
            (namespace, name) => write!(f, " {namespace}/{name}"),
        }
    }
}

/// One thing that is wrong at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What was broken, by a stable name in kebab-case: `required`, `unknown-field`, `cel`, …
    pub rule: &'static str,
    /// Path of the field, as Kubernetes writes it: `spec.tags[1]`. Empty if it is about the whole document.
    pub field: String,
    /// What is wrong, in the API server's words where it has some; does not begin with the field's path.
    pub message: String,
    /// What to do about it, if that is known.
    pub hint: Option<String>,
    /// Where: the key or the value that is wrong, or the nearest thing that is there. `None` if the source cannot be read at all.
    pub span: Option<Span>,
}

/// What becomes of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// An API server would take it.
    #[default]
    Valid,
    /// An API server would refuse it.
    Invalid,
    /// It cannot be judged: it cannot be read, or no schema is known for its kind.
    Error,
    /// It was not looked at: its kind is to be skipped, or its schema is missing and may be.
    Skipped,
}

impl Verdict {
    /// `valid`, `invalid`, `error` or `skipped`.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Invalid => "invalid",
            Verdict::Error => "error",
            Verdict::Skipped => "skipped",
        }
    }
}

/// What is to be said of one document of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Name of the file as the user gave it or as it was found; `stdin` for the standard input.
    pub source: Arc<str>,
    /// Number of the document in its source, from 0.
    pub index: usize,
    /// Line on which the document starts, from 1.
    pub line: usize,
    /// What the document says it is; `None` if it cannot be decoded.
    pub object: Option<ObjectRef>,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What was found, in order of place.
    pub findings: Vec<Finding>,
    /// The lines of the source that findings point at, by number from 1, for output that shows them: cut to a length that a
    /// terminal can show.
    pub lines: Vec<(u32, String)>,
    /// Findings that ignore comments or a baseline took away.
    pub suppressed: usize,
}

impl Report {
    /// Adds findings in their places. An error makes invalid what was valid or skipped.
    pub fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        let before = self.findings.len();
        self.findings.extend(findings);
        let error = self.findings[before..].iter().any(|finding| finding.severity == Severity::Error);
        if error && matches!(self.verdict, Verdict::Valid | Verdict::Skipped) {
            self.verdict = Verdict::Invalid;
        }
        self.findings.sort_by_key(|finding| finding.span);
    }

    /// Takes the findings away that need not be told, and counts them. Without an error left, what was invalid counts as valid and what
    /// could not be judged as skipped.
    pub fn retain(&mut self, keep: impl FnMut(&Finding) -> bool) {
        let before = self.findings.len();
        self.findings.retain(keep);
        let taken = before - self.findings.len();
        self.suppressed += taken;
        if taken > 0 && self.findings.iter().all(|finding| finding.severity == Severity::Warning) {
            self.verdict = match self.verdict {
                Verdict::Invalid => Verdict::Valid,
                Verdict::Error => Verdict::Skipped,
                other => other,
            };
        }
    }
}

/// How many documents there were of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were read, or could not be.
    pub files: usize,
    /// Documents that an API server would take.
    pub valid: usize,
    /// Documents that it would refuse.
    pub invalid: usize,
    /// Documents that cannot be judged.
    pub errors: usize,
    /// Documents that were not looked at.
    pub skipped: usize,
    /// Warnings about all of them.
    pub warnings: usize,
    /// Findings about them that ignore comments or a baseline took away.
    pub suppressed: usize,
}

impl Summary {
    /// How many documents there were.
    pub fn documents(&self) -> usize {
        self.valid + self.invalid + self.errors + self.skipped
    }

    /// Counts one more document.
    pub fn count(&mut self, report: &Report) {
        *match report.verdict {
            Verdict::Valid => &mut self.valid,
            Verdict::Invalid => &mut self.invalid,
            Verdict::Error => &mut self.errors,
            Verdict::Skipped => &mut self.skipped,
        } += 1;
        self.suppressed += report.suppressed;
        self.warnings +=
            report.findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
    }
}
