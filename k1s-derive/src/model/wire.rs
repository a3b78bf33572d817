//! Types whose JSON is that of another type: serde converts them, or `Serialize` and `Deserialize` are written by hand.

use darling::util::SpannedValue;
use darling::{Error, FromField, FromVariant};
use syn::spanned::Spanned;
use syn::{Data, Fields, Type};

use crate::literal::TypeRef;
use crate::parse::{FieldArgs, SerdeTypeArgs, VariantArgs};

/// The type that the JSON is of, if it is another one: what `with` says, or what serde converts from and into.
///
/// A schema says what is read as well as what is written, so that both have to be the same type.
pub(super) fn of(serde: &SerdeTypeArgs, with: Option<TypeRef>) -> darling::Result<Option<Type>> {
    if let Some(TypeRef(ty)) = with {
        return Ok(Some(ty));
    }
    let read = serde.from.as_ref().map(|from| ("from", from));
    let read = read.or(serde.try_from.as_ref().map(|from| ("try_from", from)));
    match (read, &serde.into) {
        (None, None) => Ok(None),
        (Some((_, from)), Some(into)) if from.0 == into.0 => Ok(Some(from.0.clone())),
        (Some((attribute, from)), Some(into)) => Err(refusal(
            into,
            &format!(
                "`{attribute}` and `into` name different types, and a schema has one shape: use one type for both, or name \
                 one that takes either in `#[schema(with = \"Type\")]`",
            ),
        )
        .with_span(&from.span())),
        (Some((attribute, from)), None) => Err(one_way(attribute, "read", "into", "written", from)),
        (None, Some(into)) => Err(one_way("into", "written", "from", "read", into)),
    }
}

fn one_way(given: &str, done: &str, missing: &str, not_done: &str, ty: &SpannedValue<TypeRef>) -> Error {
    refusal(
        ty,
        &format!(
            "the type is {done} as another one (`{given}`) and {not_done} as itself, and a schema has one shape: add \
             `{missing}` with the same type; if the other direction is written by hand, say `#[schema(with = \"Type\")]`",
        ),
    )
}

fn refusal(ty: &SpannedValue<TypeRef>, message: &str) -> Error {
    Error::custom(message).with_span(&ty.span())
}

/// Refuses what is said of parts that are not in the JSON.
///
/// # Errors
/// One for each field or variant of which a schema attribute says something.
pub(super) fn refuse_words(data: &Data) -> darling::Result<()> {
    let mut errors = Error::accumulator();
    let mut check = |fields: &Fields| {
        for field in fields {
            let args = errors.handle_in(|| FieldArgs::from_field(field));
            let Some(args) = args else { continue };
            let said = args.required.is_present() || args.optional.is_present() || args.with.is_some();
            if said || args.keywords.say_something() {
                let message = "this is not in the JSON, which is that of another type: say it of that one";
                errors.push(Error::custom(message).with_span(&field.ty.span()));
            }
        }
    };
    match data {
        Data::Struct(data) => check(&data.fields),
        Data::Enum(data) => data.variants.iter().for_each(|variant| check(&variant.fields)),
        Data::Union(_) => {}
    }
    if let Data::Enum(data) = data {
        for variant in &data.variants {
            errors.handle_in(|| VariantArgs::from_variant(variant));
        }
    }
    errors.finish()
}
