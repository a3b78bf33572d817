//! Places in text: code points are what expressions count, bytes are what text is made of.

use std::ops::Range;

use crate::value::{EvalError, Text, Value};

/// Where the code point of an index begins, in bytes; the end if the index is the number of code points, none beyond.
pub(super) fn byte_of(text: &str, index: usize) -> Option<usize> {
    if text.is_ascii() {
        return (index <= text.len()).then_some(index);
    }
    text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(index)
}

/// How many code points there are before a byte.
fn index_of(text: &str, byte: usize) -> i64 {
    let before = text.get(..byte).unwrap_or(text);
    i64::try_from(if before.is_ascii() { before.len() } else { before.chars().count() }).unwrap_or(i64::MAX)
}

/// A part of a text, which borrows what the text borrows.
pub(in crate::functions) fn part<'a>(text: &Text<'a>, range: Range<usize>) -> Value<'a> {
    match text {
        Text::Borrowed(text) => Value::str(text.get(range).unwrap_or_default()),
        Text::Shared(shared) if range == (0..shared.len()) => Value::String(text.clone()),
        Text::Shared(text) => Value::string(text.get(range).unwrap_or_default()),
    }
}

/// The failure of an index that no code point has.
pub(super) fn out_of_range(index: i64) -> EvalError {
    EvalError::other(format!("index out of range: {index}"))
}

/// The byte of an index, which may be that of the end.
pub(super) fn checked_byte(text: &str, index: i64) -> Result<usize, EvalError> {
    usize::try_from(index).ok().and_then(|index| byte_of(text, index)).ok_or_else(|| out_of_range(index))
}

/// The index at which `part` occurs first, from `from` on; -1 if nowhere. The empty text occurs at `from`, wherever that is.
pub(super) fn first(text: &str, part: &str, from: i64) -> Result<i64, EvalError> {
    if part.is_empty() {
        return Ok(from);
    }
    let from = usize::try_from(from).map_err(|_| out_of_range(from))?;
    let Some(start) = byte_of(text, from) else { return Ok(-1) };
    let rest = text.get(start..).unwrap_or_default();
    Ok(rest.find(part).map_or(-1, |at| index_of(text, start + at)))
}

/// The index at which `part` occurs last, up to `to`; -1 if nowhere, and if there is no code point at `to`.
pub(super) fn last_up_to(text: &str, part: &str, to: i64) -> Result<i64, EvalError> {
    if part.is_empty() {
        return Ok(to);
    }
    let to = usize::try_from(to).map_err(|_| out_of_range(to))?;
    match byte_of(text, to) {
        Some(byte) if byte < text.len() => {
            // No occurrence that begins by `to` ends after this.
            let end = text.floor_char_boundary(byte.saturating_add(part.len()));
            Ok(last(text.get(..end).unwrap_or(text), part))
        }
        _ => Ok(-1),
    }
}

/// The index at which `part` occurs last; -1 if nowhere.
pub(super) fn last(text: &str, part: &str) -> i64 {
    text.rfind(part).map_or(-1, |at| index_of(text, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_count_code_points() {
        assert_eq!(first("éb😀", "😀", 0), Ok(2));
        assert_eq!(first("éb😀", "b", 2), Ok(-1));
        assert_eq!(first("abc", "b", 9), Ok(-1));
        assert_eq!(first("abc", "b", -1), Err(out_of_range(-1)));
        assert_eq!(first("abc", "", 7), Ok(7));
        assert_eq!(last("éb😀b", "b"), 3);
        assert_eq!(last("é😀", ""), 2);
    }

    #[test]
    fn the_last_place_may_overlap_and_end_after_the_bound() {
        assert_eq!(last_up_to("aaa", "aa", 0), Ok(0));
        assert_eq!(last_up_to("aaa", "aa", 2), Ok(1));
        assert_eq!(last_up_to("éabé", "ab", 1), Ok(1));
        assert_eq!(last_up_to("éab😀", "b", 1), Ok(-1));
        assert_eq!(last_up_to("abc", "b", 3), Ok(-1));
        assert_eq!(last_up_to("", "b", 1), Ok(-1));
        assert_eq!(last_up_to("abc", "b", -1), Err(out_of_range(-1)));
    }
}
