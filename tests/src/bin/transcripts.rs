//! Replays kubectl transcripts against the command line of k1s and says how far they agree.
//!
//! ```text
//! cargo run -q -p k1s-tests --bin transcripts -- --show tests/corpus/kubectl
//! ```
//!
//! After an improvement, tighten what `tests/tests/transcripts.rs` holds us to:
//!
//! ```text
//! cargo run -q -p k1s-tests --bin transcripts -- --write-baseline tests/corpus/kubectl-baseline.json tests/corpus/kubectl
//! ```

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use k1s_tests::transcripts::{Baseline, Error, Replayer, Totals, Transcript, load, show};

/// First argument with which this program is kubectl: each step runs it anew.
const AS_KUBECTL: &str = "--as-kubectl";

/// Replays kubectl transcripts and says how far we agree.
#[derive(Parser)]
struct Args {
    /// Only scenarios whose name contains this.
    #[arg(long, value_name = "SUBSTRING")]
    only: Option<String>,
    /// Print the differences.
    #[arg(long)]
    show: bool,
    /// Print a line for each scenario.
    #[arg(long)]
    each: bool,
    /// Write which steps differ to a baseline file.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Transcripts, or directories of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|first| first == AS_KUBECTL) {
        return k1s_tests::kubectl_like(std::env::args_os().skip(2));
    }
    let mut out = io::stdout().lock();
    match run(&Args::parse(), &mut out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args, out: &mut impl Write) -> Result<(), Error> {
    let mut scenarios = load(&args.paths)?;
    if let Some(part) = &args.only {
        scenarios.retain(|scenario| scenario.name.contains(part));
    }
    let program = std::env::current_exe().map_err(|source| Error::io("this program", source))?;
    let transcripts = Replayer::new(program, vec![OsString::from(AS_KUBECTL)]).run_all(&scenarios)?;
    let print = |out: &mut dyn Write, text: &str| {
        out.write_all(text.as_bytes()).map_err(|source| Error::io("standard output", source))
    };
    for transcript in &transcripts {
        if !transcript.refusal.is_empty() {
            let Transcript { name, refusal, .. } = transcript;
            print(out, &format!("{name}: a CustomResourceDefinition is refused: {refusal}"))?;
        }
        for (index, step) in transcript.steps.iter().enumerate().filter(|_| args.show) {
            print(out, &show(&transcript.name, index, step))?;
        }
        if args.each {
            let totals = Totals::of(std::slice::from_ref(transcript));
            print(out, &format!("{}: {totals}\n", transcript.name))?;
        }
    }
    if let Some(path) = &args.write_baseline {
        Baseline::of(&transcripts).save(path)?;
    }
    print(out, &format!("transcripts: {}\n", Totals::of(&transcripts)))
}
