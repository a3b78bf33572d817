//! What serde's attributes on types and variants mean: names, and shapes that are not the Rust type's.

use darling::Error;
use syn::Ident;

use super::field::unraw;
use crate::parse::{Name, SerdeFieldArgs, SerdeTypeArgs};
use crate::rename::Rule;

impl SerdeTypeArgs {
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

    /// Whether the value is written and not read, or read and not written.
    pub(super) fn is_one_way(&self) -> bool {
        self.skip_serializing.is_present() != self.skip_deserializing.is_present()
    }

    /// Whether the value is read by other code than its type's: then an `Option` that is absent is no `None`.
    pub(super) fn is_read_by_others(&self) -> bool {
        self.with.is_some() || self.deserialize_with.is_some()
    }

    /// The type in `with = "Type"`; `None` of a module, whose functions have no type that a macro could see.
    pub(super) fn remote(&self) -> darling::Result<Option<syn::Type>> {
        let Some(with) = &self.with else { return Ok(None) };
        let wrong = || Error::custom("`with` names a module or a type").with_span(&with.span());
        let mut ty: syn::TypePath = syn::parse_str(with).map_err(|_| wrong())?;
        for segment in &mut ty.path.segments {
            segment.ident.set_span(with.span());
        }
        let last = ty.path.segments.last().map(|segment| unraw(&segment.ident)).unwrap_or_default();
        Ok(last.starts_with(char::is_uppercase).then_some(syn::Type::Path(ty)))
    }

    /// How the fields of a variant are renamed.
    pub(super) fn rule(&self) -> darling::Result<Option<Rule>> {
        rule(self.rename_all.as_ref(), "rename_all")
    }
}
