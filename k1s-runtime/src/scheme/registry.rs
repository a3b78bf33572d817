//! The registry itself: which definitions there are, and that no two of them clash.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use kube_core::{GroupVersionKind, Version};

use crate::api::{Resource, ResourceDefinition};

use super::convert::check_versions;
use super::core::core_definitions;

/// Why a kind cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Two kinds of one group want the same plural name.
    #[error("resource {resource} is already the plural of kind {taken_by}; {kind} needs another `plural`")]
    PluralTaken {
        /// `plural.group`.
        resource: String,
        /// The kind that has it.
        taken_by: String,
        /// The kind that wants it.
        kind: String,
    },
    /// Two versions of one kind both say that objects are stored in them.
    #[error(
        "kind {kind} is stored in both {first} and {second}; say `storage = false` on all versions but one"
    )]
    TwoStorageVersions {
        /// `Kind.group`.
        kind: String,
        /// The version registered first, with its Rust type if it has one.
        first: String,
        /// The other.
        second: String,
    },
    /// No version of a kind with several says that objects are stored in it.
    #[error(
        "no version of kind {kind} is stored: {versions} all say `storage = false`; exactly one must not"
    )]
    NoStorageVersion {
        /// `Kind.group`.
        kind: String,
        /// Its versions, with their Rust types if they have any.
        versions: String,
    },
    /// A version is converted by way of a version that there is not.
    #[error("version {version} of kind {kind} has the hub {hub}, which is not registered")]
    UnknownHub {
        /// `Kind.group`.
        kind: String,
        /// The version.
        version: String,
        /// Its hub.
        hub: String,
    },
    /// The hubs of versions lead in a circle.
    #[error("the hubs of kind {kind} lead in a circle from version {version}; one version has no hub")]
    HubsInCircle {
        /// `Kind.group`.
        kind: String,
        /// One of the versions.
        version: String,
    },
    /// Some versions have conversions, and one cannot be converted.
    #[error(
        "version {version} of kind {kind} has no conversion to the stored version {storage}, as others have; give it a `hub`"
    )]
    NotConnected {
        /// `Kind.group`.
        kind: String,
        /// The version.
        version: String,
        /// The stored version.
        storage: String,
    },
    /// Versions of one kind do not agree on plural name or scope.
    #[error("versions {first} and {second} of kind {kind} differ in {what}; all versions share one")]
    VersionsDiffer {
        /// `Kind.group`.
        kind: String,
        /// One version.
        first: String,
        /// Another.
        second: String,
        /// `plural` or `scope`.
        what: &'static str,
    },
}

/// The kinds that a program knows. Cheap to share and safe to change while it is read.
///
/// ```
/// use k1s_runtime::api::ResourceDefinition;
/// use k1s_runtime::scheme::Scheme;
///
/// let scheme = Scheme::new();
/// scheme.register_definition(ResourceDefinition::new("inventory.example.com", "v1", "Item", "items"))?;
/// assert_eq!(scheme.find("Item").unwrap()[0].kind, "Item");
/// assert_eq!(scheme.find("cm").unwrap()[0].kind, "ConfigMap");
/// # Ok::<(), k1s_runtime::scheme::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Scheme {
    kinds: RwLock<Arc<Kinds>>,
    /// How often the kinds have changed.
    changes: AtomicU64,
}

/// The definitions at one moment, in order of group, kind and falling version priority.
#[derive(Debug, Default, Clone)]
pub(super) struct Kinds {
    pub(super) sorted: Vec<Arc<ResourceDefinition>>,
    by_gvk: HashMap<GroupVersionKind, Arc<ResourceDefinition>>,
}

impl Scheme {
    /// A scheme with the core kinds: Namespace, ConfigMap, Secret, ServiceAccount, Event and CustomResourceDefinition.
    pub fn new() -> Self {
        let mut kinds = Kinds::default();
        for definition in core_definitions() {
            kinds.put(Arc::new(definition));
        }
        kinds.sort();
        Self { kinds: RwLock::new(Arc::new(kinds)), changes: AtomicU64::new(0) }
    }

    /// A scheme without any kind.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Registers a derived kind.
    ///
    /// # Errors
    /// As [`Scheme::register_definition`].
    pub fn register<K: Resource>(&self) -> Result<(), Error> {
        self.register_definition(K::definition())
    }

    /// Registers one version of a kind, or replaces it if that version is known.
    ///
    /// # Errors
    /// When its plural name is another kind's, or it does not fit the kind's other versions. Nothing is changed then.
    pub fn register_definition(&self, definition: ResourceDefinition) -> Result<(), Error> {
        self.change(|kinds| {
            kinds.check(&definition)?;
            kinds.put(Arc::new(definition));
            Ok(())
        })
    }

