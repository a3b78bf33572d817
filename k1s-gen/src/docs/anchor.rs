//! Anchors: the addresses of kinds, versions and fields within a page, as `item.v1.spec.supplier.email`.

use std::fmt::Write;

/// One segment of an anchor. What is neither a letter of ASCII, a digit, `-` nor `_` is written as `~` with its bytes' hex digits, so
/// that different names have different segments, and none has a dot.
pub(super) fn segment(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            out.push(char::from(byte));
        } else {
            // Writing to memory does not fail.
            let _ = write!(out, "~{byte:02x}");
        }
    }
    out
}

/// The anchor of something called `name` within what has the anchor `above`.
pub(super) fn below(above: &str, name: &str) -> String {
    format!("{above}.{}", segment(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_paths_have_different_anchors() {
        assert_eq!(below("item.v1", "unitPrice"), "item.v1.unitPrice");
        assert_eq!(below("item", "a.b"), "item.a~2eb");
        assert_ne!(below("item", "a.b"), below(&below("item", "a"), "b"));
        assert_eq!(segment("ü\"<~"), "~c3~bc~22~3c~7e");
    }
}
