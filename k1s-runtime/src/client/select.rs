//! Which objects a list or watch is about.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::status;

use super::core::Kind;
use super::{Error, Result, index};

/// Labels and fields that an object must have.
pub(crate) struct Selection {
    labels: Vec<Requirement>,
    fields: Vec<Requirement>,
}

struct Requirement {
    key: String,
    test: Test,
}

enum Test {
    Equals(String),
    Differs(String),
    Exists,
    Absent,
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

impl Selection {
    /// Reads selectors.
    ///
    /// # Errors
    /// 400 for text that is no selector, or a field that the kind cannot be selected by.
    pub(crate) fn parse(kind: &Kind, labels: &str, fields: &str) -> Result<Self> {
        let selection = Self { labels: requirements(labels), fields: requirements(fields) };
        for field in &selection.fields {
            let path = format!(".{}", field.key);
            let known = ["metadata.name", "metadata.namespace"].contains(&field.key.as_str())
                || kind.definition.selectable_fields.contains(&path);
            if !known {
                let message = format!("field label not supported: {}", field.key);
                return Err(Error::Api(status::bad_request(message)));
            }
        }
        Ok(selection)
    }

    /// Whether it selects every object.
    pub(crate) fn is_everything(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Whether an object's text is selected. Text that cannot be read is not.
    pub(crate) fn matches(&self, bytes: &[u8]) -> bool {
        if !self.labels.is_empty() {
            let Ok(object) = serde_json::from_slice::<Labelled<'_>>(bytes) else { return false };
            let labels = object.metadata.labels;
            if !self
                .labels
                .iter()
                .all(|wanted| wanted.holds(labels.get(wanted.key.as_str()).map(AsRef::as_ref)))
            {
                return false;
            }
        }
        if self.fields.is_empty() {
            return true;
        }
        let Ok(object) = serde_json::from_slice::<Map<String, Value>>(bytes) else { return false };
        self.fields.iter().all(|wanted| {
            let value = index::lookup(&object, &wanted.key).and_then(index::text_of).unwrap_or_default();
            wanted.holds(Some(&value))
        })
    }
}

impl Requirement {
    fn holds(&self, value: Option<&str>) -> bool {
        match &self.test {
            Test::Equals(wanted) => value == Some(wanted),
            Test::Differs(other) => value != Some(other),
            Test::Exists => value.is_some(),
            Test::Absent => value.is_none(),
        }
    }
}

fn requirements(text: &str) -> Vec<Requirement> {
    let parse = |part: &str| {
        let (key, test) = if let Some((key, value)) = part.split_once("!=") {
            (key, Test::Differs(value.trim().to_owned()))
        } else if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
            (key, Test::Equals(value.trim().to_owned()))
        } else if let Some(key) = part.strip_prefix('!') {
            (key, Test::Absent)
        } else {
            (part, Test::Exists)
        };
        Requirement { key: key.trim().to_owned(), test }
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(parse).collect()
}
