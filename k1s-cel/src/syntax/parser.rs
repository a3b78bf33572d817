//! The grammar, from the whole down to unary operators. What operators apply to is in `primary.rs`.
//!
//! One function a rule. A rule returns the node of what it read; if something was missing, a complaint was made and the node stands
//! for what there is, so that complaints about the rest can follow.

use super::ast::{Ast, ExprId, operators};
use super::build::Builder;
use super::lexer::{Garbage, Lexer};
use super::recover::{Fault, Follow, Parsed, Place, Recovery};
use super::token::{Kind, Kinds, Token};
use crate::issue::{Issue, Issues};
use crate::limits::Limits;
use crate::stack::with_room;

/// What a primary expression begins with.
pub(super) const FIRST_PRIMARY: Kinds = Kinds::of(&[
    Kind::LeftBracket,
    Kind::LeftBrace,
    Kind::LeftParen,
    Kind::Dot,
    Kind::Minus,
    Kind::True,
    Kind::False,
    Kind::Null,
    Kind::Float,
    Kind::Int,
    Kind::Uint,
    Kind::String,
    Kind::Bytes,
    Kind::Ident,
]);
/// What an expression begins with.
pub(super) const FIRST_EXPR: Kinds = FIRST_PRIMARY.and(Kinds::of(&[Kind::Not]));
/// What goes on with a member expression.
pub(super) const MEMBER_TAIL: Kinds = Kinds::of(&[Kind::Dot, Kind::LeftBracket]);
const RELATIONS: Kinds = Kinds::of(&[
    Kind::Equals,
    Kind::NotEquals,
    Kind::In,
    Kind::Less,
    Kind::LessEquals,
    Kind::GreaterEquals,
    Kind::Greater,
]);
const CALCULATIONS: Kinds = Kinds::of(&[Kind::Plus, Kind::Minus, Kind::Star, Kind::Slash, Kind::Percent]);

/// Every so many levels of nesting, the stack is looked at.
const LEVELS_A_LOOK: u32 = 8;
/// The room that these levels, each some twenty frames, are given, in levels of [`with_room`].
const ROOM: u32 = 64;

/// Parses an expression.
///
/// # Errors
///
/// What is wrong with the grammar of `source`, or with what its literals and macros say, or that it exceeds `limits`.
pub fn parse(source: &str, limits: &Limits) -> Result<Ast, Issues> {
    let refuse = |message: String| Issues::new(source, vec![Issue { at: None, message, hint: None }]);
    if source.len() > limits.code_points {
        let size = source.chars().count();
        if size > limits.code_points || u32::try_from(source.len()).is_err() {
            let limit = limits.code_points;
            return Err(refuse(format!(
                "expression code point size exceeds limit: size: {size}, limit {limit}"
            )));
        }
    }
    let mut parser = Parser::new(source, limits);
    let root = parser.start();
    let Parser { mut issues, build, .. } = parser;
    let ended = root.is_err();
    if !ended && build.is_too_deep() {
        issues.push(Issue { at: None, message: "max recursion depth exceeded".into(), hint: None });
        return Err(Issues::new(source, issues));
    }
    match root {
        Ok(root) if issues.is_empty() && !build.has_issues() => Ok(build.into_ast(root)),
        _ => {
            // cel-go looks at what expressions say only once it has read them to the end.
            if !ended {
                issues.extend(build.into_issues());
            }
            Err(Issues::new(source, issues))
        }
    }
}

/// A parser at some place of a source.
pub(super) struct Parser<'s> {
    pub(super) source: &'s str,
    limits: Limits,
    lexer: Lexer<'s>,
    /// The tokens read so far, and which of them is next.
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    /// What was no token.
    pub(super) garbage: Vec<Garbage>,
    /// For each rule that the parser is in, what may follow it.
    pub(super) sites: Vec<Follow>,
    pub(super) recovery: Recovery,
    /// Syntax errors.
    pub(super) issues: Vec<Issue>,
    /// Whether the rest is not looked at, as there are too many errors.
    pub(super) ended: bool,
    pub(super) build: Builder,
    depth: Depth,
}

