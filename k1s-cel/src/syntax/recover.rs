//! What happens when a token does not fit: the complaint, and how the parser finds its footing again.
//!
//! kube-apiserver's answers have the texts of the ANTLR runtime, several of them if it recovers and fails again. So this parser
//! fails and recovers in the same places: before a block of alternatives ([`Parser::sync`]), at a token that must come
//! ([`Parser::expect`]), and at the end of the rule that a failure happens in ([`Parser::rule`]).

use super::hint;
use super::lexer::Garbage;
use super::parser::Parser;
use super::token::{Kind, Kinds, Token};
use crate::issue::Issue;
use std::fmt;

/// What may come next at some place of a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Follow {
    /// The tokens.
    pub(super) kinds: Kinds,
    /// Whether the rule may end there, so that what follows its caller may come as well.
    pub(super) ends: bool,
}

impl Follow {
    pub(super) const fn then(kinds: Kinds) -> Self {
        Self { kinds, ends: false }
    }

    pub(super) const fn or_end(kinds: Kinds) -> Self {
        Self { kinds, ends: true }
    }
}

/// Places at which a rule can fail. Recovering twice in the same place without reading a token skips one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Place {
    Start,
    ConditionalColon,
    Unary,
    UnaryChoice,
    NegateLoop,
    MemberChoice,
    CallArgs,
    CallClose,
    IndexOptional,
    IndexClose,
    Primary,
    PrimaryChoice,
    GlobalArgs,
    GlobalClose,
    NestedClose,
    ListElements,
    ListComma,
    ListClose,
    MapEntries,
    MapComma,
    MapClose,
    MessageFields,
    MessageComma,
    MessageClose,
    OptionalExpr,
    OptionalField,
    FieldName,
    EntryColon,
    FieldColon,
    LiteralChoice,
}

/// Why a rule ends early.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// A complaint was made; the innermost rule recovers.
    Recover(Place),
    /// Nothing goes on.
    Abort,
}

/// What a rule yields, if parsing goes on.
pub(super) type Parsed<T> = Result<T, Fault>;

/// How many times the parser recovers.
const MAX_RECOVERIES: u32 = 30;
/// How many tokens one recovery skips.
const MAX_SKIPPED: u32 = 256;
/// How many syntax errors are reported.
const MAX_SYNTAX_ERRORS: usize = 100;

/// Where recovery stands.
#[derive(Default)]
pub(super) struct Recovery {
    /// Set from a complaint to the next token that fits: what else does not fit meanwhile is a consequence.
    pub(super) active: bool,
    attempts: u32,
    last: Option<usize>,
    /// The places, as bits, that were recovered from at the token `last`.
    places: u64,
}

