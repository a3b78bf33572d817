//! Which steps are known to differ, so that a test can refuse new differences.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Error, Transcript};

/// The committed state of agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Baseline {
    scenarios: BTreeMap<String, Known>,
}

/// What is known of one scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// How many steps agree in everything.
    agree: usize,
    /// How many steps there are.
    steps: usize,
    /// Indexes of the steps that differ.
    differ: BTreeSet<usize>,
}

impl Baseline {
    /// The baseline that transcripts make.
    pub fn of(transcripts: &[Transcript]) -> Self {
        let scenarios = transcripts.iter().map(|transcript| {
            let differ: BTreeSet<usize> = differing(transcript).collect();
            let steps = transcript.steps.len();
            (transcript.name.clone(), Known { agree: steps - differ.len(), steps, differ })
        });
        Self { scenarios: scenarios.collect() }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// The file cannot be read or is no baseline.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::io(path, source))?;
        serde_json::from_str(&text).map_err(|source| Error::Json { path: path.to_owned(), source })
    }

    /// Writes it, one scenario a line.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let json = |source| Error::Json { path: path.to_owned(), source };
        let mut lines = Vec::new();
        for (name, known) in &self.scenarios {
            let known = serde_json::to_string(known).map_err(json)?;
            lines.push(format!("  {}: {known}", serde_json::to_string(name).map_err(json)?));
        }
        let text = format!("{{\n{}\n}}\n", lines.join(",\n"));
        fs::write(path, text).map_err(|source| Error::io(path, source))
    }

    /// Steps that differ and are not known to.
    pub fn regressions(&self, transcript: &Transcript) -> Vec<usize> {
        let known = self.scenarios.get(&transcript.name);
        differing(transcript)
            .filter(|index| known.is_none_or(|known| !known.differ.contains(index)))
            .collect()
    }

    /// Steps that are known to differ and agree: the baseline can be tightened.
    pub fn improvements(&self, transcript: &Transcript) -> Vec<usize> {
        let Some(known) = self.scenarios.get(&transcript.name) else { return Vec::new() };
        let agrees = |index: &usize| transcript.steps.get(*index).is_some_and(super::StepResult::agrees);
        known.differ.iter().copied().filter(agrees).collect()
    }
}

fn differing(transcript: &Transcript) -> impl Iterator<Item = usize> + '_ {
    transcript.steps.iter().enumerate().filter(|(_, step)| !step.agrees()).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcripts::StepResult;

    fn transcript(exits: &[i32]) -> Transcript {
        let step = |exit: &i32| StepResult {
            args: Vec::new(),
            stdout: Default::default(),
            stderr: Default::default(),
            exit: (0, *exit),
        };
        Transcript { name: "t".to_owned(), refusal: String::new(), steps: exits.iter().map(step).collect() }
    }

    #[test]
    fn only_new_differences_are_regressions() {
        let baseline = Baseline::of(&[transcript(&[0, 1, 1])]);
        let later = transcript(&[1, 1, 0]);
        assert_eq!(baseline.regressions(&later), [0]);
        assert_eq!(baseline.improvements(&later), [2]);
        assert_eq!(Baseline::default().regressions(&later), [0, 1]);
    }

    #[test]
    fn a_saved_baseline_reads_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("baseline.json");
        let baseline = Baseline::of(&[transcript(&[0, 1])]);
        baseline.save(&path).unwrap();
        assert_eq!(Baseline::load(&path).unwrap(), baseline);
    }
}
