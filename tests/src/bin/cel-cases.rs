//! Compares recorded answers of CEL with ours.
//!
//! ```text
//! cargo run --release -q -p k1s-tests --bin cel-cases -- cases.jsonl conformance.json
//! ```
//!
//! Prints each difference and, last, how many cases agree on each level. Fails if a verdict differs.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use k1s_tests::cel_cases::{compare, table};

/// Compares recorded answers of CEL with ours.
#[derive(Parser)]
struct Args {
    /// Cases of Kubernetes' rules (.jsonl), or conformance tests of CEL (.json).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print, for each entry of the table of what Kubernetes' CEL does not have, how many tests it covers.
    #[arg(long)]
    outside: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let mut out = io::stdout().lock();
    let report = match compare(&args.files) {
        Ok(report) => report,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            return ExitCode::from(2);
        }
    };
    if args.outside {
        let _ = write!(out, "{}", table(Some(&report.outside)));
    }
    let written = write!(out, "{report}").is_ok();
    if written && report.tally.verdict == report.tally.cases { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
