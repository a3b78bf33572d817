//! A JSON reader that keeps positions and duplicate keys, accepts what Go's `encoding/json` accepts and complains in its
//! words.

use std::ops::Range;

use serde_json::{Map, Number, Value};

use super::builder::Built;
use super::document::{push_index, push_key};
use super::limits::{Limit, Options};
use super::number::number_of;
use super::positions::{Position, Span};

/// A fault at a byte of the source.
#[derive(Debug)]
pub(super) enum Fault {
    /// A byte that may not stand here.
    Syntax { offset: usize, problem: String },
    /// The text ends within a value.
    Truncated,
    /// A number that no double holds.
    Number { offset: usize, text: String },
    /// A bound was hit.
    Limit { offset: usize, limit: Limit, max: usize },
}

/// Reads one value after another from a text.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    text: &'t [u8],
    options: Options,
    at: usize,
    /// The last position computed, and its byte: positions are asked for in ascending order.
    mark: (usize, Position),
    nodes: usize,
    path: Vec<Step>,
    built: Built,
}

#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
}

/// The position of a byte.
pub(super) fn position_at(text: &[u8], from: (usize, Position), byte: usize) -> Position {
    let mut position = from.1;
    for byte in text.get(from.0..byte.min(text.len())).unwrap_or_default() {
        match byte {
            b'\n' => position = Position { line: position.line.saturating_add(1), column: 1 },
            0x80..=0xBF => {}
            _ => position.column = position.column.saturating_add(1),
        }
    }
    position
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [u8], options: Options) -> Self {
        let start = (0, Position { line: 1, column: 1 });
        Self { text, options, at: 0, mark: start, nodes: 0, path: Vec::new(), built: Built::default() }
    }

    /// The next value and the line in which it starts; `None` at the end of the text.
    pub(super) fn next_value(&mut self) -> Result<Option<(Built, usize)>, Fault> {
        self.skip_space();
        if self.at == self.text.len() {
            return Ok(None);
        }
        let line = self.position(self.at).line as usize;
        self.nodes = 0;
        self.path.clear();
        self.built = Built::default();
        self.built.value = self.value(None)?;
        Ok(Some((std::mem::take(&mut self.built), line)))
    }

    /// Refuses anything but white space after the value.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        self.skip_space();
        if self.at == self.text.len() { Ok(()) } else { Err(self.unexpected("after top-level value")) }
    }

    fn skip_space(&mut self) {
        let space =
            self.text[self.at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.at += space.count();
    }

    fn position(&mut self, byte: usize) -> Position {
        let position = position_at(self.text, self.mark, byte);
        self.mark = (byte, position);
        position
    }

    /// The fault of the byte at hand, or of the text's end.
    fn unexpected(&self, context: &str) -> Fault {
        match self.text.get(self.at) {
            Some(byte) => {
                let problem = format!("invalid character {} {context}", quoted(*byte));
                Fault::Syntax { offset: self.at + 1, problem }
            }
            None => Fault::Truncated,
        }
    }

    fn value(&mut self, key: Option<(&str, Range<usize>)>) -> Result<Value, Fault> {
        self.nodes += 1;
        let limits = self.options.limits;
        if self.nodes > limits.nodes {
            return Err(Fault::Limit { offset: self.at, limit: Limit::Nodes, max: limits.nodes });
        }
        let entry = if self.options.positions {
            let key = key.map(|(name, bytes)| {
                (name, Span { start: self.position(bytes.start), end: self.position(bytes.end) })
            });
            let at = self.position(self.at);
            self.built.positions.open(key, Span { start: at, end: at })
        } else {
            0
        };
        let value = match self.text.get(self.at) {
            Some(b'{' | b'[') if self.path.len() >= limits.depth => {
                Err(Fault::Limit { offset: self.at, limit: Limit::Depth, max: limits.depth })
            }
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.unexpected("looking for beginning of value")),
        }?;
        if self.options.positions {
            let end = self.position(self.at);
            self.built.positions.close(entry, Some(end));
        }
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, Fault> {
        let mut map = Map::new();
        self.at += 1;
        self.skip_space();
        if self.eat(b'}') {
            return Ok(Value::Object(map));
        }
        loop {
            let start = self.at;
            if self.text.get(start) != Some(&b'"') {
                return Err(self.unexpected("looking for beginning of object key string"));
            }
            let key = self.string()?;
            let bytes = start..self.at;
            self.skip_space();
            if !self.eat(b':') {
                return Err(self.unexpected("after object key"));
            }
            self.skip_space();
            if map.contains_key(&key) {
                let position = self.position(start);
                let steps = &self.path;
                self.built.duplicates.push(|| path_to(steps, &key), position);
            }
            self.path.push(Step::Key(key.clone()));
            let value = self.value(Some((&key, bytes)))?;
            self.path.pop();
            map.insert(key, value);
            self.skip_space();
            if self.eat(b'}') {
                break;
            }
            if !self.eat(b',') {
                return Err(self.unexpected("after object key:value pair"));
            }
            self.skip_space();
        }
        Ok(Value::Object(map))
    }

    fn list(&mut self) -> Result<Value, Fault> {
        let mut list = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.eat(b']') {
            return Ok(Value::Array(list));
        }
        loop {
            self.path.push(Step::Index(list.len()));
            list.push(self.value(None)?);
            self.path.pop();
            self.skip_space();
            if self.eat(b']') {
                break;
            }
            if !self.eat(b',') {
                return Err(self.unexpected("after array element"));
            }
            self.skip_space();
        }
        Ok(Value::Array(list))
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Fault> {
        for byte in word.bytes() {
            if !self.eat(byte) {
                return Err(self.unexpected(&format!("in literal {word} (expecting '{}')", char::from(byte))));
            }
        }
        Ok(value)
    }

    fn digits(&mut self) -> usize {
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        digits
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') && self.digits() == 0 {
            return Err(self.unexpected("in numeric literal"));
        }
        let whole = self.at;
        if self.eat(b'.') && self.digits() == 0 {
            return Err(self.unexpected("after decimal point in numeric literal"));
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            if self.digits() == 0 {
                return Err(self.unexpected("in exponent of numeric literal"));
            }
        }
        let max = self.options.limits.scalar_bytes;
        if self.at - start > max {
            return Err(Fault::Limit { offset: start, limit: Limit::ScalarBytes, max });
        }
        // Only ASCII was taken.
        let text = String::from_utf8_lossy(&self.text[start..self.at]);
        if whole == self.at
            && let Ok(int) = text.parse::<i64>()
        {
            return Ok(Value::from(int));
        }
        let float = text
            .parse::<f64>()
            .ok()
            .and_then(|float| if whole == self.at { Number::from_f64(float) } else { number_of(float) });
        float.map(Value::Number).ok_or_else(|| Fault::Number { offset: start, text: text.into_owned() })
    }

    /// Reads a string; bytes that are not UTF-8 and lone surrogates become U+FFFD, as in Go.
    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let max = self.options.limits.scalar_bytes;
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let plain = self.text[self.at..]
                .iter()
                .take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1F))
                .count();
            if out.len() + plain > max {
                return Err(Fault::Limit { offset: start, limit: Limit::ScalarBytes, max });
            }
            out.extend_from_slice(&self.text[self.at..self.at + plain]);
            self.at += plain;
            match self.text.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut out)?,
                _ => return Err(self.unexpected("in string literal")),
            }
        }
        self.at += 1;
        Ok(String::from_utf8(out).unwrap_or_else(|error| super::wording::lossy(error.as_bytes())))
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        self.at += 1;
        let plain = match self.text.get(self.at) {
            Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0C,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                let code = self.code_point()?;
                out.extend_from_slice(code.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.at += 1;
        out.push(plain);
        Ok(())
    }

    fn code_point(&mut self) -> Result<char, Fault> {
        let first = self.hex()?;
        if let Some(code) = char::from_u32(first) {
            return Ok(code);
        }
        let pair = (0xD800..0xDC00).contains(&first) && self.text[self.at..].starts_with(b"\\u");
        if pair {
            let back = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.text.get(self.at).and_then(|byte| char::from(*byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.unexpected("in \\u hexadecimal character escape"));
            };
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }
}

fn path_to(steps: &[Step], key: &str) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => push_key(&mut path, key),
            Step::Index(index) => push_index(&mut path, *index),
        }
    }
    push_key(&mut path, key);
    path
}

/// A byte as Go's decoder quotes it.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => {
            let quoted = super::wording::go_quote(char::from(byte).encode_utf8(&mut [0; 4]));
            format!("'{}'", &quoted[1..quoted.len() - 1])
        }
    }
}
