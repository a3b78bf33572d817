//! From parser events to one JSON value and its position table, in one pass and without recursion.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Marker, ScalarStyle, Tag};
use serde_json::{Map, Value};

use super::cost::Size;
use super::cursor::Cursor;
use super::document::{Duplicates, push_index, push_key};
use super::key::{Key, key_of_scalar, key_of_value, scalar_value};
use super::limits::{Limit, Options};
use super::positions::{Position, Positions, Span};
use super::slashes::Slashes;
use super::wording;

/// A fault, with a place that counts from the start of the document's text.
#[derive(Debug)]
pub(super) enum Fault {
    /// No JSON counterpart; the words are go-yaml's.
    Yaml { at: Position, words: String, hint: Option<&'static str> },
    /// A bound was hit.
    Limit { at: Position, limit: Limit, max: usize },
}

/// What a document became.
#[derive(Debug, Default)]
pub(super) struct Built {
    pub(super) value: Value,
    pub(super) positions: Positions,
    pub(super) duplicates: Duplicates,
}

pub(super) struct Builder<'o> {
    options: &'o Options,
    /// Lines before the document's text, for positions.
    lines_before: usize,
    frames: Vec<Frame>,
    anchors: HashMap<usize, Anchor>,
    nodes: usize,
    alias_bytes: usize,
    /// If the text holds `\/` anywhere.
    slashes: Option<Slashes>,
    cursor: Cursor,
    built: Built,
}

struct Frame {
    body: Body,
    anchor: usize,
    /// Entry in the position table.
    entry: usize,
}

enum Body {
    List(Vec<Value>),
    Map { map: Map<String, Value>, key: Key, merged: HashSet<String> },
}

struct Anchor {
    value: Value,
    entry: usize,
    size: Size,
}

impl<'o> Builder<'o> {
    pub(super) fn new(options: &'o Options, lines_before: usize, text: &str) -> Self {
        Self {
            options,
            lines_before,
            frames: Vec::new(),
            anchors: HashMap::new(),
            nodes: 0,
            alias_bytes: 0,
            slashes: Slashes::in_text(text),
            cursor: Cursor::default(),
            built: Built::default(),
        }
    }

    pub(super) fn finish(self) -> Built {
        self.built
    }

    /// Takes the next event of the document's content. `text` is the document's text, for the names of aliases.
    pub(super) fn event(
        &mut self,
        event: Event<'_>,
        span: saphyr_parser::Span,
        text: &str,
    ) -> Result<(), Fault> {
        let at = Span { start: self.position(&span.start), end: self.end(&event, &span, text) };
        match event {
            Event::Scalar(content, style, anchor, tag) => {
                if let (ScalarStyle::DoubleQuoted, Some(slashes)) = (style, &mut self.slashes)
                    && slashes.are_in(&span.start, text)
                {
                    let words = wording::at_line(span.start.line(), "found unknown escape character");
                    return Err(Fault::Yaml {
                        at: at.start,
                        words,
                        hint: Some("write `/` without the backslash"),
                    });
                }
                self.scalar(content, style, anchor, tag.as_deref(), at)
            }
            Event::SequenceStart(anchor, _) => self.open(Body::List(Vec::new()), anchor, at),
            Event::MappingStart(anchor, _) => {
                let body = Body::Map { map: Map::new(), key: Key::Awaited, merged: HashSet::new() };
                self.open(body, anchor, at)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                // The end of a block is no text.
                let end = Some(at.end).filter(|_| span.start != span.end);
                self.close(at.start, end)
            }
            Event::Alias(id) => self.alias(id, at, text, &span.start),
            _ => Ok(()),
        }
    }

