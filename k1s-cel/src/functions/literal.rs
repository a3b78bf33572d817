//! What functions say of literal arguments before anything is evaluated.

use crate::time;
use crate::value::{Moment, Opaque};

use super::regex;

/// Whether `timestamp(text)` succeeds.
pub(crate) fn is_timestamp(text: &str) -> bool {
    time::is_valid_timestamp_literal(text)
}

/// Whether `timestamp(seconds)` succeeds.
pub(crate) fn is_timestamp_second(seconds: i64) -> bool {
    Moment::from_unix(seconds).is_some()
}

/// Whether `duration(text)` succeeds.
pub(crate) fn is_duration(text: &str) -> bool {
    time::is_valid_duration_literal(text)
}

/// Whether a regular expression is one.
pub(crate) fn is_pattern(pattern: &str) -> bool {
    regex::compile(pattern).is_ok()
}

/// A regular expression, ready to be matched; else why it is none, in Go's words.
pub(crate) fn compile_pattern(pattern: &str) -> Result<Opaque, String> {
    regex::compile_literal(pattern)
}
