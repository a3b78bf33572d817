//! What the attributes mean: names after renaming, which fields are required, what kind of value each holds.
//!
//! Building a model refuses only what has no meaning at all (a union, a unit, serde shapes that would give a wrong schema);
//! whether what was said makes sense is `check`'s business.

mod field;
mod generics;
mod rbac;
mod serde;
mod variant;
mod wire;

use darling::{Error, FromAttributes, FromDeriveInput};
use syn::{Data, DeriveInput, Fields, Generics, Ident, Path, Visibility};

use crate::kind::Kind;
use crate::parse::{Keywords, ResourceArgs, SerdeTypeArgs, Text, TypeArgs};

pub(crate) use field::{Field, Tuple, doc};
pub(crate) use generics::{Parameter, mentions};
pub(crate) use rbac::{Bearer, RbacModel};
pub(crate) use variant::{Body, Tagging, Union, Variant};

/// A type whose schema is asked for.
pub(crate) struct TypeModel {
    pub(crate) ident: Ident,
    /// As in the `impl`: with the bounds that a schema needs.
    pub(crate) generics: Generics,
    /// The parameters that the schema depends on.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) krate: Path,
    pub(crate) doc: Option<String>,
    pub(crate) keywords: Keywords,
    pub(crate) shape: Shape,
}

/// What a type looks like in JSON.
pub(crate) enum Shape {
    /// An object.
    Struct {
        fields: Vec<Field>,
        /// A field that serde adds, and its value.
        tag: Option<(String, String)>,
    },
    /// The only field's value, or that of the type that serde converts this one from and into.
    Newtype(Box<Field>),
    /// A list of so many values.
    Tuple(Tuple),
    /// One of these strings.
    Enum(Vec<String>),
    /// One of several values.
    Union(Union),
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
        if SerdeTypeArgs::from_attributes(&input.attrs)?.remote.is_some() {
            let message =
                "a `remote` definition is not in the JSON itself; derive `Schema` here and use it in a spec";
            return Err(Error::custom(message).with_span(&input.ident));
        }
        if has_named_fields(input) && !spec.is_object() {
            let message =
                format!("the `spec` of a kind is an object, and this one is {}", spec.shape.kind().name());
            return Err(Error::custom(message).with_span(&input.ident));
        }
        if !has_named_fields(input) {
            let message = "`#[derive(Resource)]` needs a struct with named fields: it becomes the `spec`";
            return Err(Error::custom(message).with_span(&input.ident));
        }
        if !input.generics.params.is_empty() {
            let message = "a kind is one concrete type: use a generic type in a field instead";
            return Err(Error::custom(message).with_span(&input.generics));
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

fn has_named_fields(input: &DeriveInput) -> bool {
    matches!(&input.data, Data::Struct(data) if matches!(data.fields, Fields::Named(_)))
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
pub(crate) fn plural_of(word: &str) -> String {
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
        let args = TypeArgs::from_attributes(&input.attrs)?;
        let serde = SerdeTypeArgs::from_attributes(&input.attrs)?;
        let shape = match (wire::of(&serde, args.with)?, &input.data) {
            (Some(ty), data) => {
                wire::refuse_words(data)?;
                Shape::Newtype(Box::new(Field::of_type(&ty)))
            }
            (None, Data::Struct(data)) => read_struct(&data.fields, &serde, &input.ident)?,
            (None, Data::Enum(data)) => variant::read_enum(data.variants.iter(), &serde, &input.ident)?,
            (None, Data::Union(data)) => {
                let message = "a union has no schema; use a struct";
                return Err(Error::custom(message).with_span(&data.union_token));
            }
        };
        let krate = args.crate_.unwrap_or_else(|| syn::parse_quote!(::k1s_runtime));
        let keywords = args.keywords;
        let types = if keywords.replaces_schema() { Vec::new() } else { shape.types() };
        let (generics, parameters) = generics::bounded(&input.generics, &types, &krate);
        let ident = input.ident.clone();
        Ok(Self { ident, generics, parameters, krate, doc: doc(&input.attrs), keywords, shape })
    }

    /// The fields, if the type is a struct. Flattened ones are among them.
    pub(crate) fn fields(&self) -> &[Field] {
        match &self.shape {
            Shape::Struct { fields, .. } => fields,
            Shape::Newtype(_) | Shape::Tuple(_) | Shape::Enum(_) | Shape::Union(_) => &[],
        }
    }

    /// Whether the type may be an object with fields.
    fn is_object(&self) -> bool {
        match &self.shape {
            Shape::Struct { .. } => true,
            Shape::Newtype(field) => matches!(field.kind, Kind::Map | Kind::Object | Kind::Unknown),
            Shape::Tuple(_) | Shape::Enum(_) | Shape::Union(_) => false,
        }
    }

    /// The JSON names of a struct's fields; `None` if some cannot be seen from here.
    pub(crate) fn field_names(&self) -> Option<Vec<&str>> {
        let Shape::Struct { fields, tag } = &self.shape else { return None };
        if fields.iter().any(|field| field.flatten) {
            return None;
        }
        let names = fields.iter().flat_map(|field| std::iter::once(&field.name).chain(&field.aliases));
        Some(names.chain(tag.as_ref().map(|(name, _)| name)).map(String::as_str).collect())
    }
}

impl Shape {
    /// Every field there is, those of variants included.
    pub(crate) fn all_fields(&self) -> Vec<&Field> {
        match self {
            Shape::Struct { fields, .. } => fields.iter().collect(),
            Shape::Newtype(field) => vec![field],
            Shape::Tuple(tuple) => tuple.fields.iter().collect(),
            Shape::Enum(_) => Vec::new(),
            Shape::Union(union) => union.variants.iter().flat_map(Variant::fields).collect(),
        }
    }

    /// The types whose schemas this one is made of.
    fn types(&self) -> Vec<&syn::Type> {
        let fields = self.all_fields().into_iter().filter(|field| !field.keywords.replaces_schema());
        fields.map(|field| &field.ty).collect()
    }

    /// What attributes of the type are said of.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Shape::Struct { .. } => Kind::Object,
            Shape::Newtype(field) => field.kind.clone(),
            Shape::Tuple(tuple) => tuple.kind(),
            Shape::Enum(_) => Kind::String,
            Shape::Union(union) if union.is_object() => Kind::Object,
            Shape::Union(_) => Kind::Unknown,
        }
    }
}

