//! YAML as `kubectl -o yaml` writes it: go-yaml v2's block style on the layout rules of libyaml's emitter.

use std::fmt;

use serde_json::Value;

use super::number::{go_float, go_json_number};
use super::scalar::{Scalar, resolve};
use super::sort::sort_keys;
use super::yaml_scalar_out::{Analysis, Style, is_break, is_printable};

/// Columns after which a long scalar is folded at its next space.
const WIDTH: usize = 80;

/// Bytes of the longest key that stands on one line with its value.
const SIMPLE_KEY: usize = 128;

/// A value as YAML, as `kubectl -o yaml` prints it.
///
/// ```
/// # use k1s_runtime::manifest::to_yaml;
/// let value = serde_json::json!({"kind": "Item", "spec": {"tags": ["x", "1"], "text": "a\nb\n", "m": {}}});
/// assert_eq!(to_yaml(&value), "kind: Item\nspec:\n  m: {}\n  tags:\n  - x\n  - \"1\"\n  text: |\n    a\n    b\n");
/// ```
pub fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    // Writing to memory does not fail.
    let _ = write_yaml(&mut out, value);
    out
}

/// Writes a value as YAML, as `kubectl -o yaml` prints it.
///
/// # Errors
/// What the writer fails with.
pub fn write_yaml(out: &mut impl fmt::Write, value: &Value) -> fmt::Result {
    let mut emitter = Emitter { out, column: 0, whitespace: true, indention: true };
    emitter.node(value, None, false)?;
    emitter.indent(0)
}

/// The indentation of the innermost collection; `None` outside of any.
type Indent = Option<usize>;

struct Emitter<'w, W> {
    out: &'w mut W,
    column: usize,
    /// The last character was white space.
    whitespace: bool,
    /// The line so far holds nothing but indentation and indicators.
    indention: bool,
}

