//! Which objects a list or watch is about.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::{FieldSelector, LabelSelector, selector, status};
use crate::scheme;
use crate::storage::IndexMatch;

use super::core::Kind;
use super::kinds::Builtin;
use super::{Error, Result, encode, index};

/// Labels and fields that an object must have.
pub(crate) struct Selection {
    labels: LabelSelector,
    fields: FieldSelector,
    /// Whether fields other than the name and namespace are asked for.
    deep: bool,
}

#[derive(Deserialize)]
struct Labelled<'a> {
    #[serde(borrow)]
    metadata: Labels<'a>,
}

#[derive(Deserialize)]
struct Labels<'a> {
    #[serde(borrow, default)]
    labels: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    metadata: Name<'a>,
}

#[derive(Deserialize)]
struct Name<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    namespace: Cow<'a, str>,
}

impl Selection {
    /// Reads selectors.
    ///
    /// # Errors
    /// 400 for text that is no selector, or a field that the kind cannot be selected by.
    pub(crate) fn parse(kind: &Kind, labels: &str, fields: &str) -> Result<Self> {
        let refuse = |error: selector::Error| Error::Api(status::bad_request(error.to_string()));
        let labels = LabelSelector::parse(labels).map_err(refuse)?;
        let fields = FieldSelector::parse(fields).map_err(refuse)?;
        let mut deep = false;
        for requirement in fields.requirements() {
            let field = requirement.field.as_str();
            deep |= !is_shallow(field);
            if !is_selectable(kind, field) {
                let message = if matches!(kind.builtin, None | Some(Builtin::Event | Builtin::Namespace)) {
                    format!("field label not supported: {field}")
                } else {
                    format!(
                        "\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                    )
                };
                return Err(Error::Api(status::bad_request(message)));
            }
        }
        Ok(Self { labels, fields, deep })
    }

    /// Whether it selects every object.
    pub(crate) fn is_everything(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// An index entry that all selected objects have. Entries are those of the version that an object was stored in; where a field
    /// may be another in another version, nobody can go by them.
    pub(crate) fn hint<'a>(&'a self, kind: &'a Kind) -> Option<IndexMatch<'a>> {
        if !kind.is_stored() || scheme::has_conversions(&kind.family.definitions) {
            return None;
        }
        let mut wanted = self.fields.requirements().iter().filter(|requirement| !requirement.negated);
        wanted.find_map(|requirement| {
            let index = indexed(kind, &requirement.field)?;
            Some(IndexMatch { index, value: &requirement.value })
        })
    }

    /// Whether an object is selected in a version of its kind; `bytes` are in the version that it is stored in. What cannot be
    /// converted is selected, so that whoever goes on to show it says why.
    pub(crate) fn matches_in(&self, kind: &Kind, bytes: &[u8]) -> bool {
        if self.is_everything() {
            return true;
        }
        // Without conversions versions have the metadata in common.
        let as_stored = !self.deep && !scheme::has_conversions(&kind.family.definitions);
        if as_stored || encode::is_in_version(bytes, &kind.api_version) {
            return self.matches(bytes);
        }
        let Ok(object) = encode::object_in_version(bytes, kind) else { return true };
        let labels = object.labels();
        self.labels.matches_with(|key| labels.get(key).copied())
            && self.fields.matches(|field| field_value(&object.0, field))
    }

    /// Whether an object's text is selected. Text that cannot be read is not.
    pub(crate) fn matches(&self, bytes: &[u8]) -> bool {
        if !self.labels.is_empty() {
            let Ok(object) = serde_json::from_slice::<Labelled<'_>>(bytes) else { return false };
            let labels = object.metadata.labels;
            if !self.labels.matches_with(|key| labels.get(key).map(AsRef::as_ref)) {
                return false;
            }
        }
        if self.fields.is_empty() {
            return true;
        }
        if self.deep {
            let Ok(object) = serde_json::from_slice::<Map<String, Value>>(bytes) else { return false };
            return self.fields.matches(|field| field_value(&object, field));
        }
        let Ok(object) = serde_json::from_slice::<Named<'_>>(bytes) else { return false };
        let (name, namespace) = (&object.metadata.name, &object.metadata.namespace);
        self.fields.matches(|field| Some(if field == "metadata.name" { name } else { namespace }))
    }
}

fn is_shallow(field: &str) -> bool {
    matches!(field, "metadata.name" | "metadata.namespace")
}

fn is_selectable(kind: &Kind, field: &str) -> bool {
    match (kind.builtin, field) {
        (_, "metadata.name") => true,
        (builtin, "metadata.namespace") => builtin.is_none() || kind.definition.is_namespaced(),
        (Some(Builtin::Namespace), "status.phase" | "name") => true,
        _ => {
            kind.definition.selectable_fields.iter().any(|path| path.strip_prefix('.') == Some(field))
                || indexed(kind, field).is_some()
        }
    }
}

/// The index of a field, if its kind declares one.
fn indexed<'a>(kind: &'a Kind, field: &str) -> Option<&'a str> {
    let mut paths = kind.definition.indexes.iter().map(String::as_str);
    paths.find(|path| path.strip_prefix('.').unwrap_or(path) == field)
}

fn field_value(object: &Map<String, Value>, field: &str) -> Option<String> {
    let path = match field {
        "name" => "metadata.name",
        // An event's source is its component.
        "source" => "source.component",
        other => other,
    };
    index::lookup(object, path).and_then(index::text_of)
}
