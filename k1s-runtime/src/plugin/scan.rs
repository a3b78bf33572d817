//! Finding manifests: `DIR/types.yaml` and `DIR/PLUGIN/types.yaml`, no deeper, with one look at each and no file opened.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::schema::type_manifest::MAX_BYTES;

use super::error::Error;
use super::stamp::Stamp;

/// Name of a type manifest.
pub const MANIFEST: &str = "types.yaml";

/// How many manifests a program looks at.
pub const MAX_MANIFESTS: usize = 1_000;

/// How many entries of one plugin directory are looked at.
pub const MAX_ENTRIES: usize = 10_000;

/// How many bytes the manifests may have together.
pub const MAX_TOTAL_BYTES: u64 = 64 << 20;

/// A manifest that is there.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) stamp: Stamp,
}

/// The manifests in some directories, in their order and that of names; what is in the way of others goes to `problems`. A directory
/// that is not there has none, and a file that is there twice counts once.
pub(super) fn manifests(directories: &[PathBuf], problems: &mut Vec<Error>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let (mut paths, mut files) = (BTreeSet::new(), BTreeSet::new());
    let mut bytes = 0;
    let places: Vec<PathBuf> = directories.iter().flat_map(|it| candidates(it, problems)).collect();
    for path in places {
        let Some(one) = look_at(&path, problems) else { continue };
        let is_new = paths.insert(one.path.clone()) && one.stamp.identity().is_none_or(|id| files.insert(id));
        if !is_new {
            continue;
        }
        bytes += one.stamp.size;
        let limit = if found.len() == MAX_MANIFESTS {
            format!("{MAX_MANIFESTS} (limit MAX_MANIFESTS)")
        } else if bytes > MAX_TOTAL_BYTES {
            format!("{MAX_TOTAL_BYTES} bytes of them (limit MAX_TOTAL_BYTES)")
        } else {
            found.push(one);
            continue;
        };
        problems.push(Error::TooMuch { path: one.path, limit });
        break;
    }
    found
}

/// Where manifests of a directory may be.
fn candidates(directory: &Path, problems: &mut Vec<Error>) -> Vec<PathBuf> {
    let failed = |why| Error::Directory { directory: directory.to_owned(), why };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) => {
            problems.extend((error.kind() != io::ErrorKind::NotFound).then(|| failed(error)));
            return Vec::new();
        }
    };
    let mut names: Vec<(OsString, bool)> = Vec::new();
    for (index, entry) in entries.enumerate() {
        if index == MAX_ENTRIES {
            problems.push(Error::TooManyEntries { directory: directory.to_owned(), limit: MAX_ENTRIES });
            break;
        }
        match entry {
            // Its type is known from the listing; what is a file there has nothing below it.
            Ok(entry) => names.push((entry.file_name(), entry.file_type().is_ok_and(|it| it.is_file()))),
            Err(error) => {
                problems.push(failed(error));
                break;
            }
        }
    }
    names.sort();
    let is_hidden = |name: &OsString| name.as_encoded_bytes().starts_with(b".");
    let path = |(name, is_file): (OsString, bool)| {
        if name == MANIFEST {
            return Some(directory.join(name));
        }
        (!is_file && !is_hidden(&name)).then(|| directory.join(name).join(MANIFEST))
    };
    names.into_iter().filter_map(path).collect()
}

/// What is at a path, if it is a manifest that may be read.
fn look_at(path: &Path, problems: &mut Vec<Error>) -> Option<Found> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return None;
        }
        Err(error) => {
            problems.push(Error::file(&path.display().to_string(), &error));
            return None;
        }
    };
    let Some(text) = path.to_str() else {
        problems.push(Error::Name(path.to_owned()));
        return None;
    };
    let (path, stamp) = (text.to_owned(), Stamp::of(&metadata));
    // Reading from a pipe may wait for ever, and from a device never end.
    let why = if !metadata.is_file() {
        "it is no regular file".to_owned()
    } else if stamp.size > MAX_BYTES {
        format!("it has {} bytes, and a type manifest may have {MAX_BYTES}", stamp.size)
    } else {
        return Some(Found { path, stamp });
    };
    problems.push(Error::File { path, why });
    None
}