    /// Where the text of an event ends. Of some the parser counts what follows up to the next token.
    fn end(&mut self, event: &Event<'_>, span: &saphyr_parser::Span, text: &str) -> Position {
        let (line, column) = match event {
            _ if !self.options.positions => (span.end.line(), span.end.col()),
            Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..) => {
                let end = self.cursor.end_of_quoted(&span.start, text);
                end.unwrap_or((span.end.line(), span.end.col()))
            }
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => (span.end.line(), 0),
            // The bracket of a flow; a block has none.
            Event::SequenceEnd | Event::MappingEnd if span.start != span.end => {
                (span.start.line(), span.start.col() + 1)
            }
            _ => (span.end.line(), span.end.col()),
        };
        // An empty block ends in the line that it begins in.
        Position::new(line + self.lines_before, column + 1).max(self.position(&span.start))
    }

    fn position(&self, mark: &Marker) -> Position {
        Position::new(mark.line() + self.lines_before, mark.col() + 1)
    }

    fn count(&mut self, nodes: usize, at: Position) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(nodes);
        let max = self.options.limits.nodes;
        if self.nodes > max { Err(Fault::Limit { at, limit: Limit::Nodes, max }) } else { Ok(()) }
    }

    fn check_depth(&self, depth: usize, at: Position) -> Result<(), Fault> {
        let max = self.options.limits.depth;
        if self.frames.len() + depth > max {
            Err(Fault::Limit { at, limit: Limit::Depth, max })
        } else {
            Ok(())
        }
    }

    /// Records a value's position; returns its entry.
    fn record(&mut self, at: Span) -> usize {
        if !self.options.positions {
            return 0;
        }
        let key = match self.frames.last().map(|frame| &frame.body) {
            Some(Body::Map { key: Key::Named(name, at), .. }) => Some((name.as_str(), *at)),
            Some(Body::Map { key: Key::Merge(at), .. }) => Some(("<<", *at)),
            _ => None,
        };
        self.built.positions.open(key, at)
    }

    fn awaits_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { body: Body::Map { key: Key::Awaited, .. }, .. }))
    }

    fn scalar(
        &mut self,
        content: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: Span,
    ) -> Result<(), Fault> {
        self.count(1, at.start)?;
        let max = self.options.limits.scalar_bytes;
        if content.len() > max {
            return Err(Fault::Limit { at: at.start, limit: Limit::ScalarBytes, max });
        }
        if self.awaits_key() {
            return self.scalar_key(content, style, anchor, tag, at);
        }
        let value = scalar_value(content, style, tag, at.start)?;
        let entry = self.record(at);
        if anchor > 0 {
            self.remember(anchor, value.clone(), entry, at.start)?;
        }
        self.put(value, at.start)
    }

    /// Keeps what an anchor stands for.
    fn remember(&mut self, anchor: usize, value: Value, entry: usize, at: Position) -> Result<(), Fault> {
        let size = Size::of(&value);
        self.copied(size, at)?;
        self.anchors.insert(anchor, Anchor { value, entry, size });
        Ok(())
    }

    fn copied(&mut self, size: Size, at: Position) -> Result<(), Fault> {
        self.alias_bytes = self.alias_bytes.saturating_add(size.bytes);
        let max = self.options.limits.alias_bytes;
        if self.alias_bytes > max { Err(Fault::Limit { at, limit: Limit::AliasBytes, max }) } else { Ok(()) }
    }

    fn scalar_key(
        &mut self,
        content: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: Span,
    ) -> Result<(), Fault> {
        let key = key_of_scalar(content, style, tag, at)?;
        if anchor > 0
            && let Key::Named(name, _) = &key
        {
            let value = Value::String(name.clone());
            self.remember(anchor, value, 0, at.start)?;
        }
        self.set_key(key);
        Ok(())
    }

    fn set_key(&mut self, new: Key) {
        if let Some(Frame { body: Body::Map { key, .. }, .. }) = self.frames.last_mut() {
            *key = new;
        }
    }

    fn open(&mut self, body: Body, anchor: usize, at: Span) -> Result<(), Fault> {
        self.count(1, at.start)?;
        self.check_depth(1, at.start)?;
        if self.awaits_key() {
            // `{{ name }}` of a template that was not rendered ends here.
            let words = match body {
                Body::List(_) => "yaml: invalid map key: []interface {}{}",
                Body::Map { .. } => "yaml: invalid map key: map[interface {}]interface {}{}",
            };
            let hint = Some("a key must be a scalar; is this an unrendered template?");
            return Err(Fault::Yaml { at: at.start, words: words.to_owned(), hint });
        }
        let entry = self.record(at);
        self.frames.push(Frame { body, anchor, entry });
        Ok(())
    }

    fn close(&mut self, at: Position, end: Option<Position>) -> Result<(), Fault> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let value = match frame.body {
            Body::List(list) => Value::Array(list),
            Body::Map { map, .. } => Value::Object(map),
        };
        if self.options.positions {
            self.built.positions.close(frame.entry, end);
        }
        if frame.anchor > 0 {
            self.remember(frame.anchor, value.clone(), frame.entry, at)?;
        }
        self.put(value, at)
    }

    fn alias(&mut self, id: usize, at: Span, text: &str, mark: &Marker) -> Result<(), Fault> {
        let Some(anchor) = self.anchors.get(&id) else {
            let words = format!("yaml: anchor '{}' value contains itself", wording::alias_name(text, mark));
            return Err(Fault::Yaml { at: at.start, words, hint: None });
        };
        let (size, target) = (anchor.size, anchor.entry);
        self.count(size.nodes, at.start)?;
        self.check_depth(size.depth, at.start)?;
        self.copied(size, at.start)?;
        let Some(value) = self.anchors.get(&id).map(|anchor| anchor.value.clone()) else { return Ok(()) };
        if self.awaits_key() {
            self.set_key(key_of_value(&value, at)?);
            return Ok(());
        }
        if self.options.positions {
            let entry = self.record(at);
            self.built.positions.alias(entry, target);
        }
        self.put(value, at.start)
    }

    /// Puts a complete value where the document is waiting for one.
    fn put(&mut self, value: Value, at: Position) -> Result<(), Fault> {
        let Some(frame) = self.frames.last_mut() else {
            self.built.value = value;
            return Ok(());
        };
        let (map, key, merged) = match &mut frame.body {
            Body::List(list) => {
                list.push(value);
                return Ok(());
            }
            Body::Map { map, key, merged } => (map, key, merged),
        };
        match std::mem::replace(key, Key::Awaited) {
            Key::Named(name, key_at) => {
                if merged.remove(&name) || !map.contains_key(&name) {
                    map.insert(name, value);
                } else {
                    let frames = &self.frames;
                    self.built.duplicates.push(|| path_to(frames, &name), key_at.start);
                    self.replace(name, value);
                }
                Ok(())
            }
            Key::Merge(_) => merge(map, merged, value, at),
            Key::Unsupported { at: Span { start: at, .. }, words } => {
                let words = format!("{words}, value: {}", wording::go_syntax(&value));
                Err(Fault::Yaml { at, words, hint: Some("quote the key") })
            }
            Key::Awaited => Ok(()),
        }
    }

    fn replace(&mut self, name: String, value: Value) {
        if let Some(Frame { body: Body::Map { map, .. }, .. }) = self.frames.last_mut() {
            map.insert(name, value);
        }
    }
}

/// Field path of a key of the innermost map.
fn path_to(frames: &[Frame], name: &str) -> String {
    let mut path = String::new();
    for frame in frames {
        match &frame.body {
            Body::List(list) => push_index(&mut path, list.len()),
            Body::Map { key: Key::Named(key, _), .. } => push_key(&mut path, key),
            Body::Map { .. } => {}
        }
    }
    push_key(&mut path, name);
    path
}

/// Adds what a merge key brings. As in go-yaml v2 it overrides what stands before it and yields to what follows; of
/// several maps the first wins.
fn merge(
    map: &mut Map<String, Value>,
    merged: &mut HashSet<String>,
    value: Value,
    at: Position,
) -> Result<(), Fault> {
    let maps = match value {
        Value::Array(list) => list,
        other => vec![other],
    };
    for one in maps.into_iter().rev() {
        let Value::Object(one) = one else {
            let words = "yaml: map merge requires map or sequence of maps as the value".to_owned();
            return Err(Fault::Yaml {
                at,
                words,
                hint: Some("`<<` takes an alias of a map; quote it to use it as a key"),
            });
        };
        for (key, value) in one {
            merged.insert(key.clone());
            map.insert(key, value);
        }
    }
    Ok(())
}
