//! The grammar of what is made of parts: lists, maps and messages.

use super::ast::{ExprId, ExprKind, MapEntry, StructField};
use super::parser::{FIRST_EXPR, Parser};
use super::primary::{FIELD_NAMES, FIRST_OPTIONAL, MORE, NOTHING};
use super::recover::{Follow, Parsed, Place};
use super::token::{Kind, Kinds, Token};

const FIRST_FIELD: Kinds = FIELD_NAMES.and(Kinds::of(&[Kind::Question]));
const COLON: Follow = Follow::then(Kinds::of(&[Kind::Colon]));
const COMMA_OR_BRACKET: Kinds = Kinds::of(&[Kind::Comma, Kind::RightBracket]);
const COMMA_OR_BRACE: Kinds = Kinds::of(&[Kind::Comma, Kind::RightBrace]);

/// A key or an element: the expression, and whether a question mark makes it optional.
#[derive(Default)]
struct Optional {
    expr: Option<ExprId>,
    optional: bool,
}

/// The name of a field as it is written.
#[derive(Clone, Copy, Default)]
struct Field {
    token: Option<Token>,
    optional: bool,
}

impl Parser<'_> {
    /// How many names joined by dots come before the brace of a message, if that is what comes.
    pub(super) fn message_ahead(&mut self) -> Option<usize> {
        let mut ahead = usize::from(self.peek() == Kind::Dot);
        let mut names = 0;
        while self.peek_at(ahead) == Kind::Ident {
            names += 1;
            match self.peek_at(ahead + 1) {
                Kind::LeftBrace => return Some(names),
                Kind::Dot => ahead += 2,
                _ => return None,
            }
        }
        None
    }

    pub(super) fn message(&mut self, names: usize, id: &mut Option<ExprId>) -> Parsed<()> {
        let mut name = String::new();
        if self.peek() == Kind::Dot {
            self.bump();
            name.push('.');
        }
        for index in 0..names {
            if index > 0 {
                self.bump();
                name.push('.');
            }
            let word = self.bump();
            name.push_str(self.text(word));
        }
        let open = self.bump();
        let mut fields = Vec::new();
        let outcome = self.message_body(&mut fields);
        *id = Some(self.build.push(ExprKind::Struct { name: name.into(), fields }, open.start));
        outcome
    }

    fn message_body(&mut self, fields: &mut Vec<StructField>) -> Parsed<()> {
        self.sync(FIRST_FIELD.and(COMMA_OR_BRACE), Place::MessageFields)?;
        if FIRST_FIELD.has(self.peek()) {
            let start = self.token_at(0).start;
            self.rule(Follow::then(COMMA_OR_BRACE), |this| {
                loop {
                    this.field_entry(start, fields)?;
                    if this.peek() != Kind::Comma || !FIRST_FIELD.has(this.peek_at(1)) {
                        return Ok(());
                    }
                    this.bump();
                }
            })?;
        }
        self.sync(COMMA_OR_BRACE, Place::MessageComma)?;
        self.take_comma();
        self.expect(Kind::RightBrace, Place::MessageClose, NOTHING)?;
        Ok(())
    }

    /// `field: value`. Complaints about the name stand at the `start` of all fields.
    fn field_entry(&mut self, start: u32, fields: &mut Vec<StructField>) -> Parsed<()> {
        let mut field = Field::default();
        self.rule(COLON, |this| {
            this.sync(FIRST_FIELD, Place::OptionalField)?;
            field.optional = this.take_question();
            field.token = this.field_name(NOTHING)?;
            Ok(())
        })?;
        let mark = self.build.mark();
        let colon = self.expect(Kind::Colon, Place::FieldColon, Follow::then(FIRST_EXPR))?;
        let value = self.expr(MORE)?;
        match self.field_text(field.token) {
            Ok(name) => {
                fields.push(StructField { field: name, value, optional: field.optional, at: colon.start });
            }
            Err(message) => {
                self.build.forgive(&mark);
                self.build.fail(start, message, None);
            }
        }
        Ok(())
    }

    pub(super) fn list(&mut self, id: &mut Option<ExprId>) -> Parsed<()> {
        let open = self.bump();
        let mut elements = Vec::new();
        let mut optional = Vec::new();
        let outcome = self.list_body(&mut elements, &mut optional);
        *id = Some(self.build.push(ExprKind::List { elements, optional }, open.start));
        outcome
    }

    fn list_body(&mut self, elements: &mut Vec<ExprId>, optional: &mut Vec<u32>) -> Parsed<()> {
        self.sync(FIRST_OPTIONAL.and(COMMA_OR_BRACKET), Place::ListElements)?;
        if FIRST_OPTIONAL.has(self.peek()) {
            self.sites.push(Follow::then(COMMA_OR_BRACKET));
            loop {
                let element = self.optional_expr(MORE)?;
                if element.optional {
                    optional.extend(u32::try_from(elements.len()));
                }
                elements.push(self.or_missing(element.expr));
                if !self.goes_on() {
                    break;
                }
            }
            self.sites.pop();
        }
        self.sync(COMMA_OR_BRACKET, Place::ListComma)?;
        self.take_comma();
        self.expect(Kind::RightBracket, Place::ListClose, NOTHING)?;
        Ok(())
    }

    pub(super) fn map(&mut self, id: &mut Option<ExprId>) -> Parsed<()> {
        let open = self.bump();
        let mut entries = Vec::new();
        let outcome = self.map_body(&mut entries);
        *id = Some(self.build.push(ExprKind::Map(entries), open.start));
        outcome
    }

    fn map_body(&mut self, entries: &mut Vec<MapEntry>) -> Parsed<()> {
        self.sync(FIRST_OPTIONAL.and(COMMA_OR_BRACE), Place::MapEntries)?;
        if FIRST_OPTIONAL.has(self.peek()) {
            self.rule(Follow::then(COMMA_OR_BRACE), |this| {
                loop {
                    entries.push(this.map_entry()?);
                    if !this.goes_on() {
                        return Ok(());
                    }
                }
            })?;
        }
        self.sync(COMMA_OR_BRACE, Place::MapComma)?;
        self.take_comma();
        self.expect(Kind::RightBrace, Place::MapClose, NOTHING)?;
        Ok(())
    }

    fn map_entry(&mut self) -> Parsed<MapEntry> {
        let mark = self.build.mark();
        let key = self.optional_expr(COLON)?;
        let colon = match self.expect(Kind::Colon, Place::EntryColon, Follow::then(FIRST_EXPR)) {
            Ok(colon) => colon,
            Err(fault) => {
                // cel-go looks at a key only if its colon is there.
                self.build.forgive(&mark);
                return Err(fault);
            }
        };
        let value = self.expr(MORE)?;
        Ok(MapEntry { key: self.or_missing(key.expr), value, optional: key.optional, at: colon.start })
    }

    /// Takes the comma before another element or entry, if one comes.
    fn goes_on(&mut self) -> bool {
        let more = self.peek() == Kind::Comma && FIRST_OPTIONAL.has(self.peek_at(1));
        if more {
            self.bump();
        }
        more
    }

    /// `expr`, `?expr`
    fn optional_expr(&mut self, site: Follow) -> Parsed<Optional> {
        let mut found = Optional::default();
        self.rule(site, |this| {
            this.sync(FIRST_OPTIONAL, Place::OptionalExpr)?;
            found.optional = this.take_question();
            found.expr = Some(this.expr(NOTHING)?);
            Ok(())
        })?;
        Ok(found)
    }

    fn take_comma(&mut self) {
        if self.peek() == Kind::Comma {
            self.bump();
        }
    }
}
