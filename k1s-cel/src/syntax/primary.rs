//! The grammar of what operators apply to: names, calls, selections, indexes and literals.
//! Lists, maps and messages are in `aggregate.rs`.

use crate::reserved::is_reserved;

use super::ast::{ExprId, ExprKind, Literal, Name, operators};
use super::parser::{FIRST_EXPR, FIRST_PRIMARY, MEMBER_TAIL, Parser};
use super::recover::{Fault, Follow, Parsed, Place};
use super::token::{Kind, Kinds, Token};
use super::{hint, literal, macros};

pub(super) const FIRST_OPTIONAL: Kinds = FIRST_EXPR.and(Kinds::of(&[Kind::Question]));
pub(super) const FIELD_NAMES: Kinds = Kinds::of(&[Kind::Ident, Kind::EscapedIdent]);
const CLOSE_PAREN: Follow = Follow::then(Kinds::of(&[Kind::RightParen]));
pub(super) const MORE: Follow = Follow::or_end(Kinds::of(&[Kind::Comma]));
pub(super) const NOTHING: Follow = Follow::or_end(Kinds::NONE);
const TAIL: Follow = Follow::or_end(MEMBER_TAIL);

impl Parser<'_> {
    /// A primary expression and what is selected of it.
    pub(super) fn member(&mut self) -> Parsed<ExprId> {
        let mut operand = None;
        self.rule(NOTHING, |this| {
            operand = Some(this.primary()?);
            this.member_tail(&mut operand)
        })?;
        Ok(self.or_missing(operand))
    }

    fn member_tail(&mut self, operand: &mut Option<ExprId>) -> Parsed<()> {
        loop {
            match self.peek() {
                Kind::Dot => match (self.peek_at(1), self.peek_at(2)) {
                    (Kind::Ident, Kind::LeftParen) => self.member_call(operand)?,
                    (Kind::Ident | Kind::EscapedIdent | Kind::Question, _) => self.select(operand)?,
                    _ => return self.no_alternative(1, Place::MemberChoice),
                },
                Kind::LeftBracket => self.index(operand)?,
                _ => return Ok(()),
            }
        }
    }

    /// `.field`, `.?field`
    fn select(&mut self, operand: &mut Option<ExprId>) -> Parsed<()> {
        let dot = self.bump();
        let optional = self.take_question();
        let at = self.token_at(0).start;
        let name = self.field_name(TAIL)?;
        let target = self.or_missing(*operand);
        let id = match self.field_text(name) {
            Err(message) => self.build.fail(at, message, None),
            Ok(field) if optional => {
                let field = self.build.literal(Literal::String(field.as_ref().into()), at);
                self.build.call(operators::OPT_SELECT, vec![target, field], dot.start)
            }
            Ok(field) => {
                let kind = ExprKind::Select { operand: target, field, test_only: false };
                self.build.push(kind, dot.start)
            }
        };
        *operand = Some(self.build.count(id));
        Ok(())
    }

    /// `.function(args)`. The caller has seen the parenthesis.
    fn member_call(&mut self, operand: &mut Option<ExprId>) -> Parsed<()> {
        self.bump();
        let name = self.bump();
        let open = self.bump();
        let mut args = Vec::new();
        let outcome = self.args(&mut args, (Place::CallArgs, Place::CallClose), TAIL);
        if let Err(Fault::Recover(_)) | Ok(()) = outcome {
            let target = self.or_missing(*operand);
            let name = self.text(name);
            let id = match macros::expand(&mut self.build, name, Some(target), &args, open.start) {
                Some(id) => {
                    let counted = self.build.counted(args.into_iter().chain([target]));
                    self.build.set_counted(id, counted)
                }
                None => self.build.method(Name::Owned(name.to_owned()), target, args, open.start),
            };
            *operand = Some(self.build.count(id));
        }
        outcome
    }

    /// `[key]`, `[?key]`
    fn index(&mut self, operand: &mut Option<ExprId>) -> Parsed<()> {
        let open = self.bump();
        let mut optional = false;
        let mut key = None;
        let outcome = self.index_key(&mut optional, &mut key);
        if let Err(Fault::Recover(_)) | Ok(()) = outcome {
            let target = self.or_missing(*operand);
            let key = self.or_missing(key);
            let operator = if optional { operators::OPT_INDEX } else { operators::INDEX };
            let id = self.build.call(operator, vec![target, key], open.start);
            *operand = Some(self.build.count(id));
        }
        outcome
    }

    fn index_key(&mut self, optional: &mut bool, key: &mut Option<ExprId>) -> Parsed<()> {
        self.sync(FIRST_OPTIONAL, Place::IndexOptional)?;
        *optional = self.take_question();
        *key = Some(self.expr(Follow::then(Kinds::of(&[Kind::RightBracket])))?);
        self.expect(Kind::RightBracket, Place::IndexClose, TAIL)?;
        Ok(())
    }

    fn primary(&mut self) -> Parsed<ExprId> {
        let mut id = None;
        self.rule(TAIL, |this| {
            this.sync(FIRST_PRIMARY, Place::Primary)?;
            match this.peek() {
                Kind::LeftParen => this.nested(&mut id),
                Kind::LeftBracket => this.list(&mut id),
                Kind::LeftBrace => this.map(&mut id),
                Kind::Dot if this.peek_at(1) != Kind::Ident => this.no_alternative(1, Place::PrimaryChoice),
                Kind::Dot | Kind::Ident => this.named(&mut id),
                kind if FIRST_PRIMARY.has(kind) => {
                    id = Some(this.literal()?);
                    Ok(())
                }
                _ => this.no_alternative(0, Place::PrimaryChoice),
            }
        })?;
        Ok(self.or_missing(id))
    }

    fn nested(&mut self, id: &mut Option<ExprId>) -> Parsed<()> {
        self.bump();
        *id = Some(self.expr(CLOSE_PAREN)?);
        self.expect(Kind::RightParen, Place::NestedClose, NOTHING)?;
        Ok(())
    }

    /// A variable, a call or a message, each perhaps with a leading dot.
    fn named(&mut self, id: &mut Option<ExprId>) -> Parsed<()> {
        if let Some(names) = self.message_ahead() {
            return self.message(names, id);
        }
        let first = self.token_at(0);
        if first.kind == Kind::Dot {
            self.bump();
        }
        let word = self.bump();
        let (text, name) =
            (self.text(word), self.source[first.start as usize..first.end as usize].to_owned());
        let name = if first.kind == Kind::Dot { name + text } else { name };
        let reserved = is_reserved(text);
        if self.peek() == Kind::LeftParen {
            return self.global_call(first, name, reserved.then_some(text), id);
        }
        *id = Some(if reserved {
            self.fail_reserved(first, text)
        } else {
            self.build.ident(name.into(), word.start)
        });
        Ok(())
    }

    fn fail_reserved(&mut self, first: Token, word: &str) -> ExprId {
        self.build.fail(first.start, format!("reserved identifier: {word}"), hint::for_reserved(word))
    }

    fn global_call(
        &mut self,
        first: Token,
        name: String,
        reserved: Option<&str>,
        id: &mut Option<ExprId>,
    ) -> Parsed<()> {
        let open = self.bump();
        let mark = self.build.mark();
        let mut args = Vec::new();
        let outcome = self.args(&mut args, (Place::GlobalArgs, Place::GlobalClose), NOTHING);
        if let Some(word) = reserved {
            // cel-go does not look at the arguments of what it refuses.
            self.build.forgive(&mark);
            *id = Some(self.fail_reserved(first, word));
            return outcome;
        }
        *id = Some(match macros::expand(&mut self.build, &name, None, &args, open.start) {
            Some(expanded) => {
                let counted = self.build.counted(args);
                self.build.set_counted(expanded, counted)
            }
            None => self.build.call(name, args, open.start),
        });
        outcome
    }

    /// The arguments of a call and its closing parenthesis, behind which comes `after`.
    fn args(&mut self, args: &mut Vec<ExprId>, places: (Place, Place), after: Follow) -> Parsed<()> {
        self.sync(FIRST_EXPR.and(Kinds::of(&[Kind::RightParen])), places.0)?;
        if FIRST_EXPR.has(self.peek()) {
            self.sites.push(CLOSE_PAREN);
            args.push(self.expr(MORE)?);
            while self.peek() == Kind::Comma {
                self.bump();
                args.push(self.expr(MORE)?);
            }
            self.sites.pop();
        }
        self.expect(Kind::RightParen, places.1, after)?;
        Ok(())
    }

    /// The name of a field, whatever it is called.
    pub(super) fn field_name(&mut self, site: Follow) -> Parsed<Option<Token>> {
        let mut token = None;
        self.rule(site, |this| {
            this.sync(FIELD_NAMES, Place::FieldName)?;
            if !FIELD_NAMES.has(this.peek()) {
                return this.no_alternative(0, Place::FieldName);
            }
            token = Some(this.bump());
            Ok(())
        })?;
        Ok(token)
    }

    /// The text of a field's name. Kubernetes has names in backquotes switched off.
    pub(super) fn field_text(&self, token: Option<Token>) -> Result<Name, &'static str> {
        match token {
            Some(token) if token.kind == Kind::Ident => Ok(Name::Owned(self.text(token).to_owned())),
            Some(_) => Err("unsupported syntax: '`'"),
            None => Err("unsupported ident kind"),
        }
    }

    pub(super) fn take_question(&mut self) -> bool {
        let found = self.peek() == Kind::Question;
        if found {
            self.bump();
        }
        found
    }

    /// A constant, with a sign if it is a number that can have one.
    fn literal(&mut self) -> Parsed<ExprId> {
        let mut id = None;
        self.rule(NOTHING, |this| {
            let first = this.token_at(0);
            let negative = first.kind == Kind::Minus;
            if negative {
                if !matches!(this.peek_at(1), Kind::Int | Kind::Float) {
                    return this.no_alternative(1, Place::LiteralChoice);
                }
                this.bump();
            }
            let token = this.bump();
            id = Some(match literal_value(token.kind, this.text(token), negative) {
                Ok(value) => this.build.literal(value, first.start),
                Err(message) => this.build.fail(first.start, message, None),
            });
            Ok(())
        })?;
        Ok(self.or_missing(id))
    }
}

fn literal_value(kind: Kind, text: &str, negative: bool) -> Result<Literal, &'static str> {
    Ok(match kind {
        Kind::True => Literal::Bool(true),
        Kind::False => Literal::Bool(false),
        Kind::Int => Literal::Int(literal::int(text, negative)?),
        Kind::Uint => Literal::Uint(literal::uint(text)?),
        Kind::Float => Literal::Double(literal::double(text, negative)?),
        Kind::String => Literal::String(literal::string(text)?.as_ref().into()),
        Kind::Bytes => Literal::Bytes(literal::bytes(text)?.into()),
        _ => Literal::Null,
    })
}
