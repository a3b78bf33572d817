//! [`KindSource`]: kinds that a scheme was not given, and learns of when somebody names them.
//!
//! What a source offers is lent: it has its place as long as nobody else claims it. A kind that the program registers, or that a
//! CustomResourceDefinition in the store defines, takes the place whenever it comes, and a kind whose place is taken is refused.

use std::fmt;
use std::sync::Arc;

use crate::api::ResourceDefinition;

use super::error::Error;
use super::registry::{Kinds, Scheme};

/// A place that knows more kinds than the scheme that asks it, as the type manifests of plugins do.
///
/// It is asked only about what the scheme does not know itself, and may do its work then; the answers are for the life of the source,
/// so that it may keep them.
pub trait KindSource: fmt::Debug + Send + Sync + 'static {
    /// The kinds that are asked for. More than those may be answered, but no kind twice, and no two of one group with one resource.
    fn find(&self, wanted: &Wanted<'_>) -> Vec<Offer>;

    /// Hears that a kind is not used, and why: its place is taken. It may hear so again each time that it offers the kind.
    fn refused(&self, offer: &Offer, why: &Error);
}

/// What a [`KindSource`] is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// A kind.
    Kind {
        /// Its group.
        group: &'a str,
        /// Its name, as `Item`.
        kind: &'a str,
    },
    /// A kind by its resource.
    Resource {
        /// Its group.
        group: &'a str,
        /// Its plural name, as `items`.
        plural: &'a str,
    },
    /// Kinds by what a person types: see [`Wanted::is_answered_by`].
    Word(&'a str),
    /// Every kind.
    All,
}

/// The names that a [`Wanted`] is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// Group.
    pub group: &'a str,
    /// Kind.
    pub kind: &'a str,
    /// Plural name.
    pub plural: &'a str,
    /// Singular name.
    pub singular: &'a str,
    /// Short names.
    pub short_names: &'a [String],
    /// Categories.
    pub categories: &'a [String],
}

impl<'a> Names<'a> {
    /// The names of a definition.
    pub fn of(definition: &'a ResourceDefinition) -> Self {
        Self {
            group: &definition.group,
            kind: &definition.kind,
            plural: &definition.plural,
            singular: &definition.singular,
            short_names: &definition.short_names,
            categories: &definition.categories,
        }
    }
}

impl Wanted<'_> {
    /// Whether a kind with these names is asked for. A word means it if it is, in any case and up to the first dot, its plural,
    /// singular or short name or its kind; or, as it is, one of its categories.
    ///
    /// ```
    /// use k1s_runtime::api::ResourceDefinition;
    /// use k1s_runtime::scheme::{Names, Wanted};
    /// let item = ResourceDefinition::new("inventory.example.com", "v1", "Item", "items");
    /// for word in ["items", "Item", "items.v1.inventory.example.com"] {
    ///     assert!(Wanted::Word(word).is_answered_by(Names::of(&item)));
    /// }
    /// assert!(!Wanted::Word("nope").is_answered_by(Names::of(&item)));
    /// ```
    pub fn is_answered_by(&self, names: Names<'_>) -> bool {
        match *self {
            Wanted::All => true,
            Wanted::Kind { group, kind } => names.group == group && names.kind == kind,
            Wanted::Resource { group, plural } => names.group == group && names.plural == plural,
            Wanted::Word(word) => {
                let name = word.split('.').next().unwrap_or(word);
                let short = |short: &String| short.eq_ignore_ascii_case(name);
                [names.plural, names.singular, names.kind]
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(name))
                    || names.short_names.iter().any(short)
                    || names.categories.iter().any(|category| category == word)
            }
        }
    }
}

/// A kind that a source has.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Where it comes from, as messages name it: `plugin inventory-plugin (/plugins/inventory/types.yaml)`.
    pub origin: Arc<str>,
    /// All of its versions.
    pub versions: Vec<Arc<ResourceDefinition>>,
}

impl Scheme {
    /// Gives the scheme a source to ask for kinds that it does not know; it takes the place of another one.
    #[must_use]
    pub fn with_source(mut self, source: Arc<dyn KindSource>) -> Self {
        self.source = Some(source);
        self
    }