/// How many rules of a kind the parser is in. cel-go bounds each; those not here are never more.
#[derive(Clone, Copy, Default)]
struct Depth {
    expr: u32,
    relation: u32,
    calc: u32,
}

impl<'s> Parser<'s> {
    fn new(source: &'s str, limits: &Limits) -> Self {
        // Most tokens are a few characters long, and every other one makes a node.
        let estimate = (source.len() / 3).min(1024) + 4;
        Self {
            source,
            limits: *limits,
            lexer: Lexer::new(source),
            tokens: Vec::with_capacity(estimate),
            at: 0,
            garbage: Vec::new(),
            sites: Vec::with_capacity(16),
            recovery: Recovery::default(),
            issues: Vec::new(),
            ended: false,
            build: Builder::new(limits, estimate / 2 + 4),
            depth: Depth::default(),
        }
    }

    fn start(&mut self) -> Parsed<ExprId> {
        let root = self.expr(Follow::then(Kinds::of(&[Kind::Eof])))?;
        self.check(0)?;
        let end = self.expect(Kind::Eof, Place::Start, Follow::then(Kinds::of(&[Kind::Eof])));
        match end {
            Ok(_) => {}
            Err(Fault::Recover(place)) => self.recover(place)?,
            Err(fault) => return Err(fault),
        }
        if self.ended { Err(Fault::Abort) } else { Ok(root) }
    }

    /// `or (? or : expr)`
    pub(super) fn expr(&mut self, site: Follow) -> Parsed<ExprId> {
        self.depth.expr += 1;
        self.check(self.depth.expr)?;
        let id = if self.depth.expr.is_multiple_of(LEVELS_A_LOOK) {
            with_room(ROOM, || self.conditional(site))
        } else {
            self.conditional(site)
        }?;
        self.depth.expr -= 1;
        Ok(id)
    }

    fn conditional(&mut self, site: Follow) -> Parsed<ExprId> {
        let mut condition = None;
        let mut sign = None;
        let mut branches = [None, None];
        self.rule(site, |this| {
            condition = Some(this.or()?);
            if this.peek() == Kind::Question {
                sign = Some(this.bump());
                branches[0] = Some(this.chain(CHAINS[0], Follow::then(Kinds::of(&[Kind::Colon])))?);
                this.expect(Kind::Colon, Place::ConditionalColon, Follow::then(FIRST_EXPR))?;
                branches[1] = Some(this.expr(Follow::or_end(Kinds::NONE))?);
            }
            Ok(())
        })?;
        let condition = self.or_missing(condition);
        let Some(sign) = sign else { return Ok(condition) };
        let branches = branches.map(|branch| self.or_missing(branch));
        let id =
            self.build.call(operators::CONDITIONAL, vec![condition, branches[0], branches[1]], sign.start);
        Ok(self.build.count(id))
    }

    fn or(&mut self) -> Parsed<ExprId> {
        self.chain(CHAINS[0], Follow::or_end(Kinds::of(&[Kind::Question])))
    }

    /// Terms joined by `||`, each of which is terms joined by `&&`.
    fn chain(&mut self, chain: Chain, site: Follow) -> Parsed<ExprId> {
        let inner = Follow::or_end(Kinds::of(&[chain.sign]));
        self.sites.push(site);
        let first = self.term(chain, inner)?;
        let id = if self.peek() == chain.sign {
            let mut terms = vec![first];
            let mut signs = Vec::new();
            while self.peek() == chain.sign {
                signs.push(self.bump().start);
                terms.push(self.term(chain, inner)?);
            }
            self.build.balanced(chain.operator, &terms, &signs)
        } else {
            first
        };
        self.sites.pop();
        Ok(id)
    }

