//! Text that others wrote, made harmless for terminals and logs.

use std::borrow::Cow;

/// A text in which everything that is not to be seen as itself is written as an escape: controls (terminals obey them), marks that
/// reorder text or break lines, and what is no character. `\t`, `\n` and `\r` are written so.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    Cow::Owned(shown)
}

/// Appends one character as [`visible`] writes it.
pub(super) fn push_visible(shown: &mut String, character: char) {
    match character {
        '\t' | '\n' | '\r' => shown.extend(character.escape_default()),
        hidden if is_hidden(hidden) => shown.extend(hidden.escape_unicode()),
        plain => shown.push(plain),
    }
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // Marks of direction, embeddings, overrides and isolates; the separators of lines and paragraphs.
            '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
        )
        || u32::from(character) & 0xFFFE == 0xFFFE
}

/// A text cut to so many characters, with `…` for what is left out.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_terminals_would_obey_is_escaped() {
        assert_eq!(visible("a\u{1b}[31mb\u{7}"), "a\\u{1b}[31mb\\u{7}");
        assert_eq!(visible("1\n2\t3\r4\u{85}5"), "1\\n2\\t3\\r4\\u{85}5");
        assert_eq!(
            visible("a\u{202e}b\u{2066}c\u{feff}d\u{1ffff}e"),
            "a\\u{202e}b\\u{2066}c\\u{feff}d\\u{1ffff}e"
        );
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in ["", "spec.größe: 漢字 👍🏽 \\n", "a\u{200d}b\u{301}"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(cut("größe", 3), "grö…");
        assert_eq!(cut("größe", 5), "größe");
    }
}
