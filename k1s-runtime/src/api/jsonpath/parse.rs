//! From a template's text to its nodes.

use super::quote::unquote;
use super::{Error, Template};

/// A step of an action, or text between actions.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// The steps of one action, applied one after another.
    List(Vec<Node>),
    Text(String),
    Field(String),
    Slice(Slice),
    Filter {
        left: Vec<Node>,
        operator: String,
        right: Vec<Node>,
    },
    Int(i64),
    Float(f64),
    Bool(bool),
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
    /// `range`, `end`, or a word that is neither.
    Word(String),
}

/// `[start:end:step]`, or one index.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Slice {
    pub(super) start: Option<i64>,
    pub(super) end: Option<i64>,
    /// The end follows from the start: this is a single index.
    pub(super) single: bool,
    pub(super) step: Option<i64>,
}

/// Parses a template. `depth` counts the templates that this one stands in.
pub(super) fn template(text: &str, depth: usize) -> Result<Vec<Node>, Error> {
    if depth > Template::MAX_DEPTH {
        return Err(Error::TooDeep);
    }
    let mut nodes = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            nodes.push(Node::Text(rest[..open].to_owned()));
        }
        let mut parser = Action { rest: &rest[open + 1..], depth, nodes: Vec::new() };
        parser.run()?;
        rest = parser.rest;
        nodes.push(Node::List(parser.nodes));
    }
    if !rest.is_empty() {
        nodes.push(Node::Text(rest.to_owned()));
    }
    Ok(nodes)
}

/// Parses what may stand within one pair of braces.
fn action(text: &str, depth: usize) -> Result<Vec<Node>, Error> {
    match template(&format!("{{{text}}}"), depth + 1)?.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

fn syntax<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Syntax(message.into()))
}

struct Action<'t> {
    rest: &'t str,
    depth: usize,
    nodes: Vec<Node>,
}

