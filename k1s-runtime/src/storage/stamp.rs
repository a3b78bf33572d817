//! Text with a hole for the revision, which is known only when the transaction runs.

use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Deserialize;
use serde_json::value::RawValue;

/// JSON text into which the backend writes the revision, in decimal, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    text: Vec<u8>,
    at: Option<usize>,
}

impl Stamped {
    /// Text whose byte position `at` is where the digits of the revision go.
    ///
    /// Positions past the end are taken as the end.
    pub fn new(text: Vec<u8>, at: usize) -> Self {
        let at = at.min(text.len());
        Self { text, at: Some(at) }
    }

    /// Text that is stored as it is.
    pub fn fixed(text: Vec<u8>) -> Self {
        Self { text, at: None }
    }

    /// A text that was stored, to be stored again: where it says the revision with which it was, in `metadata.resourceVersion`,
    /// is the hole. A text that does not say it is stored as it is.
    pub(crate) fn again(text: &[u8], revision: u64) -> Self {
        let digits = revision.to_string();
        match version_of(text) {
            Some(at) if text.get(at.clone()) == Some(digits.as_bytes()) => {
                let rest = text.get(at.end..).unwrap_or_default();
                Self::new([&text[..at.start], rest].concat(), at.start)
            }
            _ => Self::fixed(text.to_vec()),
        }
    }

    /// Bytes of the text without the digits of the revision.
    pub(crate) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// The complete text.
    pub fn stamp(&self, revision: u64) -> Bytes {
        let Some(at) = self.at else { return Bytes::copy_from_slice(&self.text) };
        let digits = revision.to_string();
        let mut out = BytesMut::with_capacity(self.text.len() + digits.len());
        out.put_slice(&self.text[..at]);
        out.put_slice(digits.as_bytes());
        out.put_slice(&self.text[at..]);
        out.freeze()
    }
}

#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(borrow)]
    metadata: &'a RawValue,
}

#[derive(Deserialize)]
struct Inner<'a> {
    #[serde(borrow, rename = "resourceVersion")]
    version: &'a RawValue,
}

/// Where in a text `metadata.resourceVersion` is, without its quotes.
fn version_of(text: &[u8]) -> Option<Range<usize>> {
    let outer: Outer<'_> = serde_json::from_slice(text).ok()?;
    let inner: Inner<'_> = serde_json::from_str(outer.metadata.get()).ok()?;
    let quoted = inner.version.get();
    // Both borrow from the text.
    let start = quoted.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let inside = quoted.strip_prefix('"')?.strip_suffix('"')?;
    Some(start + 1..start + 1 + inside.len())
}

#[cfg(test)]
mod tests {
    use super::Stamped;

    #[test]
    fn a_stored_text_gets_its_hole_back() {
        let text = br#"{"a":"\"resourceVersion\":\"7\"","metadata":{"labels":{"resourceVersion":"7"},"resourceVersion" : "7"},"z":1}"#;
        let again = Stamped::again(text, 7);
        assert_eq!(&again.stamp(7)[..], text);
        let stamped = String::from_utf8(again.stamp(1234).to_vec()).unwrap();
        assert_eq!(stamped.matches("1234").count(), 1);
        assert!(stamped.ends_with(r#""resourceVersion" : "1234"},"z":1}"#), "{stamped}");
        for other in ["{}", "[1]", "no JSON", r#"{"metadata":{"resourceVersion":"8"}}"#, r#"{"metadata":7}"#]
        {
            assert_eq!(&Stamped::again(other.as_bytes(), 7).stamp(9)[..], other.as_bytes());
        }
    }

    #[test]
    fn the_revision_goes_into_the_hole() {
        assert_eq!(&Stamped::new(b"a\"\"b".to_vec(), 2).stamp(42)[..], b"a\"42\"b");
        assert_eq!(&Stamped::fixed(b"ab".to_vec()).stamp(42)[..], b"ab");
    }
}
