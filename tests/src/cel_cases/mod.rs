//! Recorded answers of CEL as Kubernetes runs it, compared with ours.
//!
//! Two formats are read: lines of cases of `x-kubernetes-validations` (a schema, an object, perhaps an old one, and the errors and the
//! cost that came of them), and a list of CEL's own conformance tests (an expression, its variables, and a value or an error). Cases agree
//! on three levels: the verdict (whether there are errors; for conformance the value, or that there is an error), the text (the errors'
//! types, paths and messages, in any order) and the cost. Conformance tests say nothing about costs, and their errors' texts are not
//! meant to be compared: there, text and cost agree where the verdict does.

mod conformance;
mod kube;
mod outside;
mod values;

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

pub use outside::{OUTSIDE, Outside, Which, table};

/// How far cases agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// How many cases there are, without those outside of Kubernetes' CEL.
    pub cases: usize,
    /// How many agree whether there are errors, or on the value.
    pub verdict: usize,
    /// How many agree on the errors' types, paths and messages.
    pub text: usize,
    /// How many agree on the cost.
    pub cost: usize,
    /// How many conformance tests are about what Kubernetes' CEL does not have.
    pub outside: usize,
}

/// What a comparison found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How far the cases agree.
    pub tally: Tally,
    /// The differences, each a readable block.
    pub differences: Vec<String>,
    /// How many tests each entry of [`OUTSIDE`] covers.
    pub outside: Vec<usize>,
}

/// Why cases cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(PathBuf, std::io::Error),
    /// A file, or a line of it, is not JSON, or no case.
    #[error("{0}: case {1}: {2}")]
    Format(PathBuf, usize, String),
}

/// Whether a case agrees, level by level.
#[derive(Clone, Copy)]
struct Agreement {
    verdict: bool,
    text: bool,
    cost: bool,
}

impl Agreement {
    /// The same on each level.
    fn all(agrees: bool) -> Self {
        Self { verdict: agrees, text: agrees, cost: agrees }
    }

    fn is_full(self) -> bool {
        self.verdict && self.text && self.cost
    }
}

/// Compares all cases of these files.
///
/// # Errors
///
/// When a file cannot be read or holds something else.
pub fn compare(files: &[PathBuf]) -> Result<Report, Error> {
    let mut report = Report { outside: vec![0; OUTSIDE.len()], ..Report::default() };
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| Error::Read(file.clone(), error))?;
        if file.extension().is_some_and(|extension| extension == "jsonl") {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            for (index, line) in lines {
                let wrong = |why: String| Error::Format(file.clone(), index + 1, why);
                let case = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
                kube::compare(&name(file, index + 1), &case, &mut report).map_err(wrong)?;
            }
        } else {
            let wrong = |index: usize, why: String| Error::Format(file.clone(), index, why);
            let cases: Vec<Json> =
                serde_json::from_str(&text).map_err(|error| wrong(0, error.to_string()))?;
            for (index, case) in cases.iter().enumerate() {
                conformance::compare(case, &mut report).map_err(|why| wrong(index, why))?;
            }
        }
    }
    Ok(report)
}

fn name(file: &Path, line: usize) -> String {
    format!("{}:{line}", file.file_name().unwrap_or_default().to_string_lossy())
}

impl Report {
    /// Counts a case. `block` is asked for if it does not agree: what was tested, what is expected, what came.
    fn count(
        &mut self,
        name: &str,
        agreement: Agreement,
        block: impl FnOnce() -> [(&'static str, String); 3],
    ) {
        let tally = &mut self.tally;
        tally.cases += 1;
        tally.verdict += usize::from(agreement.verdict);
        tally.text += usize::from(agreement.text);
        tally.cost += usize::from(agreement.cost);
        if agreement.is_full() {
            return;
        }
        let levels = [("verdict", agreement.verdict), ("text", agreement.text), ("cost", agreement.cost)];
        let levels: Vec<_> = levels.iter().filter(|(_, agrees)| !agrees).map(|(level, _)| *level).collect();
        let mut text = format!("{name}: {} differ", levels.join(", "));
        for (title, body) in block() {
            let _ = write!(text, "\n  {title}: {}", body.replace('\n', "\n    "));
        }
        self.differences.push(text);
    }
}

/// The differences, how much is outside, and the tally in the last line.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        if self.tally.outside > 0 {
            writeln!(
                f,
                "outside of Kubernetes' CEL: {} conformance tests (see docs/cel.md)",
                self.tally.outside
            )?;
        }
        let Tally { cases, verdict, text, cost, .. } = self.tally;
        writeln!(f, "cel-cases: cases={cases} verdict={verdict} text={text} cost={cost}")
    }
}
