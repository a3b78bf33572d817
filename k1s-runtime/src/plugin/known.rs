//! What is known of one manifest: which kinds it has, from its text or from the cache.

use std::sync::{Arc, OnceLock};

use crate::api::ResourceDefinition;
use crate::schema::type_manifest::TypeManifest;
use crate::scheme::Names;

use super::cache::KeptKind;
use super::stamp::Stamp;

/// A manifest, as it was when it had this stamp.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) path: String,
    pub(super) stamp: Stamp,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    /// What is wrong with it.
    Broken(String),
    /// What it has.
    Whole(Plugin),
}

#[derive(Debug)]
pub(super) struct Plugin {
    pub(super) name: String,
    /// Whether names, columns, schemas and rules were looked at, and nothing is wrong with them.
    pub(super) checked: bool,
    pub(super) kinds: Vec<Kind>,
}

/// A kind with all of its versions.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) group: String,
    pub(super) kind: String,
    pub(super) plural: String,
    /// Singular and short names.
    pub(super) words: Vec<String>,
    pub(super) categories: Vec<String>,
    /// Whether a kind of another plugin has its place.
    pub(super) shadowed: bool,
    pub(super) versions: Versions,
}

#[derive(Debug)]
pub(super) enum Versions {
    /// At hand.
    Read(Vec<Arc<ResourceDefinition>>),
    /// Only in the manifest, which nobody has looked at closely.
    Unread,
    /// In the cache, and at hand once they were asked for.
    Kept(KeptKind, OnceLock<Vec<Arc<ResourceDefinition>>>),
}

impl Manifest {
    /// The manifest as messages name it.
    pub(super) fn origin(&self) -> Arc<str> {
        match &self.content {
            Content::Whole(plugin) => Arc::from(format!("plugin {} ({})", plugin.name, self.path)),
            Content::Broken(_) => Arc::from(self.path.as_str()),
        }
    }

    pub(super) fn plugin(&self) -> Option<&Plugin> {
        match &self.content {
            Content::Whole(plugin) => Some(plugin),
            Content::Broken(_) => None,
        }
    }

    pub(super) fn kinds(&self) -> &[Kind] {
        self.plugin().map_or(&[], |plugin| &plugin.kinds)
    }
}

impl Plugin {
    pub(super) fn of(manifest: TypeManifest, checked: bool) -> Self {
        let mut kinds: Vec<Kind> = Vec::new();
        for definition in manifest.types {
            let known = kinds.iter_mut().find(|k| k.group == definition.group && k.kind == definition.kind);
            match known {
                Some(kind) => kind.take(definition),
                None => kinds.push(Kind::of(definition)),
            }
        }
        Self { name: manifest.name, checked, kinds }
    }
}

impl Kind {
    fn of(first: ResourceDefinition) -> Self {
        let mut kind = Self {
            group: first.group.clone(),
            kind: first.kind.clone(),
            plural: first.plural.clone(),
            words: Vec::new(),
            categories: Vec::new(),
            shadowed: false,
            versions: Versions::Read(Vec::new()),
        };
        kind.take(first);
        kind
    }

    /// Takes one version more.
    fn take(&mut self, version: ResourceDefinition) {
        let add = |list: &mut Vec<String>, word: &String| {
            if !list.contains(word) {
                list.push(word.clone());
            }
        };
        add(&mut self.words, &version.singular);
        version.short_names.iter().for_each(|word| add(&mut self.words, word));
        version.categories.iter().for_each(|word| add(&mut self.categories, word));
        if let Versions::Read(versions) = &mut self.versions {
            versions.push(Arc::new(version));
        }
    }

    pub(super) fn names(&self) -> Names<'_> {
        Names {
            group: &self.group,
            kind: &self.kind,
            plural: &self.plural,
            singular: "",
            short_names: &self.words,
            categories: &self.categories,
        }
    }

    /// `Item (items.inventory.example.com)`.
    pub(super) fn described(&self) -> String {
        format!("{} ({}.{})", self.kind, self.plural, self.group)
    }

    /// The definitions of its versions; `None` if the manifest must be read for them.
    pub(super) fn definitions(&self, path: &str) -> Option<Vec<Arc<ResourceDefinition>>> {
        match &self.versions {
            Versions::Read(versions) => Some(versions.clone()),
            Versions::Unread => None,
            Versions::Kept(kept, made) => {
                if let Some(versions) = made.get() {
                    return Some(versions.clone());
                }
                let versions = kept.definitions(path)?;
                Some(made.get_or_init(|| versions).clone())
            }
        }
    }
}
