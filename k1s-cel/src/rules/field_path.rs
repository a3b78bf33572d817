//! `fieldPath`: where a rule's error is, from the rule's own place.
//!
//! A path consists of `.name` and `['name']`, which name properties or, where the schema has `additionalProperties`, keys. Elements
//! of lists cannot be named.

use serde_json::{Map, Value as Json};

use super::path::Path;

/// The path as errors print it; none if `text` is no path, or leads to what the schema does not know.
pub(super) fn normalize(text: &str, schema: &Map<String, Json>) -> Option<String> {
    let mut tokens = tokens(text).into_iter();
    let mut at = Some(schema);
    let mut printed = String::new();
    while let Some(token) = tokens.next() {
        let name = match token {
            "." => tokens.next()?.to_owned(),
            "[" => {
                let quoted = tokens.next()?;
                let inner = quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''))?;
                unescape(inner)?
            }
            _ => return None,
        };
        let node = at?;
        let start = Path::Start(&printed);
        let properties = node.get("properties").and_then(Json::as_object).filter(|all| !all.is_empty());
        let next = if let Some(properties) = properties {
            at = Some(properties.get(&name)?.as_object()?);
            start.child(&name).to_string()
        } else {
            let values = node.get("additionalProperties").filter(|values| **values != Json::Bool(false))?;
            at = values.as_object();
            start.key(&name).to_string()
        };
        printed = next;
        if token == "[" && tokens.next() != Some("]") {
            return None;
        }
    }
    (!printed.is_empty()).then_some(printed)
}

/// Splits at `.`, `[` and `]`, which are tokens themselves. A token that begins with a quotation mark goes to the next one that has
/// no backslash before it, or to the end.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = if rest.starts_with('\'') {
            let bytes = rest.as_bytes();
            let closing = (1..bytes.len()).find(|at| bytes[*at] == b'\'' && bytes[at - 1] != b'\\');
            closing.map_or(rest.len(), |closing| closing + 1)
        } else {
            rest.find(['.', '[', ']']).unwrap_or(rest.len()).max(1)
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        out.push(match characters.next()? {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            quoted @ ('\'' | '\\') => quoted,
            _ => return None,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_along_the_schema() {
        let schema = json!({"properties": {
            "x": {}, "a.b": {"properties": {"it's": {}}}, "l": {"items": {}}, "o": {"properties": {"p": {}}},
            "m": {"additionalProperties": {"properties": {"z": {}}}}, "any": {"additionalProperties": true},
        }});
        let read = |text| normalize(text, schema.as_object().unwrap());
        for (text, printed) in [
            (".x", "x"),
            (".o.p", "o.p"),
            (".m.k", "m[k]"),
            (".m['k.l'].z", "m[k.l].z"),
            ("['a.b']['it\\'s']", "a.b.it's"),
            (".any.k", "any[k]"),
        ] {
            assert_eq!(read(text).as_deref(), Some(printed), "{text}");
        }
        for text in [
            ".y",
            "x",
            ".l[0]",
            ".l.0",
            ".o.q",
            ".m['k",
            ".m['k'",
            ".m['",
            " .x",
            ".x\n",
            ".x.",
            ".",
            "",
            ".x.y",
            ".m['\\z']",
            ".any.k.l",
            "[x]",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