    fn term(&mut self, chain: Chain, site: Follow) -> Parsed<ExprId> {
        if chain.sign == Kind::Or { self.chain(CHAINS[1], site) } else { self.relation(true, site) }
    }

    /// Calculations compared with one another, from the left. The right side of a comparison is not `whole`.
    fn relation(&mut self, whole: bool, site: Follow) -> Parsed<ExprId> {
        const INNER: Follow = Follow::or_end(RELATIONS);
        self.depth.relation += 1;
        self.check(self.depth.relation)?;
        self.sites.push(site);
        let mut left = self.calc(0, INNER)?;
        while let Some(operator) = relation_operator(self.peek()).filter(|_| whole) {
            let sign = self.bump();
            let right = self.relation(false, INNER)?;
            left = self.binary(operator, left, right, sign);
        }
        self.sites.pop();
        self.depth.relation -= 1;
        Ok(left)
    }

    /// Sums of products, from the left. Operators that bind less than `least` are left to the caller.
    fn calc(&mut self, least: u8, site: Follow) -> Parsed<ExprId> {
        const INNER: Follow = Follow::or_end(CALCULATIONS);
        self.depth.calc += 1;
        self.check(self.depth.calc)?;
        self.sites.push(site);
        let mut left = self.unary(INNER)?;
        while let Some((operator, strength)) = calc_operator(self.peek()).filter(|found| found.1 >= least) {
            let sign = self.bump();
            let right = self.calc(strength + 1, INNER)?;
            left = self.binary(operator, left, right, sign);
        }
        self.sites.pop();
        self.depth.calc -= 1;
        Ok(left)
    }

    fn binary(&mut self, operator: &'static str, left: ExprId, right: ExprId, sign: Token) -> ExprId {
        let id = self.build.call(operator, vec![left, right], sign.start);
        self.build.count(id)
    }

    /// `!!member`, `--member`, `member`
    fn unary(&mut self, site: Follow) -> Parsed<ExprId> {
        let mut operand = None;
        let mut signs = None;
        self.rule(site, |this| {
            this.sync(FIRST_EXPR, Place::Unary)?;
            match this.peek() {
                Kind::Not => this.negations(&mut signs)?,
                Kind::Minus if !this.is_negative_literal()? => this.minuses(&mut signs)?,
                kind if FIRST_PRIMARY.has(kind) => {}
                _ => return this.no_alternative(0, Place::UnaryChoice),
            }
            operand = Some(this.member()?);
            Ok(())
        })?;
        let operand = self.or_missing(operand);
        Ok(match signs {
            Some((first, operator, true)) => self.build.call(operator, vec![operand], first),
            _ => operand,
        })
    }

    fn negations(&mut self, signs: &mut Option<Signs>) -> Parsed<()> {
        while self.peek() == Kind::Not {
            add_sign(signs, self.bump(), operators::NOT);
            self.sync_loop(FIRST_EXPR)?;
        }
        Ok(())
    }

    fn minuses(&mut self, signs: &mut Option<Signs>) -> Parsed<()> {
        loop {
            add_sign(signs, self.bump(), operators::NEGATE);
            self.sync_loop(FIRST_PRIMARY)?;
            match (self.peek(), self.peek_at(1)) {
                // `--1` is two signs and a literal, not a sign and a negative literal.
                (Kind::Minus, next) if FIRST_PRIMARY.has(next) => {}
                (Kind::Minus, _) => return self.no_alternative(1, Place::NegateLoop),
                (kind, _) if FIRST_PRIMARY.has(kind) => return Ok(()),
                _ => return self.no_alternative(0, Place::NegateLoop),
            }
        }
    }

    /// Whether the minus that comes next belongs to a literal.
    fn is_negative_literal(&mut self) -> Parsed<bool> {
        match self.peek_at(1) {
            Kind::Int | Kind::Float => Ok(true),
            next if FIRST_PRIMARY.has(next) => Ok(false),
            _ => self.no_alternative(1, Place::UnaryChoice),
        }
    }

