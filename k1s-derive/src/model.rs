//! What the attributes mean: names after renaming, which fields are required, what kind of value each holds.
//!
//! Building a model refuses only what has no meaning at all (a union, a data enum, generics, serde shapes that would give
//! a wrong schema); whether what was said makes sense is `check`'s business.

use darling::{Error, FromAttributes, FromDeriveInput, FromField, FromVariant};
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Fields, Ident, Lit, Meta, Path, Type, Visibility};

use crate::kind::{Kind, unwrap_option};
use crate::parse::{
    FieldArgs, Keywords, Name, ResourceArgs, SerdeFieldArgs, SerdeTypeArgs, Text, TypeArgs, VariantArgs,
};
use crate::rename::Rule;

/// A type whose schema is asked for.
pub(crate) struct TypeModel {
    pub(crate) ident: Ident,
    pub(crate) krate: Path,
    pub(crate) doc: Option<String>,
    pub(crate) keywords: Keywords,
    pub(crate) shape: Shape,
}

/// What a type looks like in JSON.
pub(crate) enum Shape {
    /// An object.
    Struct(Vec<Field>),
    /// The only field's value.
    Newtype(Box<Field>),
    /// One of these strings.
    Enum(Vec<String>),
}

/// A field that is part of the JSON.
pub(crate) struct Field {
    /// Name in JSON.
    pub(crate) name: String,
    /// Its type, without the `Option`.
    pub(crate) ty: Type,
    pub(crate) kind: Kind,
    pub(crate) doc: Option<String>,
    pub(crate) required: bool,
    pub(crate) keywords: Keywords,
}

/// A spec struct from which a root type is made.
pub(crate) struct ResourceModel {
    pub(crate) args: ResourceArgs,
    pub(crate) vis: Visibility,
    pub(crate) spec: TypeModel,
    pub(crate) kind: Ident,
    pub(crate) plural: String,
    pub(crate) singular: String,
}

impl ResourceModel {
    /// Reads a `#[derive(Resource)]` input.
    pub(crate) fn read(input: &DeriveInput) -> darling::Result<Self> {
        let args = ResourceArgs::from_derive_input(input)?;
        let mut spec = TypeModel::read(input)?;
        if let Some(krate) = &args.crate_ {
            spec.krate = krate.clone();
        }
        if !matches!(spec.shape, Shape::Struct(_)) {
            let message = "`#[derive(Resource)]` needs a struct with named fields: it becomes the `spec`";
            return Err(Error::custom(message).with_span(&input.ident));
        }
        let mut errors = Error::accumulator();
        for (name, given, example) in [
            ("group", &args.group, "inventory.example.com"),
            ("version", &args.version, "v1alpha1"),
            ("kind", &args.kind, "Item"),
        ] {
            if given.is_none() {
                let message = format!("`{name}` is missing: add `#[resource({name} = \"{example}\")]`");
                errors.push(Error::custom(message).with_span(&input.ident));
            }
        }
        let kind = args.kind.as_ref().map_or_else(String::new, |kind| kind.to_string());
        let kind_ident = errors.handle_in(|| kind_ident(&kind, args.kind.as_ref(), input));
        let singular = args.singular.as_ref().map_or_else(|| kind.to_lowercase(), |given| given.to_string());
        let plural =
            args.plural.as_ref().map_or_else(|| plural_of(&kind.to_lowercase()), |given| given.to_string());
        errors.finish()?;
        let Some(kind) = kind_ident else { return Err(Error::custom("the kind is missing")) };
        Ok(Self { args, vis: input.vis.clone(), spec, kind, plural, singular })
    }
}

fn kind_ident(kind: &str, given: Option<&Text>, input: &DeriveInput) -> darling::Result<Ident> {
    let Some(given) = given else { return Ok(input.ident.clone()) };
    let mut ident: Ident = syn::parse_str(kind).map_err(|_| {
        Error::custom(format!("`{kind}` is no kind: it must be a name in CamelCase, as `Item`"))
            .with_span(&given.span())
    })?;
    ident.set_span(given.span());
    if ident == input.ident {
        let message = format!("the spec struct cannot have the kind's name: call it `{kind}Spec`");
        return Err(Error::custom(message).with_span(&input.ident));
    }
    Ok(ident)
}

/// The English plural that Kubernetes' generators would guess.
fn plural_of(word: &str) -> String {
    if let Some(stem) = word.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    if word.ends_with(['s', 'x', 'z']) || word.ends_with("ch") || word.ends_with("sh") {
        return format!("{word}es");
    }
    format!("{word}s")
}

impl TypeModel {
    /// Reads the type that a derive was put on.
    pub(crate) fn read(input: &DeriveInput) -> darling::Result<Self> {
        if !input.generics.params.is_empty() {
            let message = "generic types are not supported: a schema belongs to one concrete type";
            return Err(Error::custom(message).with_span(&input.generics));
        }
        let args = TypeArgs::from_attributes(&input.attrs)?;
        let serde = SerdeTypeArgs::from_attributes(&input.attrs)?;
        serde.refuse_conversions()?;
        let shape = match &input.data {
            Data::Struct(data) => read_struct(&data.fields, &serde, &input.ident)?,
            Data::Enum(data) => read_enum(data.variants.iter(), &serde, &input.ident)?,
            Data::Union(data) => {
                let message = "a union has no schema; use a struct";
                return Err(Error::custom(message).with_span(&data.union_token));
            }
        };
        let krate = args.crate_.unwrap_or_else(|| syn::parse_quote!(::k1s_runtime));
        Ok(Self { ident: input.ident.clone(), krate, doc: doc(&input.attrs), keywords: args.keywords, shape })
    }

