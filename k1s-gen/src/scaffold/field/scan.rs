//! Parts of a description, each with its place.

use super::error::Complaint;

/// A piece of the description and the byte where it starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Part<'a> {
    /// The empty place behind it.
    pub(super) fn end(self) -> Self {
        Part { text: "", at: self.at + self.text.len() }
    }

    fn slice(self, from: usize, to: usize) -> Self {
        Part { text: self.text.get(from..to).unwrap_or_default(), at: self.at + from }
    }

    /// `min=0` as `min` and `0`.
    pub(super) fn split_at_equals(self) -> (Self, Option<Self>) {
        match self.text.find('=') {
            Some(at) => (self.slice(0, at), Some(self.slice(at + 1, self.text.len()))),
            None => (self, None),
        }
    }

    /// `list(string)` as `list` and `string`.
    pub(super) fn split_parentheses(self) -> Result<(Self, Option<Self>), Complaint> {
        let Some(open) = self.text.find('(') else { return Ok((self, None)) };
        if !self.text.ends_with(')') {
            return Err(Complaint::new(self, "a `)` is missing at the end", "write `list(string)`"));
        }
        Ok((self.slice(0, open), Some(self.slice(open + 1, self.text.len() - 1))))
    }

    /// Its parts between commas.
    pub(super) fn split_commas(self) -> Result<Vec<Self>, Complaint> {
        let parts = split(self.text, ',')?;
        Ok(parts.into_iter().map(|part| Part { at: part.at + self.at, ..part }).collect())
    }
}

/// The parts between separators that are neither in quotes nor in parentheses. Quotes start at the beginning of a part or of a
/// value and end at the same quote; nothing is special in between.
pub(super) fn split(text: &str, separator: char) -> Result<Vec<Part<'_>>, Complaint> {
    let mut parts = Vec::new();
    let (mut start, mut open) = (0, Vec::new());
    let mut quote: Option<(char, usize)> = None;
    let mut before = separator;
    for (at, letter) in text.char_indices() {
        match quote {
            Some((mark, _)) if letter == mark => quote = None,
            Some(_) => {}
            None if matches!(letter, '"' | '\'') && (before == separator || before == '=') => {
                quote = Some((letter, at))
            }
            None if letter == '(' => open.push(at),
            None if letter == ')' => {
                if open.pop().is_none() {
                    let part = Part { text: ")", at };
                    return Err(Complaint::new(
                        part,
                        "a `)` that closes nothing",
                        "take it away, or quote the value",
                    ));
                }
            }
            None if letter == separator && open.is_empty() => {
                parts.push(Part { text: &text[start..at], at: start });
                start = at + letter.len_utf8();
            }
            None => {}
        }
        before = letter;
    }
    if let Some((mark, at)) = quote {
        let message = format!("the quote {mark} has no end");
        return Err(Complaint::new(
            Part { text: &text[at..], at },
            message,
            "quotes end with the quote that they start with",
        ));
    }
    if let Some(at) = open.pop() {
        return Err(Complaint::new(
            Part { text: &text[at..], at },
            "a `(` without `)`",
            "close it, or quote the value",
        ));
    }
    parts.push(Part { text: &text[start..], at: start });
    Ok(parts)
}

/// What is in the quotes, if it is in quotes.
pub(super) fn quoted(part: Part<'_>) -> Option<&str> {
    let of = |mark| part.text.strip_prefix(mark)?.strip_suffix(mark);
    of('"').or_else(|| of('\''))
}