    /// Replaces all versions of a kind by these: what applying a changed CustomResourceDefinition does. A version without a hub or
    /// without indexes keeps those that it had: a CustomResourceDefinition cannot hold the program's conversions and indexes.
    ///
    /// # Errors
    /// As [`Scheme::register_definition`]. Nothing is changed then.
    pub fn replace_kind(
        &self,
        group: &str,
        kind: &str,
        versions: Vec<ResourceDefinition>,
    ) -> Result<(), Error> {
        self.change(|kinds| {
            let before: Vec<_> = kinds.versions(group, kind).cloned().collect();
            kinds.remove(group, kind);
            for mut definition in versions {
                let known = before.iter().find(|known| known.version == definition.version);
                if let Some(known) = known.filter(|_| definition.indexes.is_empty()) {
                    definition.indexes.clone_from(&known.indexes);
                }
                let hub = known.filter(|known| known.conversion.hub().is_some());
                if let Some(known) = hub.filter(|_| definition.conversion.hub().is_none()) {
                    definition.conversion = known.conversion.clone();
                }
                kinds.check(&definition)?;
                kinds.put(Arc::new(definition));
            }
            Ok(())
        })
    }

    /// Forgets all versions of a kind.
    pub fn unregister(&self, group: &str, kind: &str) {
        // Removing refuses nothing.
        let _ = self.change(|kinds| {
            kinds.remove(group, kind);
            Ok(())
        });
    }

    /// The definition of one version of a kind.
    pub fn by_gvk(&self, gvk: &GroupVersionKind) -> Option<Arc<ResourceDefinition>> {
        self.snapshot().by_gvk.get(gvk).cloned()
    }

    /// The definition of one version of a resource, by its plural name.
    pub fn by_resource(&self, group: &str, version: &str, plural: &str) -> Option<Arc<ResourceDefinition>> {
        let kinds = self.snapshot();
        kinds.sorted.iter().find(|d| d.group == group && d.version == version && d.plural == plural).cloned()
    }

    /// The version that objects of a kind are stored in.
    pub fn storage_version(&self, group: &str, kind: &str) -> Option<Arc<ResourceDefinition>> {
        self.snapshot().versions(group, kind).find(|definition| definition.storage).cloned()
    }

    /// All versions of a kind, the preferred one first.
    pub fn versions(&self, group: &str, kind: &str) -> Vec<Arc<ResourceDefinition>> {
        self.snapshot().versions(group, kind).cloned().collect()
    }

    /// Every definition, by group, kind and falling version priority.
    pub fn definitions(&self) -> Vec<Arc<ResourceDefinition>> {
        self.snapshot().sorted.clone()
    }

    /// Whether the kinds fit together: each has exactly one stored version, and all of its versions are converted or none is.
    /// Kinds are registered one version at a time, so that this can be said only when all are.
    ///
    /// # Errors
    /// About the first kind that does not.
    pub fn check(&self) -> Result<(), Error> {
        let kinds = self.snapshot();
        let mut names: Vec<_> = kinds.sorted.iter().map(|known| (&known.group, &known.kind)).collect();
        names.dedup();
        names.into_iter().try_for_each(|(group, kind)| {
            check_versions(&kinds.versions(group, kind).cloned().collect::<Vec<_>>())
        })
    }

    /// A number that grows with each change of the kinds.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    pub(super) fn snapshot(&self) -> Arc<Kinds> {
        // A panic elsewhere cannot leave the table half-changed: it is replaced whole.
        self.kinds.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a changed table in the place of the present one, unless the change is refused. Changes wait for each other, so
    /// that none is lost.
    fn change(&self, change: impl FnOnce(&mut Kinds) -> Result<(), Error>) -> Result<(), Error> {
        let mut current = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        let mut kinds = Kinds::clone(&current);
        change(&mut kinds)?;
        kinds.sort();
        *current = Arc::new(kinds);
        self.changes.fetch_add(1, Ordering::Release);
        Ok(())
    }
}

impl Clone for Scheme {
    /// A scheme of its own with the same kinds.
    fn clone(&self) -> Self {
        Self { kinds: RwLock::new(self.snapshot()), changes: AtomicU64::new(0) }
    }
}

