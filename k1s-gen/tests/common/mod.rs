//! What the tests of the program share.
#![allow(dead_code, reason = "no test needs all of it")]

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
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let workspace = format!("[workspace]\nresolver = \"3\"\n{}", profiles());
    write_package(&directory, name, RUNTIME, &workspace);
    write(&directory.join("src/lib.rs"), library);
    fs::copy(this_workspace().join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();
    directory.join("Cargo.toml")
}

/// A workspace of packages, each with its dependencies (as [`RUNTIME`]) and one source file; answers with its directory.
pub(crate) fn workspace_with(name: &str, members: &[(&str, &str, &str, &str)]) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    for (member, dependencies, file, source) in members {
        let place = directory.join(member);
        write_package(&place, member, dependencies, "");
        write(&place.join(file), source);
    }
    let names: Vec<String> = members.iter().map(|(member, ..)| format!("{member:?}")).collect();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n{}", names.join(", "), profiles());
    write(&directory.join("Cargo.toml"), &manifest);
    fs::copy(this_workspace().join("Cargo.lock"), directory.join("Cargo.lock")).unwrap();
    directory
}

/// The dependencies of a package with kinds.
pub(crate) const RUNTIME: &str = concat!(
    "serde = \"1\"\nk1s-runtime = { path = '",
    env!("CARGO_MANIFEST_DIR"),
    "/../k1s-runtime', default-features = false, features = [\"derive\"] }\n"
);

fn write_package(directory: &Path, name: &str, dependencies: &str, more: &str) {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n[features]\nextra = []\n[dependencies]\n{dependencies}{more}"
    );
    write(&directory.join("Cargo.toml"), &manifest);
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn this_workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn profiles() -> String {
    let own = fs::read_to_string(this_workspace().join("Cargo.toml")).unwrap();
    own.find("[profile.dev]").map(|start| own[start..].to_owned()).unwrap_or_default()
}
