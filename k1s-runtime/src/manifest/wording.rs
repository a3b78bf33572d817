//! The words of Go's YAML and JSON decoders, for messages that match kubectl's, and the checks that go with them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saphyr_parser::{Marker, ScanError, Tag};
use serde_json::Value;

use super::number::{go_float, go_json_number};

/// A syntax error in our words and in go-yaml's.
pub(super) struct Syntax {
    pub(super) problem: String,
    pub(super) words: String,
    pub(super) hint: Option<&'static str>,
}

/// Which line go-yaml names: its scanner counts the line of the fault from 1, its parser from 0. It names no line 0.
#[derive(Clone, Copy)]
enum By {
    Scanner,
    Parser,
}

const TABS: &str = "indent with spaces; YAML allows no tabs there";
const QUOTE: &str = "quote the text";
const COLON: &str = "quote the value if the colon belongs to it, or check the indentation";
const KEY: &str = "check the indentation; every line of a map needs `key: value`";
const BRACKET: &str = "close the bracket, or put a comma between the items";

/// What our parser says, what go-yaml says and who says it there, and what helps. The first match counts.
const SYNTAX: &[(&str, &str, By, Option<&str>)] = &[
    (
        "mapping values are not allowed",
        "mapping values are not allowed in this context",
        By::Scanner,
        Some(COLON),
    ),
    ("illegal placement of ':'", "mapping values are not allowed in this context", By::Scanner, Some(COLON)),
    ("mapping keys are not allowed", "mapping keys are not allowed in this context", By::Scanner, None),
    (
        "block sequence entries are not allowed",
        "block sequence entries are not allowed in this context",
        By::Scanner,
        Some("start the list on its own line"),
    ),
    ("unexpected character", "found character that cannot start any token", By::Scanner, Some(QUOTE)),
    (
        "tabs disallowed within this context",
        "found character that cannot start any token",
        By::Scanner,
        Some(TABS),
    ),
    ("found a tab", "found a tab character that violates indentation", By::Scanner, Some(TABS)),
    (
        "tabs disallowed in this context",
        "found character that cannot start any token",
        By::Scanner,
        Some(TABS),
    ),
    (
        "tab cannot be used as indentation",
        "found a tab character that violates indentation",
        By::Scanner,
        Some(TABS),
    ),
    (
        "cannot start with a tab",
        "found a tab character where an indentation space is expected",
        By::Scanner,
        Some(TABS),
    ),
    ("simple key expect", "could not find expected ':'", By::Scanner, Some(KEY)),
    (
        "unknown escape character",
        "found unknown escape character",
        By::Scanner,
        Some("use single quotes, or double the backslash"),
    ),
    ("expected hexadecimal number", "did not find expected hexdecimal number", By::Scanner, None),
    ("invalid Unicode character escape", "found invalid Unicode character escape code", By::Scanner, None),
    ("unexpected end of stream", "found unexpected end of stream", By::Scanner, Some("close the quote")),
    (
        "unexpected document indicator",
        "found unexpected document indicator",
        By::Scanner,
        Some("close the quote"),
    ),
    ("indentation indicator equal to 0", "found an indentation indicator equal to 0", By::Scanner, None),
    ("expected comment or line break", "did not find expected comment or line break", By::Scanner, None),
    (
        "expected alphabetic or numeric",
        "did not find expected alphabetic or numeric character",
        By::Scanner,
        None,
    ),
    (
        "expected whitespace or line break",
        "did not find expected whitespace or line break",
        By::Scanner,
        None,
    ),
    ("expected tag URI", "did not find expected tag URI", By::Scanner, None),
    ("comment intercepting", "could not find expected ':'", By::Scanner, Some(KEY)),
    ("expected ',' or '}'", "did not find expected ',' or '}'", By::Parser, Some(BRACKET)),
    ("expected ',' or ']'", "did not find expected ',' or ']'", By::Parser, Some(BRACKET)),
    (
        "expected '-' indicator",
        "did not find expected '-' indicator",
        By::Parser,
        Some("check the indentation of the list"),
    ),
    ("expected key", "did not find expected key", By::Parser, Some(KEY)),
    ("expected node content", "did not find expected node content", By::Parser, None),
    (
        "invalid trailing content after double-quoted",
        "did not find expected key",
        By::Parser,
        Some("end the line after the closing quote"),
    ),
    ("expected <document start>", "did not find expected <document start>", By::Parser, None),
    ("handle wasn't declared", "found undefined tag handle", By::Parser, None),
    ("misplaced bracket", "did not find expected node content", By::Parser, None),
    ("invalid indentation", "did not find expected key", By::Parser, Some(KEY)),
    ("wrongly indented", "did not find expected key", By::Parser, Some(KEY)),
];

/// Whether the parser's own bound on nesting was hit; it looks ahead, and may come to it before we do.
pub(super) fn is_depth_limit(error: &ScanError) -> bool {
    error.info().contains("recursion limit")
}

