//! Counted repetitions.

use std::fmt;

/// The most that Go repeats something, repetitions within repetitions multiplied.
pub(super) const MAX_REPEAT: u32 = 1000;

/// `{2}`, `{2,}`, `{2,3}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Counts {
    least: u32,
    pub(super) most: Option<u32>,
}

impl Counts {
    /// Counts after an opening brace, and what follows. The outer is none if these are no counts, and the brace is literal; the
    /// inner if they are too large or the wrong way round.
    pub(super) fn parse(text: &str) -> Option<(Option<Self>, &str)> {
        let (least, rest) = number(text)?;
        let (most, rest) = match rest.strip_prefix(',') {
            None => (Some(least), rest),
            Some(rest) if rest.starts_with('}') => (None, rest),
            Some(rest) => {
                let (most, rest) = number(rest)?;
                (Some(most), rest)
            }
        };
        let rest = rest.strip_prefix('}')?;
        let valid = least <= MAX_REPEAT && most.is_none_or(|most| (least..=MAX_REPEAT).contains(&most));
        Some((valid.then_some(Self { least, most }), rest))
    }

    /// How often something is repeated at most, or at least if there is no limit.
    pub(super) fn most_or_least(self) -> u32 {
        self.most.unwrap_or(self.least)
    }
}

/// A number without leading zeros, and what follows.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Some(most) => write!(f, "{{{},{most}}}", self.least),
            None => write!(f, "{{{},}}", self.least),
        }
    }
}
