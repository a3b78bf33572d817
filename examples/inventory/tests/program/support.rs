//! Runs the built `inventory` program on a store of the test's own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, with its store in `store` and nothing of the caller's environment in its way.
pub(crate) fn inventory(store: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inventory"));
    command.arg("--store").arg(store).env_remove("INVENTORY_STORE").env_remove("INVENTORY_TENANT");
    command
}

/// Runs it to its end.
pub(crate) fn run(store: &Path, args: &[&str]) -> Output {
    inventory(store).args(args).output().unwrap()
}

/// What it printed, if it ended well.
pub(crate) fn stdout(store: &Path, args: &[&str]) -> String {
    let output = run(store, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A folder of the example.
pub(crate) fn example(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}
