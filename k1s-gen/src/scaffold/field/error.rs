//! What is wrong with a field's description, and where.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use super::scan::Part;

/// What is wrong with a field's description. It shows the description with a mark below the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct FieldError {
    /// The description as it was given.
    pub argument: String,
    /// Where the wrong part starts, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// What is allowed, or what to do.
    pub hint: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |range: std::ops::Range<usize>| {
            self.argument.get(range).unwrap_or_default().replace(char::is_control, " ")
        };
        let before = shown(0..self.start).width();
        let marked = shown(self.start..self.end).width().max(1);
        writeln!(f, "{}", self.message)?;
        writeln!(f, "  --field {}", shown(0..self.argument.len()))?;
        writeln!(f, "          {}{}", " ".repeat(before), "^".repeat(marked))?;
        write!(f, "hint: {}", self.hint)
    }
}

/// An error that does not know the whole description yet.
pub(super) struct Complaint {
    start: usize,
    end: usize,
    message: String,
    hint: String,
}

impl Complaint {
    pub(super) fn new(part: Part<'_>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (start, end) = (part.at, part.at + part.text.len());
        Self { start, end, message: message.into(), hint: hint.into() }
    }

    pub(super) fn at(self, argument: &str) -> FieldError {
        let Self { start, end, message, hint } = self;
        FieldError { argument: argument.to_owned(), start, end, message, hint }
    }
}
