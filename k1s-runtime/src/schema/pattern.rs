//! `pattern`: Go's RE2 syntax on the `regex` crate.
//!
//! Both are RE2 descendants; they differ in what is ASCII only (`\d \w \s \b`), in how literal a lone `{` or a `[` inside a
//! class is, and in octal escapes. [`translate`] rewrites those.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// How large a compiled pattern may grow, in bytes.
const SIZE_LIMIT: usize = 4 << 20;

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
        let regex = self.compiled.get_or_init(|| compile(&self.source));
        regex.as_ref().map(|regex| regex.is_match(text))
    }
}

/// Compiles a pattern in Go's syntax. `None` if it is not one.
pub(super) fn compile(source: &str) -> Option<Regex> {
    RegexBuilder::new(&translate(source)).size_limit(SIZE_LIMIT).build().ok()
}

/// Rewrites Go's syntax where the `regex` crate reads it differently.
pub(super) fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut rest = source;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '\\' => translate_escape(after, in_class, &mut out),
            '[' if !in_class => {
                in_class = true;
                open_class(after, &mut out)
            }
            '[' if after.starts_with(':') && after.contains(":]") => {
                let end = after.find(":]").map_or(0, |at| at + 2);
                out.push('[');
                out.push_str(&after[..end]);
                &after[end..]
            }
            '[' | '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
                after
            }
            '-' if in_class && out.ends_with('-') => {
                out.push_str("\\x2D");
                after
            }
            ']' if in_class => {
                in_class = false;
                out.push(c);
                after
            }
            '{' if !in_class && !is_repetition(after) => {
                out.push_str("\\{");
                after
            }
            c => {
                out.push(c);
                after
            }
        };
    }
    out
}

/// A class' opening: the negation and a `]` right after it, which is a literal.
fn open_class<'a>(mut rest: &'a str, out: &mut String) -> &'a str {
    out.push('[');
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    if let Some(after) = rest.strip_prefix(']') {
        out.push_str("\\]");
        rest = after;
    }
    rest
}

fn translate_escape<'a>(rest: &'a str, in_class: bool, out: &mut String) -> &'a str {
    let Some(c) = rest.chars().next() else {
        out.push('\\');
        return rest;
    };
    let after = &rest[c.len_utf8()..];
    // They end in a range, so that a dash that follows them in a class begins none.
    let ascii = match c {
        'd' => Some("0-9"),
        'w' => Some("_0-9A-Za-z"),
        's' => Some("\\f\\r \\t-\\n"),
        'D' => Some("^0-9"),
        'W' => Some("^0-9A-Za-z_"),
        'S' => Some("^\\t\\n\\f\\r "),
        _ => None,
    };
    match (c, ascii) {
        (_, Some(class)) if in_class && !class.starts_with('^') => out.push_str(class),
        (_, Some(class)) => {
            out.push('[');
            out.push_str(class);
            out.push(']');
        }
        ('b' | 'B', None) if !in_class => {
            out.push_str("(?-u:\\");
            out.push(c);
            out.push(')');
        }
        ('Q', None) => {
            let (literal, tail) = after.split_once("\\E").unwrap_or((after, ""));
            out.push_str(&regex::escape(literal));
            return tail;
        }
        ('0'..='7', None) => return translate_octal(rest, out),
        ('p' | 'P' | 'x', None) if after.starts_with('{') => {
            let end = after.find('}').map_or(after.len(), |at| at + 1);
            out.push('\\');
            out.push(c);
            out.push_str(&after[..end]);
            return &after[end..];
        }
        _ => {
            out.push('\\');
            out.push(c);
        }
    }
    after
}

/// `\0`, `\12`, `\123`.
fn translate_octal<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let length = rest.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    let code = u32::from_str_radix(&rest[..length], 8).unwrap_or_default();
    out.push_str(&format!("\\x{{{code:x}}}"));
    &rest[length..]
}

/// Whether what follows a `{` makes it a repetition: `2}`, `2,}`, `2,3}`.
pub(super) fn is_repetition(after: &str) -> bool {
    let Some((inside, _)) = after.split_once('}') else { return false };
    let (low, high) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !low.is_empty() && digits(low) && digits(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_go_does() {
        let cases = [
            (r"^\d{2,3}$", "١٢", false),
            (r"^\S+$", "a\u{a0}b", true),
            (r"\bfoo\b", "éfoo", true),
            (r"^[\d\s]+$", "1 2", true),
            (r"^[^\D]+$", "12", true),
            (r"^[a[b]+$", "[ab", true),
            (r"^[\w-.]+$", "a-.", true),
            (r"^[\s-~]+$", "a", false),
            (r"^[\s-~\d-]+$", "~ -1", true),
            (r"^[]a]+$", "]a", true),
            (r"^a{,2}$", "a{,2}", true),
            (r"^\Qa.b\E$", "a.b", true),
            (r"^\101$", "A", true),
            (r"^[[:alnum:]]+$", "aZ9", true),
            (r"^[+--]+$", "+,-", true),
            (r"^\p{L}+$", "日本", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Pattern::new(pattern).is_match(text), Some(expected), "{pattern} on {text:?}");
        }
        assert_eq!(Pattern::new("(").is_match(""), None);
    }
}
