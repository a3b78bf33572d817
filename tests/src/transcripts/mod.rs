//! Replays transcripts of kubectl against a program of ours and compares what both printed.
//!
//! A transcript is a list of command lines with what kubectl answered, recorded against a real cluster. Each one runs
//! in an empty directory that holds its files, against a fresh store in which its CustomResourceDefinitions exist;
//! every step is a process of its own, as it is for a user.

mod baseline;
mod error;
mod normalise;
mod replay;
mod report;
mod scenario;

pub use baseline::Baseline;
pub use error::Error;
pub use normalise::Normaliser;
pub use replay::{Replayer, StepResult, Transcript};
pub use report::{Totals, show};
pub use scenario::{Scenario, Step, load};
