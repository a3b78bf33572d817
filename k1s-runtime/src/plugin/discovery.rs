//! [`Discovery`]: the face of the room.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::scheme::{self, KindSource, Offer, Wanted};

use super::catalogue::{Catalogue, Problems};
use super::error::Error;

/// The kinds of the plugins in some directories, found when they are asked for.
///
/// A manifest is a file `types.yaml` in a plugin directory, or in a directory in it whose name does not begin with a dot. The first
/// question lists the directories and looks at each manifest's size and times; what has changed since it was last read is read, and the
/// rest comes from the cache. A manifest is looked at closely, as an API server looks at a CustomResourceDefinition, when one of its
/// kinds is first asked for. Of plugins that want one place the first one has it: directories in their order, then names.
///
/// Nothing here fails: what cannot be used is left out, and [`Discovery::problems`] says what and why. A directory that is not there is
/// no problem. What the first question has found holds for the life of the value.
///
/// ```
/// use std::sync::Arc;
/// use k1s_runtime::plugin::Discovery;
/// use k1s_runtime::scheme::Scheme;
/// let directory = tempfile::tempdir()?;
/// std::fs::create_dir(directory.path().join("shop"))?;
/// std::fs::write(directory.path().join("shop/types.yaml"), "
/// apiVersion: k1s.io/v1alpha1
/// kind: PluginTypeManifest
/// metadata: {name: shop}
/// spec:
///   types:
///   - {group: shop.example.com, version: v1, kind: Order, plural: orders, shortNames: [ord]}
/// ")?;
/// let plugins = Arc::new(Discovery::new([directory.path().to_owned()]));
/// let scheme = Scheme::new().with_source(plugins.clone());
/// assert_eq!(scheme.find_resource("ord").map(|order| order.kind.clone()).as_deref(), Some("Order"));
/// assert!(plugins.problems().is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Discovery {
    directories: Vec<PathBuf>,
    cache: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// `None` before the first question.
    catalogue: Option<Catalogue>,
    problems: Problems,
}

/// A kind that a plugin had when its manifest was last seen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "kind {kind} of {group} came from plugin {plugin}, whose manifest {manifest} is not there any more; objects of it are kept"
)]
pub struct Gone {
    /// The plugin's name.
    pub plugin: String,
    /// Where its manifest was.
    pub manifest: String,
    /// The kind.
    pub kind: String,
    /// The kind's group.
    pub group: String,
}

impl Discovery {
    /// Plugins in these directories, of which the first come first. Nothing is looked at yet. Relative paths are seen from the
    /// process's working directory.
    pub fn new(directories: impl IntoIterator<Item = PathBuf>) -> Self {
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        Self {
            directories: directories.into_iter().map(absolute).collect(),
            cache: None,
            state: Mutex::default(),
        }
    }

    /// The same with a cache in this directory, made when there is something to keep. One directory may serve several programs'
    /// runs at once, but each program needs its own.
    #[must_use]
    pub fn cached_in(mut self, directory: PathBuf) -> Self {
        self.cache = Some(directory);
        self
    }

    /// Looks for manifests, if nobody has asked yet, and answers how many there are.
    pub fn scan(&self) -> usize {
        let mut state = self.state();
        let (catalogue, _) = self.catalogue(&mut state);
        catalogue.save();
        catalogue.len()
    }

    /// What has been left out so far, and was not told before.
    pub fn problems(&self) -> Vec<Error> {
        std::mem::take(&mut self.state().problems.fresh)
    }

    /// Whether a kind that nobody knows is one of a plugin that is gone: the cache remembers it.
    pub fn gone(&self, wanted: &Wanted<'_>) -> Option<Gone> {
        let mut state = self.state();
        self.catalogue(&mut state).0.gone(wanted)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What a panic elsewhere leaves is whole: values are replaced, not changed in parts that depend on each other.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn catalogue<'s>(&self, state: &'s mut State) -> (&'s mut Catalogue, &'s mut Problems) {
        let State { catalogue, problems } = state;
        let catalogue = catalogue
            .get_or_insert_with(|| Catalogue::of(self.directories.clone(), self.cache.clone(), problems));
        (catalogue, problems)
    }
}

impl KindSource for Discovery {
    fn find(&self, wanted: &Wanted<'_>) -> Vec<Offer> {
        let mut state = self.state();
        let (catalogue, problems) = self.catalogue(&mut state);
        let offers = catalogue.find(wanted, problems);
        catalogue.save();
        offers
    }

    fn refused(&self, _: &Offer, why: &scheme::Error) {
        self.state().problems.push(Error::Refused(why.clone()));
    }
}
