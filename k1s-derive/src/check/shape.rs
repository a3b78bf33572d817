//! Shapes that Rust and serde know and a CustomResourceDefinition does not.

use darling::error::Accumulator;
use syn::spanned::Spanned;

use super::{refuse, tuple};
use crate::kind::Kind;
use crate::model::{Body, Field, Shape, Tagging, TypeModel, Union, Variant, mentions};

/// Checks what a type is made of.
pub(super) fn check(model: &TypeModel, errors: &mut Accumulator) {
    let own = &model.ident;
    for field in model.shape.all_fields() {
        if !field.keywords.replaces_schema() && mentions(&field.ty, own) {
            let message = format!(
                "`{own}` contains itself, and a CustomResourceDefinition cannot hold such a type; mark the field `#[schema(schemaless)]`"
            );
            refuse(errors, field.ty.span(), message);
        }
        if !field.keywords.replaces_schema() {
            tuple::check_type(&field.ty, errors);
        }
        if field.flatten && !matches!(field.kind, Kind::Map | Kind::Object | Kind::Unknown) {
            let message = format!(
                "only structs, enums with data and maps can be flattened, and this is {}",
                field.kind.name()
            );
            refuse(errors, field.ty.span(), message);
        }
    }
    match &model.shape {
        Shape::Union(union) => check_union(union, errors),
        Shape::Tuple(tuple) => tuple::check(tuple, errors),
        Shape::Struct { .. } | Shape::Newtype(_) | Shape::Enum(_) => {}
    }
}

fn check_union(union: &Union, errors: &mut Accumulator) {
    let is_data = |variant: &&Variant| variant.tagging == Tagging::External && !variant.is_word();
    if union.variants.iter().any(|variant| is_data(&variant)) {
        for variant in union.variants.iter().filter(|variant| variant.is_word()) {
            let message = format!(
                "this variant is text and others are objects, and Kubernetes gives a field one type; write `{} {{}}`, \
                 or tell variants apart by a field: `#[serde(tag = \"type\")]`",
                variant.ident
            );
            refuse(errors, variant.ident.span(), message);
        }
    }
    for (index, variant) in union.variants.iter().enumerate() {
        check_variant(variant, union.variants.len() > 1, errors);
        for earlier in &union.variants[..index] {
            check_pair(earlier, variant, errors);
        }
    }
}

/// Refuses variants that give one field, or the value itself, two types.
fn check_pair(earlier: &Variant, later: &Variant, errors: &mut Accumulator) {
    if earlier.tagging != later.tagging || later.tagging == Tagging::External {
        return;
    }
    let is_alone = |variant: &Variant| matches!(variant.body, Body::Newtype(_) | Body::Tuple(_));
    if matches!(later.tagging, Tagging::Internal(_)) && (is_alone(earlier) || is_alone(later)) {
        return;
    }
    if is_alone(earlier) != is_alone(later) {
        return;
    }
    if let (Some(one), Some(other)) = (whole(earlier), whole(later)) {
        if !go_together(&one, &other, later.tagging == Tagging::Untagged) {
            conflict(earlier, &one, &other, later.fields(), errors);
        }
        return;
    }
    for field in later.fields() {
        let same = |other: &&Field| !other.flatten && other.name == field.name;
        let Some(other) = earlier.fields().iter().find(same) else { continue };
        if !field.flatten && !go_together(type_of(other), type_of(field), false) {
            conflict(earlier, type_of(other), type_of(field), std::slice::from_ref(field), errors);
        }
    }
}

/// The kind of the one value that a variant is, if it is no object of fields.
fn whole(variant: &Variant) -> Option<Kind> {
    match &variant.body {
        Body::Newtype(field) => Some(type_of(field).clone()),
        Body::Tuple(tuple) => Some(tuple.kind()),
        Body::Unit | Body::Struct(_) => None,
    }
}

fn conflict(earlier: &Variant, one: &Kind, other: &Kind, at: &[Field], errors: &mut Accumulator) {
    let Some(field) = at.first() else { return };
    let message = format!(
        "this is {} and in `{}` it is {}, and Kubernetes gives a field one type; tell variants apart by a field \
         and give each a field of its own, or mark the enum `#[schema(schemaless)]`",
        other.name(),
        earlier.ident,
        one.name()
    );
    refuse(errors, field.ty.span(), message);
}

/// The type of a field as far as it is the Rust type's.
pub(super) fn type_of(field: &Field) -> &Kind {
    if field.keywords.replaces_schema() { &Kind::Unknown } else { &field.kind }
}

/// Whether a value can be of either kind; `either` if an integer or a string can.
pub(super) fn go_together(one: &Kind, other: &Kind, either: bool) -> bool {
    match (one, other) {
        (Kind::Unknown, _) | (_, Kind::Unknown) => true,
        (Kind::List(one), Kind::List(other)) => go_together(one, other, false),
        (Kind::Integer(_) | Kind::Number, Kind::Integer(_) | Kind::Number) => true,
        (Kind::Integer(_), Kind::String) | (Kind::String, Kind::Integer(_)) => either,
        (Kind::Map | Kind::Object, Kind::Map | Kind::Object) => true,
        (one, other) => one == other,
    }
}

fn check_variant(variant: &Variant, several: bool, errors: &mut Accumulator) {
    if let (Tagging::Internal(tag), Body::Newtype(field)) = (&variant.tagging, &variant.body)
        && !matches!(field.kind, Kind::Map | Kind::Object | Kind::Unknown)
    {
        let message = format!(
            "there is no place for the tag in {}; add `content = \"value\"` beside `tag = \"{tag}\"`",
            field.kind.name()
        );
        refuse(errors, field.ty.span(), message);
    }
    if let Body::Tuple(values) = &variant.body {
        if let (Tagging::Internal(tag), Some(field)) = (&variant.tagging, values.fields.first()) {
            let message = format!(
                "there is no place for the tag in a list; add `content = \"value\"` beside `tag = \"{tag}\"`"
            );
            refuse(errors, field.ty.span(), message);
        }
        tuple::check(values, errors);
    }
    let Body::Struct(fields) = &variant.body else { return };
    for field in fields {
        if let (Tagging::Internal(tag), name) = (&variant.tagging, &field.name)
            && tag == name
        {
            refuse(errors, variant.ident.span(), format!("the field `{name}` has the name of the tag"));
        }
        if let Some(default) =
            field.keywords.default.as_ref().filter(|_| several && variant.tagging != Tagging::External)
        {
            let message = "the server would give the default to objects of the other variants too; use `#[serde(default)]`";
            refuse(errors, default.expr.span(), message);
        }
    }
}
