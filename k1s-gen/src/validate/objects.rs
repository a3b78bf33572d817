//! Objects that stand more than once in what is validated: of two manifests with one identity, the one that is applied later wins silently.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;
use std::sync::Arc;

use super::finding::{Finding, ObjectRef, Severity, Span};
use super::{identity, rules};

/// An object in its place.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'p> {
    /// What it is. One that has only a `generateName` must not be passed: it is a new object every time.
    pub object: &'p ObjectRef,
    /// Whether its kind lives in namespaces; objects of such a kind without a namespace are in the default one. `None` if that is not
    /// known: the namespace is then what the object says.
    pub namespaced: Option<bool>,
    /// Name of its source.
    pub source: &'p Arc<str>,
    /// Where its name stands, or the document if nothing better is known.
    pub span: Span,
}

/// The objects that were seen, by hashes: some 40 bytes each, whatever their names.
///
/// ```
/// use std::sync::Arc;
/// use k1s_gen::validate::objects::{Objects, Placed};
/// use k1s_gen::validate::{ObjectRef, Span};
///
/// let item = ObjectRef { api_version: "shop.example.com/v1".into(), kind: "Item".into(), name: "hammer".into(), ..ObjectRef::default() };
/// let same = ObjectRef { api_version: "shop.example.com/v2".into(), namespace: "default".into(), ..item.clone() };
/// let source: Arc<str> = "items.yaml".into();
/// let mut objects = Objects::new("default");
/// let placed = |object| Placed { object, namespaced: Some(true), source: &source, span: Span::default() };
/// assert!(objects.add(&placed(&item)).is_none());
/// assert_eq!(objects.add(&placed(&same)).unwrap().rule, "duplicate-object");
/// ```
#[derive(Debug)]
pub struct Objects {
    default_namespace: String,
    seen: HashMap<u128, First>,
    /// Names of sources that have objects.
    sources: Vec<Arc<str>>,
    hashers: [RandomState; 2],
}

/// Where an object was seen first.
#[derive(Clone, Copy, Debug)]
struct First {
    source: u32,
    line: u32,
    column: u32,
}

impl Objects {
    /// None yet. Objects of namespaced kinds that name no namespace are in the default one.
    pub fn new(default_namespace: impl Into<String>) -> Self {
        Self {
            default_namespace: default_namespace.into(),
            seen: HashMap::new(),
            sources: Vec::new(),
            hashers: [RandomState::new(), RandomState::new()],
        }
    }

    /// Takes one more object; answers with the finding if there was one of its group, kind, namespace and name already. To be called in
    /// the order of the sources, so that the answers do not depend on who was read first. Objects without a kind or name are let pass.
    pub fn add(&mut self, placed: &Placed<'_>) -> Option<Finding> {
        let ObjectRef { api_version, kind, namespace, name } = placed.object;
        if kind.is_empty() || name.is_empty() {
            return None;
        }
        let namespace = match (placed.namespaced, namespace.as_str()) {
            (Some(false), _) => "",
            (Some(true), "") => &self.default_namespace,
            (Some(true) | None, given) => given,
        };
        let identity = (identity::group(api_version), kind, namespace, name);
        // Two hashes with keys of their own: 128 bits, which nobody can aim at.
        let [high, low] =
            [&self.hashers[0], &self.hashers[1]].map(|hasher| u128::from(hasher.hash_one(identity)));
        let entry = match self.seen.entry(high << 64 | low) {
            Entry::Occupied(entry) => entry,
            Entry::Vacant(entry) => {
                if self.sources.last() != Some(placed.source) {
                    self.sources.push(placed.source.clone());
                }
                let source = u32::try_from(self.sources.len() - 1).unwrap_or(u32::MAX);
                let start = placed.span.start;
                entry.insert(First { source, line: start.line, column: start.column });
                return None;
            }
        };
        let First { source, line, column } = *entry.get();
        let source = self.sources.get(source as usize).map_or("another source", |source| source);
        Some(Finding {
            severity: Severity::Error,
            rule: rules::DUPLICATE_OBJECT,
            field: "metadata.name".to_owned(),
            message: format!("{} is already at {source}:{line}:{column}", placed.object),
            hint: Some(
                "rename or remove one of the two; applied together, the later one overwrites the other"
                    .to_owned(),
            ),
            span: Some(placed.span),
        })
    }
}

