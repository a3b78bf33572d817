//! What names, label keys and label values may look like.
//!
//! The rules and their words are those of kube-apiserver. Rules have functions for most of them (`format.qualifiedName()`), so they are
//! `k1s-cel`'s. Each function returns what is wrong with a text, one message a fault, and nothing if it is fine.

pub use k1s_cel::names::{
    LABEL_MAX, SUBDOMAIN_MAX, dns1035_label, dns1123_label, dns1123_subdomain, label_value,
    mask_trailing_dash, qualified_name,
};

/// A key of an annotation: a qualified name in which upper case is taken for lower case.
pub fn annotation_key(text: &str) -> Vec<String> {
    match text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        true => qualified_name(text),
        false => qualified_name(&text.to_lowercase()),
    }
}

/// A name that can stand in a URL path: not `.` or `..`, without `/` and `%`. Names of roles and bindings.
pub fn path_segment_name(text: &str) -> Vec<String> {
    if matches!(text, "." | "..") {
        return vec![format!("may not be '{text}'")];
    }
    path_segment_prefix(text)
}

/// The start of a name that can stand in a URL path: without `/` and `%`.
pub fn path_segment_prefix(text: &str) -> Vec<String> {
    let found = ['/', '%'].into_iter().filter(|c| text.contains(*c));
    found.map(|c| format!("may not contain '{c}'")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_others() {
        assert!(annotation_key("Up.Per/A").is_empty() && annotation_key("/A").len() == 1);
        assert!(path_segment_name("system:node").is_empty());
        assert_eq!(path_segment_name("a/b%"), ["may not contain '/'", "may not contain '%'"]);
    }
}
