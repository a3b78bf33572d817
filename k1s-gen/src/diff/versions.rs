//! The versions of a kind, by their names.

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::schema::{CompiledSchema, Structural};
use serde_json::Value;

use super::changes::{Both, Changes};
use super::compare::Readable;
use super::rules::{self, Rule};
use super::schema::{self, Found};
use super::{Error, views};

pub(super) fn compare(changes: &mut Changes<'_>) -> Result<(), Error> {
    storage(changes)?;
    let (old, new) = (changes.old, changes.new);
    for (index, version) in new.versions.iter().enumerate() {
        match position(old, &version.version) {
            Some(before) => {
                let both = Both { name: &version.version, old: before, new: index };
                of_version(changes, both)?;
            }
            None => added(changes, index, version),
        }
    }
    for (index, version) in old.versions.iter().enumerate() {
        if position(new, &version.version).is_none() {
            removed(changes, index, version);
        }
    }
    Ok(())
}

fn position(readable: &Readable<'_>, name: &str) -> Option<usize> {
    readable.versions.iter().position(|version| version.version == name)
}

fn added(changes: &mut Changes<'_>, index: usize, version: &ResourceDefinition) {
    let rule = if version.served { &rules::VERSION_ADDED } else { &rules::UNSERVED_VERSION_ADDED };
    // The old definition has all its versions in one place.
    let both = Both { name: &version.version, old: usize::MAX, new: index };
    changes.push_of(both, rule, "", None, Some(version.version.as_str().into()));
}

fn removed(changes: &mut Changes<'_>, index: usize, version: &ResourceDefinition) {
    let stored = changes.old.definition.crd["status"]["storedVersions"].as_array();
    let is_stored = stored.is_none_or(|stored| stored.iter().any(|name| *name == version.version.as_str()));
    let rule = match (version.served, is_stored) {
        (true, _) => &rules::VERSION_REMOVED,
        (false, true) => &rules::STORED_VERSION_REMOVED,
        (false, false) => &rules::UNUSED_VERSION_REMOVED,
    };
    let old_names: Vec<&str> = changes.old.versions.iter().map(|version| version.version.as_str()).collect();
    let come: Vec<&str> = changes
        .new
        .versions
        .iter()
        .map(|version| version.version.as_str())
        .filter(|name| !old_names.contains(name))
        .collect();
    let both = Both { name: &version.version, old: index, new: usize::MAX };
    let change = changes.push_of(both, rule, "", Some(version.version.as_str().into()), None);
    if !come.is_empty() {
        let come = come.join(", ");
        change.detail = Some(format!(
            "{come} is new: serve both until clients have moved and stored objects are written again"
        ));
    }
}

fn of_version(changes: &mut Changes<'_>, both: Both<'_>) -> Result<(), Error> {
    let (old, new) = (&changes.old.versions[both.old], &changes.new.versions[both.new]);
    match (old.served, new.served) {
        (true, false) => flag(changes, both, &rules::VERSION_NOT_SERVED, "served", true),
        (false, true) => flag(changes, both, &rules::VERSION_SERVED, "served", false),
        _ => {}
    }
    match (&old.deprecated, &new.deprecated) {
        (None, Some(_)) => flag(changes, both, &rules::VERSION_DEPRECATED, "deprecated", false),
        (Some(_), None) => flag(changes, both, &rules::VERSION_NOT_DEPRECATED, "deprecated", true),
        (Some(from), Some(to)) if from != to => {
            let (from, to) = (Some(from.as_str().into()), Some(to.as_str().into()));
            changes.push_of(both, &rules::DEPRECATION_WARNING_CHANGED, "deprecationWarning", from, to);
        }
        _ => {}
    }
    views::compare(changes, both);
    let (old, new) = (structural(changes.old, both.old)?, structural(changes.new, both.new)?);
    for found in schema::compare(&old, &new) {
        changes.push_found(both, found);
    }
    Ok(())
}

fn flag(changes: &mut Changes<'_>, both: Both<'_>, rule: &'static Rule, field: &str, was: bool) {
    changes.push_of(both, rule, field, Some(was.into()), Some((!was).into()));
}

fn structural(readable: &Readable<'_>, index: usize) -> Result<Structural, Error> {
    CompiledSchema::structural_of(&readable.versions[index]).map_err(|reason| Error::Unreadable {
        place: readable.definition.place(&format!("spec.versions[{index}].schema")),
        name: format!("{} {}", readable.name, readable.versions[index].version),
        reason,
    })
}

/// Which version is stored, and whether it can hold what the one before could.
fn storage(changes: &mut Changes<'_>) -> Result<(), Error> {
    let (old, new) = (changes.old, changes.new);
    let stored = |readable: &Readable<'_>| readable.versions.iter().position(|version| version.storage);
    let (Some(before), Some(after)) = (stored(old), stored(new)) else { return Ok(()) };
    let (from, to) = (&old.versions[before].version, &new.versions[after].version);
    if from == to {
        return Ok(());
    }
    let shown = |name: &str| Some(Value::from(name));
    changes.push(&rules::STORAGE_VERSION_CHANGED, "spec.versions", shown(from), shown(to));
    if new.definition.crd["spec"]["conversion"]["strategy"] == "Webhook" {
        return Ok(());
    }
    let found = schema::compare(&structural(old, before)?, &structural(new, after)?);
    let lost: Vec<String> = found.into_iter().filter(loses).map(|found| found.field).collect();
    if !lost.is_empty() {
        let lost = lost.iter().map(|field| if field.is_empty() { "<root>" } else { field });
        let detail = format!("in {from} and not in {to}: {}", lost.collect::<Vec<_>>().join(", "));
        let change =
            changes.push(&rules::STORAGE_VERSION_LOSES_FIELDS, "spec.versions", shown(from), shown(to));
        change.detail = Some(detail);
    }
    Ok(())
}

/// Whether values that are there are dropped.
fn loses(found: &Found) -> bool {
    let losing = [
        &rules::FIELD_REMOVED,
        &rules::UNKNOWN_DROPPED,
        &rules::MAP_REMOVED,
        &rules::ITEMS_REMOVED,
        &rules::EMBEDDED_REMOVED,
    ];
    losing.iter().any(|rule| rule.id == found.difference.rule.id)
}
