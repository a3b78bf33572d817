//! What may have been meant: for those who write CEL with the habits of another language.

use super::token::Kind;

/// A hint on characters that are no token.
pub(super) fn for_garbage(text: &str) -> Option<String> {
    let meant = match text.chars().next()? {
        '=' => "`==`",
        '&' => "`&&`",
        '|' => "`||`",
        '\'' | '"' if text.contains('\\') => {
            return Some("an escape sequence is not known; `r'...'` has none".into());
        }
        '\'' | '"' => return Some("the quote is not closed".into()),
        ';' => return Some("an expression does not end with a semicolon".into()),
        '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => {
            return Some("use straight quotes: `'` or `\"`".into());
        }
        '\u{2260}' => "`!=`",
        '\u{2264}' => "`<=`",
        '\u{2265}' => "`>=`",
        '#' => return Some("comments begin with `//`".into()),
        '@' | '$' => return Some("names have letters, digits and `_`".into()),
        _ => return None,
    };
    Some(format!("did you mean {meant}?"))
}

/// A hint on a token that does not fit where it stands.
pub(super) fn for_token(kind: Kind, text: &str) -> Option<String> {
    let meant = match (kind, text) {
        (Kind::Ident, "and" | "AND") => "`&&`",
        (Kind::Ident, "or" | "OR") => "`||`",
        (Kind::Ident, "is") => "`==`",
        (Kind::Ident, "not" | "NOT") => "`!`",
        (Kind::Ident, "then" | "else") => return Some(CONDITIONAL.into()),
        _ => return None,
    };
    Some(format!("did you mean {meant}?"))
}

/// A hint on a name that is reserved.
pub(super) fn for_reserved(word: &str) -> Option<String> {
    match word {
        "if" | "else" => Some(CONDITIONAL.into()),
        "for" | "while" | "loop" => Some("loops are macros, such as `list.all(x, x > 0)`".into()),
        _ => None,
    }
}

/// A hint on a name before which or after which the expression breaks off: `not a`.
pub(super) fn for_neighbour(word: &str) -> Option<String> {
    matches!(word, "not" | "NOT").then(|| "did you mean `!`?".into())
}

const CONDITIONAL: &str = "write `condition ? this : that`";
