//! A YAML stream cut into its documents' texts, read no further than asked: what is kept in memory is one document.

use std::io::{self, BufRead};
use std::sync::Arc;

use super::decode::{Documents, is_separator};
use super::document::Document;
use super::error::{Error, Location};
use super::limits::{Limit, Options};
use super::positions::Position;

/// The text of one document of a YAML stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The text. A separator at the very start of the stream belongs to it.
    pub text: Vec<u8>,
    /// Line of the stream on which it starts, from 1.
    pub line: usize,
}

/// Why a stream cannot be cut.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// A document is longer than [`Limits::source_bytes`](super::Limits::source_bytes), or there are more than
    /// [`Limits::documents`](super::Limits::documents).
    #[error(transparent)]
    Limit(Error),
}

/// Reads the parts of a stream one after another; see [`Parts::new`].
#[derive(Debug)]
pub struct Parts<R> {
    source: Arc<str>,
    reader: R,
    options: Options,
    line: usize,
    seen: usize,
    done: bool,
}

impl<R: BufRead> Parts<R> {
    /// Cuts a YAML stream at lines that hold `---` and nothing but space or a comment, as [`decode_with`](super::decode_with) does. Each
    /// part can then be decoded on its own, by [`Part::decode`], also by another thread, and a fault in one leaves the others.
    ///
    /// ```
    /// use k1s_runtime::manifest::{Options, Parts};
    /// let text = b"a: 1\n---\nb: [\n---\nc: 3\n";
    /// let parts: Vec<_> = Parts::new("x.yaml", &text[..], Options::default()).collect::<Result<_, _>>()?;
    /// assert_eq!(parts[2].line, 5);
    /// let decoded = parts.iter().map(|part| part.decode("x.yaml", Options::default()));
    /// assert_eq!(decoded.map(|document| document.is_ok()).collect::<Vec<_>>(), [true, false, true]);
    /// # Ok::<(), k1s_runtime::manifest::PartsError>(())
    /// ```
    pub fn new(source: &str, reader: R, options: Options) -> Self {
        Self { source: Arc::from(source), reader, options, line: 1, seen: 0, done: false }
    }

    /// Reads up to the next separator; answers with how many lines that were.
    fn read(&mut self, text: &mut Vec<u8>) -> Result<usize, PartsError> {
        let mut lines = 0;
        loop {
            let start = text.len();
            let ended = self.read_line(text)?;
            if text.len() > start {
                lines += 1;
            }
            if start > 0 && is_separator(&text[start..]) {
                text.truncate(start);
                return Ok(lines);
            }
            if ended {
                self.done = true;
                return Ok(lines);
            }
        }
    }

    /// Appends one line with its end; answers whether the stream has ended.
    fn read_line(&mut self, text: &mut Vec<u8>) -> Result<bool, PartsError> {
        let max = self.options.limits.source_bytes;
        loop {
            let buffer = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if buffer.is_empty() {
                return Ok(true);
            }
            let end = buffer.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let taken = end.unwrap_or(buffer.len());
            if text.len() + taken > max {
                return Err(self.exceeded(Limit::SourceBytes, max));
            }
            text.extend_from_slice(&buffer[..taken]);
            self.reader.consume(taken);
            if end.is_some() {
                return Ok(false);
            }
        }
    }

    fn exceeded(&self, limit: Limit, max: usize) -> PartsError {
        let position = Position::new(self.line, 1);
        PartsError::Limit(Error::Limit {
            location: Location { source: self.source.clone(), position },
            limit,
            max,
        })
    }
}

impl<R: BufRead> Iterator for Parts<R> {
    type Item = Result<Part, PartsError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let (mut text, line) = (Vec::new(), self.line);
        let read = self.read(&mut text).and_then(|lines| {
            self.line += lines;
            self.seen += usize::from(!text.is_empty());
            let max = self.options.limits.documents;
            if self.seen > max { Err(self.exceeded(Limit::Documents, max)) } else { Ok(()) }
        });
        if let Err(error) = read {
            self.done = true;
            return Some(Err(error));
        }
        if text.is_empty() && self.done {
            return None;
        }
        if line == 1
            && let Some(rest) = text.strip_prefix(b"\xEF\xBB\xBF")
        {
            text = rest.to_vec();
        }
        Some(Ok(Part { text, line }))
    }
}

impl Part {
    /// Decodes the part's first document, as kubectl does; `None` if it is empty or null. [`Document::index`] is 0.
    ///
    /// # Errors
    /// When the text is not YAML, or YAML that has no JSON counterpart.
    pub fn decode(&self, source: &str, options: Options) -> Result<Option<Document>, Error> {
        Documents::part(source, &self.text, options).one(self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, decode};
    use super::*;

    fn cut(text: &[u8]) -> Vec<Part> {
        // A small buffer, so that lines and separators come in pieces.
        let reader = io::BufReader::with_capacity(3, text);
        Parts::new("s", reader, Options::default()).collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn parts_are_those_of_the_decoder() {
        for text in [
            "",
            "---",
            "---\n",
            "a: 1",
            "a: 1\n",
            "---\na: 1\n---\nb: 2",
            "a: 1\n--- # c\n---\n---\nb: 2\n",
            "\u{feff}a: 1\n---\r\nb: 2\n",
            "a: |\n  ---\n--- x\n",
            "# c\n---\na: 1\n---\n# d\n",
        ] {
            let whole: Vec<_> = decode("s", text.as_bytes()).map(|d| d.map(|d| (d.value, d.line))).collect();
            let parts: Vec<_> = cut(text.as_bytes())
                .iter()
                .filter_map(|part| part.decode("s", Options::default()).transpose())
                .map(|document| document.map(|d| (d.value, d.line)))
                .collect();
            assert_eq!(parts, whole, "{text:?}");
        }
    }

    #[test]
    fn limits_end_the_stream() {
        let limited = |limits: Limits| {
            let options = Options { limits, ..Options::default() };
            let mut parts = Parts::new("s", &b"a: 1\n---\nlong: text\n---\nc: 1\n"[..], options);
            let error = parts.by_ref().find_map(Result::err).map(|error| error.to_string());
            assert!(parts.next().is_none());
            error.unwrap_or_default()
        };
        let bytes = Limits { source_bytes: 10, ..Limits::default() };
        assert_eq!(limited(bytes), "s:3:1: limit source_bytes of 10 exceeded");
        let documents = Limits { documents: 2, ..Limits::default() };
        assert!(limited(documents).ends_with("limit documents of 2 exceeded"));
    }
}
