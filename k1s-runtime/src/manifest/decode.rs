//! Splitting a source into documents and reading each.

use std::sync::Arc;

use saphyr_parser::{Event, Parser};
use serde_json::Value;

use super::builder::{self, Builder, Built};
use super::document::Document;
use super::error::{Error, Location};
use super::json;
use super::limits::{Limit, Options};
use super::positions::Position;
use super::wording;

/// Decodes the documents of a source with default [`Options`]; see [`decode_with`].
///
/// ```
/// use k1s_runtime::manifest::decode;
/// let text = b"kind: Item\non: y\n---\n# nothing\n---\n{kind: Item, mode: 0777}\n";
/// let values: Vec<_> = decode("items.yaml", text).map(|document| document.map(|d| d.value)).collect::<Result<_, _>>()?;
/// assert_eq!(values, [serde_json::json!({"kind": "Item", "true": true}), serde_json::json!({"kind": "Item", "mode": 511})]);
///
/// let error = decode("bad.yaml", b"a:\n  b: @c\n").next().unwrap().unwrap_err();
/// assert_eq!(error.location().to_string(), "bad.yaml:2:6");
/// # Ok::<(), k1s_runtime::manifest::Error>(())
/// ```
pub fn decode<'t>(source: &str, text: &'t [u8]) -> Documents<'t> {
    decode_with(source, text, Options::default())
}

/// Decodes the documents of a source, one after another as they are asked for.
///
/// A source whose first character that is not white space is `{` is a stream of JSON values. Any other one is YAML,
/// split at lines that hold `---` and nothing but space or a comment; of each part the first document is read, as
/// kubectl does. Empty and null documents are left out. The first error ends the iteration.
pub fn decode_with<'t>(source: &str, text: &'t [u8], options: Options) -> Documents<'t> {
    let source: Arc<str> = Arc::from(source);
    let json = text.trim_ascii_start().first() == Some(&b'{');
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mode = if json {
        Mode::Json(Box::new(json::Reader::new(text, options)))
    } else {
        Mode::Yaml { at: 0, line: 1 }
    };
    Documents { source, text, options, mode, index: 0, seen: 0 }
}

/// Reads one YAML (or JSON) value, as kubectl reads a patch on its command line.
///
/// # Errors
/// When the text is no YAML; [`Error::decoder_message`] has kubectl's words.
pub fn parse_yaml(text: &[u8]) -> Result<Value, Error> {
    let options = Options { positions: false, ..Options::default() };
    let documents = Documents::part("", text, options);
    Ok(documents.yaml(text, 1)?.map(|built| built.value).unwrap_or_default())
}

/// Reads one JSON value as Go's `json.Unmarshal` does.
///
/// # Errors
/// When the text is not exactly one JSON value; the problem is in Go's words.
pub fn parse_json(text: &[u8]) -> Result<Value, Error> {
    let options = Options { positions: false, ..Options::default() };
    let mut reader = json::Reader::new(text, options);
    let read = reader.next_value().and_then(|read| {
        let (built, _) = read.ok_or(json::Fault::Truncated)?;
        reader.end().map(|()| built.value)
    });
    read.map_err(|fault| {
        let truncated = matches!(fault, json::Fault::Truncated);
        match json_error(&Arc::from(""), text, fault) {
            Error::Json { location, .. } if truncated => {
                Error::Json { location, problem: "unexpected end of JSON input".to_owned(), offset: None }
            }
            Error::Json { location, problem, .. } => Error::Json { location, problem, offset: None },
            other => other,
        }
    })
}

/// The documents of a source; see [`decode_with`].
#[derive(Debug)]
pub struct Documents<'t> {
    source: Arc<str>,
    text: &'t [u8],
    options: Options,
    mode: Mode<'t>,
    index: usize,
    /// Documents read so far, empty ones included.
    seen: usize,
}

#[derive(Debug)]
enum Mode<'t> {
    Json(Box<json::Reader<'t>>),
    /// The next part starts at this byte, in this line.
    Yaml {
        at: usize,
        line: usize,
    },
    Done,
}

