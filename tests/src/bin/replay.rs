//! Replays recorded API-server scenarios and prints every difference, then how many steps agree at each level:
//!
//! ```text
//! cargo run -q -p k1s-tests --bin replay -- tests/corpus/semantics
//! ```
//!
//! With `--validate` the bodies of all recorded creations are judged as `k1s-gen validate` judges manifests:
//!
//! ```text
//! cargo run -q -p k1s-tests --bin replay -- --validate tests/corpus/schema tests/corpus/cel
//! ```
//!
//! After an improvement, tighten what `tests/tests/replay.rs` holds us to:
//!
//! ```text
//! cargo run -q -p k1s-tests --bin replay -- --brief --write-baseline tests/corpus/replay-baseline.json \
//!     tests/corpus/apply tests/corpus/cel tests/corpus/schema tests/corpus/semantics tests/corpus/watch
//! ```

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use k1s_tests::replay::{Agreement, Backend, replay, validate};

#[derive(Parser)]
struct Arguments {
    /// Judge the body of each recorded creation with the validator of `k1s-gen validate` instead.
    #[arg(long, conflicts_with_all = ["backend", "brief", "write_baseline"])]
    validate: bool,
    /// Where to replay.
    #[arg(long, value_enum, default_value = "memory")]
    backend: Store,
    /// Only scenarios whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Do not print the differences, but one line a scenario.
    #[arg(long)]
    brief: bool,
    /// Write how many steps agree, by scenario, to a baseline file.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Scenario files, or directories of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Store {
    Memory,
    Lmdb,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let backend = match arguments.backend {
        Store::Memory => Backend::Memory,
        Store::Lmdb => Backend::Lmdb,
    };
    match run(&arguments, backend) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn validated(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let Agreement { scenarios, steps, verdict, causes, others, differences } =
        validate(&arguments.paths, arguments.only.as_deref())?;
    let mut out = io::stdout().lock();
    for difference in &differences {
        writeln!(out, "{difference}")?;
    }
    writeln!(out, "of other objects or of the request: {others}")?;
    writeln!(out, "replay: scenarios={scenarios} steps={steps} verdict={verdict} causes={causes}")?;
    Ok(())
}

fn run(arguments: &Arguments, backend: Backend) -> Result<(), Box<dyn std::error::Error>> {
    if arguments.validate {
        return validated(arguments);
    }
    let report = replay(&arguments.paths, backend, arguments.only.as_deref())?;
    let mut out = io::stdout().lock();
    if arguments.brief {
        for (name, score) in &report.by_scenario {
            writeln!(out, "{name}: {score}")?;
        }
    } else {
        for difference in &report.differences {
            writeln!(out, "{difference}")?;
        }
    }
    if let Some(path) = &arguments.write_baseline {
        std::fs::write(path, serde_json::to_string_pretty(&report.by_scenario)? + "\n")?;
    }
    writeln!(out, "replay: scenarios={} {}", report.scenarios, report.score)?;
    Ok(())
}
