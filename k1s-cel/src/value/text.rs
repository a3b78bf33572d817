//! Text and bytes that borrow where they can and share where they were made.

use std::ops::Deref;
use std::sync::Arc;

/// Text, borrowed from the data or the program, or made by an expression.
#[derive(Clone, Debug)]
pub enum Text<'a> {
    /// Part of the data or the program.
    Borrowed(&'a str),
    /// Made.
    Shared(Arc<str>),
}

impl Text<'_> {
    /// The number of code points: what `size()` counts.
    #[must_use]
    pub fn count(&self) -> u64 {
        let text: &str = self;
        if text.is_ascii() { text.len() as u64 } else { text.chars().count() as u64 }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Shared(text) => text,
        }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl std::hash::Hash for Text<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

/// Bytes, borrowed from the program or made by an expression.
#[derive(Clone, Debug)]
pub enum Blob<'a> {
    /// Part of the program.
    Borrowed(&'a [u8]),
    /// Made.
    Shared(Arc<[u8]>),
}

impl Deref for Blob<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Blob::Borrowed(bytes) => bytes,
            Blob::Shared(bytes) => bytes,
        }
    }
}
