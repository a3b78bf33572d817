//! JSON values and texts as Rust literals.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::{Number, Value};

/// Longest JSON that stands in one line.
const LINE: usize = 90;

/// A string literal; raw where escapes would hide what it says.
pub(super) fn text(text: &str) -> TokenStream {
    let odd = text.chars().any(|letter| letter.is_control() && letter != '\n');
    if odd || !text.contains(['"', '\\', '\n']) {
        return Literal::string(text).into_token_stream();
    }
    let hashes = "#".repeat(longest_fence(text));
    let raw = format!("r{hashes}\"{text}\"{hashes}").parse::<Literal>();
    raw.unwrap_or_else(|_| Literal::string(text)).into_token_stream()
}

/// How many `#` a raw string needs around a text.
fn longest_fence(text: &str) -> usize {
    let after_quote = text.split('"').skip(1);
    after_quote
        .map(|rest| rest.chars().take_while(|letter| *letter == '#').count() + 1)
        .max()
        .unwrap_or_default()
}

/// JSON in a string literal.
pub(super) fn json(value: &Value) -> TokenStream {
    let short = value.to_string();
    if short.len() <= LINE {
        return text(&short);
    }
    text(&serde_json::to_string_pretty(value).unwrap_or(short))
}

/// A number as a literal that the derive reads back exactly.
pub(super) fn number(number: &Number) -> Option<TokenStream> {
    let written = match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(whole), _, _) => whole.to_string(),
        (_, Some(whole), _) => whole.to_string(),
        (_, _, Some(double)) => format!("{double:?}"),
        _ => return None,
    };
    written.parse().ok()
}

/// A value as a literal, or a list of literals; `None` for objects, for `null` and what holds it.
pub(super) fn value(given: &Value) -> Option<TokenStream> {
    match given {
        Value::String(words) => Some(text(words)),
        Value::Bool(flag) => Some(flag.to_token_stream()),
        Value::Number(given) => number(given),
        Value::Array(items) => {
            let items = items.iter().map(value).collect::<Option<Vec<_>>>()?;
            Some(quote!([#(#items),*]))
        }
        Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_raw_where_it_helps() {
        assert_eq!(text("a 'b'").to_string(), r#""a 'b'""#);
        assert_eq!(text(r"^\d+$").to_string(), r#"r"^\d+$""#);
        assert_eq!(text(r##"a "# b"##).to_string(), r####"r##"a "# b"##"####);
        assert_eq!(text("a\tb\"").to_string(), r#""a\tb\"""#);
    }

    #[test]
    fn values_are_written_exactly() {
        let written =
            |json: &str| value(&serde_json::from_str(json).unwrap()).map(|tokens| tokens.to_string());
        assert_eq!(written("[1, true]").as_deref(), Some("[1 , true]"));
        assert_eq!(written("18446744073709551615").as_deref(), Some("18446744073709551615"));
        assert_eq!(written("1e100").as_deref(), Some("1e100"));
        assert_eq!(written("[null]"), None);
        assert_eq!(written("{}"), None);
    }
}
