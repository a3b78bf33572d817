//! Tries for a long time to catch the store lying:
//!
//! ```text
//! cargo run --release -p k1s-tests --bin torture
//! cargo run --release -p k1s-tests --bin torture -- kills --kills 100000
//! ```

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use k1s_tests::torture::{self, Failure, Job, Place};

#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Which tests; all of them if none is named.
    #[arg(value_enum)]
    tests: Vec<Test>,
    /// How often a writer is killed.
    #[arg(long, default_value_t = 1_000)]
    kills: u64,
    /// How often processes raise a number, together.
    #[arg(long, default_value_t = 10_000)]
    increments: u64,
    /// How many processes do.
    #[arg(long, default_value_t = 8)]
    processes: u64,
    /// How many transactions are written beside readers.
    #[arg(long, default_value_t = 2_000)]
    generations: u64,
    /// How many files are damaged.
    #[arg(long, default_value_t = 1_000)]
    damages: u64,
    /// What moments and damages of chance are made from; of the clock, if it is not given.
    #[arg(long)]
    seed: Option<u64>,
    /// Where stores are made; a temporary directory by default.
    #[arg(long, value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// What this program does when a test starts it again.
    #[command(hide = true)]
    Work { job: String, directory: PathBuf, count: u64 },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Test {
    Kills,
    Increments,
    Readers,
    Full,
    Damage,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            tell(&format!("torture: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool, Failure> {
    if let Some(Command::Work { job, directory, count }) = &arguments.command {
        let job = Job::named(job).ok_or_else(|| Failure::Broken(format!("there is no job {job:?}")))?;
        torture::work(job, directory, *count)?;
        return Ok(true);
    }
    let below = arguments.directory.clone().unwrap_or_else(std::env::temp_dir);
    let directory = tempfile::tempdir_in(below)?;
    let clock = std::time::UNIX_EPOCH.elapsed().map_or(1, |since| since.as_secs());
    let place = Place {
        program: std::env::current_exe()?,
        directory: directory.path().to_owned(),
        seed: arguments.seed.unwrap_or(clock),
    };
    tell(&format!("seed {}", place.seed));
    let wanted = |test| arguments.tests.is_empty() || arguments.tests.contains(&test);
    type Try<'a> = (Test, &'static str, Box<dyn Fn() -> torture::Result + 'a>);
    let tests: [Try<'_>; 7] = [
        (Test::Kills, "kills", Box::new(|| torture::kills(&place, arguments.kills))),
        (
            Test::Increments,
            "increments",
            Box::new(|| torture::increments(&place, arguments.processes.max(1), arguments.increments)),
        ),
        (Test::Readers, "readers", Box::new(|| torture::whole_transactions(&place, arguments.generations))),
        (Test::Full, "full map", Box::new(|| torture::full_map(&place))),
        (Test::Full, "full file", Box::new(|| torture::full_file(&place))),
        (Test::Full, "full disk", Box::new(|| torture::full_disk(&place))),
        (Test::Damage, "damage", Box::new(|| torture::damaged_files(&place, arguments.damages))),
    ];
    let mut good = true;
    for (_, name, test) in tests.iter().filter(|(test, ..)| wanted(*test)) {
        let start = Instant::now();
        let outcome = test();
        good &= outcome.is_ok();
        let (verdict, text) = match outcome {
            Ok(text) => ("held", text),
            Err(error) => ("BROKEN", error.to_string()),
        };
        tell(&format!("{name}: {verdict} in {:.1?}: {text}", start.elapsed()));
    }
    Ok(good)
}

#[allow(clippy::print_stdout, reason = "it is what the program is for")]
fn tell(line: &str) {
    println!("{line}");
}
