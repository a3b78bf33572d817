//! Property names that are no CEL identifiers, and how expressions write them.
//!
//! Source: "Validation rules" in Kubernetes' documentation of CustomResourceDefinitions, and kube-apiserver's answers: `__`, `.`,
//! `-` and `/` are written `__underscores__`, `__dot__`, `__dash__` and `__slash__`; a name that is one of CEL's reserved words is
//! written `__word__`; names with other characters, or that begin with a digit, cannot be written.

use std::borrow::Cow;

use crate::reserved::needs_escape;

/// The escape of each sequence that identifiers cannot hold.
const SEQUENCES: [(&str, &str); 4] =
    [("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")];

/// How expressions write a property's name; none if they cannot.
///
/// ```
/// use k1s_cel::schema::escape;
///
/// assert_eq!(escape("x-y").as_deref(), Some("x__dash__y"));
/// assert_eq!(escape("namespace").as_deref(), Some("__namespace__"));
/// assert_eq!(escape("_y"). as_deref(), Some("_y"));
/// assert_eq!(escape("a b"), None);
/// ```
#[must_use]
pub fn escape(name: &str) -> Option<Cow<'_, str>> {
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    if needs_escape(name) {
        return Some(format!("__{name}__").into());
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-/".contains(&byte)) {
        return None;
    }
    if !name.contains("__") && !name.contains(['.', '-', '/']) {
        return Some(name.into());
    }
    let mut out = String::with_capacity(name.len() + 16);
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        match SEQUENCES.iter().find(|(sequence, _)| rest.starts_with(sequence)) {
            Some((sequence, escaped)) => {
                out.push_str(escaped);
                rest = &rest[sequence.len()..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    Some(out.into())
}

/// The property's name that an identifier stands for; none if it holds an escape that does not exist.
#[must_use]
pub fn unescape(identifier: &str) -> Option<Cow<'_, str>> {
    if !identifier.contains("__") {
        return Some(identifier.into());
    }
    if let Some(word) = identifier.strip_prefix("__").and_then(|rest| rest.strip_suffix("__"))
        && needs_escape(word)
    {
        return Some(word.into());
    }
    let mut out = String::with_capacity(identifier.len());
    let mut rest = identifier;
    while let Some(start) = rest.find("__") {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        // An escape is two underscores, a word without underscores, two underscores; other underscores stay.
        let word = rest[2..].find('_').map_or("", |end| &rest[2..2 + end]);
        let closed = !word.is_empty() && rest[2 + word.len()..].starts_with("__");
        if closed {
            let whole = &rest[..4 + word.len()];
            let (sequence, _) = SEQUENCES.iter().find(|(_, escaped)| *escaped == whole)?;
            out.push_str(sequence);
            rest = &rest[whole.len()..];
        } else {
            out.push('_');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Some(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for name in ["a", "a.b", "a-b/c", "__x", "x__", "a__b", "___", "_", "while", "true", "x_y", "a.__-"] {
            let written = escape(name).unwrap();
            assert_eq!(unescape(&written).as_deref(), Some(name), "{written}");
        }
    }

    #[test]
    fn unknown_escapes_are_refused() {
        assert_eq!(unescape("__illegal__"), None);
        assert_eq!(unescape("a__while__"), None);
        assert_eq!(escape("1a"), None);
        assert_eq!(escape("ä"), None);
        assert_eq!(escape(""), None);
    }
}
