//! Fields of structs and variants.

use darling::{Error, FromAttributes, FromField};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Fields, Ident, Lit, Meta, Type};

use crate::kind::{Kind, last_name, unwrap_option};
use crate::parse::{FieldArgs, Keywords, SerdeFieldArgs};
use crate::rename::Rule;

/// A field that is part of the JSON.
pub(crate) struct Field {
    /// Name in JSON.
    pub(crate) name: String,
    /// Other names that serde reads.
    pub(crate) aliases: Vec<String>,
    /// Its type, without the `Option`.
    pub(crate) ty: Type,
    pub(crate) kind: Kind,
    pub(crate) doc: Option<String>,
    pub(crate) required: bool,
    /// Whether the type was an `Option`.
    pub(crate) optional: bool,
    /// Whether what it holds are fields of the struct that holds it.
    pub(crate) flatten: bool,
    pub(crate) keywords: Keywords,
    /// Whether serde has a value for it when there is none.
    defaulted: bool,
    /// Whether it is written and not read, or read and not written.
    one_way: bool,
}

/// Values that serde writes as a list.
pub(crate) struct Tuple {
    /// The values, by their place.
    pub(crate) fields: Vec<Field>,
    /// How many values there are at least: the last ones may have defaults.
    pub(crate) least: usize,
}

impl Tuple {
    /// # Errors
    /// When no value is left, and for a value that has another place when it is written than when it is read.
    pub(super) fn new(fields: Vec<Field>, ident: &Ident) -> darling::Result<Self> {
        if fields.is_empty() {
            let message = "a tuple needs a value that is not left out";
            return Err(Error::custom(message).with_span(ident));
        }
        if let Some(field) = fields.iter().find(|field| field.one_way) {
            let message = "a value that is left out in one direction alone moves the others; name the fields";
            return Err(Error::custom(message).with_span(&field.ty));
        }
        let least = fields.iter().position(|field| field.defaulted).unwrap_or(fields.len());
        // A list has one description for all of its items.
        let fields = fields.into_iter().map(|field| Field { doc: None, ..field.without_a_name() });
        Ok(Self { fields: fields.collect(), least })
    }

    /// A list, of one kind if all values are.
    pub(crate) fn kind(&self) -> Kind {
        Kind::list_of(self.fields.iter().map(|field| field.kind.clone()))
    }
}

impl Field {
    /// Reads a field; `None` if serde leaves it out.
    fn read(field: &syn::Field, rule: Option<Rule>, all_default: bool) -> darling::Result<Option<Self>> {
        let args = FieldArgs::from_field(field)?;
        let serde = SerdeFieldArgs::from_attributes(&args.attrs)?;
        if serde.is_skipped() {
            return Ok(None);
        }
        if args.required.is_present() && args.optional.is_present() {
            let message = "`required` and `optional` contradict each other";
            return Err(Error::custom(message).with_span(&args.optional.span()));
        }
        let flatten = serde.flatten.is_present();
        let said = args.required.is_present() || args.optional.is_present() || args.keywords.say_something();
        if flatten && said {
            let message =
                "nothing can be said of a flattened field: say it of the type, or of the fields in it";
            return Err(Error::custom(message).with_span(&field.ty));
        }
        let effective = args.with.map(|with| with.0).or(serde.remote()?).unwrap_or(args.ty);
        let own = args.ident.as_ref().map(unraw).unwrap_or_default();
        let name = match &serde.rename {
            Some(name) => name.both("rename")?.to_owned(),
            None => rule.map_or(own.clone(), |rule| rule.field(&own)),
        };
        let inner = unwrap_option(&effective);
        let optional = inner.is_some();
        let defaulted = all_default || serde.default.is_some();
        let has_value = defaulted || serde.skip_deserializing.is_present() || args.keywords.has_default();
        let may_be_absent = has_value || (optional && !serde.is_read_by_others());
        let required = args.required.is_present() || !(may_be_absent || args.optional.is_present());
        let mut keywords = args.keywords;
        if optional && !may_be_absent {
            // `None` is written, and there is no other way to read it.
            keywords.nullable = darling::util::Flag::present();
        }
        let mut ty = inner.unwrap_or(&effective).clone();
        if let Some(inner) = unwrap_option(&ty) {
            // An `Option` of an `Option` tells a field that is absent from one that is null.
            ty = inner.clone();
            keywords.nullable = darling::util::Flag::present();
        }
        let one_way = serde.is_one_way();
        let mut aliases = serde.alias;
        aliases.retain(|alias| *alias != name);
        if let (Some(alias), Some(default)) = (aliases.first(), &keywords.default) {
            let message = format!(
                "the server would give the default to objects that use the alias `{alias}`; use `#[serde(default)]`"
            );
            return Err(Error::custom(message).with_span(&default.expr.span()));
        }
        let (kind, doc) = (Kind::of(&ty), doc(&args.attrs));
        Ok(Some(Self {
            name,
            aliases,
            ty,
            kind,
            doc,
            required,
            optional,
            flatten,
            keywords,
            defaulted,
            one_way,
        }))
    }

