//! `pattern`: Go's regular expressions, as `k1s-cel` reads them.

use std::sync::OnceLock;

use k1s_cel::functions::regex;

/// A pattern that is compiled when it is first matched.
#[derive(Debug)]
pub(super) struct Pattern {
    source: String,
    compiled: OnceLock<Option<::regex::Regex>>,
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
        let regex = self.compiled.get_or_init(|| regex::compile(&self.source).ok());
        regex.as_ref().map(|regex| regex.is_match(text))
    }
}

/// What Go says of a pattern that it does not take, as ``error parsing regexp: missing closing ): `a(` ``.
pub(super) fn fault(source: &str) -> Option<String> {
    regex::compile(source).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_gos() {
        assert_eq!(Pattern::new(r"^\d{2,3}$").is_match("١٢"), Some(false));
        assert_eq!(Pattern::new("(").is_match(""), None);
        assert_eq!(
            fault("a**").as_deref(),
            Some("error parsing regexp: invalid nested repetition operator: `**`")
        );
        assert_eq!(fault("^a{,2}$"), None);
    }
}
