//! The comments of YAML: what follows a `#` that is in no scalar. The parser that reads manifests says where scalars are; it does not tell
//! of comments itself.

use std::iter::Peekable;
use std::str::Chars;

use k1s_runtime::manifest::Position;
use saphyr_parser::{Event, Parser, ScalarStyle};

/// A comment in its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Comment {
    /// Where its `#` stands, counted from the start of the part.
    pub(super) at: Position,
    /// What follows the `#`, to the end of the line.
    pub(super) text: String,
    /// The first line of what it stands behind: its own line, or that in which a scalar of several lines began. `None` if nothing is in
    /// front of it.
    pub(super) behind: Option<u32>,
}

/// The comments of the first document of a part, up to where it cannot be read.
pub(super) fn comments(part: &str) -> Vec<Comment> {
    let mut cursor = Cursor::new(part);
    for scalar in scalars(part) {
        cursor.comments_up_to(scalar.start);
        if scalar.properties {
            cursor.skip_properties();
        }
        let first = cursor.at.line;
        match scalar.style {
            // Their spans reach to the next token, over comments: they are measured anew.
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => cursor.skip_quoted(),
            ScalarStyle::Literal | ScalarStyle::Folded if scalar.properties => {
                cursor.header();
                cursor.skip_to(scalar.end);
            }
            _ => cursor.skip_to(scalar.end),
        }
        cursor.content = Some((first, cursor.at.line));
    }
    cursor.comments_up_to(usize::MAX);
    cursor.found
}

/// Where a scalar is, in characters: from its tag or anchor if it has one, else from its text.
struct Scalar {
    start: usize,
    end: usize,
    style: ScalarStyle,
    /// Whether it has a tag or an anchor.
    properties: bool,
}

fn scalars(part: &str) -> Vec<Scalar> {
    let mut parser = Parser::new_from_str(part);
    let mut scalars = Vec::new();
    while let Some(Ok((event, span))) = parser.next_event() {
        match event {
            Event::Scalar(_, style, anchor, tag) => scalars.push(Scalar {
                start: span.start.index(),
                end: span.end.index(),
                style,
                properties: anchor != 0 || tag.is_some(),
            }),
            Event::DocumentEnd | Event::StreamEnd => break,
            _ => {}
        }
    }
    scalars
}

/// A walk over the characters of a part.
struct Cursor<'t> {
    rest: Peekable<Chars<'t>>,
    /// Characters walked over.
    index: usize,
    at: Position,
    previous: char,
    /// First and last line of the last thing that is no comment.
    content: Option<(u32, u32)>,
    found: Vec<Comment>,
}

impl<'t> Cursor<'t> {
    fn new(part: &'t str) -> Self {
        Self {
            rest: part.chars().peekable(),
            index: 0,
            at: Position { line: 1, column: 1 },
            previous: '\n',
            content: None,
            found: Vec::new(),
        }
    }

    fn next(&mut self) -> Option<char> {
        let character = self.rest.next()?;
        self.index += 1;
        let breaks = character == '\n' || character == '\r' && self.rest.peek() != Some(&'\n');
        self.at = match breaks {
            true => Position { line: self.at.line.saturating_add(1), column: 1 },
            false => Position { column: self.at.column.saturating_add(1), ..self.at },
        };
        self.previous = character;
        Some(character)
    }

    fn skip_to(&mut self, end: usize) {
        while self.index < end && self.next().is_some() {}
    }

    /// Takes the comments that start before a character; one that does is taken whole.
    fn comments_up_to(&mut self, end: usize) {
        while self.index < end {
            let (at, separate) = (self.at, self.previous.is_ascii_whitespace());
            match self.next() {
                None => return,
                Some('#') if separate => self.comment(at),
                Some(character) if character.is_ascii_whitespace() => {}
                Some(_) => self.content = Some((at.line, at.line)),
            }
        }
    }

    fn comment(&mut self, at: Position) {
        let mut text = String::new();
        while let Some(character) = self.rest.next_if(|character| !matches!(character, '\n' | '\r')) {
            self.index += 1;
            text.push(character);
        }
        self.previous = '#';
        let behind = self.content.and_then(|(first, last)| (last == at.line).then_some(first));
        self.found.push(Comment { at, text, behind });
    }

