//! Files below a root: never through a symbolic link, and each written as a whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

use crate::scaffold::Error;

/// Refuses paths that lead out of the root or through a link.
pub(super) fn check(root: &Path, path: &str) -> Result<(), Error> {
    let mut at = root.to_owned();
    for part in Path::new(path).components() {
        let Component::Normal(part) = part else {
            return Err(Error::Refused {
                message: format!("{path:?} leads out of the workspace"),
                hint: "restore .k1s-gen from version control".to_owned(),
            });
        };
        at.push(part);
        match fs::symlink_metadata(&at) {
            Ok(found) if found.is_symlink() => return Err(Error::Link(at)),
            Ok(_) => {}
            Err(error) if is_absent(&error) => return Ok(()),
            Err(source) => return Err(Error::Io { path: at, source }),
        }
    }
    Ok(())
}

/// What a file holds, or nothing if it is not there.
pub(super) fn read(root: &Path, path: &str) -> Result<Option<String>, Error> {
    let path = root.join(path);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(source) => Err(Error::Io { path, source }),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Writes a file, with the directories above it; an old one keeps its permissions.
pub(super) fn write(root: &Path, path: &str, text: &str) -> Result<(), Error> {
    let path = root.join(path);
    let directory = path.parent().map_or_else(|| root.to_owned(), Path::to_path_buf);
    fs::create_dir_all(&directory).map_err(Error::io(&directory))?;
    replace(&directory, &path, text).map_err(Error::io(path))
}

fn replace(directory: &PathBuf, path: &Path, text: &str) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".k1s-gen-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: less what the user's mask takes away.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file: NamedTempFile = builder.tempfile_in(directory)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}
