//! Reads the kinds of a crate.
//!
//! Kinds register themselves when they are linked, so the way to them is a program that links the crate: a package of a few
//! lines below the target directory, built with the crate's own lock file, profiles and target directory, and run once. It
//! prints the CustomResourceDefinitions as JSON.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;
use toml::{Table, Value as Toml};

use crate::Error;

/// The program that is built.
const PROGRAM: &str = r#"//! Prints the CustomResourceDefinitions of the kinds that a crate registers.

extern crate subject as _;

use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let kinds = k1s_runtime::api::Registration::all().map(|kind| (kind.definition)()).collect();
    let answer = k1s_runtime::schema::crd::to_crds_json(kinds).map_err(|error| error.to_string()).and_then(|crds| {
        let text = k1s_runtime::serde_json::to_string(&crds).map_err(|error| error.to_string())?;
        io::stdout().lock().write_all(text.as_bytes()).map_err(|error| error.to_string())
    });
    match answer {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr().lock(), "{error}");
            ExitCode::FAILURE
        }
    }
}
"#;

/// Whose kinds to read.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The package; the one that the manifest belongs to by default.
    pub package: Option<String>,
    /// Its `Cargo.toml` or its workspace's; the one of the current directory by default.
    pub manifest_path: Option<PathBuf>,
    /// Features to enable.
    pub features: Vec<String>,
    /// Where to build; the workspace's target directory by default.
    pub target: Option<PathBuf>,
}

/// Builds and runs the program and answers with the CustomResourceDefinitions of the crate's kinds, in order of their names.
///
/// # Errors
/// When cargo cannot be run or fails, when the package has no library or does not depend on k1s, and when a kind has a schema
/// that a CustomResourceDefinition cannot hold.
pub fn custom_resource_definitions(request: &Request) -> Result<Vec<Value>, Error> {
    let workspace = Workspace::read(request)?;
    let project = workspace.target.join("k1s-gen").join(&workspace.package);
    fs::create_dir_all(project.join("src")).map_err(Error::io(&project))?;
    write_if_changed(&project.join("Cargo.toml"), &workspace.extractor_manifest(&request.features)?)?;
    write_if_changed(&project.join("src/main.rs"), PROGRAM)?;
    let lock = workspace.root.join("Cargo.lock");
    if lock.exists() {
        let text = fs::read_to_string(&lock).map_err(Error::io(&lock))?;
        write_if_changed(&project.join("Cargo.lock"), &text)?;
    }
    let mut command = cargo();
    command.args(["run", "--quiet", "--offline", "--manifest-path"]).arg(project.join("Cargo.toml"));
    command.arg("--target-dir").arg(&workspace.target);
    let what = format!("reading the kinds of `{}`", workspace.package);
    let answer = run(command, &what)?;
    serde_json::from_slice(&answer).map_err(|source| Error::Answer { what, source })
}

/// What a crate is part of.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The workspace's directory.
    pub root: PathBuf,
    /// Where it is built.
    pub target: PathBuf,
    /// The package's name.
    pub package: String,
}

/// Asks cargo for the surroundings of a crate; nothing is built.
///
/// # Errors
/// When cargo cannot be run or fails, and when the package is none with kinds.
pub fn surroundings(request: &Request) -> Result<Surroundings, Error> {
    let Workspace { root, target, package, .. } = Workspace::read(request)?;
    Ok(Surroundings { root, target, package })
}

/// The names of the packages of a workspace.
///
/// # Errors
/// When cargo cannot be run or fails.
pub fn packages(manifest_path: &Path) -> Result<Vec<String>, Error> {
    let what = "cargo metadata";
    let mut command = cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path"]).arg(manifest_path);
    let metadata: Value = serde_json::from_slice(&run(command, what)?)
        .map_err(|source| Error::Answer { what: what.to_owned(), source })?;
    Ok(list(&metadata, "packages").iter().map(|package| text(package, "name").to_owned()).collect())
}

/// What has to be known of the crate's surroundings.
struct Workspace {
    root: PathBuf,
    target: PathBuf,
    package: String,
    package_dir: PathBuf,
    runtime: Toml,
}

impl Workspace {
    fn read(request: &Request) -> Result<Self, Error> {
        let what = "cargo metadata";
        let mut command = cargo();
        command.args(["metadata", "--format-version", "1"]);
        if let Some(path) = &request.manifest_path {
            command.arg("--manifest-path").arg(path);
        }
        let metadata: Value = serde_json::from_slice(&run(command, what)?)
            .map_err(|source| Error::Answer { what: what.to_owned(), source })?;
        let package = find_package(&metadata, request.package.as_deref())?;
        let name = text(package, "name");
        let has_library = list(package, "targets").iter().any(|target| {
            list(target, "kind").iter().any(|kind| matches!(kind.as_str(), Some("lib" | "rlib")))
        });
        if !has_library {
            let message = format!("package `{name}` has no library; put the kinds in `src/lib.rs`");
            return Err(Error::Package(message));
        }
        Ok(Self {
            root: PathBuf::from(text(&metadata, "workspace_root")),
            target: request.target.clone().unwrap_or_else(|| text(&metadata, "target_directory").into()),
            package_dir: parent_of(text(package, "manifest_path")),
            runtime: runtime_dependency(&metadata, package)?,
            package: name.to_owned(),
        })
    }