    /// Walks over tags and anchors to what they belong to.
    fn skip_properties(&mut self) {
        while let Some(next) = self.rest.peek().copied() {
            match next {
                '!' | '&' => {
                    while self.rest.peek().is_some_and(|next| !next.is_ascii_whitespace()) {
                        self.next();
                    }
                }
                '#' => self.comments_up_to(self.index + 1),
                space if space.is_ascii_whitespace() => self.skip_to(self.index + 1),
                _ => return,
            }
        }
    }

    /// Takes what is left of the line in which a block scalar is announced.
    fn header(&mut self) {
        while self.rest.peek().is_some_and(|next| !matches!(next, '\n' | '\r')) {
            self.comments_up_to(self.index + 1);
        }
    }

    /// Walks over a scalar in quotes.
    fn skip_quoted(&mut self) {
        let Some(quote) = self.next() else { return };
        while let Some(character) = self.next() {
            if character == '\\' && quote == '"' {
                self.next();
            } else if character == quote {
                // Two single quotes are one that is meant.
                if quote == '"' || self.rest.peek() != Some(&quote) {
                    return;
                }
                self.next();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(u32, u32, String, Option<u32>)> {
        let tuple = |comment: Comment| (comment.at.line, comment.at.column, comment.text, comment.behind);
        comments(text).into_iter().map(tuple).collect()
    }

    fn texts(text: &str) -> Vec<String> {
        found(text).into_iter().map(|(_, _, text, _)| text.trim().to_owned()).collect()
    }

    #[test]
    fn comments_are_found_with_what_they_stand_behind() {
        let text = "# top\na: 1 # behind\n\n  # alone\nb:\n- c # item\n";
        let found = found(text);
        assert_eq!(found[0], (1, 1, " top".into(), None));
        assert_eq!(found[1], (2, 6, " behind".into(), Some(2)));
        assert_eq!(found[2], (4, 3, " alone".into(), None));
        assert_eq!(found[3], (6, 5, " item".into(), Some(6)));
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn no_comment_is_in_a_scalar() {
        let text = "a: \"x # no\"\nb: 'it''s # no' # yes1\nc: plain#no\nd: |\n  # no\n  x # no\n# yes2\n\
                    e: >-  # yes3\n  # no\n\n  # no\n # yes4\nf: \"\\\" # no\" # yes5\n? k # yes6\n: v\ng: [1, # yes7\n  '#', # yes8\n  2]\n";
        assert_eq!(texts(text), (1..=8).map(|number| format!("yes{number}")).collect::<Vec<_>>());
    }

    #[test]
    fn tags_and_anchors_hide_nothing() {
        let text = "a: !t'#x &b#c 'y # no' # yes1\nd: &e |  # yes2\n  # no\nf: *e # yes3\n\
                    g: !t # yes4\n  'z # no'\nh: &i # 'yes5\n  | # yes6\n  # no\n";
        assert_eq!(texts(text), ["yes1", "yes2", "yes3", "yes4", "'yes5", "yes6"]);
    }

    #[test]
    fn a_scalar_of_several_lines_is_stood_behind_from_its_first() {
        assert_eq!(found("a: \"one\n  two\"  # x\n"), [(2, 9, " x".into(), Some(1))]);
        assert_eq!(found("a:\n  one\n  two # x\n"), [(3, 7, " x".into(), Some(2))]);
    }

    #[test]
    fn line_breaks_of_all_kinds_and_wide_text_are_counted_as_the_parser_does() {
        for line in ["\n", "\r\n", "\r"] {
            let text = [
                "größe: '漢 # no' # yes1",
                "b: |",
                "  # no",
                "c: 👍 # yes2",
                "d: \"x",
                "  # no\" # yes3",
                "",
            ];
            assert_eq!(texts(&text.join(line)), ["yes1", "yes2", "yes3"], "{line:?}");
            assert_eq!(found(&text.join(line))[1].0, 4, "{line:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_has_comments_up_to_there() {
        assert_eq!(texts("a: 1 # yes\nb: @no # x\n").first().unwrap(), "yes");
        for text in [
            "",
            "#",
            "'",
            "\"",
            "\"\\",
            "a: '# no",
            "!",
            "&a",
            "# x",
            "\u{feff}# x",
            "|",
            "a: |\n # no",
            "{",
            "%YAML 9 # x\n---\n",
        ] {
            comments(text);
        }
    }
}
