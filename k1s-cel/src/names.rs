//! What names, label keys and label values may look like, in apimachinery's words (`k8s.io/apimachinery/pkg/api/validate/content`,
//! `util/validation`). Each function returns what is wrong with a text, one message a fault, and nothing if it is fine.

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const SUBDOMAIN: &str = r"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const LABEL_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const QUALIFIED: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// Bytes of the longest label: names of one part, label values, the name part of a label key.
pub const LABEL_MAX: usize = 63;

/// Bytes of the longest subdomain: most names, the prefix of a label key.
pub const SUBDOMAIN_MAX: usize = 253;

/// A lower-case label of at most 63 bytes (RFC 1123): names of namespaces.
///
/// ```
/// # use k1s_cel::names::dns1123_label;
/// assert!(dns1123_label("team-1").is_empty());
/// assert_eq!(dns1123_label("a.b"), ["must not contain dots"]);
/// ```
#[must_use]
pub fn dns1123_label(text: &str) -> Vec<String> {
    let fault = match is_label(text) {
        true => None,
        false if is_subdomain(text) => Some("must not contain dots"),
        false => Some(LABEL),
    };
    faults([(text.len() > LABEL_MAX).then(|| too_long(LABEL_MAX, "characters")), fault.map(str::to_owned)])
}

/// A lower-case subdomain of at most 253 bytes (RFC 1123): names of most objects.
#[must_use]
pub fn dns1123_subdomain(text: &str) -> Vec<String> {
    subdomain(text, "characters")
}

/// A lower-case label that starts with a letter, of at most 63 bytes (RFC 1035): names of resources and services.
#[must_use]
pub fn dns1035_label(text: &str) -> Vec<String> {
    let sound = is_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase());
    faults([
        (text.len() > LABEL_MAX).then(|| too_long(LABEL_MAX, "characters")),
        (!sound).then(|| LABEL_1035.to_owned()),
    ])
}

/// A name with an optional subdomain prefix, as `example.com/MyName`: label keys, finalizers, taint keys.
///
/// ```
/// # use k1s_cel::names::qualified_name;
/// assert!(qualified_name("app.kubernetes.io/name").is_empty());
/// assert_eq!(qualified_name("/a"), ["prefix part must be non-empty"]);
/// ```
#[must_use]
pub fn qualified_name(text: &str) -> Vec<String> {
    let (prefix, name) = match text.split_once('/') {
        None => (None, text),
        Some((_, name)) if name.contains('/') => {
            return vec![format!(
                "a valid label key {QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
        Some((prefix, name)) => (Some(prefix), name),
    };
    let mut messages = match prefix {
        Some("") => vec!["prefix part must be non-empty".to_owned()],
        Some(prefix) => {
            subdomain(prefix, "bytes").iter().map(|message| format!("prefix part {message}")).collect()
        }
        None => Vec::new(),
    };
    if name.is_empty() {
        messages.push("name part must be non-empty".to_owned());
    } else if name.len() > LABEL_MAX {
        messages.push(format!("name part {}", too_long(LABEL_MAX, "bytes")));
    }
    if !is_word(name) {
        messages.push(format!("name part {QUALIFIED}"));
    }
    messages
}

/// A label's value: empty, or at most 63 bytes of letters, digits, `-`, `_` and `.` between letters or digits.
#[must_use]
pub fn label_value(text: &str) -> Vec<String> {
    faults([
        (text.len() > LABEL_MAX).then(|| too_long(LABEL_MAX, "bytes")),
        (!text.is_empty() && !is_word(text)).then(|| LABEL_VALUE.to_owned()),
    ])
}

/// What to check in the place of a prefix to which a suffix will be added: a dash may end it. The character before the dash goes,
/// too, as kube-apiserver has it.
///
/// ```
/// # use k1s_cel::names::{dns1123_subdomain, mask_trailing_dash};
/// assert!(dns1123_subdomain(&mask_trailing_dash("web-")).is_empty());
/// ```
#[must_use]
pub fn mask_trailing_dash(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => {
            let mut chars = rest.chars();
            chars.next_back();
            format!("{}a", chars.as_str())
        }
        _ => prefix.to_owned(),
    }
}

fn subdomain(text: &str, unit: &str) -> Vec<String> {
    faults([
        (text.len() > SUBDOMAIN_MAX).then(|| too_long(SUBDOMAIN_MAX, unit)),
        (!is_subdomain(text)).then(|| SUBDOMAIN.to_owned()),
    ])
}

fn faults(found: [Option<String>; 2]) -> Vec<String> {
    found.into_iter().flatten().collect()
}

fn too_long(max: usize, unit: &str) -> String {
    format!("must be no more than {max} {unit}")
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

/// `[a-z0-9]([-a-z0-9]*[a-z0-9])?`
fn is_label(text: &str) -> bool {
    let edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    framed(text, edge, |byte| byte == b'-' || edge(byte))
}

/// `([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]`
fn is_word(text: &str) -> bool {
    let edge = |byte: u8| byte.is_ascii_alphanumeric();
    framed(text, edge, |byte| edge(byte) || matches!(byte, b'-' | b'_' | b'.'))
}

fn framed(text: &str, edge: impl Fn(u8) -> bool, inside: impl Fn(u8) -> bool) -> bool {
    match text.as_bytes() {
        [] => false,
        [only] => edge(*only),
        [first, between @ .., last] => {
            edge(*first) && edge(*last) && between.iter().all(|byte| inside(*byte))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_names_pass() {
        assert!(["a", "a-b", "0", "a.b-c.d"].iter().all(|text| dns1123_subdomain(text).is_empty()));
        assert!(["A_b.c-d", "x.y/Z", "a"].iter().all(|text| qualified_name(text).is_empty()));
        assert!(["", "X_y.z-1"].iter().all(|text| label_value(text).is_empty()));
        assert!(dns1123_label(&mask_trailing_dash("web-")).is_empty());
    }

    #[test]
    fn bad_names_are_told_why() {
        assert_eq!(dns1123_label("a.b"), ["must not contain dots"]);
        assert_eq!(dns1123_label("Not valid!"), [LABEL]);
        assert_eq!(dns1123_label(&"a".repeat(64)), ["must be no more than 63 characters"]);
        assert_eq!(dns1123_subdomain(""), [SUBDOMAIN]);
        assert_eq!(dns1035_label("1a"), [LABEL_1035]);
        assert_eq!(dns1035_label("a.b"), [LABEL_1035]);
        assert_eq!(qualified_name("")[0], "name part must be non-empty");
        assert_eq!(qualified_name("/a"), ["prefix part must be non-empty"]);
        assert!(qualified_name("a/b/c")[0].starts_with("a valid label key must consist"));
        assert_eq!(label_value(&"a".repeat(64)), ["must be no more than 63 bytes"]);
        assert_eq!(dns1123_label(&mask_trailing_dash("-")), [LABEL]);
    }
}
