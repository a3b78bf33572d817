//! Where manifests go: to a stream, into a directory, or beside what a directory holds, to be compared.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use similar::TextDiff;

use crate::Error;
use crate::crd::Manifest;

/// Writes all manifests as one YAML stream.
///
/// # Errors
/// The stream's.
pub fn stream(manifests: &[Manifest], out: &mut dyn Write) -> io::Result<()> {
    for (index, manifest) in manifests.iter().enumerate() {
        if index > 0 {
            out.write_all(b"---\n")?;
        }
        out.write_all(manifest.yaml.as_bytes())?;
    }
    out.flush()
}

/// Writes each manifest to its file. Files that stay the same are not touched. Answers with the names of those written.
///
/// # Errors
/// When the directory or a file cannot be written.
pub fn write<'m>(manifests: &'m [Manifest], directory: &Path) -> Result<Vec<&'m str>, Error> {
    fs::create_dir_all(directory).map_err(Error::io(directory))?;
    let mut written = Vec::new();
    for manifest in manifests {
        let path = directory.join(&manifest.file_name);
        if present(&path)?.as_deref() == Some(&manifest.yaml) {
            continue;
        }
        fs::write(&path, &manifest.yaml).map_err(Error::io(&path))?;
        written.push(manifest.file_name.as_str());
    }
    Ok(written)
}

/// Compares each manifest with its file and writes the differences as unified diffs.
///
/// # Errors
/// [`Error::Stale`] if there are differences; else when a file cannot be read.
pub fn check(manifests: &[Manifest], directory: &Path, out: &mut dyn Write) -> Result<(), Error> {
    let mut stale = 0;
    for manifest in manifests {
        let path = directory.join(&manifest.file_name);
        let found = present(&path)?.unwrap_or_default();
        if found == manifest.yaml {
            continue;
        }
        stale += 1;
        let diff = TextDiff::from_lines(&found, &manifest.yaml);
        let shown = path.display().to_string();
        write!(out, "{}", diff.unified_diff().header(&shown, "generated"))
            .map_err(Error::io("the standard error"))?;
    }
    if stale == 0 { Ok(()) } else { Err(Error::Stale { stale, all: manifests.len() }) }
}

fn present(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path)(error)),
    }
}
