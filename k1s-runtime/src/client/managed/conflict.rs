//! Conflicts with other owners, as the server tells of them.

use std::collections::BTreeMap;

use kube_core::response::{Status, StatusCause};

use crate::api::{gotext, status};

use super::element::PathElement;
use super::entries::{Manager, Operation};
use super::set::FieldSet;

/// A field that another manager owns.
#[derive(Clone, Debug)]
pub(super) struct Conflict {
    pub(super) manager: Manager,
    pub(super) path: Vec<PathElement>,
}

impl Conflict {
    fn path_text(&self) -> String {
        self.path.iter().map(ToString::to_string).collect()
    }
}

/// The fields of a set, each a conflict with their owner.
pub(super) fn with(manager: &Manager, fields: &FieldSet) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    fields.visit(&mut Vec::new(), &mut |path| {
        conflicts.push(Conflict { manager: manager.clone(), path: path.to_vec() });
    });
    conflicts
}

/// 409 with a cause for each field.
pub(super) fn status(conflicts: &[Conflict]) -> Box<Status> {
    let causes = conflicts.iter().map(|conflict| StatusCause {
        reason: "FieldManagerConflict".to_owned(),
        message: format!("conflict with {}", shown(&conflict.manager)),
        field: conflict.path_text(),
    });
    status::apply_conflict(message(conflicts), causes.collect())
}

fn message(conflicts: &[Conflict]) -> String {
    if let [only] = conflicts {
        let manager = shown(&only.manager);
        return format!("Apply failed with 1 conflict: conflict with {manager}: {}", only.path_text());
    }
    let mut by_manager: BTreeMap<&Manager, Vec<String>> = BTreeMap::new();
    for conflict in conflicts {
        by_manager.entry(&conflict.manager).or_default().push(conflict.path_text());
    }
    let mut lines = Vec::new();
    for (manager, paths) in by_manager {
        lines.push(format!("conflicts with {}:", shown(manager)));
        lines.extend(paths.iter().map(|path| format!("- {path}")));
    }
    format!("Apply failed with {} conflicts: {}", conflicts.len(), lines.join("\n"))
}

/// A manager as messages name it. The version is told of those that wrote without applying.
fn shown(manager: &Manager) -> String {
    let mut text = gotext::quote(&manager.name);
    if !manager.subresource.is_empty() {
        text = format!("{text} with subresource {}", gotext::quote(&manager.subresource));
    }
    match manager.operation {
        Operation::Update => format!("{text} using {}", manager.api_version),
        Operation::Apply => text,
    }
}
