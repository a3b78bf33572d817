//! `k1s-gen`, the program.

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    k1s_gen::cli::main_with(std::env::args_os(), &mut io::stdout().lock(), &mut io::stderr().lock())
}
