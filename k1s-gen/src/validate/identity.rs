//! What a finding is the same by, when the lines around it have moved: source, object, rule, field and message.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::finding::{Finding, ObjectRef};

/// An object by what stays when its version changes: `apps/Deployment default/web`; empty if it is not known.
pub(crate) fn object(object: Option<&ObjectRef>) -> String {
    let Some(object) = object else { return String::new() };
    match group(&object.api_version) {
        "" => object.to_string(),
        group => format!("{group}/{object}"),
    }
}

/// The group of an `apiVersion`; empty for the core group.
pub(crate) fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// A hash of a message: 64 bits in hex. Messages quote values, which are nobody's business where hashes are kept.
pub(crate) fn message(text: &str) -> String {
    hex(&[text])
}

/// A hash of all that a finding is the same by, but how often it occurs.
pub(crate) fn fingerprint(source: &str, of: Option<&ObjectRef>, finding: &Finding) -> String {
    hex(&[source, &object(of), finding.rule, &finding.field, &finding.message])
}

fn hex(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // Lengths in front: no two lists of parts run together.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).fold(String::with_capacity(16), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(api_version: &str, namespace: &str) -> ObjectRef {
        ObjectRef {
            api_version: api_version.into(),
            kind: "Item".into(),
            namespace: namespace.into(),
            name: "hammer".into(),
        }
    }

    #[test]
    fn objects_are_the_same_in_every_version() {
        assert_eq!(object(Some(&item("shop.example.com/v1", "tools"))), "shop.example.com/Item tools/hammer");
        assert_eq!(
            object(Some(&item("shop.example.com/v1", ""))),
            object(Some(&item("shop.example.com/v2", "")))
        );
        assert_eq!(object(Some(&item("v1", ""))), "Item hammer");
        assert_eq!(object(None), "");
    }

    #[test]
    fn hashes_are_stable_and_keep_parts_apart() {
        // Kept in baseline files: must not change.
        assert_eq!(message("Required value"), "e9bcc95987742db2");
        assert_eq!(message(""), "af5570f5a1810b7a");
        assert_ne!(hex(&["ab", "c"]), hex(&["a", "bc"]));
    }
}
