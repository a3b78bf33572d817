//! What serde's attributes on types and variants mean: names, and shapes that are not the Rust type's.

use darling::Error;
use syn::Ident;

use super::field::unraw;
use crate::parse::{Name, SerdeFieldArgs, SerdeTypeArgs};
use crate::rename::Rule;

impl SerdeTypeArgs {
    pub(super) fn refuse_conversions(&self) -> darling::Result<()> {
        let mut errors = Error::accumulator();
        let conversions = [
            ("from", &self.from),
            ("try_from", &self.try_from),
            ("into", &self.into),
            ("remote", &self.remote),
        ];
        for (name, given) in conversions {
            if let Some(given) = given {
                let message = format!(
                    "`#[serde({name})]` gives the JSON another shape than the struct has; implement `JsonSchema` by hand"
                );
                errors.push(Error::custom(message).with_span(&given.span()));
            }
        }
        errors.finish()
    }

    /// How fields of a struct, or variants of an enum, are renamed.
    pub(super) fn rule(&self) -> darling::Result<Option<Rule>> {
        rule(self.rename_all.as_ref(), "rename_all")
    }

    /// How fields of an enum's variants are renamed.
    pub(super) fn field_rule(&self) -> darling::Result<Option<Rule>> {
        rule(self.rename_all_fields.as_ref(), "rename_all_fields")
    }

    /// The type's name as serde writes it.
    pub(super) fn own_name(&self, ident: &Ident) -> darling::Result<String> {
        self.rename.as_ref().map_or_else(|| Ok(unraw(ident)), |name| name.both("rename").map(str::to_owned))
    }
}

fn rule(given: Option<&Name>, attribute: &str) -> darling::Result<Option<Rule>> {
    let Some(name) = given else { return Ok(None) };
    let text = name.both(attribute)?;
    let rule = Rule::parse(text);
    rule.map(Some)
        .ok_or_else(|| Error::custom(format!("serde knows no rename rule `{text}`")).with_span(&name.span))
}

impl Name {
    /// The one name.
    pub(super) fn both(&self, attribute: &str) -> darling::Result<&str> {
        match (&self.serialize, &self.deserialize) {
            (Some(written), Some(read)) if written == read => Ok(written),
            _ => {
                let message = format!(
                    "`{attribute}` must be the same in both directions: a schema has one name a field"
                );
                Err(Error::custom(message).with_span(&self.span))
            }
        }
    }
}

impl SerdeFieldArgs {
    pub(super) fn is_skipped(&self) -> bool {
        self.skip.is_present() || (self.skip_serializing.is_present() && self.skip_deserializing.is_present())
    }

    /// How the fields of a variant are renamed.
    pub(super) fn rule(&self) -> darling::Result<Option<Rule>> {
        rule(self.rename_all.as_ref(), "rename_all")
    }
}
