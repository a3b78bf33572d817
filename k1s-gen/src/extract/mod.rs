//! Reads what a crate registers: its kinds, and what its reconcilers may do.
//!
//! Both register themselves when they are linked, so the way to them is a program that links the crate: a package of a few
//! lines below the target directory, built with the crate's own lock file, profiles and target directory, and run once. It
//! prints what is asked for as JSON.

mod program;
mod workspace;

use std::fs;
use std::path::{Path, PathBuf};

use k1s_runtime::schema::type_manifest::TypeManifest;
use serde::Deserialize;
use serde_json::Value;

use crate::Error;
use program::PROGRAM;
use workspace::{Workspace, cargo, run};

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

/// What of a crate to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The CustomResourceDefinitions of its kinds.
    Crds,
    /// Its kinds with all that is known of them.
    Types,
    /// What its reconcilers may do.
    Rules,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Crds => "crds",
            Self::Types => "types",
            Self::Rules => "rules",
        }
    }
}

/// What a crate registers; parts that were not asked for are empty.
#[derive(Clone, Debug)]
pub struct Extracted {
    /// The package's name.
    pub package: String,
    /// The package's version.
    pub version: String,
    /// The CustomResourceDefinitions, in order of group and plural, with all versions of a kind in one.
    pub crds: Vec<Value>,
    /// The kinds with what no CustomResourceDefinition can hold, as indexes; in no order.
    pub types: Option<TypeManifest>,
    /// The rules, in no order.
    pub rules: Vec<Rule>,
}

/// A rule of a role, as [`k1s_runtime::api::RbacRule`] has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rule {
    /// API groups; the core group is empty.
    pub groups: Vec<String>,
    /// Resources and subresources.
    pub resources: Vec<String>,
    /// Verbs.
    pub verbs: Vec<String>,
    /// Names of objects; of all, if there are none.
    pub resource_names: Vec<String>,
    /// Paths that are no resources.
    pub urls: Vec<String>,
    /// The namespace of the Role that it belongs to; without one it belongs to a ClusterRole.
    pub namespace: Option<String>,
    /// The role's name, if it has one of its own.
    pub role_name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    crds: Vec<Value>,
    types: Option<Value>,
    rules: Vec<Rule>,
}

/// The CustomResourceDefinitions of the crate's kinds, in order of their names.
///
/// # Errors
/// As [`read`], and when the crate registers no kinds.
pub fn custom_resource_definitions(request: &Request) -> Result<Vec<Value>, Error> {
    let extracted = read(request, &[Part::Crds])?;
    extracted.needs_kinds()?;
    Ok(extracted.crds)
}

/// Builds and runs the program and answers with what the crate registers.
///
/// # Errors
/// When cargo cannot be run or fails (the compiler's own words are in the error), when the package has no library or does not
/// depend on k1s, and when a kind has a schema that cannot be expressed.
pub fn read(request: &Request, parts: &[Part]) -> Result<Extracted, Error> {
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
    command.arg("--target-dir").arg(&workspace.target).arg("--");
    command.args(parts.iter().map(|part| part.name()));
    let what = format!("reading the kinds of `{}`", workspace.package);
    let answer = run(command, &what)?;
    let answer: Answer = serde_json::from_slice(&answer).map_err(|source| Error::Answer { what, source })?;
    // A manifest without types is none.
    let types = answer.types.filter(|_| !answer.crds.is_empty()).map(|types| types.to_string());
    let types = types.map(|text| TypeManifest::parse_unchecked(&workspace.package, text.as_bytes()));
    Ok(Extracted {
        package: workspace.package,
        version: workspace.version,
        crds: answer.crds,
        types: types.transpose()?,
        rules: answer.rules,
    })
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
/// When cargo cannot be run or fails, and when the package can have no kinds.
pub fn surroundings(request: &Request) -> Result<Surroundings, Error> {
    let Workspace { root, target, package, .. } = Workspace::read(request)?;
    Ok(Surroundings { root, target, package })
}

/// The names of the packages of a workspace.
///
/// # Errors
/// When cargo cannot be run or fails.
pub fn packages(manifest_path: &Path) -> Result<Vec<String>, Error> {
    workspace::packages(manifest_path)
}

impl Extracted {
    /// Refuses a crate without kinds.
    ///
    /// # Errors
    /// When [`Part::Crds`] were asked for and there are none.
    pub fn needs_kinds(&self) -> Result<(), Error> {
        if self.crds.is_empty() { Err(no_kinds(&self.package)) } else { Ok(()) }
    }
}

/// What is said of a crate without kinds.
pub(crate) fn no_kinds(package: &str) -> Error {
    Error::Package(format!(
        "package `{package}` registers no kinds: derive `Resource` for them in its library, and enable the features that they need \
         with --features"
    ))
}

/// Cargo looks at times: a file that stays the same is not written.
fn write_if_changed(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(Error::io(path))
}
