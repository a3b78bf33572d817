//! Source to tokens, one at a time, always the longest that fits.
//!
//! What begins no token is reported and skipped: from where the token would have begun to the character that spoils it, as
//! cel-go's lexer does, so that `a = b` complains about `= ` with the blank.

use super::token::{Kind, Token};

/// A stretch of the source that is no token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Garbage {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// Reads tokens off a source.
pub(super) struct Lexer<'s> {
    source: &'s str,
    at: usize,
}

/// How the text at a place goes on.
enum Scan {
    /// A token of so many bytes.
    Token(Kind, usize),
    /// Nothing, and so many bytes up to the character that fits no token.
    Dead(usize),
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, at: 0 }
    }

    /// The next token, or what stands in its place. After the end, the end again.
    pub(super) fn next(&mut self) -> Result<Token, Garbage> {
        self.skip_blanks();
        let start = self.at;
        match scan(&self.source.as_bytes()[start..]) {
            Scan::Token(kind, length) => {
                self.at = start + length;
                Ok(Token { kind, start: offset(start), end: offset(self.at) })
            }
            Scan::Dead(length) => {
                let spoiler = start + length;
                let width = self.source[spoiler..].chars().next().map_or(0, char::len_utf8);
                self.at = spoiler + width;
                Err(Garbage { start: offset(start), end: offset(self.at) })
            }
        }
    }

    /// Skips white space and comments.
    fn skip_blanks(&mut self) {
        let bytes = self.source.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n' | 0x0c) => self.at += 1,
                Some(b'/') if bytes.get(self.at + 1) == Some(&b'/') => {
                    let rest = &bytes[self.at..];
                    self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }
}

/// An offset as tokens keep it. Sources are far shorter than 4 GiB: the parser refuses longer ones.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The longest token at the start of `bytes`.
fn scan(bytes: &[u8]) -> Scan {
    let Some(first) = bytes.first() else { return Scan::Token(Kind::Eof, 0) };
    let second = bytes.get(1).copied();
    let one = |kind| Scan::Token(kind, 1);
    let pair = |then: u8, double: Kind, single: Option<Kind>| match (second, single) {
        (Some(byte), _) if byte == then => Scan::Token(double, 2),
        (_, Some(kind)) => Scan::Token(kind, 1),
        (_, None) => Scan::Dead(1),
    };
    match first {
        b'=' => pair(b'=', Kind::Equals, None),
        b'&' => pair(b'&', Kind::And, None),
        b'|' => pair(b'|', Kind::Or, None),
        b'!' => pair(b'=', Kind::NotEquals, Some(Kind::Not)),
        b'<' => pair(b'=', Kind::LessEquals, Some(Kind::Less)),
        b'>' => pair(b'=', Kind::GreaterEquals, Some(Kind::Greater)),
        b'[' => one(Kind::LeftBracket),
        b']' => one(Kind::RightBracket),
        b'{' => one(Kind::LeftBrace),
        b'}' => one(Kind::RightBrace),
        b'(' => one(Kind::LeftParen),
        b')' => one(Kind::RightParen),
        b',' => one(Kind::Comma),
        b'-' => one(Kind::Minus),
        b'?' => one(Kind::Question),
        b':' => one(Kind::Colon),
        b'+' => one(Kind::Plus),
        b'*' => one(Kind::Star),
        b'/' => one(Kind::Slash),
        b'%' => one(Kind::Percent),
        b'.' if second.is_some_and(|byte| byte.is_ascii_digit()) => number(bytes),
        b'.' => one(Kind::Dot),
        b'0'..=b'9' => number(bytes),
        b'\'' | b'"' => quoted(bytes, 0, false).into_scan(Kind::String),
        b'`' => escaped_ident(bytes),
        b'A'..=b'Z' | b'a'..=b'z' | b'_' => word(bytes),
        _ => Scan::Dead(0),
    }
}

