//! Descriptions as documentation comments, as the derive reads them back.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal;

/// The description that the derive reads off a comment with this text: lines without spaces at their ends, paragraphs one empty line
/// apart. `None` if nothing is left, or the text cannot stand in a comment.
pub(super) fn read_back(text: &str) -> Option<String> {
    if text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') {
        return None;
    }
    let mut read = String::new();
    for line in text.split('\n').map(str::trim_end) {
        if line.is_empty() && (read.is_empty() || read.ends_with("\n\n")) {
            continue;
        }
        read.push_str(line);
        read.push('\n');
    }
    let read = read.trim_end();
    (!read.is_empty()).then(|| read.to_owned())
}

/// The comment.
pub(super) fn comment(text: &str) -> TokenStream {
    if holds_code(text) {
        // It would be compiled and run as a test.
        let lines: Vec<String> = text.split('\n').map(spaced).collect();
        let text = literal::text(&lines.join("\n"));
        return quote!(#[cfg_attr(not(doctest), doc = #text)]);
    }
    let lines = text.split('\n').map(spaced);
    lines.map(|line| quote!(#[doc = #line])).collect()
}

/// A line as it stands after the three slashes.
fn spaced(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(" {line}") }
}

/// Whether Markdown sees code: fenced, or indented.
fn holds_code(text: &str) -> bool {
    let fenced = |line: &str| ["```", "~~~"].iter().any(|fence| line.contains(fence));
    text.split('\n').any(|line| fenced(line) || line.starts_with("    ") || line.starts_with('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_odd_space_is_lost() {
        for exact in ["One,\ntwo.\n\n    indented", "`a` */ \"b\" \\ {c}", " leading"] {
            assert_eq!(read_back(exact).as_deref(), Some(exact));
        }
        assert_eq!(read_back("a \n\n\nb\n").as_deref(), Some("a\n\nb"));
        assert_eq!(read_back("\n"), None);
        assert_eq!(read_back("a\r\nb"), None);
    }

    #[test]
    fn code_is_no_test() {
        assert!(holds_code("See:\n```yaml\na: b\n```") && holds_code("See:\n\n    a: b"));
        assert!(!holds_code("See:\n- a `b`\n  c"));
    }
}
