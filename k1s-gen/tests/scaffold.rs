//! `k1s-gen new`, `add` and `upgrade`: what they refuse, how they merge, and that what they make builds and runs.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "scaffold/built.rs"]
mod built;
#[path = "scaffold/fields.rs"]
mod fields;
#[path = "scaffold/merging.rs"]
mod merging;

use std::path::Path;
use std::process::{Command, Output};

fn k1s_gen_in(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_k1s-gen")).args(arguments).current_dir(directory).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs the program and answers with what it said; it must succeed.
fn done(directory: &Path, arguments: &[&str]) -> String {
    let output = k1s_gen_in(directory, arguments);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    said + &text(&output.stdout)
}

/// Runs the program and answers with what it said; it must fail as for an error.
fn refused(directory: &Path, arguments: &[&str]) -> String {
    let output: Output = k1s_gen_in(directory, arguments);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    assert!(said.starts_with("error: ") && !said.contains("panicked"), "{said}");
    said
}
