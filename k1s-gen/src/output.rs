//! Where generated files go: to a stream, into a directory, or beside what a directory holds, to be compared.
//!
//! A set is written as a whole: what is not up to date is replaced, file by file and each at once, what is left over of an earlier run
//! goes, and what somebody else wrote stays.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::Error;
use crate::generate::{NOTICE_REACH, Notice, is_generated};

/// A file to be. Its text holds the [`Notice`] near its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it goes, below the directory of all, with `/` between directories.
    pub path: String,
    /// The content.
    pub text: String,
}

/// Files that belong together.
#[derive(Clone, Debug, Default)]
pub struct Set {
    /// The files, each path once.
    pub files: Vec<File>,
    /// The lines of files that belong to the set: such a file in the directory of one of the set's, which the set has not, is left over.
    pub notices: Vec<Notice>,
    /// Directories that the set fills: what this program wrote of the same source anywhere below them, and the set has not, is left
    /// over, whichever command it was.
    pub directories: Vec<String>,
}

/// What writing a set did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The files that are new or have another content.
    pub written: Vec<PathBuf>,
    /// The files that were left over.
    pub removed: Vec<PathBuf>,
}

/// Writes YAML files as one stream.
///
/// # Errors
/// The stream's.
pub fn stream(files: &[File], out: &mut dyn Write) -> io::Result<()> {
    for (index, file) in files.iter().enumerate() {
        if index > 0 {
            out.write_all(b"---\n")?;
        }
        out.write_all(file.text.as_bytes())?;
    }
    out.flush()
}

/// Brings a directory up to date. Files that stay the same are not touched, the others are replaced at once: no reader sees half of
/// one. Left-over files are removed.
///
/// # Errors
/// When files that are not this program's would be overwritten and `force` does not say so, in which case nothing is done; when the
/// directory or a file cannot be read or written.
pub fn write(set: &Set, directory: &Path, force: bool) -> Result<Changes, Error> {
    let mut stale = Vec::new();
    let mut foreign = Vec::new();
    for file in &set.files {
        let path = directory.join(&file.path);
        match present(&path)? {
            Some(found) if found == file.text.as_bytes() => continue,
            Some(found) if !force && !is_generated(&found) => foreign.push(path.display().to_string()),
            _ => stale.push((path, file.text.as_str())),
        }
    }
    if !foreign.is_empty() {
        return Err(Error::Foreign { paths: foreign });
    }
    let removed = left_over(set, directory)?;
    for (path, text) in &stale {
        replace(path, text)?;
    }
    for path in &removed {
        fs::remove_file(path).map_err(Error::io(path))?;
    }
    Ok(Changes { written: stale.into_iter().map(|(path, _)| path).collect(), removed })
}

/// Compares a set with what is in a directory and writes the differences as unified diffs: of files that are not there, whose content
/// is another, and that are left over.
///
/// # Errors
/// [`Error::Stale`] if there are differences; else when a file cannot be read.
pub fn check(set: &Set, directory: &Path, out: &mut dyn Write) -> Result<(), Error> {
    let mut stale = 0;
    let mut compare = |path: &Path, found: &[u8], generated: &str| {
        stale += 1;
        let found = String::from_utf8_lossy(found);
        let diff = TextDiff::from_lines(found.as_ref(), generated);
        let shown = path.display().to_string();
        write!(out, "{}", diff.unified_diff().header(&shown, "generated"))
            .map_err(Error::io("the standard error"))
    };
    for file in &set.files {
        let path = directory.join(&file.path);
        let found = present(&path)?;
        if found.as_deref() != Some(file.text.as_bytes()) {
            compare(&path, &found.unwrap_or_default(), &file.text)?;
        }
    }
    let left_over = left_over(set, directory)?;
    for path in &left_over {
        compare(path, &present(path)?.unwrap_or_default(), "")?;
    }
    if stale == 0 { Ok(()) } else { Err(Error::Stale { stale, all: set.files.len() + left_over.len() }) }
}

/// Files that an earlier run wrote and this one would not, in order of their paths.
fn left_over(set: &Set, directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let ours: BTreeSet<PathBuf> = set.files.iter().map(|file| directory.join(&file.path)).collect();
    let beside: BTreeSet<&Path> = ours.iter().filter_map(|path| path.parent()).collect();
    let mut found = BTreeSet::new();
    for place in beside {
        for path in files_of(place)?.0 {
            if notice_of(&path).is_some_and(|notice| set.notices.iter().any(|own| own.covers(&notice))) {
                found.insert(path);
            }
        }
    }
    let mut below: Vec<PathBuf> = set.directories.iter().map(|place| directory.join(place)).collect();
    while let Some(place) = below.pop() {
        let (files, directories) = files_of(&place)?;
        below.extend(directories);
        for path in files {
            let is_like =
                |notice: Notice| set.notices.iter().any(|own| own.provenance.is_like(&notice.provenance));
            if notice_of(&path).is_some_and(is_like) {
                found.insert(path);
            }
        }
    }
    Ok(found.into_iter().filter(|path| !ours.contains(path)).collect())
}

/// The files and the directories in a directory, which need not be there. Links are followed to files only.
fn files_of(directory: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Error> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
        Err(error) => return Err(Error::io(directory)(error)),
    };
    let (mut files, mut directories) = (Vec::new(), Vec::new());
    for entry in entries {
        let entry = entry.map_err(Error::io(directory))?;
        let type_ = entry.file_type().map_err(Error::io(directory))?;
        if type_.is_dir() {
            directories.push(entry.path());
        } else if entry.path().is_file() {
            files.push(entry.path());
        }
    }
    Ok((files, directories))
}

/// The line of a file, which may be of any size and anybody's: what cannot be read is not ours.
fn notice_of(path: &Path) -> Option<Notice> {
    let mut head = Vec::new();
    fs::File::open(path).ok()?.take(NOTICE_REACH as u64).read_to_end(&mut head).ok()?;
    Notice::find(&head)
}

fn present(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path)(error)),
    }
}

/// Writes beside the file and moves it into its place. A link stays one, its file is replaced.
fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let directory = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(directory).map_err(Error::io(directory))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".k1s-gen-");
    // What the user's umask leaves of it, and not only for the user, as temporary files are.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(directory).map_err(Error::io(directory))?;
    file.write_all(text.as_bytes()).map_err(Error::io(path))?;
    file.persist(path).map_err(|error| Error::io(path)(error.error))?;
    Ok(())
}