impl Parser<'_> {
    /// Runs the body of a rule that `site` follows. If it fails, complaints have been made, and the parser skips to a token that can
    /// follow one of the rules it is in.
    pub(super) fn rule(&mut self, site: Follow, body: impl FnOnce(&mut Self) -> Parsed<()>) -> Parsed<()> {
        self.sites.push(site);
        let mut outcome = body(self);
        if let Err(Fault::Recover(place)) = outcome {
            outcome = self.recover(place);
        }
        self.sites.pop();
        outcome
    }

    /// Reads a token that must come. One token too many before it is skipped, and the token is made up if what comes fits behind it.
    pub(super) fn expect(&mut self, kind: Kind, place: Place, after: Follow) -> Parsed<Token> {
        if self.peek() == kind {
            return Ok(self.bump());
        }
        self.attempt()?;
        let expected = Kinds::of(&[kind]);
        if expected.has(self.peek_at(1)) {
            self.complain_unwanted(expected);
            self.skip();
            return Ok(self.bump());
        }
        let here = self.token_at(0);
        if self.expected(after).has(here.kind) {
            if self.begin() {
                let message = format!("missing {} at {}", expected.names(), self.display(here));
                self.complain(here.start, message, None);
            }
            return Ok(Token { kind, start: here.start, end: here.start });
        }
        self.mismatch(Follow::then(expected), place)
    }

    /// Checks, before a block of alternatives, that the next token begins one.
    pub(super) fn sync(&mut self, kinds: Kinds, place: Place) -> Parsed<()> {
        let next = self.peek();
        if kinds.has(next) || self.recovery.active {
            return Ok(());
        }
        if kinds.has(self.peek_at(1)) {
            self.complain_unwanted(kinds);
            self.skip();
            self.footing();
            return Ok(());
        }
        self.mismatch(Follow::then(kinds), place)
    }

    /// Checks, between the rounds of a loop, that the next token goes on with it or follows it, and skips to one that does.
    pub(super) fn sync_loop(&mut self, kinds: Kinds) -> Parsed<()> {
        if kinds.has(self.peek()) || self.recovery.active {
            return Ok(());
        }
        self.complain_unwanted(kinds);
        let until = kinds.and(self.recovery_kinds());
        while self.peek() != Kind::Eof && !until.has(self.peek()) {
            self.skip();
        }
        Ok(())
    }

    /// Fails because no alternative begins with the tokens from the next one to the one `ahead` of it.
    pub(super) fn no_alternative<T>(&mut self, ahead: usize, place: Place) -> Parsed<T> {
        let offender = self.token_at(ahead);
        if self.begin() {
            let text = self.text_to(ahead);
            // Words that are no names get the text that cel-go had for them before its grammar changed.
            let word = text.char_indices().nth(1).map_or("", |(at, _)| &text[at..]);
            let message = match word {
                "true" | "false" | "null" => format!("mismatched input '{word}' expecting IDENTIFIER"),
                _ => format!("no viable alternative at input '{}'", escape(&text)),
            };
            let hint = hint::for_token(offender.kind, self.text(offender));
            self.complain(offender.start, message, hint);
        }
        Err(Fault::Recover(place))
    }

    /// Everything that can come where `follow` does.
    pub(super) fn expected(&self, follow: Follow) -> Kinds {
        let mut kinds = follow.kinds;
        if !follow.ends {
            return kinds;
        }
        for site in self.sites.iter().rev() {
            kinds = kinds.and(site.kinds);
            if !site.ends {
                return kinds;
            }
        }
        kinds.and(Kinds::of(&[Kind::Eof]))
    }

    fn mismatch<T>(&mut self, follow: Follow, place: Place) -> Parsed<T> {
        if self.begin() {
            let here = self.token_at(0);
            let names = self.expected(follow).names();
            let message = format!("mismatched input {} expecting {names}", self.display(here));
            let hint = self.hint_here(here);
            self.complain(here.start, message, hint);
        }
        Err(Fault::Recover(place))
    }

    fn complain_unwanted(&mut self, kinds: Kinds) {
        if self.begin() {
            let here = self.token_at(0);
            let message = format!("extraneous input {} expecting {}", self.display(here), kinds.names());
            let hint = self.hint_here(here);
            self.complain(here.start, message, hint);
        }
    }

    fn hint_here(&self, here: Token) -> Option<String> {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| self.text(*token));
        hint::for_token(here.kind, self.text(here)).or_else(|| before.and_then(hint::for_neighbour))
    }

    /// Whether to complain: not about consequences of what was complained about.
    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.recovery.active, true)
    }

    fn attempt(&mut self) -> Parsed<()> {
        if self.recovery.attempts == MAX_RECOVERIES {
            let at = self.token_at(0).start;
            self.complain(at, format!("error recovery attempt limit exceeded: {MAX_RECOVERIES}"), None);
            return Err(Fault::Abort);
        }
        self.recovery.attempts += 1;
        Ok(())
    }

    /// Skips to a token that can follow one of the rules that the parser is in.
    pub(super) fn recover(&mut self, place: Place) -> Parsed<()> {
        self.attempt()?;
        let bit = 1 << place as u8;
        if self.recovery.last == Some(self.at) && self.recovery.places & bit != 0 {
            self.skip();
        }
        self.recovery.last = Some(self.at);
        self.recovery.places |= bit;
        let until = self.recovery_kinds();
        let mut skipped = 0;
        while self.peek() != Kind::Eof && !until.has(self.peek()) {
            if skipped == MAX_SKIPPED {
                self.stop(format!("error recovery token lookahead limit exceeded: {MAX_SKIPPED}"));
                return Err(Fault::Abort);
            }
            skipped += 1;
            self.skip();
        }
        Ok(())
    }

    /// Everything that can follow one of the rules that the parser is in.
    fn recovery_kinds(&self) -> Kinds {
        self.sites.iter().fold(Kinds::NONE, |kinds, site| kinds.and(site.kinds))
    }

    /// Notes that a token fits.
    pub(super) fn footing(&mut self) {
        self.recovery.active = false;
        self.recovery.last = None;
        self.recovery.places = 0;
    }

    /// Reports characters that are no token.
    pub(super) fn complain_garbage(&mut self, garbage: Garbage) {
        let text = &self.source[garbage.start as usize..garbage.end as usize];
        let message = format!("token recognition error at: '{}'", escape(text));
        let hint = hint::for_garbage(text);
        self.garbage.push(garbage);
        self.complain(garbage.start, message, hint);
    }

    /// Adds a syntax error. After a hundred of them, the parser reads no further.
    fn complain(&mut self, at: u32, message: impl fmt::Display, hint: Option<String>) {
        if self.ended {
            return;
        }
        let mut message = format!("Syntax error: {message}");
        if self.issues.len() >= MAX_SYNTAX_ERRORS {
            self.ended = true;
            message = format!("Syntax error: More than {MAX_SYNTAX_ERRORS} syntax errors");
        }
        self.issues.push(Issue { at: Some(at), message, hint });
    }

    /// Adds a complaint about the whole and reads no further.
    pub(super) fn stop(&mut self, message: String) {
        if !self.ended {
            self.ended = true;
            self.issues.push(Issue { at: None, message, hint: None });
        }
    }

    /// A token as messages show it.
    fn display(&self, token: Token) -> String {
        match token.kind {
            Kind::Eof => "'<EOF>'".into(),
            _ => format!("'{}'", escape(self.text(token))),
        }
    }

    /// The source from the next token to the one `ahead` of it, without what was no token.
    fn text_to(&mut self, ahead: usize) -> String {
        let (first, last) = (self.token_at(0), self.token_at(ahead));
        if first.kind == Kind::Eof {
            return "<EOF>".into();
        }
        let mut text = String::new();
        let mut at = first.start;
        for garbage in
            self.garbage.iter().filter(|garbage| garbage.start > first.start && garbage.end <= last.end)
        {
            text.push_str(&self.source[at as usize..garbage.start as usize]);
            at = garbage.end;
        }
        text.push_str(&self.source[at as usize..last.end as usize]);
        text
    }
}

/// White space as ANTLR shows it.
fn escape(text: &str) -> String {
    text.replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r")
}
