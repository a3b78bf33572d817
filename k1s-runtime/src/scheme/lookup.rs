//! From what people type to kinds, by kubectl's rules: plural, singular, short name or kind, in any case, optionally
//! followed by `.group` or `.version.group`; or a category.

use std::sync::Arc;

use crate::api::ResourceDefinition;

use super::{Scheme, Wanted};

/// What a typed word stands for.
pub type Lookup = Vec<Arc<ResourceDefinition>>;

impl Scheme {
    /// The kind or kinds that a word names; several if it is a category. `None` if nothing is so called.
    ///
    /// Of several versions the preferred served one is meant, unless the word names one. Of several groups the core group wins,
    /// then the first in alphabetical order.
    pub fn find(&self, word: &str) -> Option<Lookup> {
        if let Some(definition) = self.find_resource(word) {
            return Some(vec![definition]);
        }
        let members = self.category(word);
        (!members.is_empty()).then_some(members)
    }

    /// The kind that a word names; categories do not count.
    pub fn find_resource(&self, word: &str) -> Option<Arc<ResourceDefinition>> {
        self.ask(&Wanted::Word(word));
        let word = word.to_lowercase();
        let kinds = self.snapshot();
        let (name, rest) = word.split_once('.').unwrap_or((&word, ""));
        // Full names win over short ones, as in kubectl, where short names are tried last.
        let matchers: [fn(&ResourceDefinition, &str) -> bool; 2] = [is_named, has_short_name];
        for matches in matchers {
            let mut candidates = kinds.sorted.iter().filter(|d| d.served && matches(d, name));
            let found = match rest.split_once('.') {
                None if rest.is_empty() => candidates.next(),
                None => candidates.find(|d| d.group == rest || (d.group.is_empty() && d.version == rest)),
                Some((version, group)) => candidates
                    .clone()
                    .find(|d| d.version == version && d.group == group)
                    .or_else(|| candidates.find(|d| d.group == rest)),
            };
            if let Some(definition) = found {
                return Some(definition.clone());
            }
        }
        None
    }

    /// The preferred versions of the kinds of a category, by group and resource.
    pub fn category(&self, name: &str) -> Lookup {
        self.ask(&Wanted::Word(name));
        let kinds = self.snapshot();
        let mut members: Lookup = Vec::new();
        for definition in kinds.sorted.iter().filter(|definition| definition.served) {
            let seen = members.iter().any(|m| m.group == definition.group && m.kind == definition.kind);
            if !seen && definition.categories.iter().any(|category| category == name) {
                members.push(definition.clone());
            }
        }
        members.sort_by(|a, b| (&a.group, &a.plural).cmp(&(&b.group, &b.plural)));
        members
    }

    /// The name most like a word that names nothing, for "did you mean".
    pub fn suggest(&self, word: &str) -> Option<String> {
        self.ask(&Wanted::All);
        let word = word.to_lowercase();
        let kinds = self.snapshot();
        let names = kinds.sorted.iter().filter(|definition| definition.served).flat_map(|definition| {
            [definition.plural.clone(), definition.singular.clone(), definition.kind.to_lowercase()]
        });
        names
            .map(|name| (strsim::damerau_levenshtein(&name, &word), name.len().abs_diff(word.len()), name))
            .filter(|(distance, _, name)| *distance <= name.len().div_ceil(3))
            .min()
            .map(|(_, _, name)| name)
    }
}

fn is_named(definition: &ResourceDefinition, name: &str) -> bool {
    definition.plural == name || definition.singular == name || definition.kind.eq_ignore_ascii_case(name)
}

fn has_short_name(definition: &ResourceDefinition, name: &str) -> bool {
    definition.short_names.iter().any(|short| short == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme() -> Scheme {
        let scheme = Scheme::new();
        for (version, storage) in [("v1", true), ("v1alpha1", false)] {
            let mut item = ResourceDefinition::new("inventory.example.com", version, "Item", "items");
            item.storage = storage;
            item.short_names = vec!["itm".into()];
            item.categories = vec!["inventory".into()];
            scheme.register_definition(item).unwrap();
        }
        scheme
    }

    fn found(word: &str) -> Option<String> {
        scheme().find(word).map(|list| list.iter().map(|d| format!("{}/{}", d.version, d.kind)).collect())
    }

    #[test]
    fn every_name_of_a_kind_finds_it() {
        for word in ["items", "item", "itm", "Item", "ITEMS", "items.inventory.example.com", "inventory"] {
            assert_eq!(found(word).as_deref(), Some("v1/Item"), "{word}");
        }
        assert_eq!(found("items.v1alpha1.inventory.example.com").as_deref(), Some("v1alpha1/Item"));
        for word in ["items.v9.inventory.example.com", "items.other.example.com", "nopes", ""] {
            assert_eq!(found(word), None, "{word}");
        }
    }

    #[test]
    fn core_kinds_answer_to_their_short_names() {
        for (word, kind) in
            [("cm", "ConfigMap"), ("ns", "Namespace"), ("sa", "ServiceAccount"), ("ev", "Event")]
        {
            assert_eq!(found(word), Some(format!("v1/{kind}")), "{word}");
        }
        assert_eq!(found("crd").as_deref(), Some("v1/CustomResourceDefinition"));
    }

    #[test]
    fn a_near_miss_is_suggested() {
        assert_eq!(scheme().suggest("itemz").as_deref(), Some("items"));
        assert_eq!(scheme().suggest("secrts").as_deref(), Some("secrets"));
        assert_eq!(scheme().suggest("zzzzzzzz"), None);
    }
}
