//! What is wrong with a pattern, in Go's words.

use std::fmt;

/// What is wrong, and the part of the pattern that it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    code: Code,
    part: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Code {
    CharRange,
    Escape,
    NamedCapture,
    PerlOperator,
    NestedRepeat,
    RepeatCount,
    MissingBracket,
    MissingParen,
    MissingArgument,
    TrailingBackslash,
    UnexpectedParen,
    TooDeep,
    TooLarge,
}

impl Code {
    /// The fault of a part of the pattern.
    pub(super) fn of(self, part: &str) -> Fault {
        Fault { code: self, part: part.into() }
    }

    fn text(self) -> &'static str {
        match self {
            Code::CharRange => "invalid character class range",
            Code::Escape => "invalid escape sequence",
            Code::NamedCapture => "invalid named capture",
            Code::PerlOperator => "invalid or unsupported Perl syntax",
            Code::NestedRepeat => "invalid nested repetition operator",
            Code::RepeatCount => "invalid repeat count",
            Code::MissingBracket => "missing closing ]",
            Code::MissingParen => "missing closing )",
            Code::MissingArgument => "missing argument to repetition operator",
            Code::TrailingBackslash => "trailing backslash at end of expression",
            Code::UnexpectedParen => "unexpected )",
            Code::TooDeep => "expression nests too deeply",
            Code::TooLarge => "expression too large",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.code.text(), self.part)
    }
}
