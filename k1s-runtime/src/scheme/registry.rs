//! The registry itself: which definitions there are, and that no two of them clash.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use kube_core::{GroupVersionKind, Version};

use crate::api::{Resource, ResourceDefinition};

use super::convert::check_versions;
use super::core::core_definitions;
use super::error::Error;
use super::source::{KindSource, Wanted};

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
    /// What is asked for kinds that are not here.
    pub(super) source: Option<Arc<dyn KindSource>>,
}

/// The definitions at one moment, in order of group, kind and falling version priority.
#[derive(Debug, Default, Clone)]
pub(super) struct Kinds {
    pub(super) sorted: Vec<Arc<ResourceDefinition>>,
    by_gvk: HashMap<GroupVersionKind, Arc<ResourceDefinition>>,
    /// The kinds (group and name) that a source has lent, with where they come from.
    pub(super) lent: BTreeMap<(String, String), Arc<str>>,
    /// The kinds of CustomResourceDefinitions.
    pub(super) defined: BTreeSet<(String, String)>,
    /// Whether all that a source has is here, or has been refused.
    pub(super) complete: bool,
}

impl Scheme {
    /// A scheme with the core kinds: Namespace, ConfigMap, Secret, ServiceAccount, Event and CustomResourceDefinition.
    pub fn new() -> Self {
        let mut kinds = Kinds::default();
        for definition in core_definitions() {
            kinds.put(Arc::new(definition));
        }
        kinds.sort();
        Self { kinds: RwLock::new(Arc::new(kinds)), ..Self::default() }
    }

    /// A scheme of these definitions alone. Of such that clash the first one counts.
    pub fn of(definitions: impl IntoIterator<Item = Arc<ResourceDefinition>>) -> Self {
        let mut kinds = Kinds::default();
        for definition in definitions {
            if kinds.check(&definition).is_ok() {
                kinds.put(definition);
            }
        }
        kinds.sort();
        Self { kinds: RwLock::new(Arc::new(kinds)), ..Self::default() }
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
            kinds.reclaim(&definition);
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
            versions.iter().for_each(|version| kinds.reclaim(version));
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
                kinds.defined.insert((group.to_owned(), kind.to_owned()));
            }
            Ok(())
        })
    }

    /// Forgets all versions of a kind.
    pub fn unregister(&self, group: &str, kind: &str) {
        // Removing refuses nothing.
        let _ = self.change(|kinds| {
            kinds.remove(group, kind);
            // What is gone may have stood in the way of a kind of the source.
            kinds.complete = false;
            Ok(())
        });
    }

    /// The definition of one version of a kind.
    pub fn by_gvk(&self, gvk: &GroupVersionKind) -> Option<Arc<ResourceDefinition>> {
        let found = |kinds: &Kinds| kinds.by_gvk.get(gvk).cloned();
        self.known_or_asked(&Wanted::Kind { group: &gvk.group, kind: &gvk.kind }, found)
    }

    /// The definition of one version of a resource, by its plural name.
    pub fn by_resource(&self, group: &str, version: &str, plural: &str) -> Option<Arc<ResourceDefinition>> {
        let is_it =
            |d: &&Arc<ResourceDefinition>| d.group == group && d.version == version && d.plural == plural;
        let found = |kinds: &Kinds| kinds.sorted.iter().find(is_it).cloned();
        self.known_or_asked(&Wanted::Resource { group, plural }, found)
    }

    /// The version that objects of a kind are stored in.
    pub fn storage_version(&self, group: &str, kind: &str) -> Option<Arc<ResourceDefinition>> {
        self.versions(group, kind).into_iter().find(|definition| definition.storage)
    }

    /// All versions of a kind, the preferred one first.
    pub fn versions(&self, group: &str, kind: &str) -> Vec<Arc<ResourceDefinition>> {
        let found = |kinds: &Kinds| {
            let versions: Vec<_> = kinds.versions(group, kind).cloned().collect();
            (!versions.is_empty()).then_some(versions)
        };
        self.known_or_asked(&Wanted::Kind { group, kind }, found).unwrap_or_default()
    }

    /// Every definition, by group, kind and falling version priority.
    pub fn definitions(&self) -> Vec<Arc<ResourceDefinition>> {
        self.ask(&Wanted::All);
        self.snapshot().sorted.clone()
    }

    /// What is found among the kinds that are known, or else among those that the source has of what is wanted.
    fn known_or_asked<T>(&self, wanted: &Wanted<'_>, found: impl Fn(&Kinds) -> Option<T>) -> Option<T> {
        let known = found(&self.snapshot());
        if known.is_some() || self.source.is_none() {
            return known;
        }
        self.ask(wanted);
        found(&self.snapshot())
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
    pub(super) fn change(&self, change: impl FnOnce(&mut Kinds) -> Result<(), Error>) -> Result<(), Error> {
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
    /// A scheme of its own with the same kinds, which asks the same source.
    fn clone(&self) -> Self {
        Self { kinds: RwLock::new(self.snapshot()), changes: AtomicU64::new(0), source: self.source.clone() }
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

    pub(super) fn put(&mut self, definition: Arc<ResourceDefinition>) {
        if let Some(replaced) = self.by_gvk.insert(definition.gvk(), definition.clone()) {
            self.sorted.retain(|known| !Arc::ptr_eq(known, &replaced));
        }
        self.sorted.push(definition);
    }

    pub(super) fn remove(&mut self, group: &str, kind: &str) {
        let key = (group.to_owned(), kind.to_owned());
        self.lent.remove(&key);
        self.defined.remove(&key);
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