    /// The extractor's `Cargo.toml`: a workspace of its own, with what of the user's workspace changes how things are built.
    fn extractor_manifest(&self, features: &[String]) -> Result<String, Error> {
        let path = self.root.join("Cargo.toml");
        let workspace: Table = fs::read_to_string(&path).map_err(Error::io(&path))?.parse().map_err(
            |error: toml::de::Error| Error::Manifest { path: path.clone(), reason: error.to_string() },
        )?;
        let mut subject = Table::new();
        subject.insert("package".into(), self.package.as_str().into());
        subject.insert("path".into(), self.package_dir.to_string_lossy().as_ref().into());
        let features = features.iter().map(|feature| Toml::from(feature.as_str())).collect();
        subject.insert("features".into(), Toml::Array(features));
        let dependencies = Table::from_iter([
            ("subject".into(), Toml::Table(subject)),
            ("k1s-runtime".into(), self.runtime.clone()),
        ]);
        let package = Table::from_iter([
            ("name".into(), "k1s-gen-extractor".into()),
            ("version".into(), "0.0.0".into()),
            ("edition".into(), "2024".into()),
            ("publish".into(), false.into()),
        ]);
        let own = Table::from_iter([("resolver".into(), "3".into())]);
        let mut manifest = Table::from_iter([
            ("package".into(), Toml::Table(package)),
            ("workspace".into(), Toml::Table(own)),
            ("dependencies".into(), Toml::Table(dependencies)),
        ]);
        for (key, value) in workspace {
            if matches!(key.as_str(), "profile" | "patch") {
                manifest.insert(key, value);
            }
        }
        toml::to_string(&manifest).map_err(|error| Error::Manifest { path, reason: error.to_string() })
    }
}

fn find_package<'m>(metadata: &'m Value, wanted: Option<&str>) -> Result<&'m Value, Error> {
    let packages = list(metadata, "packages");
    let members = list(metadata, "workspace_members");
    let member = |package: &&Value| members.contains(&package["id"]);
    if let Some(wanted) = wanted {
        return packages.iter().filter(member).find(|package| text(package, "name") == wanted).ok_or_else(
            || {
                let names: Vec<&str> =
                    packages.iter().filter(member).map(|package| text(package, "name")).collect();
                Error::Package(format!(
                    "the workspace has no package `{wanted}`; it has {}",
                    names.join(", ")
                ))
            },
        );
    }
    let root = &metadata["resolve"]["root"];
    packages.iter().find(|package| package["id"] == *root).ok_or_else(|| {
        Error::Package("this is a workspace of several packages: choose one with `--package`".to_owned())
    })
}

/// The runtime that the package uses, as a dependency of the extractor: the very same one, or the kinds would register with
/// another.
fn runtime_dependency(metadata: &Value, package: &Value) -> Result<Toml, Error> {
    let name = text(package, "name");
    let nodes = list(&metadata["resolve"], "nodes");
    let node = nodes.iter().find(|node| node["id"] == package["id"]).unwrap_or(&Value::Null);
    let used = list(node, "dependencies");
    let runtime = list(metadata, "packages")
        .iter()
        .find(|candidate| text(candidate, "name") == "k1s-runtime" && used.contains(&candidate["id"]))
        .ok_or_else(|| Error::Package(format!("package `{name}` does not depend on `k1s-runtime`")))?;
    let mut dependency = Table::from_iter([("default-features".into(), Toml::from(false))]);
    match runtime["source"].as_str() {
        None => {
            let path = parent_of(text(runtime, "manifest_path"));
            dependency.insert("path".into(), path.to_string_lossy().as_ref().into());
        }
        Some(source) if source.starts_with("registry+") => {
            dependency.insert("version".into(), format!("={}", text(runtime, "version")).into());
        }
        Some(source) => {
            return Err(Error::Package(format!(
                "`k1s-runtime` comes from {source}: only registries and paths are supported"
            )));
        }
    }
    Ok(Toml::Table(dependency))
}

fn cargo() -> Command {
    // Set when cargo itself started us.
    Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

fn run(mut command: Command, what: &str) -> Result<Vec<u8>, Error> {
    let output = command.stdin(Stdio::null()).output().map_err(|source| Error::Cargo {
        program: command.get_program().to_string_lossy().into_owned(),
        source,
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let stderr = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    Err(Error::Failed { what: what.to_owned(), stderr })
}

/// Cargo looks at times: a file that stays the same is not written.
fn write_if_changed(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(Error::io(path))
}

fn parent_of(path: &str) -> PathBuf {
    Path::new(path).parent().unwrap_or(Path::new("")).to_path_buf()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}