    /// Every served version that a word may mean: those with it as a name or a category. [`Scheme::find`] among these finds what it
    /// finds among all.
    pub fn named(&self, word: &str) -> Vec<Arc<ResourceDefinition>> {
        let wanted = Wanted::Word(word);
        self.ask(&wanted);
        let kinds = self.snapshot();
        let named =
            |known: &&Arc<ResourceDefinition>| known.served && wanted.is_answered_by(Names::of(known));
        kinds.sorted.iter().filter(named).cloned().collect()
    }

    /// Takes what the source has of what is wanted.
    pub(super) fn ask(&self, wanted: &Wanted<'_>) {
        let Some(source) = &self.source else { return };
        if *wanted == Wanted::All && self.snapshot().complete {
            return;
        }
        let offers = source.find(wanted);
        let kinds = self.snapshot();
        let all = *wanted == Wanted::All;
        let is_new = offers.iter().any(|offer| matches!(kinds.place_for(offer), Ok(Place::Free)));
        if is_new || all {
            // Lending refuses nothing but single offers, which are looked at below.
            let _ = self.change(|kinds| {
                offers.iter().for_each(|offer| kinds.lend(offer));
                kinds.complete |= all;
                Ok(())
            });
        }
        let kinds = self.snapshot();
        for offer in &offers {
            if let Err(why) = kinds.place_for(offer) {
                source.refused(offer, &why);
            }
        }
    }
}

/// What an offer finds in its place.
enum Place {
    Free,
    Itself,
}

impl Kinds {
    /// Whether an offered kind can have its place.
    fn place_for(&self, offer: &Offer) -> Result<Place, Error> {
        let Some(new) = offer.versions.first() else { return Ok(Place::Itself) };
        let clashes = |known: &&Arc<ResourceDefinition>| {
            known.group == new.group && (known.kind == new.kind || known.plural == new.plural)
        };
        let Some(known) = self.sorted.iter().find(clashes) else { return Ok(Place::Free) };
        let lender = self.lent.get(&(known.group.clone(), known.kind.clone()));
        if known.kind == new.kind && lender == Some(&offer.origin) {
            return Ok(Place::Itself);
        }
        let what = if known.kind == new.kind { "kind" } else { "plural" };
        Err(Error::OfferRefused {
            kind: format!("{} ({})", new.kind, new.qualified_resource()),
            origin: offer.origin.to_string(),
            holder: self.holder(known),
            what,
        })
    }

    fn lend(&mut self, offer: &Offer) {
        if let (Ok(Place::Free), Some(first)) = (self.place_for(offer), offer.versions.first()) {
            self.lent.insert((first.group.clone(), first.kind.clone()), offer.origin.clone());
            offer.versions.iter().for_each(|version| self.put(version.clone()));
        }
    }

    /// Takes back what is lent in the place of a kind that comes from elsewhere.
    pub(super) fn reclaim(&mut self, new: &ResourceDefinition) {
        if self.lent.is_empty() {
            return;
        }
        let clashes = |known: &&Arc<ResourceDefinition>| {
            known.group == new.group && (known.kind == new.kind || known.plural == new.plural)
        };
        let places =
            self.sorted.iter().filter(clashes).map(|known| (known.group.clone(), known.kind.clone()));
        for (group, kind) in places.collect::<Vec<_>>() {
            if self.lent.contains_key(&(group.clone(), kind.clone())) {
                self.remove(&group, &kind);
            }
        }
    }

    /// Whose a registered kind is.
    fn holder(&self, known: &ResourceDefinition) -> String {
        let ResourceDefinition { group, kind, .. } = known;
        let key = (group.clone(), kind.clone());
        if let Some(origin) = self.lent.get(&key) {
            return format!("kind {kind} of {origin}");
        }
        if self.defined.contains(&key) {
            return format!("kind {kind} of CustomResourceDefinition {}", known.qualified_resource());
        }
        match known.rust_type {
            Some(name) => format!("the program's own kind {kind} ({name})"),
            None => format!("the built-in kind {kind}"),
        }
    }
}