    pub(super) fn or_missing(&mut self, id: Option<ExprId>) -> ExprId {
        let at = self.tokens.get(self.at).map_or(0, |token| token.start);
        id.unwrap_or_else(|| self.build.missing(at))
    }

    fn check(&mut self, depth: u32) -> Parsed<()> {
        if depth > self.limits.nesting {
            self.stop(format!("expression recursion limit exceeded: {}", self.limits.nesting));
            return Err(Fault::Abort);
        }
        if self.build.is_full() {
            self.stop(format!("expression has more than {} nodes", self.limits.nodes));
            return Err(Fault::Abort);
        }
        Ok(())
    }

    /// The kind of the next token.
    pub(super) fn peek(&mut self) -> Kind {
        self.peek_at(0)
    }

    /// The kind of the token `ahead` of the next one.
    pub(super) fn peek_at(&mut self, ahead: usize) -> Kind {
        self.token_at(ahead).kind
    }

    /// The token `ahead` of the next one; at the end, the end.
    pub(super) fn token_at(&mut self, ahead: usize) -> Token {
        let index = self.at + ahead;
        while self.tokens.len() <= index {
            let token = self.pull();
            self.tokens.push(token);
        }
        self.tokens[index]
    }

    fn pull(&mut self) -> Token {
        loop {
            if self.ended {
                let end = u32::try_from(self.source.len()).unwrap_or(u32::MAX);
                return Token { kind: Kind::Eof, start: end, end };
            }
            match self.lexer.next() {
                Ok(token) => return token,
                Err(garbage) => self.complain_garbage(garbage),
            }
        }
    }

    /// Takes the next token, which fits.
    pub(super) fn bump(&mut self) -> Token {
        let token = self.token_at(0);
        self.footing();
        self.skip();
        token
    }

    /// Goes past the next token. The end stays.
    pub(super) fn skip(&mut self) {
        if self.peek() != Kind::Eof {
            self.at += 1;
        }
    }

    /// The source text of a token.
    pub(super) fn text(&self, token: Token) -> &'s str {
        self.source.get(token.start as usize..token.end as usize).unwrap_or_default()
    }
}

/// Operators of one precedence that are joined in a balanced tree.
#[derive(Clone, Copy)]
struct Chain {
    sign: Kind,
    operator: &'static str,
}

const CHAINS: [Chain; 2] =
    [Chain { sign: Kind::Or, operator: operators::OR }, Chain { sign: Kind::And, operator: operators::AND }];

/// The first of several signs before an operand, the operator, and whether they are an odd number: two undo one another.
type Signs = (u32, &'static str, bool);

fn add_sign(signs: &mut Option<Signs>, token: Token, operator: &'static str) {
    *signs = Some(match *signs {
        Some((first, operator, odd)) => (first, operator, !odd),
        None => (token.start, operator, true),
    });
}

fn relation_operator(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Equals => operators::EQUALS,
        Kind::NotEquals => operators::NOT_EQUALS,
        Kind::In => operators::IN,
        Kind::Less => operators::LESS,
        Kind::LessEquals => operators::LESS_EQUALS,
        Kind::GreaterEquals => operators::GREATER_EQUALS,
        Kind::Greater => operators::GREATER,
        _ => return None,
    })
}

/// An operator and how strongly it binds.
fn calc_operator(kind: Kind) -> Option<(&'static str, u8)> {
    Some(match kind {
        Kind::Star => (operators::MULTIPLY, 2),
        Kind::Slash => (operators::DIVIDE, 2),
        Kind::Percent => (operators::MODULO, 2),
        Kind::Plus => (operators::ADD, 1),
        Kind::Minus => (operators::SUBTRACT, 1),
        _ => return None,
    })
}
