//! Compares what kubectl's decoder and a real API server made of YAML documents with what ours makes of them.
//!
//! ```text
//! cargo run --release -q -p k1s-tests --bin yaml-cases -- tests/corpus/yaml/yaml-decoding.json
//! ```
//!
//! Prints each difference and, last, how many cases agree. Fails if one does not.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use k1s_tests::yaml_cases::compare;

/// Compares recorded YAML documents with what we make of them.
#[derive(Parser)]
struct Args {
    /// Recorded cases (.json).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let report = match compare(&Args::parse().files) {
        Ok(report) => report,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            return ExitCode::from(2);
        }
    };
    let written = write!(io::stdout().lock(), "{report}").is_ok();
    if written && report.agree() == report.cases { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
