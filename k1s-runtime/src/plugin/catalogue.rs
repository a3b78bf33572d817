//! All manifests that there are: which kinds they have, and who has a place that several want.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::scheme::{self, Offer, Wanted};

use super::cache;
use super::discovery::Gone;
use super::error::Error;
use super::known::{Content, Kind, Manifest};
use super::{read, scan};

/// How many manifests that are not there now are remembered: those of other plugin directories, and those that are gone.
const MAX_REMEMBERED: usize = 1_000;

/// How many problems are told.
const MAX_TOLD: usize = 100;

/// What was looked for, and what was found there.
#[derive(Debug)]
pub(super) struct Catalogue {
    directories: Vec<PathBuf>,
    cache: Option<PathBuf>,
    /// In the order of their precedence.
    manifests: Vec<Manifest>,
    /// Manifests of the cache that were not found; `None` as long as the cache was not needed.
    others: Option<Vec<Manifest>>,
    /// Whether something is known that the cache does not have.
    is_ahead: bool,
}

/// Problems, each once.
#[derive(Debug, Default)]
pub(super) struct Problems {
    told: BTreeSet<String>,
    pub(super) fresh: Vec<Error>,
}

impl Problems {
    pub(super) fn push(&mut self, error: Error) {
        if self.told.len() < MAX_TOLD && self.told.insert(error.to_string()) {
            self.fresh.push(error);
            self.fresh.extend((self.told.len() == MAX_TOLD).then_some(Error::Untold { limit: MAX_TOLD }));
        }
    }
}

impl Catalogue {
    /// Looks into the directories. What has not changed since it was kept in the cache is not opened.
    pub(super) fn of(directories: Vec<PathBuf>, cache: Option<PathBuf>, problems: &mut Problems) -> Self {
        let mut faults = Vec::new();
        let found = scan::manifests(&directories, &mut faults);
        faults.into_iter().for_each(|fault| problems.push(fault));
        let mut catalogue = Self { directories, cache, manifests: Vec::new(), others: None, is_ahead: false };
        if found.is_empty() {
            return catalogue;
        }
        let mut kept = catalogue.kept();
        for one in found {
            if let Some(known) = kept.remove(&one.path).filter(|known| known.stamp == one.stamp) {
                catalogue.manifests.push(known);
                continue;
            }
            match read::names(&one.path) {
                Ok(manifest) => {
                    catalogue.is_ahead |= manifest.stamp.is_settled(SystemTime::now());
                    catalogue.manifests.push(manifest);
                }
                Err(error) => problems.push(error),
            }
        }
        catalogue.remember(kept);
        catalogue.settle(problems);
        catalogue
    }

    /// How many manifests there are, those that are wrong included.
    pub(super) fn len(&self) -> usize {
        self.manifests.len()
    }

    /// The kinds that are asked for. Their manifests are looked at closely the first time.
    pub(super) fn find(&mut self, wanted: &Wanted<'_>, problems: &mut Problems) -> Vec<Offer> {
        loop {
            let unread = self.unread(wanted);
            if unread.is_empty() {
                return self.offers(wanted);
            }
            // From the end, as a manifest that is gone leaves its place.
            unread.into_iter().rev().for_each(|index| self.check(index, problems));
            self.settle(problems);
        }
    }

    /// A kind of a manifest that was there once.
    pub(super) fn gone(&mut self, wanted: &Wanted<'_>) -> Option<Gone> {
        if self.others.is_none() {
            let kept = self.kept();
            self.remember(kept);
        }
        let is_missing = |path: &str| {
            std::fs::metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        };
        let others = self.others.iter().flatten();
        let others = others.filter(|manifest| self.is_here(&manifest.path) && is_missing(&manifest.path));
        others.into_iter().find_map(|manifest| {
            let kind = manifest.kinds().iter().find(|kind| wanted.is_answered_by(kind.names()))?;
            Some(Gone {
                plugin: manifest.plugin()?.name.clone(),
                manifest: manifest.path.clone(),
                kind: kind.kind.clone(),
                group: kind.group.clone(),
            })
        })
    }

    /// The manifests with kinds that are asked for which must be read for them.
    fn unread(&self, wanted: &Wanted<'_>) -> Vec<usize> {
        let is_unread = |manifest: &Manifest| {
            let is_checked = manifest.plugin().is_some_and(|plugin| plugin.checked);
            let mut kinds = wanted_of(manifest, wanted);
            kinds.any(|kind| !is_checked || kind.definitions(&manifest.path).is_none())
        };
        let manifests = self.manifests.iter().enumerate();
        manifests.filter(|(_, manifest)| is_unread(manifest)).map(|(index, _)| index).collect()
    }

    fn offers(&self, wanted: &Wanted<'_>) -> Vec<Offer> {
        let of = |manifest| {
            wanted_of(manifest, wanted).filter_map(|kind| {
                Some(Offer { origin: manifest.origin(), versions: kind.definitions(&manifest.path)? })
            })
        };
        self.manifests.iter().flat_map(of).collect()
    }

