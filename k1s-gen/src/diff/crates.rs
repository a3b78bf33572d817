//! A crate as it was in a revision: the repository is written below the target directory once more, and the crate read there.
//!
//! It is built in the target directory of the working tree, so that what both have in common is built once. One revision is kept; the next one
//! takes its place.

use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::Error;
use crate::extract::{self, Part, Request};
use crate::source::git::{Kind, Revision};
use crate::source::{self, Definition};

/// The file that says which commit is written below a directory, once all of it is.
const MARK: &str = ".k1s-gen-commit";

/// The definitions of a crate of the working tree as they were in a revision. `None` if the revision does not have the crate.
pub(super) fn since(revision: &Revision, request: &Request) -> Result<Option<Vec<Definition>>, crate::Error> {
    let around = extract::surroundings(request)?;
    let manifest = around.root.join("Cargo.toml");
    if !revision.contains(&manifest)? {
        return Ok(None);
    }
    let copy = export(revision, &around.target)?;
    let manifest_path = copy.join(revision.path_inside(&manifest)?);
    if !extract::packages(&manifest_path)?.contains(&around.package) {
        return Ok(None);
    }
    let request = Request {
        package: Some(around.package),
        manifest_path: Some(manifest_path),
        features: request.features.clone(),
        target: Some(around.target),
    };
    // A crate may have had no kinds then.
    let crds = extract::read(&request, &[Part::Crds])?.crds;
    Ok(Some(crds.into_iter().map(|crd| Definition { crd, origin: None }).collect()))
}

/// The definitions of a crate that the working tree need not have any more. The manifest's path is one of the working tree.
pub(super) fn of_revision(revision: &Revision, request: &Request) -> Result<Vec<Definition>, crate::Error> {
    let manifest = request.manifest_path.clone().unwrap_or_else(|| PathBuf::from("Cargo.toml"));
    let target = if manifest.is_file() {
        extract::surroundings(request)?.target
    } else {
        let top = revision.top().unwrap_or(Path::new("."));
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| top.join("target"), PathBuf::from)
    };
    let copy = export(revision, &target)?;
    let manifest_path = Some(copy.join(revision.path_inside(&manifest)?));
    source::of_crate(&Request { manifest_path, target: Some(target), ..request.clone() })
}

/// Writes all files of a revision below a directory that is for them alone, and answers with it.
fn export(revision: &Revision, target: &Path) -> Result<PathBuf, crate::Error> {
    // Beside the programs that read crates, under a name that no package has.
    let copy = target.join("k1s-gen").join(".revision");
    let mark = copy.join(MARK);
    if fs::read_to_string(&mark).is_ok_and(|commit| commit == revision.commit()) {
        return Ok(copy);
    }
    if copy.exists() {
        fs::remove_dir_all(&copy).map_err(crate::Error::io(&copy))?;
    }
    fs::create_dir_all(&copy).map_err(crate::Error::io(&copy))?;
    let entries = revision.entries()?;
    // Links come last, so that no file is written through one.
    let (links, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(_, kind)| *kind == Kind::Link);
    for (path, kind) in files.into_iter().chain(links) {
        let refused = || Error::Path { revision: revision.name().to_owned(), path: path.clone() };
        if !is_plain(&path) {
            return Err(refused().into());
        }
        let content = revision.content(&path)?.ok_or_else(refused)?;
        write(&copy.join(&path), kind, &content)?;
    }
    fs::write(&mark, revision.commit()).map_err(crate::Error::io(&mark))?;
    Ok(copy)
}

/// Whether a path stays where it is joined to, and out of what git and this keep for themselves.
fn is_plain(path: &Path) -> bool {
    path.components()
        .all(|component| matches!(component, Component::Normal(name) if name != OsStr::new(".git")))
        && path != Path::new(MARK)
}

fn write(path: &Path, kind: Kind, content: &[u8]) -> Result<(), crate::Error> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(crate::Error::io(parent))?;
    }
    match kind {
        Kind::Link => link(path, content).map_err(crate::Error::io(path)),
        Kind::File => fs::write(path, content).map_err(crate::Error::io(path)),
        Kind::Program => {
            fs::write(path, content).map_err(crate::Error::io(path))?;
            let mut permissions = fs::metadata(path).map_err(crate::Error::io(path))?.permissions();
            make_executable(&mut permissions);
            fs::set_permissions(path, permissions).map_err(crate::Error::io(path))
        }
    }
}

#[cfg(unix)]
fn make_executable(permissions: &mut fs::Permissions) {
    use std::os::unix::fs::PermissionsExt;
    permissions.set_mode(0o755);
}

#[cfg(not(unix))]
fn make_executable(_: &mut fs::Permissions) {}

#[cfg(unix)]
fn link(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    std::os::unix::fs::symlink(OsStr::from_bytes(content), path)
}

/// As git does where there are no symbolic links: a file that says where it would lead.
#[cfg(not(unix))]
fn link(path: &Path, content: &[u8]) -> std::io::Result<()> {
    fs::write(path, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        assert!(is_plain(Path::new("a/b.rs")) && is_plain(Path::new(".github/x")));
        for path in ["../x", "/etc/x", "a/../../x", ".git/hooks/x", "a/.git/config", MARK] {
            assert!(!is_plain(Path::new(path)), "{path}");
        }
    }
}