fn read_struct(fields: &Fields, serde: &SerdeTypeArgs, ident: &Ident) -> darling::Result<Shape> {
    let transparent = serde.transparent.is_present();
    let mut read = field::read_all(fields, serde.rule()?, serde.default.is_some())?;
    match fields {
        Fields::Named(_) if !transparent => {
            let tag = match &serde.tag {
                Some(tag) => Some((tag.to_string(), serde.own_name(ident)?)),
                None => None,
            };
            Ok(Shape::Struct { fields: read, tag })
        }
        Fields::Unit => Err(Error::custom("a unit struct has no JSON object; write `{}`").with_span(ident)),
        _ => {
            if transparent {
                // serde looks for the one field that has a value.
                read.retain(|field| !field.is_phantom());
            }
            if transparent && read.len() > 1 {
                let message = "`transparent` needs a struct of which one field has a value";
                return Err(Error::custom(message).with_span(ident));
            }
            // Without `transparent`, a field that is left out leaves a list of one behind.
            if !transparent && fields.len() > 1 {
                return Tuple::new(read, ident).map(Shape::Tuple);
            }
            read.pop().map(|field| Shape::Newtype(Box::new(field.without_a_name()))).ok_or_else(|| {
                Error::custom("a tuple struct needs a value that is not left out").with_span(ident)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_english() {
        let plurals = ["item", "category", "key", "box", "bus", "branch", "quiz"].map(plural_of);
        assert_eq!(plurals, ["items", "categories", "keys", "boxes", "buses", "branches", "quizes"]);
    }
}
