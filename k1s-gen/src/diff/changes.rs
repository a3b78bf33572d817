//! What is collected while two definitions are compared.

use serde_json::Value;

use super::change::Change;
use super::compare::Readable;
use super::rules::Rule;
use super::schema::Found;

/// The changes between two definitions, with their places.
pub(super) struct Changes<'d> {
    pub(super) old: &'d Readable<'d>,
    pub(super) new: &'d Readable<'d>,
    list: Vec<Change>,
}

/// A version on both sides.
#[derive(Clone, Copy)]
pub(super) struct Both<'d> {
    pub(super) name: &'d str,
    /// Its place in `spec.versions` of the old and the new definition.
    pub(super) old: usize,
    pub(super) new: usize,
}

impl<'d> Changes<'d> {
    pub(super) fn new(old: &'d Readable<'d>, new: &'d Readable<'d>) -> Self {
        Self { old, new, list: Vec::new() }
    }

    pub(super) fn into_list(self) -> Vec<Change> {
        self.list
    }

    /// Takes a change of a field of the definitions, given as `spec.names.kind`.
    pub(super) fn push(
        &mut self,
        rule: &'static Rule,
        field: &str,
        from: Option<Value>,
        to: Option<Value>,
    ) -> &mut Change {
        let pointer = format!("/{}", field.replace('.', "/"));
        self.place(rule, None, field, (&pointer, &pointer), from, to)
    }

    /// Takes a change of a version, whose fields are given from there: `subresources.scale`.
    pub(super) fn push_of(
        &mut self,
        version: Both<'_>,
        rule: &'static Rule,
        field: &str,
        from: Option<Value>,
        to: Option<Value>,
    ) -> &mut Change {
        let below = if field.is_empty() { String::new() } else { format!("/{}", field.replace('.', "/")) };
        let old = format!("/spec/versions/{}{below}", version.old);
        let new = format!("/spec/versions/{}{below}", version.new);
        self.place(rule, Some(version.name), field, (&old, &new), from, to)
    }

    /// Takes what is different between two schemas.
    pub(super) fn push_found(&mut self, version: Both<'_>, found: Found) {
        let Found { difference, field, old, new } = found;
        let old = format!("/spec/versions/{}/schema/openAPIV3Schema{old}", version.old);
        let new = format!("/spec/versions/{}/schema/openAPIV3Schema{new}", version.new);
        let (from, to) = (difference.from, difference.to);
        let change = self.place(difference.rule, Some(version.name), &field, (&old, &new), from, to);
        change.what = difference.what.to_owned();
        change.detail = difference.detail;
    }

    fn place(
        &mut self,
        rule: &'static Rule,
        version: Option<&str>,
        field: &str,
        (old, new): (&str, &str),
        from: Option<Value>,
        to: Option<Value>,
    ) -> &mut Change {
        let change = Change {
            rule,
            version: version.map(str::to_owned),
            field: field.to_owned(),
            what: String::new(),
            from,
            to,
            detail: None,
            old: self.old.definition.locate(old),
            new: self.new.definition.locate(new),
        };
        self.list.push(change);
        let last = self.list.len() - 1;
        &mut self.list[last]
    }
}