impl Default for Objects {
    /// With `default` as the namespace of those that name none.
    fn default() -> Self {
        Self::new("default")
    }
}

#[cfg(test)]
mod tests {
    use k1s_runtime::manifest::Position;

    use super::*;

    fn object(api_version: &str, kind: &str, namespace: &str, name: &str) -> ObjectRef {
        ObjectRef {
            api_version: api_version.into(),
            kind: kind.into(),
            namespace: namespace.into(),
            name: name.into(),
        }
    }

    fn add(
        objects: &mut Objects,
        object: &ObjectRef,
        namespaced: impl Into<Option<bool>>,
        source: &str,
        line: u32,
    ) -> Option<String> {
        let start = Position { line, column: 9 };
        let span = Span { start, end: start };
        let finding = objects.add(&Placed {
            object,
            namespaced: namespaced.into(),
            source: &Arc::from(source),
            span,
        })?;
        assert_eq!((finding.rule, finding.span), ("duplicate-object", Some(span)));
        Some(finding.message)
    }

    #[test]
    fn the_second_of_an_identity_is_told_with_the_place_of_the_first() {
        let mut objects = Objects::default();
        let web = object("apps/v1", "Deployment", "", "web");
        assert_eq!(add(&mut objects, &web, true, "a.yaml", 4), None);
        assert_eq!(add(&mut objects, &object("v1", "Service", "", "web"), true, "a.yaml", 14), None);
        assert_eq!(
            add(&mut objects, &web, true, "b.yaml", 7).unwrap(),
            "Deployment web is already at a.yaml:4:9"
        );
        let default = object("apps/v1beta1", "Deployment", "default", "web");
        assert_eq!(
            add(&mut objects, &default, true, "c.yaml", 8).unwrap(),
            "Deployment default/web is already at a.yaml:4:9"
        );
    }

    #[test]
    fn others_are_let_pass() {
        let mut objects = Objects::new("tools");
        let none = |object: &ObjectRef, namespaced, objects: &mut Objects| {
            assert_eq!(add(objects, object, namespaced, "a.yaml", 1), None, "{object:?}");
        };
        none(&object("v1", "ConfigMap", "", "a"), true, &mut objects);
        none(&object("v1", "ConfigMap", "default", "a"), true, &mut objects);
        none(&object("v1", "ConfigMap", "", "b"), true, &mut objects);
        none(&object("v1", "Secret", "", "a"), true, &mut objects);
        none(&object("example.com/v1", "Secret", "", "a"), true, &mut objects);
        none(&object("v1", "Namespace", "", "a"), false, &mut objects);
        for _ in 0..2 {
            none(&object("v1", "ConfigMap", "", ""), true, &mut objects);
            none(&object("", "", "", "a"), true, &mut objects);
        }
        assert!(add(&mut objects, &object("v1", "ConfigMap", "tools", "a"), true, "b.yaml", 1).is_some());
        // A cluster-wide kind has no namespaces, whatever the manifest says.
        assert!(add(&mut objects, &object("v1", "Namespace", "x", "a"), false, "b.yaml", 1).is_some());
        // Of a kind that nobody knows, only what is written the same is the same.
        for namespace in ["", "tools"] {
            let widget = object("v1", "Widget", namespace, "a");
            assert_eq!(add(&mut objects, &widget, None, "a.yaml", 1), None);
            assert!(add(&mut objects, &widget, None, "b.yaml", 1).is_some());
        }
    }

    #[test]
    fn names_do_not_run_together() {
        let mut objects = Objects::default();
        assert_eq!(add(&mut objects, &object("v1", "AB", "c", "d"), true, "a.yaml", 1), None);
        assert_eq!(add(&mut objects, &object("v1", "A", "Bc", "d"), true, "a.yaml", 2), None);
        assert_eq!(add(&mut objects, &object("v1", "AB", "cd", ""), true, "a.yaml", 3), None);
    }
}