impl<W: fmt::Write> Emitter<'_, W> {
    fn put(&mut self, c: char) -> fmt::Result {
        self.column += 1;
        self.out.write_char(c)
    }

    fn line_break(&mut self) -> fmt::Result {
        self.column = 0;
        self.out.write_char('\n')
    }

    fn indent(&mut self, indent: usize) -> fmt::Result {
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.line_break()?;
        }
        while self.column < indent {
            self.put(' ')?;
        }
        self.whitespace = true;
        self.indention = true;
        Ok(())
    }

    /// Writes `text`, after a space if `spaced` and there is none yet. `opens` says that a collection may start on the
    /// same line, as after `-`.
    fn indicator(&mut self, text: &str, spaced: bool, opens: bool) -> fmt::Result {
        if spaced && !self.whitespace {
            self.put(' ')?;
        }
        self.out.write_str(text)?;
        self.column += text.chars().count();
        self.whitespace = false;
        self.indention &= opens;
        Ok(())
    }

    fn node(&mut self, value: &Value, indent: Indent, in_map: bool) -> fmt::Result {
        match value {
            Value::Object(map) if map.is_empty() => self.indicator("{}", true, false),
            Value::Array(list) if list.is_empty() => self.indicator("[]", true, false),
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
                sort_keys(&mut entries);
                let inner = indent.map_or(0, |indent| indent + 2);
                entries.into_iter().try_for_each(|(key, value)| self.entry(key, value, inner))
            }
            Value::Array(list) => {
                // A list below a key stands at the key's own indentation.
                let level = in_map && !self.indention;
                let inner = indent.map_or(0, |indent| if level { indent } else { indent + 2 });
                list.iter().try_for_each(|item| {
                    self.indent(inner)?;
                    self.indicator("-", true, true)?;
                    self.node(item, Some(inner), false)
                })
            }
            Value::Null => self.indicator("null", true, false),
            Value::Bool(truth) => self.indicator(if *truth { "true" } else { "false" }, true, false),
            Value::Number(number) => {
                let text = go_json_number(number);
                match resolve(&text) {
                    Scalar::Float(float) => self.indicator(&go_float(float), true, false),
                    _ => self.indicator(&text, true, false),
                }
            }
            Value::String(text) => {
                let analysis = Analysis::of(text);
                self.string(text, analysis.style(text, false), indent, true)
            }
        }
    }

    fn entry(&mut self, key: &str, value: &Value, indent: usize) -> fmt::Result {
        self.indent(indent)?;
        let analysis = Analysis::of(key);
        if analysis.multiline || key.len() > SIMPLE_KEY {
            self.indicator("?", true, true)?;
            self.string(key, analysis.style(key, false), Some(indent), true)?;
            self.indent(indent)?;
            self.indicator(":", true, true)?;
        } else {
            self.string(key, analysis.style(key, true), Some(indent), false)?;
            self.indicator(":", false, false)?;
        }
        self.node(value, Some(indent), true)
    }

    fn string(&mut self, text: &str, style: Style, indent: Indent, folds: bool) -> fmt::Result {
        let indent = indent.map_or(2, |indent| indent + 2);
        match style {
            Style::Plain => self.plain(text, indent, folds),
            Style::SingleQuoted => self.single_quoted(text, indent, folds),
            Style::DoubleQuoted => self.double_quoted(text, indent, folds),
            Style::Literal => self.literal(text, indent),
        }
    }

    fn plain(&mut self, text: &str, indent: usize, folds: bool) -> fmt::Result {
        if !self.whitespace {
            self.put(' ')?;
        }
        let mut after_space = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let space = c == ' ';
            if space && folds && !after_space && self.column > WIDTH && chars.peek() != Some(&' ') {
                self.indent(indent)?;
            } else {
                self.put(c)?;
            }
            if !space {
                self.indention = false;
            }
            after_space = space;
        }
        self.whitespace = false;
        self.indention = false;
        Ok(())
    }

    fn single_quoted(&mut self, text: &str, indent: usize, folds: bool) -> fmt::Result {
        self.indicator("'", true, false)?;
        let (mut after_space, mut after_break) = (false, false);
        let mut first = true;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let foldable = !first && chars.peek().is_some_and(|next| *next != ' ');
            if c == ' ' {
                if folds && !after_space && self.column > WIDTH && foldable {
                    self.indent(indent)?;
                } else {
                    self.put(c)?;
                }
                after_space = true;
            } else if is_break(c) {
                self.put(c)?;
                self.column = 0;
                self.indention = true;
                after_break = true;
            } else {
                if after_break {
                    self.indent(indent)?;
                }
                if c == '\'' {
                    self.put(c)?;
                }
                self.put(c)?;
                self.indention = false;
                (after_space, after_break) = (false, false);
            }
            first = false;
        }
        self.indicator("'", false, false)
    }

    fn double_quoted(&mut self, text: &str, indent: usize, folds: bool) -> fmt::Result {
        self.indicator("\"", true, false)?;
        let mut after_space = false;
        let mut first = true;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let space = c == ' ';
            if space && folds && !after_space && self.column > WIDTH && !first && chars.peek().is_some() {
                self.indent(indent)?;
                if chars.peek() == Some(&' ') {
                    self.put('\\')?;
                }
            } else if !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c)?;
            } else {
                self.put(c)?;
            }
            after_space = space;
            first = false;
        }
        self.indicator("\"", false, false)
    }

    fn escape(&mut self, c: char) -> fmt::Result {
        let short = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{B}' => 'v',
            '\u{C}' => 'f',
            '\r' => 'r',
            '\u{1B}' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                let text = match code {
                    0..=0xFF => format!("\\x{code:02X}"),
                    0x100..=0xFFFF => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                self.column += text.len();
                return self.out.write_str(&text);
            }
        };
        self.put('\\')?;
        self.put(short)
    }

    fn literal(&mut self, text: &str, indent: usize) -> fmt::Result {
        self.indicator("|", true, false)?;
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator("2", false, false)?;
        }
        let mut ends = text.chars().rev().take(2).take_while(|c| is_break(*c)).count();
        if ends == 1 && text.chars().nth(1).is_none() {
            ends = 2;
        }
        if ends != 1 {
            self.indicator(if ends == 0 { "-" } else { "+" }, false, false)?;
        }
        self.line_break()?;
        (self.indention, self.whitespace) = (true, true);
        let mut after_break = true;
        for c in text.chars() {
            if is_break(c) {
                self.put(c)?;
                self.column = 0;
                self.indention = true;
                after_break = true;
            } else {
                if after_break {
                    self.indent(indent)?;
                }
                self.put(c)?;
                self.indention = false;
                after_break = false;
            }
        }
        Ok(())
    }
}
