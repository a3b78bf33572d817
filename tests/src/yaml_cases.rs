//! Compares what `k1s_runtime::manifest` makes of YAML documents with what kubectl and a real API server made of them.
//!
//! A file is `{"cases": [{"name", "yaml", "spec"} or {"name", "yaml", "error"}, …]}`: `spec` is the object's `spec` as the server stored
//! it, `error` the line that kubectl printed for a file called `FILE`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use k1s_runtime::manifest::{Document, Error as Fault, decode};
use serde::Deserialize;
use serde_json::Value;

/// A file of cases that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It does not hold cases.
    #[error("{}: {source}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
}

/// A recorded document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    yaml: String,
    #[serde(flatten)]
    outcome: Outcome,
}

/// What kubectl and the server made of it.
#[derive(Debug, Deserialize)]
enum Outcome {
    #[serde(rename = "spec")]
    Spec(Value),
    #[serde(rename = "error")]
    Error(String),
}

#[derive(Debug, Deserialize)]
struct File {
    cases: Vec<Case>,
}

/// How far we agree.
#[derive(Debug, Default)]
pub struct Report {
    /// How many cases there were.
    pub cases: usize,
    /// One line for each that we read differently.
    pub differences: Vec<String>,
}

impl Report {
    /// How many cases we read as kubectl does.
    pub fn agree(&self) -> usize {
        self.cases - self.differences.len()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        writeln!(f, "yaml-cases: cases={} agree={}", self.cases, self.agree())
    }
}

/// Reads the documents of recorded files and compares.
///
/// # Errors
/// When a file cannot be read or has another format.
pub fn compare(files: &[PathBuf]) -> Result<Report, Error> {
    let mut report = Report::default();
    for file in files {
        for case in load(file)? {
            report.cases += 1;
            report.differences.extend(difference(&case));
        }
    }
    Ok(report)
}

fn load(path: &Path) -> Result<Vec<Case>, Error> {
    let text = std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let file: Result<File, _> = serde_json::from_slice(&text);
    file.map(|file| file.cases).map_err(|source| Error::Format { path: path.to_owned(), source })
}

fn difference(case: &Case) -> Option<String> {
    let documents: Result<Vec<Document>, Fault> = decode("FILE", case.yaml.as_bytes()).collect();
    let ours = match &documents {
        Ok(documents) => match documents.as_slice() {
            [document] => Ok(document.value.get("spec").cloned().unwrap_or_default()),
            many => return Some(format!("{}: {} documents instead of one", case.name, many.len())),
        },
        Err(error) => Err(format!("error: error parsing FILE: {}", error.kubectl_message())),
    };
    let theirs = match &case.outcome {
        Outcome::Spec(spec) => Ok(spec),
        Outcome::Error(error) => Err(error),
    };
    let agree = match (&ours, theirs) {
        (Ok(ours), Ok(theirs)) => same(ours, theirs),
        (Err(ours), Err(theirs)) => ours == theirs,
        _ => false,
    };
    let shown = |outcome: Result<&Value, &String>| match outcome {
        Ok(spec) => format!("spec {spec}"),
        Err(error) => format!("{error:?}"),
    };
    (!agree).then(|| format!("{}: expected {}, got {}", case.name, shown(theirs), shown(ours.as_ref())))
}

/// Doubles that print alike are alike: the recordings went through a printer.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        _ => ours == theirs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(case: Value) -> Option<String> {
        difference(&serde_json::from_value(case).unwrap())
    }

    #[test]
    fn differences_say_what_was_expected_and_what_came() {
        assert_eq!(said(json!({"name": "n", "yaml": "spec: {v: no}", "spec": {"v": false}})), None);
        assert_eq!(
            said(json!({"name": "n", "yaml": "spec: {v: no}", "spec": {"v": "no"}})).as_deref(),
            Some(r#"n: expected spec {"v":"no"}, got spec {"v":false}"#)
        );
        let refused = said(json!({"name": "n", "yaml": "a: @b", "spec": {}})).unwrap();
        assert!(refused.starts_with("n: expected spec {}, got \"error: error parsing FILE: "), "{refused}");
        assert!(said(json!({"name": "n", "yaml": "a: 1", "error": "error: x"})).is_some());
        assert_eq!(
            said(json!({"name": "n", "yaml": "a: 1\n---\nb: 1\n", "spec": {}})).as_deref(),
            Some("n: 2 documents instead of one")
        );
    }
}
