//! Text with a hole for the revision, which is known only when the transaction runs.

use bytes::{BufMut, Bytes, BytesMut};

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

#[cfg(test)]
mod tests {
    use super::Stamped;

    #[test]
    fn the_revision_goes_into_the_hole() {
        assert_eq!(&Stamped::new(b"a\"\"b".to_vec(), 2).stamp(42)[..], b"a\"42\"b");
        assert_eq!(&Stamped::fixed(b"ab".to_vec()).stamp(42)[..], b"ab");
    }
}
