//! Tokens of a label selector.

/// What a token is. Words are keys, values and the operators `in` and `notin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word,
    In,
    NotIn,
    Not,
    Equals,
    DoubleEquals,
    NotEquals,
    Greater,
    Less,
    Open,
    Close,
    Comma,
    End,
}

/// The tokens of a text one after another, with one token of look-ahead.
pub(super) struct Lexer<'t> {
    rest: &'t str,
    ahead: Option<(Token, &'t str)>,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        // A NUL ends the text for the API server.
        Self { rest: text.split('\0').next().unwrap_or_default(), ahead: None }
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> (Token, &'t str) {
        match self.ahead {
            Some(token) => token,
            None => {
                let token = self.lex();
                self.ahead = Some(token);
                token
            }
        }
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> (Token, &'t str) {
        self.ahead.take().unwrap_or_else(|| self.lex())
    }

    /// Takes the next token where `in` and `notin` are words like any other.
    pub(super) fn next_word(&mut self) -> (Token, &'t str) {
        as_word(self.next())
    }

    /// The next token where `in` and `notin` are words like any other.
    pub(super) fn peek_word(&mut self) -> (Token, &'t str) {
        as_word(self.peek())
    }

    fn lex(&mut self) -> (Token, &'t str) {
        self.rest = self.rest.trim_start_matches(is_space);
        let word = self.rest.find(|c| is_space(c) || is_special(c)).unwrap_or(self.rest.len());
        if word > 0 {
            let (text, rest) = self.rest.split_at(word);
            self.rest = rest;
            return match text {
                "in" => (Token::In, text),
                "notin" => (Token::NotIn, text),
                _ => (Token::Word, text),
            };
        }
        let double = self.rest.get(..2).and_then(symbol).map(|token| (token, 2));
        let single = || self.rest.get(..1).and_then(symbol).map(|token| (token, 1));
        match double.or_else(single) {
            Some((token, length)) => {
                let (text, rest) = self.rest.split_at(length);
                self.rest = rest;
                (token, text)
            }
            None => (Token::End, ""),
        }
    }
}

fn as_word((token, text): (Token, &str)) -> (Token, &str) {
    (if matches!(token, Token::In | Token::NotIn) { Token::Word } else { token }, text)
}

fn symbol(text: &str) -> Option<Token> {
    Some(match text {
        "==" => Token::DoubleEquals,
        "!=" => Token::NotEquals,
        "=" => Token::Equals,
        "!" => Token::Not,
        "(" => Token::Open,
        ")" => Token::Close,
        "," => Token::Comma,
        ">" => Token::Greater,
        "<" => Token::Less,
        _ => return None,
    })
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_special(c: char) -> bool {
    matches!(c, '=' | '!' | '(' | ')' | ',' | '>' | '<')
}