impl Iterator for Documents<'_> {
    type Item = Result<Document, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let max = self.options.limits.source_bytes;
        if self.text.len() > max && !matches!(self.mode, Mode::Done) {
            self.mode = Mode::Done;
            return Some(Err(self.exceeded(Limit::SourceBytes, max, 1)));
        }
        loop {
            let read = match self.mode {
                Mode::Done => return None,
                Mode::Json(ref mut reader) => match reader.next_value() {
                    Ok(None) => return None,
                    Ok(Some(value)) => self.count(value.1).map(|()| Some(value)),
                    Err(fault) => Err(json_error(&self.source, self.text, fault)),
                },
                Mode::Yaml { at, line } => self.next_yaml(at, line),
            };
            match read {
                Ok(Some((built, _))) if built.value.is_null() => {}
                Ok(Some((built, line))) => {
                    let Built { value, positions, duplicates } = built;
                    let index = self.index;
                    self.index += 1;
                    let duplicates = duplicates.found;
                    return Some(Ok(Document { value, positions, index, line, duplicates }));
                }
                Ok(None) => {}
                Err(error) => {
                    self.mode = Mode::Done;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl<'t> Documents<'t> {
    /// The text of one document of a YAML stream, for [`Documents::one`].
    pub(super) fn part(source: &str, text: &'t [u8], options: Options) -> Self {
        Self { source: Arc::from(source), text, options, mode: Mode::Done, index: 0, seen: 0 }
    }

    /// Reads the text as the one document that it is, which starts in `line` of its stream.
    pub(super) fn one(&self, line: usize) -> Result<Option<Document>, Error> {
        let built = self.yaml(self.text, line)?.filter(|built| !built.value.is_null());
        Ok(built.map(|Built { value, positions, duplicates }| Document {
            value,
            positions,
            index: 0,
            line,
            duplicates: duplicates.found,
        }))
    }
}

impl Documents<'_> {
    fn location(&self, position: Position) -> Location {
        Location { source: self.source.clone(), position }
    }

    fn exceeded(&self, limit: Limit, max: usize, line: usize) -> Error {
        Error::Limit { location: self.location(Position::new(line, 1)), limit, max }
    }

    /// Counts one more document, which starts in `line`.
    fn count(&mut self, line: usize) -> Result<(), Error> {
        self.seen += 1;
        let max = self.options.limits.documents;
        if self.seen > max { Err(self.exceeded(Limit::Documents, max, line)) } else { Ok(()) }
    }

    fn next_yaml(&mut self, at: usize, line: usize) -> Result<Option<(Built, usize)>, Error> {
        let rest = &self.text[at..];
        if rest.is_empty() {
            self.mode = Mode::Done;
            return Ok(None);
        }
        self.count(line)?;
        let part = split(rest);
        self.mode = Mode::Yaml { at: at + part.consumed, line: line + part.lines };
        Ok(self.yaml(&rest[..part.length], line)?.map(|built| (built, line)))
    }

    /// Reads the first document of a part that starts in `line`.
    fn yaml(&self, part: &[u8], line: usize) -> Result<Option<Built>, Error> {
        let fail = |position: Position, problem: &str, words: String, hint| Error::Yaml {
            location: self.location(position),
            problem: problem.to_owned(),
            hint,
            kubectl: words,
        };
        let text = wording::check_text(part).map_err(|(byte, words)| {
            let start = Position::new(line, 1);
            let position = json::position_at(part, (0, start), byte);
            fail(position, words, format!("yaml: {words}"), Some("the file must be UTF-8 text"))
        })?;
        let mut builder = Builder::new(&self.options, line - 1, text);
        let mut parser = Parser::new_from_str(text);
        let mut found = false;
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| {
                let mark = error.marker();
                let position = Position::new(mark.line() + line - 1, mark.col() + 1);
                if wording::is_depth_limit(&error) {
                    let (limit, max) = (Limit::Depth, self.options.limits.depth);
                    return Error::Limit { location: self.location(position), limit, max };
                }
                let fault = wording::syntax(&error, text);
                fail(position, &fault.problem, fault.words, fault.hint)
            })?;
            match event {
                Event::DocumentStart(_) => found = true,
                Event::DocumentEnd | Event::StreamEnd => break,
                event => builder.event(event, span, text).map_err(|fault| match fault {
                    builder::Fault::Yaml { at, words, hint } => {
                        let problem = words.strip_prefix("yaml: ").unwrap_or(&words).to_owned();
                        fail(at, &problem, words, hint)
                    }
                    builder::Fault::Limit { at, limit, max } => {
                        Error::Limit { location: self.location(at), limit, max }
                    }
                })?,
            }
        }
        Ok(found.then(|| builder.finish()))
    }
}

struct Part {
    /// Bytes that belong to the part.
    length: usize,
    /// Bytes up to the next part.
    consumed: usize,
    /// Lines up to the next part.
    lines: usize,
}

/// The first part of a YAML stream. A separator at the very start belongs to it.
fn split(text: &[u8]) -> Part {
    let (mut at, mut lines) = (0, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        lines += 1;
        if at > 0 && is_separator(line) {
            return Part { length: at, consumed: at + line.len(), lines };
        }
        at += line.len();
    }
    Part { length: at, consumed: at, lines }
}

/// Whether a line separates documents.
pub(super) fn is_separator(line: &[u8]) -> bool {
    line.strip_prefix(b"---").is_some_and(|rest| matches!(rest.trim_ascii().first(), None | Some(b'#')))
}

fn json_error(source: &Arc<str>, text: &[u8], fault: json::Fault) -> Error {
    let location = |byte: usize| {
        let position = json::position_at(text, (0, Position { line: 1, column: 1 }), byte);
        Location { source: source.clone(), position }
    };
    match fault {
        json::Fault::Syntax { offset, problem } => {
            Error::Json { location: location(offset - 1), problem, offset: Some(offset) }
        }
        json::Fault::Truncated => {
            let problem = "unexpected EOF".to_owned();
            Error::Json { location: location(text.len()), problem, offset: None }
        }
        json::Fault::Number { offset, text } => {
            let problem = format!("json: cannot unmarshal number {text} into Go value of type float64");
            Error::Json { location: location(offset), problem, offset: None }
        }
        json::Fault::Limit { offset, limit, max } => Error::Limit { location: location(offset), limit, max },
    }
}
