//! Whole-system tests of k1s: what they share.

pub mod cel_cases;
pub mod reference;
pub mod replay;
pub mod torture;
pub mod transcripts;
pub mod yaml_cases;

use std::ffi::OsString;
use std::process::ExitCode;

use k1s_runtime::cli::{App, Environment, Streams};

/// The command line of k1s under kubectl's name, without kinds of its own and without hints, run with these arguments (the
/// program's name left out): what transcripts of kubectl are replayed with. As in the recordings, no controllers run.
pub fn kubectl_like(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let app = App::new("kubectl").version(env!("CARGO_PKG_VERSION")).hints(false).controllers(false);
    ExitCode::from(app.execute(arguments, &mut Streams::standard(), &Environment::current()))
}