    /// Reads a manifest and looks at what can be wrong with its kinds.
    fn check(&mut self, index: usize, problems: &mut Problems) {
        let Some(manifest) = self.manifests.get_mut(index) else { return };
        match read::checked(&manifest.path) {
            Ok(checked) => {
                self.is_ahead |= checked.stamp.is_settled(SystemTime::now());
                *manifest = checked;
            }
            Err(error) => {
                problems.push(error);
                self.manifests.remove(index);
            }
        }
    }

    /// Finds out which of several has a place: the first, if nothing is wrong with it.
    fn settle(&mut self, problems: &mut Problems) {
        while let Some(unchecked) = self.contested() {
            self.check(unchecked, problems);
        }
        let mut clashes = BTreeSet::new();
        {
            let mut places: Places<'_> = Places::default();
            for (index, manifest) in self.manifests.iter().enumerate() {
                if let Content::Broken(why) = &manifest.content {
                    problems.push(Error::Manifest { path: manifest.path.clone(), why: why.clone() });
                }
                for (position, kind) in manifest.kinds().iter().enumerate() {
                    if let Some((holder, holding, what)) = places.take(index, kind) {
                        let holder = self.manifests.get(holder).map(Manifest::origin).unwrap_or_default();
                        clashes.insert((index, position));
                        problems.push(Error::Refused(scheme::Error::OfferRefused {
                            kind: kind.described(),
                            origin: manifest.origin().to_string(),
                            holder: format!("kind {} of {holder}", holding.kind),
                            what,
                        }));
                    }
                }
            }
        }
        for (index, manifest) in self.manifests.iter_mut().enumerate() {
            let Content::Whole(plugin) = &mut manifest.content else { continue };
            for (position, kind) in plugin.kinds.iter_mut().enumerate() {
                kind.shadowed = clashes.contains(&(index, position));
            }
        }
    }

    /// A manifest with a place that another one wants as well, and that nobody has looked at closely.
    fn contested(&self) -> Option<usize> {
        let mut places = Places::default();
        let is_checked =
            |index: &usize| self.manifests.get(*index).and_then(Manifest::plugin).is_none_or(|it| it.checked);
        for (index, manifest) in self.manifests.iter().enumerate() {
            for kind in manifest.kinds() {
                let holder = places.take(index, kind).map(|(holder, ..)| holder);
                if holder.is_some_and(|holder| !is_checked(&holder)) {
                    return holder;
                }
            }
        }
        None
    }

    fn kept(&self) -> HashMap<String, Manifest> {
        self.cache.as_deref().map(cache::read).unwrap_or_default()
    }

    fn remember(&mut self, kept: HashMap<String, Manifest>) {
        let is_found = |path: &str| self.manifests.iter().any(|manifest| manifest.path == path);
        let mut others: Vec<Manifest> = kept.into_values().filter(|other| !is_found(&other.path)).collect();
        others.sort_by(|a, b| a.path.cmp(&b.path));
        self.others = Some(others);
    }

    /// Whether a manifest is one of these directories, now or once.
    fn is_here(&self, path: &str) -> bool {
        let above = Path::new(path).ancestors().skip(1).take(2);
        above.into_iter().any(|folder| self.directories.iter().any(|directory| directory == folder))
    }

    /// Keeps what is known, if the cache does not have it. That it cannot be kept costs time the next time, and nothing else.
    pub(super) fn save(&mut self) {
        let Some(cache) = self.cache.as_deref().filter(|_| self.is_ahead) else { return };
        let others = self.others.iter().flatten();
        let others = others.filter(|other| self.is_here(&other.path) || Path::new(&other.path).exists());
        let all = self.manifests.iter().chain(others.take(MAX_REMEMBERED));
        let _ = cache::write(cache, all);
        self.is_ahead = false;
    }
}

/// The kinds of a manifest that are asked for and have their places.
fn wanted_of<'m>(manifest: &'m Manifest, wanted: &Wanted<'_>) -> impl Iterator<Item = &'m Kind> {
    manifest.kinds().iter().filter(move |kind| !kind.shadowed && wanted.is_answered_by(kind.names()))
}

/// Who has which kind and which resource.
#[derive(Default)]
struct Places<'m> {
    kinds: HashMap<(&'m str, &'m str), (usize, &'m Kind)>,
    plurals: HashMap<(&'m str, &'m str), (usize, &'m Kind)>,
}

impl<'m> Places<'m> {
    /// Gives a kind of the manifest at `index` its place; or says who has it, and what they have in common.
    fn take(&mut self, index: usize, kind: &'m Kind) -> Option<(usize, &'m Kind, &'static str)> {
        let key = (kind.group.as_str(), kind.kind.as_str());
        let resource = (kind.group.as_str(), kind.plural.as_str());
        if let Some((holder, holding)) = self.kinds.get(&key) {
            return Some((*holder, holding, "kind"));
        }
        if let Some((holder, holding)) = self.plurals.get(&resource) {
            return Some((*holder, holding, "plural"));
        }
        self.kinds.insert(key, (index, kind));
        self.plurals.insert(resource, (index, kind));
        None
    }
}
