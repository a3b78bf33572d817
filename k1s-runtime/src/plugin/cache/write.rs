//! Writing the cache: all of it anew, beside the old one, which it replaces in one step. Processes that write at once replace each
//! other's, and each of them is whole.

use std::fs::DirBuilder;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use crate::api::ResourceDefinition;
use crate::api::definition::SchemaSource;
use crate::plugin::known::{Content, Kind, Manifest, Plugin, Versions};
use crate::schema::type_manifest::TypeManifest;

use super::{Entry, EntryKind, FILE, KeptKind, MAGIC, Part, Parts, checksum};

/// Keeps what is known of these manifests, but for those that may still change unnoticed.
///
/// # Errors
/// When there is no place for it, which is no reason to stop.
pub(in crate::plugin) fn write<'m>(
    directory: &Path,
    manifests: impl Iterator<Item = &'m Manifest>,
) -> io::Result<()> {
    let now = SystemTime::now();
    let mut parts = Vec::new();
    let settled = manifests.filter(|manifest| manifest.stamp.is_settled(now));
    let entries: Vec<Entry> = settled.filter_map(|manifest| entry(manifest, &mut parts)).collect();
    let index = serde_json::to_vec(&entries)?;
    make(directory)?;
    let mut file = tempfile::Builder::new().prefix(FILE).tempfile_in(directory)?;
    let mut text = format!("{MAGIC}{:016x} {:016x}\n", index.len(), checksum(&index)).into_bytes();
    text.extend_from_slice(&index);
    text.append(&mut parts);
    file.write_all(&text)?;
    file.persist(directory.join(FILE))?;
    Ok(())
}

fn make(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// `None` if it cannot be said again, which the next start makes good.
fn entry(manifest: &Manifest, parts: &mut Vec<u8>) -> Option<Entry> {
    let mut entry = Entry {
        path: manifest.path.clone(),
        stamp: manifest.stamp,
        broken: None,
        plugin: String::new(),
        checked: false,
        kinds: Vec::new(),
    };
    match &manifest.content {
        Content::Broken(why) => entry.broken = Some(why.clone()),
        Content::Whole(plugin) => {
            entry.plugin.clone_from(&plugin.name);
            entry.checked = plugin.checked;
            let kinds = plugin.kinds.iter().map(|kind| entry_kind(kind, plugin, parts));
            entry.kinds = kinds.collect::<Option<_>>()?;
        }
    }
    Some(entry)
}

fn entry_kind(kind: &Kind, plugin: &Plugin, parts: &mut Vec<u8>) -> Option<EntryKind> {
    let versions = match &kind.versions {
        _ if !plugin.checked => None,
        Versions::Unread => None,
        Versions::Read(versions) => Some(from_definitions(versions, &plugin.name, parts)?),
        Versions::Kept(kept, _) => Some(copied(kept, parts)?),
    };
    Some(EntryKind {
        group: kind.group.clone(),
        kind: kind.kind.clone(),
        plural: kind.plural.clone(),
        words: kind.words.clone(),
        categories: kind.categories.clone(),
        versions,
    })
}

fn from_definitions(
    versions: &[Arc<ResourceDefinition>],
    plugin: &str,
    parts: &mut Vec<u8>,
) -> Option<Parts> {
    let bare = |version: &Arc<ResourceDefinition>| ResourceDefinition {
        schema: SchemaSource::None,
        ..version.as_ref().clone()
    };
    let types = TypeManifest::new(plugin, versions.iter().map(bare).collect()).to_json().ok()?;
    let types = push(&serde_json::to_vec(&types).ok()?, parts);
    let mut schemas = Vec::with_capacity(versions.len());
    for version in versions {
        schemas.push(match &version.schema {
            SchemaSource::OpenApi(schema) => Some(push(&serde_json::to_vec(schema.as_ref()).ok()?, parts)),
            _ => None,
        });
    }
    Some(Parts { types, schemas })
}

fn copied(kept: &KeptKind, parts: &mut Vec<u8>) -> Option<Parts> {
    let mut copy = |part: Part| Some(push(&kept.file.part(part)?, parts));
    let types = copy(kept.parts.types)?;
    let mut schemas = Vec::with_capacity(kept.parts.schemas.len());
    for schema in &kept.parts.schemas {
        schemas.push(match schema {
            Some(part) => Some(copy(*part)?),
            None => None,
        });
    }
    Some(Parts { types, schemas })
}

fn push(bytes: &[u8], parts: &mut Vec<u8>) -> Part {
    let at = u64::try_from(parts.len()).unwrap_or(u64::MAX);
    parts.extend_from_slice(bytes);
    Part(at, u64::try_from(bytes.len()).unwrap_or(u64::MAX), checksum(bytes))
}