/// A name, a keyword, or a string with a prefix.
fn word(bytes: &[u8]) -> Scan {
    let is_raw = |at: usize| matches!(bytes.get(at), Some(b'r' | b'R'));
    let is_quote = |at: usize| matches!(bytes.get(at), Some(b'\'' | b'"'));
    let literal = if is_raw(0) && is_quote(1) {
        Some((Kind::String, quoted(bytes, 1, true)))
    } else if matches!(bytes[0], b'b' | b'B') && is_quote(1) {
        Some((Kind::Bytes, quoted(bytes, 1, false)))
    } else if matches!(bytes[0], b'b' | b'B') && is_raw(1) && is_quote(2) {
        Some((Kind::Bytes, quoted(bytes, 2, true)))
    } else {
        None
    };
    // A string that does not end leaves its prefix as a name.
    if let Some((kind, Quoted::Closed(length))) = literal {
        return Scan::Token(kind, length);
    }
    let length = bytes.iter().position(|byte| !is_word(*byte)).unwrap_or(bytes.len());
    let kind = match &bytes[..length] {
        b"in" => Kind::In,
        b"true" => Kind::True,
        b"false" => Kind::False,
        b"null" => Kind::Null,
        _ => Kind::Ident,
    };
    Scan::Token(kind, length)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A name in backquotes.
fn escaped_ident(bytes: &[u8]) -> Scan {
    let inner = |byte: &u8| is_word(*byte) || matches!(byte, b'.' | b'-' | b'/' | b' ');
    let length = 1 + bytes[1..].iter().take_while(|byte| inner(byte)).count();
    if length > 1 && bytes.get(length) == Some(&b'`') {
        return Scan::Token(Kind::EscapedIdent, length + 1);
    }
    Scan::Dead(length)
}

/// A number. It begins with a digit, or with a dot and a digit.
fn number(bytes: &[u8]) -> Scan {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let unsigned = |at: usize| matches!(bytes.get(at), Some(b'u' | b'U'));
    if bytes.starts_with(b"0x") {
        let hex = bytes[2..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        if hex > 0 {
            let end = 2 + hex;
            return if unsigned(end) {
                Scan::Token(Kind::Uint, end + 1)
            } else {
                Scan::Token(Kind::Int, end)
            };
        }
    }
    let whole = digits(0);
    let mut end = whole;
    let fraction = if bytes.get(end) == Some(&b'.') { digits(end + 1) } else { 0 };
    if fraction > 0 {
        end += 1 + fraction;
    }
    let mut exponent = 0;
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let power = digits(end + 1 + sign);
        exponent = if power > 0 { 1 + sign + power } else { 0 };
    }
    match (fraction, exponent) {
        (0, 0) if unsigned(end) => Scan::Token(Kind::Uint, end + 1),
        (0, 0) => Scan::Token(Kind::Int, end),
        _ => Scan::Token(Kind::Float, end + exponent),
    }
}

/// How a quoted text goes on.
enum Quoted {
    /// It ends before this offset.
    Closed(usize),
    /// It fails at this offset.
    Open(usize),
}

impl Quoted {
    fn into_scan(self, kind: Kind) -> Scan {
        match self {
            Self::Closed(length) => Scan::Token(kind, length),
            Self::Open(length) => Scan::Dead(length),
        }
    }
}

/// The quoted text whose first quote is at `open`. Three quotes that are never closed are an empty text and a new quote.
fn quoted(bytes: &[u8], open: usize, raw: bool) -> Quoted {
    let quote = bytes[open];
    let is_triple = |at: usize| bytes[at..].len() >= 3 && bytes[at..at + 3] == [quote; 3];
    let triple = is_triple(open);
    let mut at = open + if triple { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            _ if triple && is_triple(at) => return Quoted::Closed(at + 3),
            _ if !triple && *byte == quote => return Quoted::Closed(at + 1),
            b'\n' | b'\r' if !triple => break,
            b'\\' if !raw => match escape(&bytes[at..]) {
                Ok(length) => at += length,
                Err(length) => {
                    at += length;
                    break;
                }
            },
            _ => at += 1,
        }
    }
    if triple { Quoted::Closed(open + 2) } else { Quoted::Open(at) }
}

/// The length of the escape sequence at the start of `bytes`, or how far it is one.
fn escape(bytes: &[u8]) -> Result<usize, usize> {
    let run = |from: usize, count: usize, fits: fn(&u8) -> bool| {
        let found = bytes[from..].iter().take(count).take_while(|byte| fits(byte)).count();
        if found == count { Ok(from + count) } else { Err(from + found) }
    };
    match bytes.get(1) {
        Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'"' | b'\'' | b'\\' | b'?' | b'`') => Ok(2),
        Some(b'x' | b'X') => run(2, 2, u8::is_ascii_hexdigit),
        Some(b'u') => run(2, 4, u8::is_ascii_hexdigit),
        Some(b'U') => run(2, 8, u8::is_ascii_hexdigit),
        Some(b'0'..=b'3') => run(2, 2, |byte| matches!(byte, b'0'..=b'7')),
        _ => Err(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<(Kind, &str)> {
        let mut lexer = Lexer::new(source);
        let mut found = Vec::new();
        while let Ok(token) = lexer.next() {
            if token.kind == Kind::Eof {
                break;
            }
            found.push((token.kind, &source[token.start as usize..token.end as usize]));
        }
        found
    }

    fn garbage(source: &str) -> &str {
        match Lexer::new(source).next() {
            Ok(token) => unreachable!("{token:?}"),
            Err(garbage) => &source[garbage.start as usize..garbage.end as usize],
        }
    }

    #[test]
    fn numbers_are_as_long_as_they_can_be() {
        assert_eq!(kinds("0x1Fu"), [(Kind::Uint, "0x1Fu")]);
        assert_eq!(kinds("1.5e-3"), [(Kind::Float, "1.5e-3")]);
        assert_eq!(kinds(".5"), [(Kind::Float, ".5")]);
        assert_eq!(kinds("1.a"), [(Kind::Int, "1"), (Kind::Dot, "."), (Kind::Ident, "a")]);
        assert_eq!(kinds("1e+"), [(Kind::Int, "1"), (Kind::Ident, "e"), (Kind::Plus, "+")]);
        assert_eq!(kinds("0xg"), [(Kind::Int, "0"), (Kind::Ident, "xg")]);
    }

    #[test]
    fn quotes_close_or_spoil() {
        assert_eq!(
            kinds(r#"'''a'b''' r"\" br'\' "#),
            [(Kind::String, "'''a'b'''"), (Kind::String, r#"r"\""#), (Kind::Bytes, r"br'\'"),]
        );
        assert_eq!(garbage("'abc"), "'abc");
        assert_eq!(garbage(r"'a\q'"), r"'a\q");
        assert_eq!(garbage("= 1"), "= ");
        assert_eq!(garbage("=é"), "=é");
        assert_eq!(kinds("r'a"), [(Kind::Ident, "r")]);
    }
}
