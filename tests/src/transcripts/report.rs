//! Sums and differences.

use std::fmt::{self, Write as _};

use similar::TextDiff;

use super::{StepResult, Transcript};

/// How many steps agree, and in what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Scenarios replayed.
    pub scenarios: usize,
    /// Steps in them.
    pub steps: usize,
    /// Steps whose standard output agrees.
    pub stdout: usize,
    /// Steps whose standard error agrees.
    pub stderr: usize,
    /// Steps whose exit code agrees.
    pub exit: usize,
    /// Steps in which all three agree.
    pub all: usize,
}

impl Totals {
    /// The sums over transcripts.
    pub fn of(transcripts: &[Transcript]) -> Self {
        let mut totals = Self { scenarios: transcripts.len(), ..Self::default() };
        for step in transcripts.iter().flat_map(|transcript| &transcript.steps) {
            totals.steps += 1;
            totals.stdout += usize::from(step.stdout_agrees());
            totals.stderr += usize::from(step.stderr_agrees());
            totals.exit += usize::from(step.exit_agrees());
            totals.all += usize::from(step.agrees());
        }
        totals
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scenarios, steps, stdout, stderr, exit, all } = self;
        write!(f, "scenarios={scenarios} steps={steps} stdout={stdout} stderr={stderr} exit={exit} all={all}")
    }
}

/// The differences of one step as text, recorded lines with `-` and ours with `+`; empty if there are none.
pub fn show(scenario: &str, index: usize, step: &StepResult) -> String {
    let mut text = String::new();
    if step.agrees() {
        return text;
    }
    // Writing to a String cannot fail.
    let _ = writeln!(text, "### {scenario} {index} $ {}", step.args.join(" "));
    if !step.exit_agrees() {
        let _ = writeln!(text, "exit: -{} +{}", step.exit.0, step.exit.1);
    }
    for (name, (recorded, ours)) in [("stdout", &step.stdout), ("stderr", &step.stderr)] {
        if recorded != ours {
            let diff = TextDiff::from_lines(recorded.as_str(), ours.as_str());
            let _ = writeln!(text, "{name}:\n{}", diff.unified_diff().context_radius(2));
        }
    }
    text
}
