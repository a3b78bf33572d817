//! The file that knowledge of manifests is kept in: a line with the length and the checksum of the index, the index as JSON, and the
//! definitions and schemas, each a JSON text whose place and checksum the index has. A start reads the index alone.
//!
//! Nothing in it is believed that can be told to be wrong: not a file of another version or another user, not a part whose checksum
//! differs, and of a manifest nothing if its stamp is another one. What is not believed is read anew from the manifests.

mod write;

pub(super) use write::write;

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::hash::{DefaultHasher, Hasher};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::ResourceDefinition;
use crate::api::definition::{LoadSchema, SchemaSource};
use crate::schema::type_manifest::TypeManifest;

use super::known::{Content, Kind, Manifest, Plugin, Versions};
use super::read;
use super::stamp::Stamp;

/// Name of the file.
const FILE: &str = "plugin-kinds";

/// What the first line says before length and checksum: the format and who wrote it, since the same text may mean something else to another version.
const MAGIC: &str = concat!("k1s-plugin-kinds 1 ", env!("CARGO_PKG_VERSION"), " ");

/// Length of the first line: the magic, two numbers of 16 hexadecimal digits, a space and a line feed.
const HEADER: usize = MAGIC.len() + 34;

/// How much of the file may be the index, in bytes.
const MAX_INDEX: usize = 32 << 20;

/// How long one of the other parts may be, in bytes.
const MAX_PART: u64 = 64 << 20;

/// How many bytes are made room for because the index says so, before they are there.
const MAX_GUESSED: u64 = 64 << 10;

/// A part of the file behind the index: where it begins there, its length and its checksum.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Part(u64, u64, u64);

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    path: String,
    stamp: Stamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    broken: Option<String>,
    #[serde(default)]
    plugin: String,
    #[serde(default)]
    checked: bool,
    #[serde(default)]
    kinds: Vec<EntryKind>,
}

#[derive(Debug, Serialize, Deserialize)]
struct EntryKind {
    group: String,
    kind: String,
    plural: String,
    words: Vec<String>,
    categories: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    versions: Option<Parts>,
}

/// The versions of a kind. Those of a manifest that nobody has looked at closely are not kept: it must be read for them anyway.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Parts {
    /// A type manifest of them, without schemas.
    types: Part,
    /// The schema of each version that has one.
    schemas: Vec<Option<Part>>,
}

/// Where the cache has the versions of a kind.
#[derive(Debug)]
pub(super) struct KeptKind {
    file: Arc<Kept>,
    parts: Parts,
}

/// The open file.
#[derive(Debug)]
struct Kept {
    file: Mutex<File>,
    /// Where the parts begin.
    start: u64,
}

/// What is kept of manifests, by path. Nothing if there is no cache that can be believed.
pub(super) fn read(directory: &Path) -> HashMap<String, Manifest> {
    let Some((entries, file)) = open(&directory.join(FILE)) else { return HashMap::new() };
    let file = Arc::new(file);
    entries.into_iter().map(|entry| (entry.path.clone(), entry.into_manifest(&file))).collect()
}

fn open(path: &Path) -> Option<(Vec<Entry>, Kept)> {
    // Opening what is no file may wait for somebody to write.
    std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let mut file = File::open(path).ok()?;
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || !is_own(&metadata) {
        return None;
    }
    let mut text = vec![0; HEADER];
    file.read_exact(&mut text).ok()?;
    let header = std::str::from_utf8(&text).ok()?.strip_prefix(MAGIC)?.strip_suffix('\n')?;
    let (length, sum) = header.split_once(' ')?;
    let length = usize::from_str_radix(length, 16).ok().filter(|length| *length <= MAX_INDEX)?;
    let sum = u64::from_str_radix(sum, 16).ok()?;
    // Not more than there is, whatever the header says.
    if u64::try_from(HEADER + length).ok()? > metadata.len() {
        return None;
    }
    text.resize(length, 0);
    file.read_exact(&mut text).ok()?;
    if checksum(&text) != sum {
        return None;
    }
    let entries = serde_json::from_slice(&text).ok()?;
    Some((entries, Kept { file: Mutex::new(file), start: u64::try_from(HEADER + length).ok()? }))
}

/// Whether nobody else can have written the file.
#[cfg(unix)]
fn is_own(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o022 == 0
}

#[cfg(not(unix))]
fn is_own(_: &Metadata) -> bool {
    true
}

/// Guards against damage, not against intent: who can write the file can write the sum.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

impl Entry {
    fn into_manifest(self, file: &Arc<Kept>) -> Manifest {
        let kind = |kind: EntryKind| Kind {
            group: kind.group,
            kind: kind.kind,
            plural: kind.plural,
            words: kind.words,
            categories: kind.categories,
            shadowed: false,
            versions: match kind.versions {
                Some(parts) => Versions::Kept(KeptKind { file: file.clone(), parts }, OnceLock::new()),
                None => Versions::Unread,
            },
        };
        let content = match self.broken {
            Some(why) => Content::Broken(why),
            None => Content::Whole(Plugin {
                name: self.plugin,
                checked: self.checked,
                kinds: self.kinds.into_iter().map(kind).collect(),
            }),
        };
        Manifest { path: self.path, stamp: self.stamp, content }
    }
}

impl KeptKind {
    /// The definitions, whose schemas stay in the cache; `None` if it is damaged.
    pub(super) fn definitions(&self, path: &str) -> Option<Vec<Arc<ResourceDefinition>>> {
        let types: Value = serde_json::from_slice(&self.file.part(self.parts.types)?).ok()?;
        let types = TypeManifest::from_json(&types).ok()?.types;
        if types.len() != self.parts.schemas.len() {
            return None;
        }
        let with_schema = |(mut definition, part): (ResourceDefinition, &Option<Part>)| {
            if let Some(part) = *part {
                definition.schema = SchemaSource::Deferred(Arc::new(KeptSchema {
                    file: self.file.clone(),
                    part,
                    path: path.to_owned(),
                    api_version: definition.api_version(),
                    kind: definition.kind.clone(),
                }));
            }
            Arc::new(definition)
        };
        Some(types.into_iter().zip(&self.parts.schemas).map(with_schema).collect())
    }
}

impl Kept {
    fn part(&self, Part(at, length, sum): Part) -> Option<Vec<u8>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.start.checked_add(at)?)).ok()?;
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(MAX_GUESSED)).ok()?);
        (&mut *file).take(length.min(MAX_PART)).read_to_end(&mut bytes).ok()?;
        (checksum(&bytes) == sum).then_some(bytes)
    }
}

/// A schema in the cache.
struct KeptSchema {
    file: Arc<Kept>,
    part: Part,
    path: String,
    api_version: String,
    kind: String,
}

impl LoadSchema for KeptSchema {
    fn load(&self) -> Result<Arc<Value>, String> {
        let kept = self.file.part(self.part).and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match kept {
            Some(schema) => Ok(Arc::new(schema)),
            None => read::schema(&self.path, &self.api_version, &self.kind),
        }
    }
}
