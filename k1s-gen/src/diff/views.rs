//! What a version offers besides its objects: subresources, selectable fields, print columns.

use k1s_runtime::api::{PrintColumn, ResourceDefinition};
use serde_json::Value;

use super::changes::{Both, Changes};
use super::rules;

pub(super) fn compare(changes: &mut Changes<'_>, both: Both<'_>) {
    let (old, new) = (&changes.old.versions[both.old], &changes.new.versions[both.new]);
    match (old.status, new.status) {
        (false, true) => {
            changes.push_of(both, &rules::STATUS_ADDED, "subresources.status", None, None);
        }
        (true, false) => {
            changes.push_of(both, &rules::STATUS_REMOVED, "subresources.status", None, None);
        }
        _ => {}
    }
    scale(changes, both, old, new);
    for path in old.selectable_fields.iter().filter(|path| !new.selectable_fields.contains(path)) {
        let from = Some(path.as_str().into());
        changes.push_of(both, &rules::SELECTABLE_FIELD_REMOVED, "selectableFields", from, None);
    }
    for path in new.selectable_fields.iter().filter(|path| !old.selectable_fields.contains(path)) {
        let to = Some(path.as_str().into());
        changes.push_of(both, &rules::SELECTABLE_FIELD_ADDED, "selectableFields", None, to);
    }
    columns(changes, both, &shown_columns(old), &shown_columns(new));
}

fn scale(changes: &mut Changes<'_>, both: Both<'_>, old: &ResourceDefinition, new: &ResourceDefinition) {
    let field = "subresources.scale";
    let (old, new) = match (&old.scale, &new.scale) {
        (None, None) => return,
        (None, Some(_)) => {
            changes.push_of(both, &rules::SCALE_ADDED, field, None, None);
            return;
        }
        (Some(_), None) => {
            changes.push_of(both, &rules::SCALE_REMOVED, field, None, None);
            return;
        }
        (Some(old), Some(new)) => (old, new),
    };
    let paths = [
        ("specReplicasPath", Some(&old.spec_replicas_path), Some(&new.spec_replicas_path)),
        ("statusReplicasPath", Some(&old.status_replicas_path), Some(&new.status_replicas_path)),
        ("labelSelectorPath", old.label_selector_path.as_ref(), new.label_selector_path.as_ref()),
    ];
    for (name, from, to) in paths.into_iter().filter(|(_, from, to)| from != to) {
        let rule = if from.is_none() { &rules::SCALE_SELECTOR_ADDED } else { &rules::SCALE_PATH_CHANGED };
        let value = |path: Option<&String>| path.map(|path| Value::from(path.as_str()));
        changes.push_of(both, rule, &format!("{field}.{name}"), value(from), value(to));
    }
}

/// The columns that a table has; an API server shows the age where there are none.
fn shown_columns(definition: &ResourceDefinition) -> Vec<PrintColumn> {
    definition.columns.clone().unwrap_or_else(|| {
        vec![PrintColumn {
            name: "Age".to_owned(),
            type_: "date".to_owned(),
            format: String::new(),
            description: String::new(),
            priority: 0,
            json_path: ".metadata.creationTimestamp".to_owned(),
        }]
    })
}

fn columns(changes: &mut Changes<'_>, both: Both<'_>, old: &[PrintColumn], new: &[PrintColumn]) {
    let field = "additionalPrinterColumns";
    let find =
        |columns: &[PrintColumn], name: &str| columns.iter().find(|column| column.name == name).cloned();
    for column in old.iter().filter(|column| find(new, &column.name).is_none()) {
        changes.push_of(both, &rules::COLUMN_REMOVED, field, Some(column.name.as_str().into()), None);
    }
    for column in new {
        let Some(before) = find(old, &column.name) else {
            changes.push_of(both, &rules::COLUMN_ADDED, field, None, Some(column.name.as_str().into()));
            continue;
        };
        let values = |column: &PrintColumn| {
            Value::from(format!("{} {} {}", column.type_, column.format, column.json_path).replace("  ", " "))
        };
        let (from, to) = (values(&before), values(column));
        let is_changed = from != to;
        let is_restyled = (&before.description, before.priority) != (&column.description, column.priority);
        if is_changed {
            let change = changes.push_of(both, &rules::COLUMN_CHANGED, field, Some(from), Some(to));
            change.what.clone_from(&column.name);
        }
        if is_restyled {
            let change = changes.push_of(both, &rules::COLUMN_RESTYLED, field, None, None);
            change.what.clone_from(&column.name);
        }
    }
    let order = |columns: &[PrintColumn], others: &[PrintColumn]| -> Vec<String> {
        let names = columns.iter().map(|column| column.name.clone());
        names.filter(|name| find(others, name).is_some()).collect()
    };
    let (from, to) = (order(old, new), order(new, old));
    if from != to {
        changes.push_of(both, &rules::COLUMN_RESTYLED, field, Some(from.into()), Some(to.into()));
    }
}
