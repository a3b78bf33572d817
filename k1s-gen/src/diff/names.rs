//! What all versions of a kind share: names, scope, conversion.

use k1s_runtime::api::Scope;
use serde_json::Value;

use super::changes::Changes;
use super::rules::{self, Rule};

pub(super) fn compare(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old.shared(), changes.new.shared());
    let scope = |scope: Scope| if scope == Scope::Cluster { "Cluster" } else { "Namespaced" };
    let words: [(&'static Rule, &str, &str, &str); 5] = [
        (&rules::KIND_RENAMED, "spec.names.kind", &old.kind, &new.kind),
        (&rules::PLURAL_RENAMED, "spec.names.plural", &old.plural, &new.plural),
        (&rules::LIST_KIND_CHANGED, "spec.names.listKind", &old.list_kind, &new.list_kind),
        (&rules::SINGULAR_CHANGED, "spec.names.singular", &old.singular, &new.singular),
        (&rules::SCOPE_CHANGED, "spec.scope", scope(old.scope), scope(new.scope)),
    ];
    for (rule, field, from, to) in words {
        if from != to {
            changes.push(rule, field, Some(from.into()), Some(to.into()));
        }
    }
    let short_names = (&rules::SHORT_NAME_REMOVED, &rules::SHORT_NAME_ADDED);
    set(changes, short_names, "spec.names.shortNames", &old.short_names, &new.short_names);
    let categories = (&rules::CATEGORY_REMOVED, &rules::CATEGORY_ADDED);
    set(changes, categories, "spec.names.categories", &old.categories, &new.categories);
    conversion(changes);
    preserving(changes);
    if old.labels != new.labels {
        let map = |map: &_| serde_json::to_value(map).ok();
        changes.push(&rules::METADATA_CHANGED, "metadata.labels", map(&old.labels), map(&new.labels));
    }
    if old.annotations != new.annotations {
        let map = |map: &_| serde_json::to_value(map).ok();
        let (from, to) = (map(&old.annotations), map(&new.annotations));
        changes.push(&rules::METADATA_CHANGED, "metadata.annotations", from, to);
    }
}

/// Compares lists whose order means nothing.
fn set(
    changes: &mut Changes<'_>,
    (removed, added): (&'static Rule, &'static Rule),
    field: &str,
    old: &[String],
    new: &[String],
) {
    for name in old.iter().filter(|name| !new.contains(name)) {
        changes.push(removed, field, Some(name.as_str().into()), None);
    }
    for name in new.iter().filter(|name| !old.contains(name)) {
        changes.push(added, field, None, Some(name.as_str().into()));
    }
}

fn conversion(changes: &mut Changes<'_>) {
    let (old, new) = (&changes.old.definition.crd["spec"], &changes.new.definition.crd["spec"]);
    let (old, new) = (&old["conversion"], &new["conversion"]);
    let strategy = |conversion: &Value| conversion["strategy"].as_str().unwrap_or("None").to_owned();
    let (from, to) = (strategy(old), strategy(new));
    if from == to {
        if from == "Webhook" && old["webhook"] != new["webhook"] {
            let (from, to) = (Some(old["webhook"].clone()), Some(new["webhook"].clone()));
            changes.push(&rules::CONVERSION_WEBHOOK_CHANGED, "spec.conversion.webhook", from, to);
        }
        return;
    }
    let rule = if changes.old.versions.len() == 1 && from == "None" {
        &rules::CONVERSION_ADDED
    } else {
        &rules::CONVERSION_CHANGED
    };
    changes.push(rule, "spec.conversion.strategy", Some(from.into()), Some(to.into()));
}

fn preserving(changes: &mut Changes<'_>) {
    let flag = |crd: &Value| crd["spec"]["preserveUnknownFields"] == true;
    let (from, to) = (flag(&changes.old.definition.crd), flag(&changes.new.definition.crd));
    if from != to {
        let rule = if to { &rules::UNKNOWN_FIELDS_KEPT } else { &rules::UNKNOWN_FIELDS_PRUNED };
        changes.push(rule, "spec.preserveUnknownFields", Some(from.into()), Some(to.into()));
    }
}