impl Kinds {
    fn versions<'a>(
        &'a self,
        group: &'a str,
        kind: &'a str,
    ) -> impl Iterator<Item = &'a Arc<ResourceDefinition>> + 'a {
        self.sorted.iter().filter(move |definition| definition.group == group && definition.kind == kind)
    }

    fn put(&mut self, definition: Arc<ResourceDefinition>) {
        let gvk = definition.gvk();
        self.sorted.retain(|known| known.gvk() != gvk);
        self.sorted.push(definition.clone());
        self.by_gvk.insert(gvk, definition);
    }

    fn remove(&mut self, group: &str, kind: &str) {
        self.sorted.retain(|known| known.group != group || known.kind != kind);
        self.by_gvk.retain(|gvk, _| gvk.group != group || gvk.kind != kind);
    }

    fn sort(&mut self) {
        self.sorted.sort_by(|a, b| {
            let names = (&a.group, &a.kind).cmp(&(&b.group, &b.kind));
            let priority = |definition: &ResourceDefinition| Version::parse(&definition.version).priority();
            names.then_with(|| Reverse(priority(a)).cmp(&Reverse(priority(b))))
        });
    }

    fn check(&self, new: &ResourceDefinition) -> Result<(), Error> {
        for known in self.sorted.iter().filter(|known| known.group == new.group) {
            if known.kind != new.kind {
                if known.plural == new.plural {
                    return Err(Error::PluralTaken {
                        resource: new.qualified_resource(),
                        taken_by: known.kind.clone(),
                        kind: new.kind.clone(),
                    });
                }
            } else if known.version != new.version {
                agree(known, new)?;
            }
        }
        Ok(())
    }
}

/// Whether two versions can be of one kind.
fn agree(known: &ResourceDefinition, new: &ResourceDefinition) -> Result<(), Error> {
    let kind = || format!("{}.{}", new.kind, new.group);
    let (first, second) = (known.version.clone(), new.version.clone());
    if known.plural != new.plural {
        return Err(Error::VersionsDiffer { kind: kind(), first, second, what: "plural" });
    }
    if known.scope != new.scope {
        return Err(Error::VersionsDiffer { kind: kind(), first, second, what: "scope" });
    }
    if known.storage && new.storage {
        let (first, second) = (known.described_version(), new.described_version());
        return Err(Error::TwoStorageVersions { kind: kind(), first, second });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(version: &str, storage: bool) -> ResourceDefinition {
        ResourceDefinition {
            storage,
            ..ResourceDefinition::new("shop.example.com", version, "Item", "items")
        }
    }

    #[test]
    fn versions_come_in_falling_priority() {
        let scheme = Scheme::empty();
        for (version, storage) in [("v1alpha1", false), ("v1", true), ("v2beta1", false)] {
            scheme.register_definition(item(version, storage)).unwrap();
        }
        let versions: Vec<_> =
            scheme.versions("shop.example.com", "Item").iter().map(|d| d.version.clone()).collect();
        assert_eq!(versions, ["v1", "v2beta1", "v1alpha1"]);
        assert_eq!(scheme.storage_version("shop.example.com", "Item").unwrap().version, "v1");
    }

    #[test]
    fn clashes_are_refused_and_change_nothing() {
        let scheme = Scheme::empty();
        scheme.register_definition(item("v1", true)).unwrap();
        assert!(matches!(
            scheme.register_definition(item("v2", true)),
            Err(Error::TwoStorageVersions { .. })
        ));
        let other = ResourceDefinition::new("shop.example.com", "v1", "Thing", "items");
        assert!(matches!(scheme.register_definition(other), Err(Error::PluralTaken { .. })));
        assert_eq!(scheme.definitions().len(), 1);
    }

    #[test]
    fn a_replaced_version_keeps_the_indexes_of_the_program() {
        let scheme = Scheme::empty();
        let indexes = vec![".spec.category".to_owned()];
        scheme
            .register_definition(ResourceDefinition { indexes: indexes.clone(), ..item("v1", true) })
            .unwrap();
        scheme.replace_kind("shop.example.com", "Item", vec![item("v1", true), item("v2", false)]).unwrap();
        let kept: Vec<_> =
            scheme.versions("shop.example.com", "Item").iter().map(|d| d.indexes.clone()).collect();
        assert_eq!(kept, [vec![], indexes]);
    }

    #[test]
    fn a_replaced_kind_loses_its_old_versions() {
        let scheme = Scheme::empty();
        scheme.register_definition(item("v1", true)).unwrap();
        scheme.replace_kind("shop.example.com", "Item", vec![item("v2", true)]).unwrap();
        assert_eq!(scheme.versions("shop.example.com", "Item").len(), 1);
        scheme.unregister("shop.example.com", "Item");
        assert!(scheme.definitions().is_empty());
    }
}
