//! Revisions of a git repository as a source of files.
#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use std::fs;
use std::path::{Path, PathBuf};

#[path = "common/repository.rs"]
mod repository;

use k1s_gen::source::git::{Error, Revision, Walk};
use repository::Repository;
use tempfile::TempDir;

fn names(files: &[PathBuf]) -> Vec<&str> {
    files.iter().map(|file| file.to_str().unwrap()).collect()
}

fn repository() -> Repository {
    let repository = Repository::new();
    repository.write("crds/a.yaml", "a: 1\n");
    repository.write("crds/deep/b.yml", "b: 1\n");
    repository.write("crds/notes.txt", "not a manifest\n");
    repository.write("crds/odd \"name\"\té.json", "{}");
    repository.write("top.yaml", "");
    repository.commit("first");
    repository.git(&["tag", "v1"]);
    repository.write("crds/a.yaml", "a: 2\n");
    repository.write("new.yaml", "new: true\n");
    repository.commit("second");
    repository
}

#[test]
fn files_are_read_as_they_were() {
    let repository = repository();
    let old = Revision::open(repository.path(), "v1").unwrap();
    let read = |revision: &Revision, path: &str| {
        revision.read(Path::new(path)).unwrap().map(|text| String::from_utf8(text).unwrap())
    };
    assert_eq!(read(&old, "crds/a.yaml").as_deref(), Some("a: 1\n"));
    assert_eq!(read(&old, "top.yaml").as_deref(), Some(""));
    assert_eq!(read(&old, "new.yaml"), None);
    assert_eq!(read(&old, "crds"), None);
    assert!(old.contains(Path::new("crds")).unwrap() && !old.contains(Path::new("new.yaml")).unwrap());
    let new = Revision::open(repository.path(), "HEAD").unwrap();
    assert_eq!(read(&new, "crds/a.yaml").as_deref(), Some("a: 2\n"));
    assert_eq!(new.commit().len(), 40);
    assert_ne!(new.commit(), old.commit());
}

#[test]
fn paths_are_those_of_the_working_tree() {
    let repository = repository();
    let inside = Revision::open(&repository.path().join("crds"), "v1").unwrap();
    let found = inside.list(Path::new(".."), Walk::Tree).unwrap();
    assert_eq!(
        names(&found),
        [
            "../crds/a.yaml",
            "../crds/deep/b.yml",
            "../crds/notes.txt",
            "../crds/odd \"name\"\té.json",
            "../top.yaml"
        ]
    );
    let files = inside.files(&[PathBuf::from("."), PathBuf::from("notes.txt")], Walk::Flat).unwrap();
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    assert_eq!(names(&paths), ["./a.yaml", "./odd \"name\"\té.json", "notes.txt"]);
    let files = inside.files(&[PathBuf::from(".")], Walk::Tree).unwrap();
    assert_eq!(files.len(), 3);
    // By their full paths too, and where the working tree has no such file any more.
    fs::remove_dir_all(repository.path().join("crds/deep")).unwrap();
    let absolute = repository.path().join("crds/deep/b.yml");
    assert_eq!(inside.read(&absolute).unwrap().as_deref(), Some(b"b: 1\n".as_slice()));
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_followed_within_the_repository() {
    use std::os::unix::fs::symlink;
    let repository = repository();
    let link = |target: &str, name: &str| symlink(target, repository.path().join(name)).unwrap();
    link("crds/a.yaml", "link.yaml");
    link("crds", "there");
    link("round.yaml", "round.yaml");
    link("/etc/hostname", "out.yaml");
    link("gone", "gone.yaml");
    repository.commit("links");
    let revision = Revision::open(repository.path(), "HEAD").unwrap();
    let read = |path: &str| revision.read(Path::new(path)).unwrap();
    for path in ["link.yaml", "there/a.yaml"] {
        assert_eq!(read(path).as_deref(), Some(b"a: 2\n".as_slice()), "{path}");
    }
    for path in ["round.yaml", "out.yaml", "gone.yaml", "there", "there/none"] {
        assert_eq!(read(path), None, "{path}");
    }
    // The conversation goes on after answers that are none.
    assert_eq!(read("new.yaml").as_deref(), Some(b"new: true\n".as_slice()));
}

#[test]
fn what_is_wrong_is_said() {
    let repository = repository();
    let open = |name: &str| Revision::open(repository.path(), name).unwrap_err();
    for name in ["", "--output=x", "-", "a\nb"] {
        assert!(matches!(open(name), Error::Name { .. }), "{name:?}");
    }
    assert!(open("mian").to_string().ends_with("has no revision `mian`"));
    // A file is no revision, and neither is a path in one.
    assert!(matches!(open("crds/a.yaml"), Error::Unknown { .. }));
    assert!(matches!(open("v1:crds"), Error::Unknown { .. }));

    let revision = Revision::open(repository.path(), "v1").unwrap();
    let list = |path: &str| revision.list(Path::new(path), Walk::Flat).unwrap_err().to_string();
    assert_eq!(list("new.yaml"), "new.yaml: not in revision `v1`");
    assert_eq!(list("crd"), "crd: not in revision `v1`");
    for path in ["../x", "/nowhere/x"] {
        assert!(matches!(revision.read(Path::new(path)), Err(Error::Outside { .. })), "{path}");
    }

    let elsewhere = TempDir::new().unwrap();
    let error = Revision::open(elsewhere.path(), "main").unwrap_err();
    assert!(matches!(error, Error::NoRepository { .. }), "{error}");
    let error = Revision::open(&elsewhere.path().join("gone"), "main").unwrap_err();
    assert!(matches!(error, Error::Start { .. }), "{error}");
}

#[test]
fn a_clone_is_told_what_its_branches_are_called() {
    let origin = repository();
    origin.git(&["branch", "stable"]);
    let directory = TempDir::new().unwrap();
    let clone = |name: &str, flags: &[&str]| {
        let url = format!("file://{}", origin.path().display());
        let path = directory.path().join(name);
        let mut arguments = vec!["clone", "--quiet"];
        arguments.extend(flags);
        arguments.extend([url.as_str(), path.to_str().unwrap()]);
        origin.git(&arguments);
        path
    };
    let error = Revision::open(&clone("full", &[]), "stable").unwrap_err().to_string();
    assert!(error.ends_with("has no revision `stable`; did you mean `origin/stable`?"), "{error}");
    let error = Revision::open(&clone("shallow", &["--depth=1"]), "stable").unwrap_err().to_string();
    assert!(error.contains("this is a shallow clone: fetch it first"), "{error}");
    let bare = clone("bare", &["--bare"]);
    let revision = Revision::open(&bare, "stable").unwrap();
    assert!(revision.top().is_none() && revision.read(Path::new("crds/a.yaml")).unwrap().is_some());
}
