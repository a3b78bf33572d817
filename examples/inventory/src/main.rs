//! The `inventory` command line.

use std::process::ExitCode;

use inventory::{Category, Item};
use k1s_runtime::cli::App;

fn main() -> ExitCode {
    App::new("inventory").resource::<Item>().resource::<Category>().version(env!("CARGO_PKG_VERSION")).run()
}
