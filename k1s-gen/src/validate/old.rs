//! The objects that were there before, which transition rules and immutable fields compare with.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use k1s_runtime::Object;
use k1s_runtime::manifest;
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
    /// The objects of a directory, or of what `paths` were in a git revision. Files that cannot be decoded, then as now, hold none.
    ///
    /// # Errors
    /// When `old` is neither a directory nor a revision, or cannot be read.
    pub fn read(old: &str, paths: &[PathBuf]) -> Result<Self, Error> {
        let mut this = Self::default();
        if Path::new(old).is_dir() {
            for entry in WalkDir::new(old).sort_by_file_name() {
                let entry = entry.map_err(|error| Error::io(old)(error.into()))?;
                if entry.file_type().is_file() && is_manifest(entry.path()) {
                    this.add(&std::fs::read(entry.path()).map_err(Error::io(entry.path()))?);
                }
            }
            return Ok(this);
        }
        let revision = Revision::open(Path::new("."), old)
            .map_err(|source| Error::Old { old: old.to_owned(), source })?;
        for path in paths.iter().filter(|path| path.as_path() != Path::new("-")) {
            // What is new has no past.
            if revision.contains(path)? {
                let files = revision.files(std::slice::from_ref(path), Walk::Tree)?;
                files.iter().for_each(|(_, text)| this.add(text));
            }
        }
        Ok(this)
    }

    fn add(&mut self, text: &[u8]) {
        for document in manifest::decode_with("", text, input::options(false)).map_while(Result::ok) {
            for (_, value) in judge::objects(document.value) {
                if let Ok(object) = Object::try_from(value) {
                    self.objects.insert(judge::reference(&object), object);
                }
            }
        }
    }

    /// What an object was. One of another version counts as new: what its conversion would be is not known.
    pub(super) fn find(&self, reference: &ObjectRef, namespaced: Option<bool>) -> Option<Object> {
        let found = self.objects.get(reference).or_else(|| {
            // The same namespace may have two spellings.
            let namespace = match (namespaced, reference.namespace.as_str()) {
                (Some(true), "") => "default",
                (Some(true), "default") | (Some(false), _) => "",
                _ => return None,
            };
            self.objects.get(&ObjectRef { namespace: namespace.to_owned(), ..reference.clone() })
        });
        found.filter(|object| !object.name().is_empty()).cloned()
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
