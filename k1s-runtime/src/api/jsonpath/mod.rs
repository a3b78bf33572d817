//! kubectl's JSONPath (`k8s.io/client-go/util/jsonpath`): templates of text and `{actions}`, with fields, lists, slices,
//! unions, filters, wildcards, recursive descent and `range … end`, and the same error texts.
//!
//! Maps are walked in key order, where Go has none.

mod compare;
mod eval;
mod parse;
mod quote;
mod text;

use std::borrow::Cow;

use serde_json::Value;

pub use text::go_text;

use crate::manifest;
use eval::Run;
use parse::Node;

/// Why a template was refused or could not be applied; prints what kubectl says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The template is malformed.
    #[error("{0}")]
    Syntax(String),
    /// A path that [`JsonPath::relaxed`] does not take.
    #[error(
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{{name1.name2}}' or '{{.name1.name2}}'"
    )]
    Relaxed,
    /// A field is not there, and missing fields are not allowed.
    #[error("{0} is not found")]
    NotFound(String),
    /// The template does not fit the object.
    #[error("{0}")]
    Evaluate(String),
    /// Filters, unions or ranges are nested more than 32 deep.
    #[error("jsonpath is nested more than {} deep", Template::MAX_DEPTH)]
    TooDeep,
    /// The template selects more than a million values, counting those on the way.
    #[error("jsonpath selects more than {} values", Template::MAX_VALUES)]
    TooMany,
}

/// A template, as `-o jsonpath=` takes it.
///
/// ```
/// use k1s_runtime::api::jsonpath::Template;
/// let list = serde_json::json!({"items": [{"name": "a", "n": 1}, {"name": "b", "n": 2}]});
/// let template = Template::parse(r#"{range .items[?(@.n>1)]}{.name}{"\n"}{end}"#)?;
/// assert_eq!(template.render(&list, true)?, "b\n");
/// # Ok::<(), k1s_runtime::api::jsonpath::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    nodes: Vec<Node>,
}

impl Template {
    /// How deep filters, unions and ranges nest.
    pub const MAX_DEPTH: usize = 32;

    /// How many values a template may select, those on the way included.
    pub const MAX_VALUES: usize = 1_000_000;

    /// Parses a template.
    ///
    /// # Errors
    /// What kubectl says of the text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Ok(Self { nodes: parse::template(text, 0)? })
    }

    /// What the template makes of a value. Several values of one action are parted by spaces; maps and lists are shown
    /// as JSON, strings bare. `allow_missing` lets missing fields select nothing.
    ///
    /// # Errors
    /// When the template does not fit the value.
    pub fn render(&self, value: &Value, allow_missing: bool) -> Result<String, Error> {
        let mut out = String::new();
        for group in Run::new(&self.nodes, allow_missing).find(value)? {
            for (index, found) in group.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                match found.as_ref() {
                    container @ (Value::Object(_) | Value::Array(_)) => {
                        out.push_str(&manifest::to_json_compact(container));
                    }
                    scalar => out.push_str(&go_text(scalar)),
                }
            }
        }
        Ok(out)
    }

    /// What the template makes of a value with `-o jsonpath-as-json`: each action's values as a JSON list.
    ///
    /// # Errors
    /// When the template does not fit the value.
    pub fn render_json(&self, value: &Value, allow_missing: bool) -> Result<String, Error> {
        let groups = Run::new(&self.nodes, allow_missing).find(value)?;
        let list =
            |group: Vec<Cow<'_, Value>>| Value::Array(group.into_iter().map(Cow::into_owned).collect());
        Ok(groups.into_iter().map(|group| manifest::to_json_pretty(&list(group))).collect())
    }

    /// The values that each action selects, text between actions included.
    ///
    /// # Errors
    /// When the template does not fit the value.
    pub fn find<'v>(&self, value: &'v Value, allow_missing: bool) -> Result<Vec<Vec<Cow<'v, Value>>>, Error> {
        Run::new(&self.nodes, allow_missing).find(value)
    }
}

/// A single path, as print columns, `--sort-by` and custom columns take it.
///
/// ```
/// use k1s_runtime::api::jsonpath::JsonPath;
/// let object = serde_json::json!({"metadata": {"labels": {"a.b": "x"}}});
/// let path = JsonPath::relaxed(r"metadata.labels.a\.b")?;
/// assert_eq!(path.first(&object)?.as_deref(), Some(&serde_json::json!("x")));
/// # Ok::<(), k1s_runtime::api::jsonpath::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct JsonPath {
    template: Template,
}

impl JsonPath {
    /// Parses a template of any form; the same as [`Template::parse`].
    ///
    /// # Errors
    /// What kubectl says of the text.
    pub fn parse_template(text: &str) -> Result<Template, Error> {
        Template::parse(text)
    }

    /// Parses the path of a print column, as `.spec.quantity`.
    ///
    /// # Errors
    /// What kube-apiserver says of the text.
    pub fn parse(path: &str) -> Result<Self, Error> {
        Ok(Self { template: Template::parse(&format!("{{{path}}}"))? })
    }

    /// Parses a path as `--sort-by` and custom columns take it: `name`, `.name`, `{name}` or `{.name}`.
    ///
    /// # Errors
    /// What kubectl says of the text.
    pub fn relaxed(text: &str) -> Result<Self, Error> {
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
        let path = inner.strip_prefix('.').filter(|rest| !rest.is_empty()).unwrap_or(inner);
        if text.is_empty() {
            return Ok(Self { template: Template { nodes: Vec::new() } });
        }
        if path.is_empty() || path.contains(['{', '}']) {
            return Err(Error::Relaxed);
        }
        Self::parse(&format!(".{path}"))
    }

    /// The values at the path; none where fields are missing.
    ///
    /// # Errors
    /// When the path does not fit the value, as an index into a map.
    pub fn find<'v>(&self, value: &'v Value) -> Result<Vec<Cow<'v, Value>>, Error> {
        Ok(self.template.find(value, true)?.into_iter().flatten().collect())
    }

    /// The first value at the path.
    ///
    /// # Errors
    /// As [`JsonPath::find`].
    pub fn first<'v>(&self, value: &'v Value) -> Result<Option<Cow<'v, Value>>, Error> {
        Ok(self.find(value)?.into_iter().next())
    }
}
