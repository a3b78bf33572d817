//! The objects that were there before, which transition rules and immutable fields compare with.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use k1s_runtime::Object;
use k1s_runtime::manifest;
use serde_json::Value;
use walkdir::WalkDir;

use super::error::Error;
use super::finding::ObjectRef;
use super::input;
use super::judge;
use crate::source::git::{Revision, Walk};

/// Objects by what they are called.
#[derive(Debug, Default)]
pub struct Old {
    objects: HashMap<ObjectRef, Object>,
}

impl Old {
    /// The objects of a directory, or of all manifests that a git revision has: objects may have moved from file to file. The repository is
    /// the one of the first path. Documents that cannot be decoded, then as now, hold none.
    ///
    /// # Errors
    /// When `old` is neither a directory nor a revision, or could be both; when it cannot be read.
    pub fn read(old: &str, paths: &[PathBuf]) -> Result<Self, Error> {
        let mut this = Self::default();
        let revision = Revision::open(&place_of(paths), old);
        let directory = Path::new(old);
        if directory.is_dir() {
            // `./main` is no name of a revision.
            if revision.is_ok() && directory.components().count() == 1 && !old.starts_with('.') {
                return Err(Error::OldIsBoth(old.to_owned()));
            }
            for entry in WalkDir::new(old).sort_by_file_name() {
                let entry = entry.map_err(|error| Error::io(old)(error.into()))?;
                if entry.file_type().is_file() && is_manifest(entry.path()) {
                    this.add(&std::fs::read(entry.path()).map_err(Error::io(entry.path()))?);
                }
            }
            return Ok(this);
        }
        let revision = revision.map_err(|source| Error::Old { old: old.to_owned(), source })?;
        let top = revision.top().unwrap_or(Path::new(".")).to_owned();
        for path in revision.list(&top, Walk::Tree)?.iter().filter(|path| is_manifest(path)) {
            if let Some(text) = revision.read(path)? {
                this.add(&text);
            }
        }
        Ok(this)
    }

    fn add(&mut self, text: &[u8]) {
        if input::starts_as_json(text) {
            let documents = manifest::decode_with("", text, input::options(false)).map_while(Result::ok);
            return documents.for_each(|document| self.keep(document.value));
        }
        // What follows a document that is broken is not.
        for part in manifest::Parts::new("", text, input::options(false)).map_while(Result::ok) {
            if let Ok(Some(document)) = part.decode("", input::options(false)) {
                self.keep(document.value);
            }
        }
    }

    fn keep(&mut self, value: Value) {
        for (_, value) in judge::objects(value) {
            if let Ok(object) = Object::try_from(value) {
                self.objects.insert(judge::reference(&object), object);
            }
        }
    }

    /// What an object was. One of another version counts as new: what its conversion would be is not known.
    pub(super) fn find(&self, reference: &ObjectRef, namespaced: Option<bool>) -> Option<&Object> {
        let found = self.objects.get(reference).or_else(|| {
            // The same namespace may have two spellings.
            let namespace = match (namespaced, reference.namespace.as_str()) {
                (Some(true), "") => "default",
                (Some(true), "default") | (Some(false), _) => "",
                _ => return None,
            };
            self.objects.get(&ObjectRef { namespace: namespace.to_owned(), ..reference.clone() })
        });
        found.filter(|object| !object.name().is_empty())
    }
}

/// A directory of the repository that paths are in; the current one if they are in none.
fn place_of(paths: &[PathBuf]) -> PathBuf {
    let first = paths.iter().find(|path| path.as_path() != Path::new("-"));
    let directory =
        first.map(|path| if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(Path::new("")) });
    match directory {
        Some(directory) if directory != Path::new("") => directory.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| input::EXTENSIONS.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_by_either_spelling_of_their_namespace() {
        let mut old = Old::default();
        old.add(b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\nbroken: [\n");
        let reference = |namespace: &str, name: &str| ObjectRef {
            api_version: "v1".into(),
            kind: "ConfigMap".into(),
            namespace: namespace.into(),
            name: name.into(),
        };
        assert!(old.find(&reference("", "a"), Some(true)).is_some());
        assert!(old.find(&reference("default", "a"), Some(true)).is_some());
        assert!(old.find(&reference("other", "a"), Some(true)).is_none());
        assert!(old.find(&reference("", "b"), Some(true)).is_none());
    }
}
