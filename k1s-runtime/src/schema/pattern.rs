//! `pattern`: regular expressions in Go's syntax, which `k1s-cel` reads.

use std::sync::OnceLock;

use k1s_cel::functions::regex::compile;
use regex::Regex;

/// A pattern that is compiled when it is first matched.
#[derive(Debug)]
pub(super) struct Pattern {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), compiled: OnceLock::new() }
    }

    /// The pattern as written.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Whether the text contains a match. `None` if the pattern is not a regular expression.
    pub(super) fn is_match(&self, text: &str) -> Option<bool> {
        let regex = self.compiled.get_or_init(|| compile(&self.source).ok());
        regex.as_ref().map(|regex| regex.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_go_does() {
        assert_eq!(Pattern::new(r"^\d+$").is_match("12"), Some(true));
        assert_eq!(Pattern::new(r"^\d+$").is_match("١٢"), Some(false));
        assert_eq!(Pattern::new("(").is_match(""), None);
    }
}
