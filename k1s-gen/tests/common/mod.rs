//! What the tests of the program share.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the program in the workspace.
pub(crate) fn k1s_gen(arguments: &[&str]) -> Output {
    k1s_gen_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), arguments)
}

/// Runs the program in a directory.
pub(crate) fn k1s_gen_in(directory: &Path, arguments: &[&str]) -> Output {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_k1s-gen"));
    command.env("CARGO_TARGET_DIR", target).args(arguments).current_dir(directory).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A crate with this library; answers with its manifest. It has this workspace's lock file and profiles, so that nothing is built or
/// fetched anew for it.
pub(crate) fn crate_with(name: &str, library: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(directory.join("src")).unwrap();
    let own = fs::read_to_string(workspace.join("Cargo.toml")).unwrap();
    let profiles = own.find("[profile.dev]").map(|start| &own[start..]).unwrap_or_default();
    let runtime = workspace.join("k1s-runtime");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n[workspace]\nresolver = \"3\"\n[dependencies]\nserde = \"1\"\n\
         k1s-runtime = {{ path = '{}', default-features = false, features = [\"derive\"] }}\n{profiles}",
        runtime.display()
    );
    fs::write(directory.join("Cargo.toml"), manifest).unwrap();
    fs::write(directory.join("src/lib.rs"), library).unwrap();
    fs::copy(workspace.join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();
    directory.join("Cargo.toml")
}