/// Puts a parser's error into words. `text` is the document's text.
pub(super) fn syntax(error: &ScanError, text: &str) -> Syntax {
    let info = error.info();
    let mark = error.marker();
    if info.contains("unknown anchor") {
        let name = alias_name(text, mark);
        let problem = format!("unknown anchor '{name}' referenced");
        let hint = Some("define it with `&` first; quote a text that starts with `*`");
        return Syntax { words: format!("yaml: {problem}"), problem, hint };
    }
    let known = SYNTAX.iter().find(|(ours, ..)| info.contains(ours));
    let (words, by, hint) =
        known.map_or((info, By::Scanner, None), |(_, words, by, hint)| (*words, *by, *hint));
    let words = match by {
        By::Scanner if info.contains("found a tab") => at_line(tab_line(text, mark.line()), words),
        By::Scanner => at_line(mark.line(), words),
        By::Parser => {
            let line = if at_end(text, mark) {
                text.split_terminator('\n').count()
            } else {
                mark.line().saturating_sub(1)
            };
            if line == 0 { format!("yaml: {words}") } else { format!("yaml: line {line}: {words}") }
        }
    };
    Syntax { problem: words_of(info).to_owned(), words, hint }
}

/// The line with the tab, where the parser names the one that the text began in.
fn tab_line(text: &str, begin: usize) -> usize {
    let tabbed = |line: &str| {
        let content = line.trim_start_matches([' ', '\t']);
        !content.is_empty() && line[..line.len() - content.len()].contains('\t')
    };
    text.lines().skip(begin).position(tabbed).map_or(begin, |after| begin + after + 1)
}

/// What go-yaml's scanner says of a fault in a line: of the first one it gives no number.
pub(super) fn at_line(line: usize, words: &str) -> String {
    if line <= 1 { format!("yaml: {words}") } else { format!("yaml: line {line}: {words}") }
}

/// The problem alone, without what the parser was doing.
fn words_of(info: &str) -> &str {
    match info.split_once(", ") {
        Some((context, problem)) if context.starts_with("while ") => problem,
        _ => info,
    }
}

fn at_end(text: &str, mark: &Marker) -> bool {
    text.lines().nth(mark.line()).is_none()
        && text
            .lines()
            .nth(mark.line().saturating_sub(1))
            .is_none_or(|line| line.chars().count() <= mark.col())
}

/// The name of the alias at a mark.
pub(super) fn alias_name<'t>(text: &'t str, mark: &Marker) -> &'t str {
    let line = text.lines().nth(mark.line().saturating_sub(1)).unwrap_or_default();
    let start = line.char_indices().nth(mark.col() + 1).map_or(line.len(), |(at, _)| at);
    let rest = &line[start..];
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
    &rest[..end]
}

/// A tag's short name if YAML defines it, `!` for the non-specific tag, `None` for any other.
pub(super) fn core_tag(tag: &Tag) -> Option<&str> {
    const PREFIX: &str = "tag:yaml.org,2002:";
    match (tag.handle.as_str(), tag.suffix.as_str()) {
        (PREFIX, suffix) => Some(suffix),
        ("", "!") | ("!", "") => Some("!"),
        ("", suffix) => suffix.strip_prefix(PREFIX),
        _ => None,
    }
}

/// What `!!binary` makes of a text.
pub(super) fn binary(text: &str) -> Result<Value, String> {
    let packed: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let bytes = STANDARD
        .decode(packed)
        .map_err(|_| "yaml: !!binary value contains invalid base64 data".to_owned())?;
    Ok(Value::String(lossy(&bytes)))
}

/// Bytes as Go's JSON keeps them: each byte that is not UTF-8 becomes U+FFFD.
pub(super) fn lossy(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    out
}

/// Takes bytes for YAML text, or says at which byte and why go-yaml refuses them.
pub(super) fn check_text(bytes: &[u8]) -> Result<&str, (usize, &'static str)> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let words = match (error.error_len(), bytes.get(at)) {
            (None, _) => "incomplete UTF-8 octet sequence",
            (_, Some(0xC2..=0xF4)) => "invalid trailing UTF-8 octet",
            _ => "invalid leading UTF-8 octet",
        };
        (at, words)
    })?;
    // Only these bytes start a character that is refused.
    let suspect = |byte: u8| matches!(byte, 0..=8 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F | 0xC2 | 0xEF);
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|byte| suspect(*byte)) {
        let at = from + found;
        let c = text[at..].chars().next().unwrap_or('\0');
        if c.is_control() && c != '\u{85}' || matches!(c, '\u{FFFE}' | '\u{FFFF}') {
            return Err((at, "control characters are not allowed"));
        }
        from = at + c.len_utf8();
    }
    Ok(text)
}

/// A value as Go's `%#v` shows it.
pub(super) fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => go_float(float),
            _ => go_json_number(number),
        },
        Value::String(text) => go_quote(text),
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Object(map) => {
            let items: Vec<String> =
                map.iter().map(|(key, value)| format!("{}:{}", go_quote(key), go_syntax(value))).collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", items.join(", "))
        }
    }
}

/// A text as Go's `%q` shows it.
pub(super) fn go_quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{B}' => out.push_str("\\v"),
            '\0'..='\x1F' | '\x7F' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            '\u{80}'..='\u{A0}' | '\u{AD}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
