//! A workspace on disk: its answers, the texts that were generated last, and the user's files.

mod disk;

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Error;
use super::answers::{Answers, Kind, Source};
use super::hub;
use super::merge::{Action, Files, NEW, Plan, merge};
use super::names::{check_kind, check_version};
use super::render::{code_path, render, sample_path};

/// Where the answers are, from the root.
const ANSWERS: &str = ".k1s-gen/scaffold.toml";
/// Where the texts that were generated last are.
const BASE: &str = ".k1s-gen/base.toml";

const ANSWERS_HEAD: &str =
    "# What this workspace is made of: written by `k1s-gen new` and `k1s-gen add`, for version control.\n\n";
const BASE_HEAD: &str =
    "# What k1s-gen generated last, to merge with: not to be edited, for version control.\n\n";

/// The texts that were generated last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// By path from the root, with `/`.
    #[serde(default)]
    pub files: Files,
}

/// A workspace that k1s-gen made, or is about to make.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
    /// What was asked; nothing is written before [`Project::carry_out`].
    pub answers: Answers,
    base: Files,
    copied: Files,
}

impl Project {
    /// A workspace in a directory that is empty or not there yet.
    ///
    /// # Errors
    /// When the directory holds anything but a `.git`.
    pub fn create(root: &Path, answers: Answers) -> Result<Self, Error> {
        let is_free = match fs::read_dir(root) {
            Ok(mut entries) => entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == ".git")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
            Err(source) => return Err(Error::Io { path: root.to_owned(), source }),
        };
        if !is_free {
            return Err(Error::NotEmpty(root.to_owned()));
        }
        Ok(Self { root: root.to_owned(), answers, base: Files::new(), copied: Files::new() })
    }

    /// The workspace in this directory.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let path = root.join(ANSWERS);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                ) =>
            {
                return Err(Error::NotAWorkspace(root.to_owned()));
            }
            Err(source) => return Err(Error::Io { path, source }),
        };
        let answers: Answers = toml::from_str(&text).map_err(state(&path))?;
        answers.check().map_err(|error| Error::State { path, reason: error.to_string() })?;
        let path = root.join(BASE);
        let text = fs::read_to_string(&path).map_err(Error::io(&path))?;
        let base: State = toml::from_str(&text).map_err(state(&path))?;
        Ok(Self { root: root.to_owned(), answers, copied: base.files.clone(), base: base.files })
    }

    /// The workspace that a directory lies in.
    ///
    /// # Errors
    /// When it lies in none.
    pub fn around(directory: &Path) -> Result<Self, Error> {
        let directory = std::path::absolute(directory).map_err(Error::io(directory))?;
        let root = directory.ancestors().find(|root| root.join(ANSWERS).is_file());
        root.map_or_else(|| Err(Error::NotAWorkspace(directory.clone())), Self::open)
    }

    /// Whether a directory is such a workspace's root.
    pub fn is_root(directory: &Path) -> bool {
        directory.join(ANSWERS).is_file()
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Takes k1s from elsewhere.
    pub fn set_source(&mut self, source: Source) {
        self.answers.k1s = source;
    }

    /// Adds a kind.
    ///
    /// # Errors
    /// When its name or fields are wrong, or clash with another kind.
    pub fn add_kind(&mut self, kind: Kind) -> Result<(), Error> {
        check_kind(&kind.kind)?;
        if let Some(present) = self.answers.kinds.iter().find(|present| present.kind == kind.kind) {
            return Err(Error::Refused {
                message: format!("the workspace has the kind {} already", kind.kind),
                hint: format!("edit {}", code_path(present, present.hub())),
            });
        }
        self.answers.kinds.push(kind);
        self.answers.check()
    }

    /// Adds a version to one kind or to all that do not have it: the code of the stored version, as it is now, and conversions.
    ///
    /// # Errors
    /// When no kind takes it, or the code of one is not what a version can be made of.
    pub fn add_version(&mut self, version: &str, only: Option<&str>) -> Result<(), Error> {
        check_version(version)?;
        let known: Vec<&str> = self.answers.kinds.iter().map(|kind| kind.kind.as_str()).collect();
        if let Some(only) = only.filter(|only| !known.contains(only)) {
            return Err(Error::Refused {
                message: format!("the workspace has no kind {only}"),
                hint: format!("it has {}", known.join(", ")),
            });
        }
        let wanted = |kind: &Kind| {
            only.is_none_or(|only| only == kind.kind) && !kind.versions.iter().any(|other| other == version)
        };
        let mut added = 0;
        for at in 0..self.answers.kinds.len() {
            let kind = self.answers.kinds[at].clone();
            if wanted(&kind) {
                self.copy(&kind, version)?;
                self.answers.kinds[at].versions.push(version.to_owned());
                added += 1;
            }
        }
        if added == 0 {
            return Err(Error::Refused {
                message: format!(
                    "{} {version} already",
                    only.map_or_else(|| "all kinds have".to_owned(), |kind| format!("{kind} has"))
                ),
                hint: "name another version".to_owned(),
            });
        }
        Ok(())
    }

    fn copy(&mut self, kind: &Kind, version: &str) -> Result<(), Error> {
        let path = code_path(kind, kind.hub());
        let Some(code) = disk::read(&self.root, &path)? else {
            return Err(Error::Code {
                path,
                message: "the file is not there".to_owned(),
                hint: "other versions are made of the stored one: restore it".to_owned(),
            });
        };
        self.copied
            .insert(code_path(kind, version), hub::version_of(kind, version, &code.replace("\r\n", "\n"))?);
        let sample = disk::read(&self.root, &sample_path(kind, kind.hub()))?;
        let sample =
            sample.or_else(|| self.base.get(&sample_path(kind, kind.hub())).cloned()).unwrap_or_default();
        let sample = hub::sample_of(kind, version, &self.answers.group, &sample);
        self.copied.insert(sample_path(kind, version), sample);
        Ok(())
    }

    /// What there is to do: what is generated now, merged into the files. Nothing is written.
    ///
    /// # Errors
    /// When the answers are wrong or a file cannot be read.
    pub fn plan(&self) -> Result<Plan, Error> {
        let theirs = render(&self.answers, &self.copied)?;
        let mut ours = Files::new();
        for path in self.base.keys().chain(theirs.keys()) {
            disk::check(&self.root, path)?;
            if let Some(text) = disk::read(&self.root, path)? {
                ours.insert(path.clone(), text);
            }
        }
        for path in [ANSWERS, BASE] {
            disk::check(&self.root, path)?;
        }
        Ok(merge(&self.base, &ours, &theirs))
    }

    /// Does what was planned, all of it; what was generated is recorded last, so that a command that was interrupted can be
    /// repeated. Files in conflict stay as they are if `keep_mine`, and what was generated for them counts as merged.
    ///
    /// # Errors
    /// [`Error::Conflicts`], when there are any and `keep_mine` is not set: then nothing is written but the merges with their
    /// conflicts marked, each beside its file. When a file cannot be written.
    pub fn carry_out(&self, plan: &Plan, keep_mine: bool) -> Result<(), Error> {
        if !plan.conflicts.is_empty() && !keep_mine {
            for conflict in &plan.conflicts {
                let path = format!("{}{NEW}", conflict.path);
                disk::check(&self.root, &path)?;
                disk::write(&self.root, &path, &conflict.merged)?;
            }
            return Err(Error::Conflicts(plan.conflicts.clone()));
        }
        for change in &plan.changes {
            match &change.action {
                Action::Create(text) | Action::Update { to: text, .. } => {
                    disk::write(&self.root, &change.path, text)?
                }
                Action::Remove(_) => {
                    let path = self.root.join(&change.path);
                    fs::remove_file(&path).map_err(Error::io(path))?;
                }
                Action::StaysDeleted | Action::Orphaned => {}
            }
        }
        for conflict in &plan.conflicts {
            let path = format!("{}{NEW}", conflict.path);
            disk::check(&self.root, &path)?;
            let path = self.root.join(path);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io(path)(error));
                }
                _ => {}
            }
        }
        let base = State { files: render(&self.answers, &self.copied)? };
        disk::write(&self.root, ANSWERS, &recorded(ANSWERS, ANSWERS_HEAD, &self.answers)?)?;
        disk::write(&self.root, BASE, &recorded(BASE, BASE_HEAD, &base)?)
    }
}

fn recorded(path: &str, head: &str, value: &impl Serialize) -> Result<String, Error> {
    let text = toml::to_string_pretty(value)
        .map_err(|error| Error::State { path: PathBuf::from(path), reason: error.to_string() })?;
    Ok(format!("{head}{text}"))
}

fn state(path: &Path) -> impl FnOnce(toml::de::Error) -> Error {
    move |error| Error::State { path: path.to_owned(), reason: error.to_string() }
}
