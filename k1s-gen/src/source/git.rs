//! Files as they are in a revision of a git repository, read without a checkout.
//!
//! `git` itself is run, with fixed arguments: once to resolve the revision, once to list what is in it, and one `cat-file --batch` that
//! stays for as long as the [`Revision`] does. Nothing of the working tree, the index or the configuration is changed. Which repository
//! is meant follows from the directory alone; what git's hooks say of it in the environment (`GIT_DIR` and the like) is ignored.

mod batch;
mod error;
mod paths;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use batch::{Batch, Blob};
pub use error::Error;
use paths::{from_git, to_git};

/// The largest file that is read, in bytes: what the decoder of manifests takes at most.
pub const MAX_BYTES: u64 = 256 << 20;

/// How far a directory is looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// The files right in it.
    Flat,
    /// Those below it too.
    Tree,
}

/// One commit of a repository.
///
/// Paths are meant as the working tree has them: relative ones from the directory that the revision was opened in.
///
/// ```no_run
/// use std::path::Path;
/// use k1s_gen::source::git::Revision;
/// let main = Revision::open(Path::new("."), "origin/main")?;
/// if let Some(text) = main.read(Path::new("crds/items.yaml"))? {
///     println!("{} bytes in {}", text.len(), main.commit());
/// }
/// # Ok::<(), k1s_gen::source::git::Error>(())
/// ```
#[derive(Debug)]
pub struct Revision {
    directory: PathBuf,
    /// Top of the working tree; none in a bare repository.
    top: Option<PathBuf>,
    /// The directory within the repository, with the slash that follows; empty at the top.
    prefix: Vec<u8>,
    name: String,
    commit: String,
    listing: OnceLock<BTreeMap<Vec<u8>, Entry>>,
    batch: Mutex<Option<Batch>>,
}

/// A file of the revision.
#[derive(Clone, Debug)]
struct Entry {
    id: String,
    kind: Kind,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A file that can be run.
    Program,
    /// A symbolic link.
    Link,
}

