//! Short versions of the tests that would catch a store that lies; `docs/storage.md` says how the long ones are run.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use k1s_tests::torture::{self, Place};

/// Runs a test in a directory of its own.
fn holds(test: impl FnOnce(&Place) -> torture::Result) -> String {
    let directory = tempfile::tempdir().unwrap();
    let seed = std::time::UNIX_EPOCH.elapsed().unwrap().subsec_nanos().into();
    let program = Path::new(env!("CARGO_BIN_EXE_torture")).to_owned();
    let place = Place { program, directory: directory.path().to_owned(), seed };
    test(&place).unwrap_or_else(|error| panic!("{error} (seed {seed})"))
}

#[test]
fn nothing_acknowledged_is_lost_when_writers_are_killed() {
    holds(|place| torture::kills(place, 20));
}

#[test]
fn increments_of_eight_processes_add_up() {
    holds(|place| torture::increments(place, 8, 400));
}

#[test]
fn readers_of_other_processes_see_whole_transactions() {
    holds(|place| torture::whole_transactions(place, 60));
}

#[test]
fn a_full_map_can_be_emptied() {
    holds(torture::full_map);
}

#[cfg(unix)]
#[test]
fn a_full_file_is_told_and_used_on() {
    holds(torture::full_file);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_used_on() {
    holds(torture::full_disk);
}

#[test]
fn damaged_files_never_crash_a_program() {
    holds(|place| torture::damaged_files(place, 45));
}
