//! Descriptions as people write them: paragraphs, lists, code and links, read so that every output can show them its own way.
//!
//! Only what is harmless and common in doc comments has a meaning; everything else is text.

/// A description, block by block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Its blocks, in their order.
    pub blocks: Vec<Block>,
}

/// A block of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines that belong together.
    Paragraph(Vec<Inline>),
    /// Entries that begin with `- ` or `* `.
    List(Vec<Vec<Inline>>),
    /// What stands between lines of three backticks, as it is.
    Code(String),
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain words.
    Plain(String),
    /// What stands between backticks.
    Code(String),
    /// A web address, and the words to show for it.
    Link {
        /// What to show.
        text: String,
        /// Begins with `https://` or `http://` and has no white space, quote or bracket.
        url: String,
    },
}

impl Text {
    /// Reads a description.
    pub fn parse(source: &str) -> Self {
        let mut reader = Reader::default();
        source.lines().for_each(|line| reader.line(line));
        reader.end_of_block();
        reader.text
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// All words in a line, without marks.
    pub fn plain(&self) -> String {
        self.blocks.iter().map(Block::plain).collect::<Vec<_>>().join(" ")
    }

    /// The words of its first block in a line, without marks: what there is to say in a list of many.
    pub fn summary(&self) -> String {
        self.blocks.first().map(Block::plain).unwrap_or_default()
    }
}

impl Block {
    fn plain(&self) -> String {
        let words = |inlines: &[Inline]| inlines.iter().map(Inline::shown).collect::<String>();
        match self {
            Block::Paragraph(inlines) => words(inlines),
            Block::List(entries) => entries.iter().map(|entry| words(entry)).collect::<Vec<_>>().join(" "),
            Block::Code(code) => code.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

impl Inline {
    fn shown(&self) -> &str {
        match self {
            Inline::Plain(text) | Inline::Code(text) | Inline::Link { text, .. } => text,
        }
    }
}

/// Lines of the block that is being read.
#[derive(Default)]
struct Reader {
    text: Text,
    paragraph: Vec<String>,
    entries: Vec<String>,
    code: Option<Vec<String>>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            match self.code.take() {
                Some(lines) => self.text.blocks.push(Block::Code(lines.join("\n"))),
                None => {
                    self.end_of_block();
                    self.code = Some(Vec::new());
                }
            }
        } else if let Some(code) = &mut self.code {
            code.push(line.to_owned());
        } else if trimmed.is_empty() {
            self.end_of_block();
        } else if let Some(entry) = trimmed.strip_prefix("- ").or_else(|| trimmed.strip_prefix("* ")) {
            self.end_of_paragraph();
            self.entries.push(entry.to_owned());
        } else if let Some(entry) = self.entries.last_mut() {
            entry.extend([" ", trimmed]);
        } else {
            self.paragraph.push(trimmed.to_owned());
        }
    }

    fn end_of_paragraph(&mut self) {
        if !self.paragraph.is_empty() {
            let lines = std::mem::take(&mut self.paragraph);
            self.text.blocks.push(Block::Paragraph(inlines(&lines.join(" "))));
        }
    }

    fn end_of_block(&mut self) {
        // A block of code that is never closed ends with the text.
        if let Some(lines) = self.code.take() {
            self.text.blocks.push(Block::Code(lines.join("\n")));
        }
        self.end_of_paragraph();
        if !self.entries.is_empty() {
            let entries = std::mem::take(&mut self.entries);
            self.text.blocks.push(Block::List(entries.iter().map(|entry| inlines(entry)).collect()));
        }
    }
}

fn inlines(line: &str) -> Vec<Inline> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let part = match first {
            '`' => code(rest),
            '[' => named_link(rest),
            'h' if !plain.ends_with(char::is_alphanumeric) => bare_link(rest),
            _ => None,
        };
        let length = part.as_ref().map_or(first.len_utf8(), |(_, length)| *length);
        let (taken, after) = rest.split_at(length);
        rest = after;
        match part {
            Some((inline, _)) => {
                if !plain.is_empty() {
                    found.push(Inline::Plain(std::mem::take(&mut plain)));
                }
                found.push(inline);
            }
            None => plain.push_str(taken),
        }
    }
    if !plain.is_empty() {
        found.push(Inline::Plain(plain));
    }
    found
}

/// `` `code` `` at the start of a text, and how long it is.
fn code(text: &str) -> Option<(Inline, usize)> {
    let inside = text.strip_prefix('`')?;
    let end = inside.find('`').filter(|end| *end > 0)?;
    Some((Inline::Code(inside.get(..end)?.to_owned()), end + 2))
}

/// `[words](https://...)` at the start of a text.
fn named_link(text: &str) -> Option<(Inline, usize)> {
    let middle = text.find("](")?;
    let words = text.get(1..middle).filter(|words| !words.is_empty() && !words.contains(['[', ']']))?;
    let url = url(text.get(middle + 2..)?)?;
    let end = middle + 2 + url.len();
    text.get(end..)?
        .starts_with(')')
        .then(|| (Inline::Link { text: words.to_owned(), url: url.to_owned() }, end + 1))
}

/// `https://...` at the start of a text, without the punctuation of the sentence that it ends.
fn bare_link(text: &str) -> Option<(Inline, usize)> {
    let url = url(text)?.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    Some((Inline::Link { text: url.to_owned(), url: url.to_owned() }, url.len()))
}

/// The web address that a text begins with, if it does.
pub(super) fn url(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let ends = |c: char| c.is_whitespace() || c.is_control() || "\"'`<>()[]{}|\\^".contains(c);
    let url = text.get(..text.find(ends).unwrap_or(text.len()))?;
    (url.len() > scheme.len()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Inline {
        Inline::Plain(text.to_owned())
    }

    #[test]
    fn blocks_are_told_apart() {
        let text = Text::parse("One\ntwo.\n\n- a\n  more\n* b\n\n```\nx: 1\n  y\n```\nEnd");
        let expected = [
            Block::Paragraph(vec![plain("One two.")]),
            Block::List(vec![vec![plain("a more")], vec![plain("b")]]),
            Block::Code("x: 1\n  y".to_owned()),
            Block::Paragraph(vec![plain("End")]),
        ];
        assert_eq!(text.blocks, expected);
        assert_eq!(text.plain(), "One two. a more b x: 1 y End");
        assert_eq!(text.summary(), "One two.");
        assert!(Text::parse(" \n\n").is_empty());
    }

    #[test]
    fn code_and_links_are_read() {
        let link = |text: &str, url: &str| Inline::Link { text: text.to_owned(), url: url.to_owned() };
        assert_eq!(
            inlines("see `a|b`, [the docs](https://x.example/a) or https://y.example/b."),
            [
                plain("see "),
                Inline::Code("a|b".to_owned()),
                plain(", "),
                link("the docs", "https://x.example/a"),
                plain(" or "),
                link("https://y.example/b", "https://y.example/b"),
                plain("."),
            ]
        );
    }

    #[test]
    fn what_is_not_meant_so_stays_text() {
        for text in ["a ` b", "``", "[x](javascript:alert(1))", "[x]", "https://", "](", "\u{e9}`"] {
            assert_eq!(inlines(text), [plain(text)], "{text}");
        }
        assert_eq!(url("https://a.example/\"onclick"), Some("https://a.example/"));
    }
}
