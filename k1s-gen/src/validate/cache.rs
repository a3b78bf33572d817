//! Results of earlier runs: files in which nothing was wrong, by their content and by what they were validated against.
//!
//! The cache is a hint and no more: one that is damaged or of another version is written anew, and one that cannot be written costs time
//! only.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::error::Error;
use super::finding::ObjectRef;

/// Most files that are remembered.
const MOST: usize = 200_000;

/// A file's content.
pub(super) type Key = [u8; 32];

/// One document of a file in which nothing was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) line: usize,
    pub(super) object: ObjectRef,
    pub(super) namespaced: Option<bool>,
    pub(super) generated: bool,
}

/// What is known of files, from before and from this run.
pub(super) struct Cache {
    path: PathBuf,
    before: HashMap<Key, Vec<Known>>,
    now: Mutex<HashMap<Key, Vec<Known>>>,
}

/// What a content is known by.
pub(super) fn key(text: &[u8]) -> Key {
    Sha256::digest(text).into()
}

impl Cache {
    /// Opens the cache of a directory, for one set of schemas and options, which `fingerprint` tells from others.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub(super) fn open(directory: &Path, fingerprint: &str) -> Result<Self, Error> {
        fs::create_dir_all(directory).map_err(Error::io(directory))?;
        let digest = key(fingerprint.as_bytes());
        let path = directory.join(format!("validate-{}.jsonl", hex(&digest[..12])));
        let text = fs::read_to_string(&path).unwrap_or_default();
        let before = text.lines().filter_map(read).collect();
        Ok(Self { path, before, now: Mutex::default() })
    }

    /// The documents of a content in which nothing was wrong.
    pub(super) fn find(&self, key: &Key) -> Option<Vec<Known>> {
        self.before.get(key).cloned()
    }

    /// Remembers one.
    pub(super) fn put(&self, key: Key, documents: Vec<Known>) {
        // A panic elsewhere leaves a map like any other.
        self.now.lock().unwrap_or_else(PoisonError::into_inner).insert(key, documents);
    }

    /// Writes what is new beside what was there.
    ///
    /// # Errors
    /// When the file cannot be written; the old one is left as it was then.
    pub(super) fn save(self) -> Result<(), Error> {
        let now = self.now.into_inner().unwrap_or_else(PoisonError::into_inner);
        if now.is_empty() {
            return Ok(());
        }
        let failed = |source| Error::Cache { path: self.path.clone(), source };
        let room = MOST.saturating_sub(now.len());
        let mut kept: Vec<_> = self.before.iter().filter(|(key, _)| !now.contains_key(*key)).collect();
        kept.sort_unstable_by_key(|(key, _)| **key);
        let mut new: Vec<_> = now.iter().collect();
        new.sort_unstable_by_key(|(key, _)| **key);
        let directory = self.path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(directory).map_err(failed)?;
        let mut text = String::new();
        for (key, documents) in kept.into_iter().take(room).chain(new.into_iter().take(MOST)) {
            text.push_str(&write(key, documents));
            text.push('\n');
        }
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.persist(&self.path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Key> {
    let mut key = Key::default();
    if text.len() != key.len() * 2 || !text.is_ascii() {
        return None;
    }
    for (byte, at) in key.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(key)
}

fn write(key: &Key, documents: &[Known]) -> String {
    let documents: Vec<Value> = documents
        .iter()
        .map(|Known { line, object, namespaced, generated }| {
            let ObjectRef { api_version, kind, namespace, name } = object;
            json!([line, api_version, kind, namespace, name, namespaced, generated])
        })
        .collect();
    json!([hex(key), documents]).to_string()
}

fn read(line: &str) -> Option<(Key, Vec<Known>)> {
    type Row = (usize, String, String, String, String, Option<bool>, bool);
    let (key, documents): (String, Vec<Row>) = serde_json::from_str(line).ok()?;
    let documents =
        documents.into_iter().map(|(line, api_version, kind, namespace, name, namespaced, generated)| {
            Known { line, object: ObjectRef { api_version, kind, namespace, name }, namespaced, generated }
        });
    Some((unhex(&key)?, documents.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<Known> {
        let object = ObjectRef { kind: "Item".into(), name: "a\"é".into(), ..ObjectRef::default() };
        vec![Known { line: 3, object, namespaced: Some(true), generated: false }]
    }

    #[test]
    fn what_is_written_is_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path(), "f").unwrap();
        assert_eq!(cache.find(&key(b"x")), None);
        cache.put(key(b"x"), known());
        cache.save().unwrap();
        let cache = Cache::open(directory.path(), "f").unwrap();
        assert_eq!(cache.find(&key(b"x")), Some(known()));
        cache.put(key(b"y"), Vec::new());
        cache.save().unwrap();
        assert_eq!(Cache::open(directory.path(), "f").unwrap().find(&key(b"x")), Some(known()));
        assert_eq!(Cache::open(directory.path(), "g").unwrap().find(&key(b"x")), None);
    }

    #[test]
    fn a_damaged_cache_knows_less() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(directory.path(), "f").unwrap();
        let line = write(&key(b"x"), &known());
        fs::write(&cache.path, format!("garbage\n[\"é\", []]\n[\"00\", []]\n{line}\n[1")).unwrap();
        let cache = Cache::open(directory.path(), "f").unwrap();
        assert_eq!((cache.before.len(), cache.find(&key(b"x"))), (1, Some(known())));
    }
}
