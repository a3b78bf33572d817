//! Two sets of CustomResourceDefinitions: which belong together, and what became of each.

use std::collections::BTreeMap;

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::schema::crd;

use super::change::{Change, Comparison, KindChanges};
use super::changes::Changes;
use super::rules;
use super::{Error, names, versions};
use crate::source::Definition;

/// A definition that can be read.
pub(super) struct Readable<'d> {
    pub(super) definition: &'d Definition,
    pub(super) name: String,
    /// One for each entry of `spec.versions`.
    pub(super) versions: Vec<ResourceDefinition>,
}

impl<'d> Readable<'d> {
    fn read(definition: &'d Definition) -> Result<Self, Error> {
        let crd = &definition.crd;
        let versions = crd::definitions(crd).map_err(|reason| Error::Unreadable {
            place: definition.place("spec"),
            name: crd["metadata"]["name"].as_str().unwrap_or("a CustomResourceDefinition").to_owned(),
            reason,
        })?;
        // `definitions` answers with one at least.
        let name = versions.first().map(ResourceDefinition::qualified_resource).unwrap_or_default();
        Ok(Self { definition, name, versions })
    }

    /// What all versions have in common.
    pub(super) fn shared(&self) -> &ResourceDefinition {
        &self.versions[0]
    }

    fn group_and_kind(&self) -> (&str, &str) {
        (&self.shared().group, &self.shared().kind)
    }
}

/// Compares the definitions of kinds with those that are to replace them. Nothing depends on the order of either.
///
/// # Errors
/// When a definition cannot be read, and when one side has one twice.
///
/// ```
/// use k1s_gen::diff::{Class, compare};
/// use k1s_gen::source::Definition;
/// use serde_json::json;
/// let definition = |maximum: u32| Definition { origin: None, crd: json!({
///     "metadata": {"name": "items.example.com"},
///     "spec": {
///         "group": "example.com", "scope": "Namespaced", "names": {"kind": "Item", "plural": "items"},
///         "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
///             "type": "object", "properties": {"size": {"type": "integer", "maximum": maximum}},
///         }}}],
///     },
/// })};
/// let comparison = compare(&[definition(100)], &[definition(10)])?;
/// assert_eq!(comparison.worst(), Some(Class::Breaking));
/// let change = &comparison.kinds[0].changes[0];
/// assert_eq!(change.headline(), "size: bound tightened: maximum 100 → 10");
/// # Ok::<(), k1s_gen::diff::Error>(())
/// ```
pub fn compare(old: &[Definition], new: &[Definition]) -> Result<Comparison, Error> {
    let (mut old, new) = (by_name(old)?, by_name(new)?);
    let mut comparison = Comparison::default();
    let mut come = Vec::new();
    let mut pairs = Vec::new();
    for (name, new) in new {
        match old.remove(&name) {
            Some(old) => pairs.push((old, new)),
            None => come.push(new),
        }
    }
    // A kind that has another plural now.
    for new in come {
        let same = old.values().find(|old| old.group_and_kind() == new.group_and_kind());
        match same.map(|old| old.name.clone()).and_then(|name| old.remove(&name)) {
            Some(old) => pairs.push((old, new)),
            None => comparison.kinds.push(alone(&new, true)),
        }
    }
    comparison.kinds.extend(old.values().map(|old| alone(old, false)));
    comparison.compared = comparison.kinds.len() + pairs.len();
    for (old, new) in pairs {
        let changes = pair(&old, &new)?;
        if !changes.is_empty() {
            comparison.kinds.push(KindChanges { changes, ..of_kind(&new) });
        }
    }
    comparison.kinds.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(comparison)
}

fn by_name(definitions: &[Definition]) -> Result<BTreeMap<String, Readable<'_>>, Error> {
    let mut found: BTreeMap<String, Readable<'_>> = BTreeMap::new();
    for definition in definitions {
        let readable = Readable::read(definition)?;
        if let Some(first) = found.get(&readable.name) {
            let place = first.definition.place("");
            return Err(Error::Twice {
                name: readable.name,
                first: match place.trim_end_matches(": ") {
                    "" => String::new(),
                    place => format!("the first is at {place}"),
                },
                second: definition.place(""),
            });
        }
        found.insert(readable.name.clone(), readable);
    }
    Ok(found)
}

fn of_kind(readable: &Readable<'_>) -> KindChanges {
    let kind = readable.shared().kind.clone();
    KindChanges { name: readable.name.clone(), kind, changes: Vec::new() }
}

/// A kind that only one side has.
fn alone(readable: &Readable<'_>, is_new: bool) -> KindChanges {
    let place = readable.definition.locate("/metadata/name");
    let (old, new) = if is_new { (None, place) } else { (place, None) };
    let rule = if is_new { &rules::KIND_ADDED } else { &rules::KIND_REMOVED };
    let kind = Some(readable.shared().kind.as_str().into());
    let (from, to) = if is_new { (None, kind) } else { (kind, None) };
    let (field, what) = (String::new(), String::new());
    let change = Change { rule, version: None, field, what, from, to, detail: None, old, new };
    KindChanges { changes: vec![change], ..of_kind(readable) }
}

fn pair(old: &Readable<'_>, new: &Readable<'_>) -> Result<Vec<Change>, Error> {
    let mut changes = Changes::new(old, new);
    names::compare(&mut changes);
    versions::compare(&mut changes)?;
    Ok(changes.into_list())
}
