//! What functions say of literal arguments before anything is evaluated.

use crate::value::Opaque;

/// Whether `timestamp(text)` succeeds.
pub(crate) fn is_timestamp(_text: &str) -> bool {
    true
}

/// Whether `timestamp(seconds)` succeeds.
pub(crate) fn is_timestamp_second(_seconds: i64) -> bool {
    true
}

/// Whether `duration(text)` succeeds.
pub(crate) fn is_duration(_text: &str) -> bool {
    true
}

/// Whether a regular expression is one.
pub(crate) fn is_pattern(_pattern: &str) -> bool {
    true
}

/// A regular expression, ready to be matched; else why it is none, in Go's words.
pub(crate) fn compile_pattern(pattern: &str) -> Result<Opaque, String> {
    Err(pattern.into())
}