    /// A field that is there for its type alone.
    pub(super) fn of_type(ty: &Type) -> Self {
        let inner = unwrap_option(ty);
        let (optional, ty) = (inner.is_some(), inner.unwrap_or(ty).clone());
        let field = Self {
            name: String::new(),
            aliases: Vec::new(),
            kind: Kind::of(&ty),
            ty,
            doc: None,
            required: true,
            optional,
            flatten: false,
            keywords: Keywords::default(),
            defaulted: false,
            one_way: false,
        };
        field.without_a_name()
    }

    /// Whether the type is a `PhantomData`.
    pub(super) fn is_phantom(&self) -> bool {
        last_name(&self.ty).is_some_and(|name| name == "PhantomData")
    }

    /// Makes `null` a value of a field that was an `Option` but has no name under which it could be absent.
    pub(super) fn without_a_name(mut self) -> Self {
        if self.optional {
            self.keywords.nullable = darling::util::Flag::present();
        }
        self
    }
}

/// Reads the fields that serde does not leave out.
pub(super) fn read_all(
    fields: &Fields,
    rule: Option<Rule>,
    all_default: bool,
) -> darling::Result<Vec<Field>> {
    let mut errors = Error::accumulator();
    let mut read: Vec<Field> = Vec::new();
    for field in fields {
        let Some(Some(found)) = errors.handle_in(|| Field::read(field, rule, all_default)) else { continue };
        if field.ident.is_some()
            && let Some(name) = taken(&found, &read)
        {
            errors.push(
                Error::custom(format!("the JSON has a field `{name}` already")).with_span(&field.ident),
            );
        }
        read.push(found);
    }
    errors.finish()?;
    Ok(read)
}

/// A name of a field that an earlier one has.
fn taken<'a>(field: &'a Field, earlier: &[Field]) -> Option<&'a String> {
    let named = |field: &&Field| !field.flatten;
    let mut names = std::iter::once(&field.name).chain(&field.aliases).filter(|_| !field.flatten);
    names.find(|name| {
        earlier.iter().filter(named).any(|other| other.name == **name || other.aliases.contains(name))
    })
}

pub(super) fn unraw(ident: &Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

/// The documentation as Kubernetes descriptions are written: lines kept, paragraphs one empty line apart.
pub(crate) fn doc(attrs: &[Attribute]) -> Option<String> {
    let lines = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let mut text = String::new();
    for line in lines.flat_map(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>()) {
        let line = line.strip_prefix(' ').unwrap_or(&line).trim_end();
        // At the start and after an empty line, further empty lines say nothing.
        if line.is_empty() && (text.is_empty() || text.ends_with("\n\n")) {
            continue;
        }
        text.push_str(line);
        text.push('\n');
    }
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::DeriveInput;

    #[test]
    fn documentation_keeps_its_paragraphs() {
        let input: DeriveInput = syn::parse_quote! {
            ///
            /// One,
            /// two.
            ///
            ///
            ///     indented
            ///
            struct Documented {}
        };
        assert_eq!(doc(&input.attrs).as_deref(), Some("One,\ntwo.\n\n    indented"));
        assert_eq!(doc(&[]), None);
    }
}