impl Revision {
    /// Resolves a revision, as git names them: `main`, `origin/main`, `v1.2.0`, `HEAD~3`, a commit.
    ///
    /// # Errors
    /// When git cannot be run, when the directory is in no repository, and when the repository has no such commit.
    pub fn open(directory: &Path, name: &str) -> Result<Self, Error> {
        if name.is_empty() || name.starts_with('-') || name.contains(['\0', '\n']) {
            return Err(Error::Name { name: name.to_owned() });
        }
        let ask = |arguments: &[&str]| run(directory, arguments);
        let prefix = ask(&["rev-parse", "--show-prefix"]).map_err(|error| error.of_repository(directory))?;
        let top = ask(&["rev-parse", "--show-toplevel"]).ok().filter(|top| !top.trim_ascii().is_empty());
        let wanted = format!("{name}^{{commit}}");
        let commit = match ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]) {
            Ok(commit) => String::from_utf8_lossy(commit.trim_ascii()).into_owned(),
            Err(error @ Error::Start { .. }) => return Err(error),
            Err(_) => return Err(unknown(directory, name)),
        };
        Ok(Self {
            directory: directory.to_path_buf(),
            top: top.map(|top| from_git(top.trim_ascii_end())),
            prefix: prefix.strip_suffix(b"\n").unwrap_or(&prefix).to_vec(),
            name: name.to_owned(),
            commit,
            listing: OnceLock::new(),
            batch: Mutex::new(None),
        })
    }

    /// The name that it was opened by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The commit's full name.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// Top of the working tree that the repository belongs to. `None` if it is bare.
    pub fn top(&self) -> Option<&Path> {
        self.top.as_deref()
    }

    /// The content of a file; `None` if the revision has no such file. Symbolic links are followed within the repository.
    ///
    /// # Errors
    /// When the path leads out of the repository, when the file is larger than [`MAX_BYTES`], and when git fails.
    pub fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Error> {
        let inside = self.inside(path)?;
        let listing = self.listing()?;
        match listing.get(&inside) {
            Some(entry) if entry.kind != Kind::Link => self.blob(entry.id.as_bytes(), path),
            Some(_) => self.follow(&inside, path),
            None if through_link(listing, &inside) => self.follow(&inside, path),
            None => Ok(None),
        }
    }

    /// Whether the revision has this file, or a directory of this name with files in it.
    ///
    /// # Errors
    /// As [`Revision::list`], but for a path that is not there.
    pub fn contains(&self, path: &Path) -> Result<bool, Error> {
        match self.list(path, Walk::Flat) {
            Ok(_) => Ok(true),
            Err(Error::NoPath { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The files in a directory, in order of their paths, which begin with the directory's as it was given; a file's own path for a file.
    /// Directories behind symbolic links are not looked into, and submodules neither.
    ///
    /// # Errors
    /// [`Error::NoPath`] if the revision has nothing there; when the path leads out of the repository; when git fails.
    pub fn list(&self, path: &Path, walk: Walk) -> Result<Vec<PathBuf>, Error> {
        let inside = self.inside(path)?;
        let listing = self.listing()?;
        if listing.contains_key(&inside) {
            return Ok(vec![path.to_path_buf()]);
        }
        let mut below = inside;
        if !below.is_empty() {
            below.push(b'/');
        }
        let mut is_there = below.is_empty();
        let mut found = Vec::new();
        for file in listing.range(below.clone()..).map(|(file, _)| file) {
            let Some(rest) = file.strip_prefix(below.as_slice()) else { break };
            is_there = true;
            if walk == Walk::Tree || !rest.contains(&b'/') {
                found.push(path.join(from_git(rest)));
            }
        }
        if is_there { Ok(found) } else { Err(self.no_path(path)) }
    }

    /// The named files, and the `.yaml`, `.yml` and `.json` files of named directories, with their contents.
    ///
    /// # Errors
    /// As [`Revision::list`] and [`Revision::read`].
    pub fn files(&self, paths: &[PathBuf], walk: Walk) -> Result<Vec<(PathBuf, Vec<u8>)>, Error> {
        let mut found = Vec::new();
        for path in paths {
            for file in self.list(path, walk)? {
                let is_manifest = file
                    .extension()
                    .and_then(OsStr::to_str)
                    .is_some_and(|extension| matches!(extension, "yaml" | "yml" | "json"));
                if (file == *path || is_manifest)
                    && let Some(text) = self.read(&file)?
                {
                    found.push((file, text));
                }
            }
        }
        Ok(found)
    }

    /// All files by their paths in the repository, in order.
    ///
    /// # Errors
    /// When git fails.
    pub fn entries(&self) -> Result<Vec<(PathBuf, Kind)>, Error> {
        let listing = self.listing()?.iter();
        Ok(listing.map(|(path, entry)| (from_git(path), entry.kind)).collect())
    }

    /// What is kept of a file that is given by its path in the repository: of a symbolic link, where it leads. `None` if there is none.
    ///
    /// # Errors
    /// When the file is larger than [`MAX_BYTES`], and when git fails.
    pub fn content(&self, path: &Path) -> Result<Option<Vec<u8>>, Error> {
        let inside = to_git(&[], path).ok_or_else(|| self.no_path(path))?;
        match self.listing()?.get(&inside) {
            Some(entry) => self.blob(entry.id.as_bytes(), path),
            None => Ok(None),
        }
    }

    /// The path in the repository of a path of the working tree.
    ///
    /// # Errors
    /// When it leads out of the repository.
    pub fn path_inside(&self, path: &Path) -> Result<PathBuf, Error> {
        self.inside(path).map(|inside| from_git(&inside))
    }

    fn inside(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let base = if path.is_absolute() { &[][..] } else { &self.prefix };
        let relative = if path.is_absolute() { self.below_top(path) } else { Some(path.to_path_buf()) };
        relative
            .and_then(|relative| to_git(base, &relative))
            .ok_or_else(|| Error::Outside { path: path.to_path_buf(), revision: self.name.clone() })
    }

    fn below_top(&self, path: &Path) -> Option<PathBuf> {
        let top = self.top.as_deref()?;
        if let Ok(relative) = path.strip_prefix(top) {
            return Some(relative.to_path_buf());
        }
        // The way there may lead through symbolic links, and its end may be gone from the working tree.
        let real = path.ancestors().find_map(|there| {
            let rest = path.strip_prefix(there).ok()?;
            Some(there.canonicalize().ok()?.join(rest))
        });
        Some(real?.strip_prefix(top.canonicalize().ok()?).ok()?.to_path_buf())
    }

    fn listing(&self) -> Result<&BTreeMap<Vec<u8>, Entry>, Error> {
        if let Some(listing) = self.listing.get() {
            return Ok(listing);
        }
        let answer = run(&self.directory, &["ls-tree", "-r", "-z", "--full-tree", &self.commit])?;
        // MODE SP TYPE SP ID TAB PATH NUL
        let entry = |line: &[u8]| {
            let tab = line.iter().position(|byte| *byte == b'\t')?;
            let about = std::str::from_utf8(&line[..tab]).ok()?;
            let mut words = about.split(' ');
            let (mode, kind, id) = (words.next()?, words.next()?, words.next()?);
            let entry = Entry {
                id: id.to_owned(),
                kind: match mode {
                    "120000" => Kind::Link,
                    "100755" => Kind::Program,
                    _ => Kind::File,
                },
            };
            (kind == "blob").then(|| (line[tab + 1..].to_vec(), entry))
        };
        let listing = answer.split(|byte| *byte == 0).filter_map(entry).collect();
        Ok(self.listing.get_or_init(|| listing))
    }

    fn follow(&self, inside: &[u8], path: &Path) -> Result<Option<Vec<u8>>, Error> {
        // The batch is asked in lines.
        if inside.contains(&b'\n') {
            return Ok(None);
        }
        let name = [self.commit.as_bytes(), b":", inside].concat();
        self.blob(&name, path)
    }

    fn blob(&self, name: &[u8], path: &Path) -> Result<Option<Vec<u8>>, Error> {
        let mut held = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        let mut batch = match held.take() {
            Some(batch) => batch,
            None => Batch::start(git(&self.directory))?,
        };
        // A process whose answer was not read to its end is not asked again.
        let blob = batch.read(name, MAX_BYTES)?;
        match blob {
            Blob::TooLarge(bytes) => {
                Err(Error::TooLarge { path: path.to_path_buf(), revision: self.name.clone(), bytes })
            }
            Blob::Content(text) => {
                *held = Some(batch);
                Ok(Some(text))
            }
            Blob::Missing => {
                *held = Some(batch);
                Ok(None)
            }
        }
    }

    fn no_path(&self, path: &Path) -> Error {
        Error::NoPath { path: path.to_path_buf(), revision: self.name.clone() }
    }
}

/// Whether the way to a file leads through a symbolic link.
fn through_link(listing: &BTreeMap<Vec<u8>, Entry>, inside: &[u8]) -> bool {
    let ends = inside.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    ends.into_iter().any(|end| listing.get(&inside[..end]).is_some_and(|entry| entry.kind == Kind::Link))
}

/// What to say of a revision that is not there, with what the user may have meant.
fn unknown(directory: &Path, name: &str) -> Error {
    let is_there = |name: &str| {
        let wanted = format!("{name}^{{commit}}");
        run(directory, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]).is_ok()
    };
    let remote = format!("origin/{name}");
    let is_shallow = || {
        let answer = run(directory, &["rev-parse", "--is-shallow-repository"]);
        answer.is_ok_and(|answer| answer.trim_ascii() == b"true")
    };
    let hint = if is_there(&remote) {
        format!("; did you mean `{remote}`?")
    } else if is_shallow() {
        format!(
            "; this is a shallow clone: fetch it first, with `git fetch --depth=1 origin {name}`, and name FETCH_HEAD"
        )
    } else {
        String::new()
    };
    Error::Unknown { name: name.to_owned(), directory: directory.to_path_buf(), hint }
}

/// `git`, about to run for a directory.
fn git(directory: &Path) -> Command {
    let mut command = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"] {
        command.env_remove(variable);
    }
    command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
    command.current_dir(if directory.as_os_str().is_empty() { Path::new(".") } else { directory });
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Result<Vec<u8>, Error> {
    let mut command = git(directory);
    command.args(arguments).stdin(Stdio::null());
    let output =
        command.output().map_err(|source| Error::Start { directory: directory.to_path_buf(), source })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(Error::Failed {
        what: arguments.first().copied().unwrap_or_default().to_owned(),
        said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}
