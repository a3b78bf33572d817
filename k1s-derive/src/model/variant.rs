//! Enums: variants, and how serde tells them apart.

use darling::{Error, FromAttributes, FromVariant};
use syn::{Fields, Ident};

use super::Shape;
use super::field::{self, Field, Tuple, doc, unraw};
use crate::parse::{SerdeFieldArgs, SerdeTypeArgs, VariantArgs};
use crate::rename::Rule;

/// An enum that is not only a list of words.
pub(crate) struct Union {
    pub(crate) variants: Vec<Variant>,
}

/// How serde tells variants apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tagging {
    /// By the only field of an object; a variant without data is its name.
    External,
    /// By a field among those of the variant.
    Internal(String),
    /// By a field beside the one that holds the variant.
    Adjacent { tag: String, content: String },
    /// By what fits.
    Untagged,
}

/// A variant that is part of the JSON.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// Its name in JSON, and the aliases.
    pub(crate) names: Vec<String>,
    pub(crate) doc: Option<String>,
    pub(crate) body: Body,
    /// How this one is told from the others.
    pub(crate) tagging: Tagging,
    /// Whether it stands for every tag that no other variant has.
    pub(crate) other: bool,
}

/// What a variant holds.
pub(crate) enum Body {
    Unit,
    Newtype(Box<Field>),
    Tuple(Tuple),
    Struct(Vec<Field>),
}

impl Variant {
    pub(crate) fn fields(&self) -> &[Field] {
        match &self.body {
            Body::Unit => &[],
            Body::Newtype(field) => std::slice::from_ref(field),
            Body::Tuple(tuple) => &tuple.fields,
            Body::Struct(fields) => fields,
        }
    }

    /// Whether it is written as its name alone.
    pub(crate) fn is_word(&self) -> bool {
        self.tagging == Tagging::External && matches!(self.body, Body::Unit)
    }

    fn read(
        variant: &syn::Variant,
        rule: Option<Rule>,
        field_rule: Option<Rule>,
        tagging: &Tagging,
    ) -> darling::Result<Option<Self>> {
        let args = VariantArgs::from_variant(variant)?;
        let serde = SerdeFieldArgs::from_attributes(&args.attrs)?;
        if serde.is_skipped() {
            return Ok(None);
        }
        let own = unraw(&args.ident);
        let name = match &serde.rename {
            Some(name) => name.both("rename")?.to_owned(),
            None => rule.map_or(own.clone(), |rule| rule.variant(&own)),
        };
        let mut names = vec![name];
        names.extend(serde.alias.iter().filter(|alias| **alias != names[0]).cloned().collect::<Vec<_>>());
        let mut fields = field::read_all(&variant.fields, serde.rule()?.or(field_rule), false)?;
        let body = match &variant.fields {
            Fields::Unit => Body::Unit,
            Fields::Named(_) => Body::Struct(fields),
            Fields::Unnamed(declared) => match (declared.unnamed.len(), fields.pop()) {
                (1, Some(only)) => Body::Newtype(Box::new(only.without_a_name())),
                // What holds nothing but a value that is left out is its name alone.
                (1, None) => Body::Unit,
                // A tuple of which only one value is not left out is a list still.
                (_, last) => {
                    fields.extend(last);
                    Body::Tuple(Tuple::new(fields, &args.ident)?)
                }
            },
        };
        let tagging = if serde.untagged.is_present() { Tagging::Untagged } else { tagging.clone() };
        let other = serde.other.is_present();
        Ok(Some(Self { ident: args.ident, names, doc: doc(&args.attrs), body, tagging, other }))
    }
}

impl Union {
    /// Whether every variant is an object for certain.
    pub(crate) fn is_object(&self) -> bool {
        self.variants.iter().all(|variant| variant.tagging != Tagging::Untagged && !variant.is_word())
    }

    /// Whether `null` is a value.
    pub(crate) fn is_nullable(&self) -> bool {
        self.variants.iter().any(Variant::is_null)
    }
}

impl Variant {
    /// Whether it is written as `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.tagging == Tagging::Untagged && matches!(self.body, Body::Unit)
    }
}

fn tagging(serde: &SerdeTypeArgs) -> darling::Result<Tagging> {
    let text = |given: &crate::parse::Text| given.to_string();
    match (&serde.tag, &serde.content) {
        _ if serde.untagged.is_present() => Ok(Tagging::Untagged),
        (Some(tag), None) => Ok(Tagging::Internal(text(tag))),
        (Some(tag), Some(content)) => Ok(Tagging::Adjacent { tag: text(tag), content: text(content) }),
        (None, None) => Ok(Tagging::External),
        (None, Some(content)) => Err(Error::custom("`content` needs a `tag`").with_span(&content.span())),
    }
}

/// Reads an enum.
pub(super) fn read_enum<'a>(
    variants: impl Iterator<Item = &'a syn::Variant>,
    serde: &SerdeTypeArgs,
    ident: &Ident,
) -> darling::Result<Shape> {
    let (rule, field_rule, tagging) = (serde.rule()?, serde.field_rule()?, tagging(serde)?);
    let mut errors = Error::accumulator();
    let mut read = Vec::new();
    for variant in variants {
        if let Some(Some(found)) = errors.handle_in(|| Variant::read(variant, rule, field_rule, &tagging)) {
            read.push(found);
        }
    }
    errors.finish()?;
    if read.iter().all(Variant::is_null) {
        let message = if read.is_empty() {
            "an enum needs a variant to have a schema"
        } else {
            "an untagged enum needs a variant with data: the others are all `null`"
        };
        return Err(Error::custom(message).with_span(ident));
    }
    if read.iter().all(|variant| variant.is_word() && !variant.other) {
        return Ok(Shape::Enum(read.into_iter().flat_map(|variant| variant.names).collect()));
    }
    Ok(Shape::Union(Union { variants: read }))
}