    /// The fields, if the type is an object.
    pub(crate) fn fields(&self) -> &[Field] {
        match &self.shape {
            Shape::Struct(fields) => fields,
            Shape::Newtype(_) | Shape::Enum(_) => &[],
        }
    }
}

impl SerdeTypeArgs {
    fn refuse_conversions(&self) -> darling::Result<()> {
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
        if let Some(tag) = &self.tag {
            errors.push(Error::custom("`#[serde(tag)]` is not supported yet").with_span(&tag.span()));
        }
        errors.finish()
    }

    fn rule(&self) -> darling::Result<Option<Rule>> {
        let Some(name) = &self.rename_all else { return Ok(None) };
        let text = name.both("rename_all")?;
        let rule = Rule::parse(text);
        rule.map(Some).ok_or_else(|| {
            Error::custom(format!("serde knows no rename rule `{text}`")).with_span(&name.span)
        })
    }
}

impl Name {
    /// The one name.
    fn both(&self, attribute: &str) -> darling::Result<&str> {
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

fn read_struct(fields: &Fields, serde: &SerdeTypeArgs, ident: &Ident) -> darling::Result<Shape> {
    let rule = serde.rule()?;
    let mut errors = Error::accumulator();
    let defaults = serde.default.is_some();
    let read: Vec<Field> = fields
        .iter()
        .filter_map(|field| errors.handle(Field::read(field, rule, defaults)).flatten())
        .collect();
    errors.finish()?;
    match fields {
        Fields::Named(_) if !serde.transparent.is_present() => Ok(Shape::Struct(read)),
        Fields::Unit => Err(Error::custom("a unit struct has no JSON object; write `{}`").with_span(ident)),
        _ => {
            let count = read.len();
            let only: Option<Field> = if count == 1 { read.into_iter().next() } else { None };
            only.map(|field| Shape::Newtype(Box::new(field))).ok_or_else(|| {
                let message = format!("a tuple struct with {count} fields is not supported; name the fields");
                Error::custom(message).with_span(ident)
            })
        }
    }
}

fn read_enum<'a>(
    variants: impl Iterator<Item = &'a syn::Variant>,
    serde: &SerdeTypeArgs,
    ident: &Ident,
) -> darling::Result<Shape> {
    let rule = serde.rule()?;
    let mut errors = Error::accumulator();
    let mut names = Vec::new();
    for variant in variants {
        if let Some(Some(name)) = errors.handle_in(|| read_variant(variant, rule)) {
            names.push(name);
        }
    }
    errors.finish()?;
    if names.is_empty() {
        return Err(Error::custom("an enum needs a variant to have a schema").with_span(ident));
    }
    Ok(Shape::Enum(names))
}

fn read_variant(variant: &syn::Variant, rule: Option<Rule>) -> darling::Result<Option<String>> {
    let args = VariantArgs::from_variant(variant)?;
    let serde = SerdeFieldArgs::from_attributes(&args.attrs)?;
    if !args.fields.is_unit() {
        let message =
            "a variant with data is not supported yet; use a struct of optional fields with `exactly_one_of`";
        return Err(Error::custom(message).with_span(&args.ident));
    }
    if serde.is_skipped() {
        return Ok(None);
    }
    let own = unraw(&args.ident);
    Ok(Some(match &serde.rename {
        Some(name) => name.both("rename")?.to_owned(),
        None => rule.map_or(own.clone(), |rule| rule.variant(&own)),
    }))
}

impl SerdeFieldArgs {
    fn is_skipped(&self) -> bool {
        self.skip.is_present() || (self.skip_serializing.is_present() && self.skip_deserializing.is_present())
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
        if serde.flatten.is_present() {
            let message = "`#[serde(flatten)]` is not supported yet; name the fields here or nest the struct";
            return Err(Error::custom(message).with_span(&field.ty));
        }
        if args.required.is_present() && args.optional.is_present() {
            let message = "`required` and `optional` contradict each other";
            return Err(Error::custom(message).with_span(&args.optional.span()));
        }
        let own = args.ident.as_ref().map(unraw).unwrap_or_default();
        let name = match &serde.rename {
            Some(name) => name.both("rename")?.to_owned(),
            None => rule.map_or(own.clone(), |rule| rule.field(&own)),
        };
        let inner = unwrap_option(&args.ty);
        let may_be_absent = inner.is_some()
            || all_default
            || serde.default.is_some()
            || serde.skip_deserializing.is_present()
            || args.keywords.default.is_some();
        let required = args.required.is_present() || !(may_be_absent || args.optional.is_present());
        let ty = inner.unwrap_or(&args.ty).clone();
        let kind = Kind::of(&ty);
        let doc = doc(&args.attrs);
        Ok(Some(Self { name, ty, kind, doc, required, keywords: args.keywords }))
    }
}

fn unraw(ident: &Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

/// The documentation as Kubernetes descriptions are written: lines kept, paragraphs one empty line apart.
fn doc(attrs: &[Attribute]) -> Option<String> {
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

    #[test]
    fn plurals_are_english() {
        let plurals = ["item", "category", "key", "box", "bus", "branch", "quiz"].map(plural_of);
        assert_eq!(plurals, ["items", "categories", "keys", "boxes", "buses", "branches", "quizes"]);
    }

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
