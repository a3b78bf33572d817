//! What can be wrong with a source.

use std::fmt;
use std::sync::Arc;

use super::limits::Limit;
use super::positions::Position;

/// A place in a named source; prints as `file:line:column`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Name of the source, as the user gave it.
    pub source: Arc<str>,
    /// Line and column.
    pub position: Position,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source, self.position.line, self.position.column)
    }
}

/// A source that cannot be read.
///
/// `Display` gives `file:line:column: problem`; [`Error::kubectl_message`] gives kubectl's words instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not YAML, or YAML that has no JSON counterpart.
    #[error("{location}: {problem}")]
    Yaml {
        /// Where.
        location: Location,
        /// What is wrong.
        problem: String,
        /// What to do about it, if known.
        hint: Option<&'static str>,
        /// kubectl's words for it, without `error converting YAML to JSON: `.
        kubectl: String,
    },
    /// The text starts as JSON and is not JSON.
    #[error("{location}: {problem}")]
    Json {
        /// Where.
        location: Location,
        /// What is wrong, in the words of Go's decoder.
        problem: String,
        /// Bytes read before the fault was found, counted from the start of the source; `None` if the text just ends.
        offset: Option<usize>,
    },
    /// A bound was hit.
    #[error("{location}: limit {limit} of {max} exceeded")]
    Limit {
        /// Where.
        location: Location,
        /// Which bound.
        limit: Limit,
        /// Its value.
        max: usize,
    },
}

impl Error {
    /// Where the fault is.
    pub fn location(&self) -> &Location {
        match self {
            Error::Yaml { location, .. } | Error::Json { location, .. } | Error::Limit { location, .. } => {
                location
            }
        }
    }

    /// What to do about it, if known.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Yaml { hint, .. } => *hint,
            Error::Json { .. } => None,
            Error::Limit { limit: Limit::SourceBytes | Limit::Documents, .. } => Some("split the file"),
            Error::Limit { limit: Limit::ScalarBytes, .. } => Some("keep large data in a file of its own"),
            Error::Limit { limit: Limit::AliasBytes, .. } => {
                Some("write the repeated values out, or use fewer aliases")
            }
            Error::Limit { .. } => Some("split the document, or nest it less deeply"),
        }
    }

    /// What kubectl says between `error parsing FILE: ` and the end of the line.
    pub fn kubectl_message(&self) -> String {
        match self {
            Error::Yaml { kubectl, .. } => format!("error converting YAML to JSON: {kubectl}"),
            _ => self.decoder_message(),
        }
    }

    /// The words of the Go decoder alone, as kubectl shows them for a value given on the command line.
    pub fn decoder_message(&self) -> String {
        match self {
            Error::Yaml { kubectl, .. } => kubectl.clone(),
            Error::Json { problem, offset: Some(offset), .. } => format!("json: offset {offset}: {problem}"),
            Error::Json { problem, offset: None, .. } => problem.clone(),
            Error::Limit { limit: Limit::AliasBytes, .. } => {
                "yaml: document contains excessive aliasing".to_owned()
            }
            Error::Limit { limit, max, .. } => format!("limit {limit} of {max} exceeded"),
        }
    }
}
