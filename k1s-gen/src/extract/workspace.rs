//! The surroundings of a crate: what cargo says of it, and the extractor's `Cargo.toml` that fits in there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;
use toml::{Table, Value as Toml};

use super::Request;
use crate::Error;

/// What has to be known of the crate's surroundings.
pub(super) struct Workspace {
    /// The workspace's directory.
    pub(super) root: PathBuf,
    /// Where it is built.
    pub(super) target: PathBuf,
    /// The package's name.
    pub(super) package: String,
    /// The package's version.
    pub(super) version: String,
    package_dir: PathBuf,
    runtime: Toml,
}

impl Workspace {
    /// Asks cargo.
    pub(super) fn read(request: &Request) -> Result<Self, Error> {
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
            version: text(package, "version").to_owned(),
        })
    }

    /// The extractor's `Cargo.toml`: a workspace of its own, with what of the user's workspace changes how things are built.
    pub(super) fn extractor_manifest(&self, features: &[String]) -> Result<String, Error> {
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
    let (its, ours) = (text(runtime, "version"), env!("CARGO_PKG_VERSION"));
    if !compatible(its, ours) {
        return Err(Error::Package(format!(
            "package `{name}` uses k1s-runtime {its}, and this is k1s-gen {ours}: use the k1s-gen of that version"
        )));
    }
    let mut dependency = Table::from_iter([("default-features".into(), Toml::from(false))]);
    match runtime["source"].as_str() {
        None => {
            let path = parent_of(text(runtime, "manifest_path"));
            dependency.insert("path".into(), path.to_string_lossy().as_ref().into());
        }
        Some(source) if source.starts_with("registry+") => {
            dependency.insert("version".into(), format!("={}", text(runtime, "version")).into());
        }
        Some(source) => match git_dependency(source) {
            Some(git) => dependency.extend(git),
            None => {
                return Err(Error::Package(format!(
                    "`k1s-runtime` comes from {source}: only registries, git repositories and paths are supported"
                )));
            }
        },
    }
    Ok(Toml::Table(dependency))
}

/// A source such as `git+https://example.com/k1s?branch=main#1f3b`, as a manifest writes it. What comes after the `#` is in the lock file.
fn git_dependency(source: &str) -> Option<Table> {
    let source = source.strip_prefix("git+")?;
    let source = source.split_once('#').map_or(source, |(source, _)| source);
    let (url, reference) = source.split_once('?').map_or((source, None), |(url, query)| (url, Some(query)));
    let mut table = Table::from_iter([("git".to_owned(), Toml::from(url))]);
    if let Some((kind @ ("branch" | "tag" | "rev"), name)) = reference.and_then(|query| query.split_once('='))
    {
        table.insert(kind.to_owned(), name.into());
    }
    Some(table)
}

/// Whether two versions may differ only in what is compatible, as cargo sees it.
fn compatible(one: &str, other: &str) -> bool {
    let significant = |version: &str| {
        let numbers: Vec<&str> = version.split(['.', '-', '+']).take(3).collect();
        let until = numbers.iter().position(|number| *number != "0").unwrap_or(numbers.len());
        numbers.into_iter().take(until + 1).map(str::to_owned).collect::<Vec<_>>()
    };
    significant(one) == significant(other)
}

/// The names of the packages of a workspace.
pub(super) fn packages(manifest_path: &Path) -> Result<Vec<String>, Error> {
    let what = "cargo metadata";
    let mut command = cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path"]).arg(manifest_path);
    let metadata: Value = serde_json::from_slice(&run(command, what)?)
        .map_err(|source| Error::Answer { what: what.to_owned(), source })?;
    Ok(list(&metadata, "packages").iter().map(|package| text(package, "name").to_owned()).collect())
}

/// The command `cargo`.
pub(super) fn cargo() -> Command {
    // Set when cargo itself started us.
    Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// Runs a command and answers with what it prints.
pub(super) fn run(mut command: Command, what: &str) -> Result<Vec<u8>, Error> {
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

fn parent_of(path: &str) -> PathBuf {
    Path::new(path).parent().unwrap_or(Path::new("")).to_path_buf()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_sources_are_dependencies() {
        let written = |source| git_dependency(source).map(|table| table.to_string());
        let plain = written("git+https://example.com/k1s#1f3b");
        assert_eq!(plain.as_deref(), Some("git = \"https://example.com/k1s\"\n"));
        let branch = written("git+ssh://git@example.com/k1s.git?branch=main#1f3b");
        let expected = "branch = \"main\"\ngit = \"ssh://git@example.com/k1s.git\"\n";
        assert_eq!(branch.as_deref(), Some(expected));
        assert_eq!(written("sparse+https://example.com/index"), None);
    }

    #[test]
    fn versions_are_compatible_as_cargo_sees_it() {
        assert!(
            compatible("0.1.0", "0.1.7") && compatible("1.2.0", "1.9.1") && compatible("1.0.0-rc.1", "1.0.0")
        );
        assert!(
            !compatible("0.1.0", "0.2.0") && !compatible("1.0.0", "2.0.0") && !compatible("0.0.1", "0.0.2")
        );
    }
}