impl<'t> Action<'t> {
    /// Takes everything up to and including the closing brace.
    fn run(&mut self) -> Result<(), Error> {
        loop {
            if let Some(rest) = self.rest.strip_prefix('}') {
                self.rest = rest;
                return Ok(());
            }
            if let Some(rest) = self.rest.strip_prefix("[?(") {
                self.rest = rest;
                self.filter()?;
                continue;
            }
            if let Some(rest) = self.rest.strip_prefix("..") {
                self.rest = rest;
                self.recursive()?;
                continue;
            }
            let mut chars = self.rest.chars();
            let c = chars.next();
            match c {
                None | Some('\r' | '\n') => return syntax("unclosed action"),
                Some(' ' | '@' | '$') => self.rest = chars.as_str(),
                Some('[') => self.brackets()?,
                Some(quote @ ('"' | '\'')) => self.quoted(quote)?,
                Some('.') => {
                    self.rest = chars.as_str();
                    self.field();
                }
                Some(c) if c == '+' || c == '-' || c.is_ascii_digit() => self.number()?,
                Some(c) if is_word(c) => self.word(),
                Some(c) => {
                    return syntax(format!("unrecognized character in action: U+{:04X} '{c}'", u32::from(c)));
                }
            }
        }
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn word(&mut self) {
        let length = self.rest.find(is_terminator).unwrap_or(self.rest.len());
        let node = match self.take(length) {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            word => Node::Word(word.to_owned()),
        };
        self.nodes.push(node);
    }

    fn recursive(&mut self) -> Result<(), Error> {
        if self.nodes.last() == Some(&Node::Recursive) {
            return syntax("invalid multiple recursive descent");
        }
        self.nodes.push(Node::Recursive);
        if self.rest.starts_with(is_word) {
            self.field();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Error> {
        let sign = usize::from(self.rest.starts_with(['+', '-']));
        let digits = self.rest[sign..].find(|c: char| c != '.' && !c.is_ascii_digit());
        let text = self.take(digits.map_or(self.rest.len(), |digits| sign + digits));
        if let Ok(int) = text.parse() {
            self.nodes.push(Node::Int(int));
        } else if let Ok(float) = text.parse() {
            self.nodes.push(Node::Float(float));
        } else {
            return syntax(format!("cannot parse number {text}"));
        }
        Ok(())
    }

    /// A field's name up to a terminator that no backslash stands before.
    fn field(&mut self) {
        let mut escaped = false;
        let length = self.rest.find(|c| {
            let ends = !escaped && is_terminator(c);
            escaped = !escaped && c == '\\';
            ends
        });
        let name = self.take(length.unwrap_or(self.rest.len()));
        self.nodes.push(if name == "*" { Node::Wildcard } else { Node::Field(name.replace('\\', "")) });
    }

    fn quoted(&mut self, quote: char) -> Result<(), Error> {
        let mut before = None;
        let found = self.rest.char_indices().skip(1).find(|(_, c)| {
            let stops = *c == '\n' || *c == quote && before != Some('\\');
            before = Some(*c);
            stops
        });
        let Some((end, _)) = found.filter(|(_, c)| *c == quote) else {
            return syntax("unterminated quoted string");
        };
        let whole = self.take(end + 1);
        match unquote(&whole[1..end], quote) {
            Some(text) => self.nodes.push(Node::Text(text)),
            None => return syntax(format!("unquote string {whole} error invalid syntax")),
        }
        Ok(())
    }

    fn brackets(&mut self) -> Result<(), Error> {
        let end = self.rest.find([']', '\n']).filter(|end| self.rest[*end..].starts_with(']'));
        let Some(end) = end else { return syntax("unterminated array") };
        let text = &self.take(end + 1)[1..end];
        let text = if text == "*" { ":" } else { text };
        if text.contains(',') {
            let parts =
                text.split(',').map(|part| action(&format!("[{}]", part.trim_matches(' ')), self.depth));
            self.nodes.push(Node::Union(parts.collect::<Result<_, _>>()?));
        } else if let Some(key) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''))
            && !key.contains('\'')
        {
            self.nodes.extend(action(&format!(".{key}"), self.depth)?);
        } else {
            self.nodes.push(Node::Slice(slice(text)?));
        }
        Ok(())
    }

    fn filter(&mut self) -> Result<(), Error> {
        let (mut quote, mut closed) = (None, false);
        let mut before = None;
        let mut end = None;
        for (at, c) in self.rest.char_indices() {
            match c {
                '\n' => break,
                '"' | '\'' if quote.is_none() => quote = Some(c),
                '"' | '\'' => closed |= before != Some('\\') && quote == Some(c),
                ')' if quote.is_some() == closed => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
            before = Some(c);
        }
        let Some(end) = end else { return syntax("unterminated filter") };
        let text = self.take(end);
        let Some(rest) = self.rest.strip_prefix(")]") else { return syntax("unclosed array expect ]") };
        self.rest = rest;
        let is_operator = |c| matches!(c, '!' | '<' | '>' | '=');
        let start = text.find(is_operator).filter(|start| *start > 0);
        let parts = start.and_then(|start| {
            let (left, tail) = text.split_at(start);
            // The right side has at least one character.
            let length = tail.find(|c| !is_operator(c)).unwrap_or(tail.len() - 1);
            (length > 0).then(|| (left, &tail[..length], &tail[length..]))
        });
        self.nodes.push(match parts {
            Some((left, operator, right)) => Node::Filter {
                left: action(left, self.depth)?,
                operator: operator.to_owned(),
                right: action(right, self.depth)?,
            },
            None => {
                let left = action(text, self.depth)?;
                Node::Filter { left, operator: "exists".to_owned(), right: Vec::new() }
            }
        });
        Ok(())
    }
}

/// `-?[0-9]*(:-?[0-9]*)?(:-?[0-9]*)?`
fn slice(text: &str) -> Result<Slice, Error> {
    let parts: Vec<&str> = text.split(':').collect();
    let digits =
        |part: &&str| part.strip_prefix('-').unwrap_or(part).bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(digits) {
        return syntax(format!("invalid array index {text}"));
    }
    let number = |index: usize| match parts.get(index) {
        None | Some(&"") => Ok(None),
        Some(part) => match part.parse::<i64>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => syntax(format!("array index {part} is not a number")),
        },
    };
    let mut slice = Slice { start: number(0)?, end: number(1)?, single: false, step: number(2)? };
    if parts.len() == 1 {
        slice.single = true;
        slice.end = Some(slice.start.unwrap_or(0).saturating_add(1));
    }
    Ok(slice)
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is_terminator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}
