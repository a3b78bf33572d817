//! The two sides of a comparison: files, directories, crates, the standard input, and all of these but the last in a git revision.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Error, crates};
use crate::extract::Request;
use crate::source::git::{Revision, Walk};
use crate::source::{self, Definition};

/// One side.
#[derive(Clone, Debug)]
pub enum Input {
    /// The standard input.
    Stdin,
    /// A file, or a directory with files.
    Files(PathBuf),
    /// The kinds of a crate.
    Crate(Request),
    /// A file, a directory or a crate as it was in a revision.
    Revision {
        /// Name of the revision.
        revision: String,
        /// The path, from the current directory.
        path: PathBuf,
        /// Features of the crate to enable, if it is one.
        features: Vec<String>,
    },
}

/// Both sides.
#[derive(Clone, Debug, Default)]
pub struct Sides {
    /// What there was.
    pub old: Vec<Definition>,
    /// What is to be.
    pub new: Vec<Definition>,
    /// What the user should know of how they were found.
    pub notes: Vec<String>,
}

impl Input {
    /// Reads an argument: `-`, the path of something that is there, or `REVISION:PATH`. A directory with a `Cargo.toml` is a crate.
    ///
    /// # Errors
    /// When nothing is there, and the text names no revision either.
    pub fn parse(text: &str, features: &[String]) -> Result<Self, Error> {
        let path = Path::new(text);
        if text == "-" {
            return Ok(Input::Stdin);
        }
        if let Some(manifest_path) = manifest_of(path) {
            let features = features.to_vec();
            return Ok(Input::Crate(Request {
                manifest_path: Some(manifest_path),
                features,
                ..Request::default()
            }));
        }
        if path.exists() {
            return Ok(Input::Files(path.to_path_buf()));
        }
        match text.split_once(':') {
            Some((revision, path)) if !revision.is_empty() => {
                let path = PathBuf::from(if path.is_empty() { "." } else { path });
                Ok(Input::Revision { revision: revision.to_owned(), path, features: features.to_vec() })
            }
            _ => Err(Error::NoInput {
                path: text.to_owned(),
                hint: "; of a git revision, name it as REVISION:PATH or with --old REVISION".to_owned(),
            }),
        }
    }

    /// The CustomResourceDefinitions that are there.
    ///
    /// # Errors
    /// When something cannot be read, and when there are none.
    pub fn read(&self, stdin: &mut dyn Read) -> Result<Vec<Definition>, crate::Error> {
        match self {
            Input::Stdin => {
                let mut text = Vec::new();
                stdin.read_to_end(&mut text).map_err(crate::Error::io("stdin"))?;
                some(source::of_text(Path::new("stdin"), &text)?, || "stdin".to_owned())
            }
            Input::Files(path) => source::of_files(std::slice::from_ref(path)),
            Input::Crate(request) => {
                let name = || request.package.clone().unwrap_or_else(|| "the crate".to_owned());
                some(source::of_crate(request)?, name)
            }
            Input::Revision { revision, path, features } => {
                let opened = Revision::open(Path::new("."), revision)?;
                let found = of_revision(&opened, path, features)?;
                some(found, || format!("{revision}:{}", path.display()))
            }
        }
    }
}

fn some(found: Vec<Definition>, name: impl FnOnce() -> String) -> Result<Vec<Definition>, crate::Error> {
    if found.is_empty() { Err(Error::Empty(name()).into()) } else { Ok(found) }
}

/// The manifest of a crate or workspace that a path names, if it does.
fn manifest_of(path: &Path) -> Option<PathBuf> {
    if path.file_name().is_some_and(|name| name == "Cargo.toml") && path.is_file() {
        return Some(path.to_path_buf());
    }
    let manifest = path.join("Cargo.toml");
    (path.is_dir() && manifest.is_file()).then_some(manifest)
}

fn of_revision(
    revision: &Revision,
    path: &Path,
    features: &[String],
) -> Result<Vec<Definition>, crate::Error> {
    let is_manifest = path.file_name().is_some_and(|name| name == "Cargo.toml");
    let manifest = if is_manifest { path.to_path_buf() } else { path.join("Cargo.toml") };
    if revision.contains(&manifest)? {
        let request =
            Request { manifest_path: Some(manifest), features: features.to_vec(), ..Request::default() };
        return crates::of_revision(revision, &request);
    }
    let mut found = Vec::new();
    for (file, text) in revision.files(&[path.to_path_buf()], Walk::Flat)? {
        let name = PathBuf::from(format!("{}:{}", revision.name(), file.display()));
        found.append(&mut source::of_text(&name, &text)?);
    }
    Ok(found)
}

/// Files, directories and crates of the working tree, and the same paths in a revision.
///
/// A path may be missing on one side: everything in it was added or removed then.
///
/// # Errors
/// When a path is on neither side, when something cannot be read, and when no path has any definition.
pub fn since(name: &str, paths: &[String], features: &[String]) -> Result<Sides, crate::Error> {
    let revision = Revision::open(Path::new("."), name)?;
    let mut sides = Sides::default();
    for text in paths {
        let path = Path::new(text);
        let (was, is) = (revision.contains(path)?, path.exists());
        if !was && !is {
            return Err(Error::Nowhere { path: path.to_path_buf(), revision: name.to_owned() }.into());
        }
        if was {
            sides.old.append(&mut of_revision(&revision, path, features)?);
        } else {
            sides.notes.push(format!("{text} is not in revision `{name}`: everything in it is new"));
        }
        if is {
            sides.new.append(&mut of_tree(path, features)?);
        } else {
            sides.notes.push(format!("{text} is not in the working tree: everything in it was removed"));
        }
    }
    if sides.old.is_empty() && sides.new.is_empty() {
        return Err(Error::Empty(paths.join(", ")).into());
    }
    Ok(sides)
}

/// What the working tree has at a path that is there; perhaps nothing.
fn of_tree(path: &Path, features: &[String]) -> Result<Vec<Definition>, crate::Error> {
    match manifest_of(path) {
        Some(manifest_path) => {
            let features = features.to_vec();
            source::of_crate(&Request { manifest_path: Some(manifest_path), features, ..Request::default() })
        }
        None => source::below(path),
    }
}

/// The kinds of a crate, and those that it had in a revision.
///
/// # Errors
/// As [`since`], and when the crate cannot be built on either side.
pub fn crate_since(name: &str, request: &Request) -> Result<Sides, crate::Error> {
    let directory = request.manifest_path.as_deref().and_then(Path::parent).unwrap_or(Path::new("."));
    let revision = Revision::open(directory, name)?;
    let new = source::of_crate(request)?;
    let (old, notes) = match crates::since(&revision, request)? {
        Some(old) => (old, Vec::new()),
        None => (Vec::new(), vec![format!("the crate is not in revision `{name}`: everything in it is new")]),
    };
    Ok(Sides { old, new, notes })
}
