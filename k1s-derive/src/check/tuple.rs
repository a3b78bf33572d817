//! Tuples: a list has one schema for all of its items, whatever their place.

use darling::error::Accumulator;
use syn::Type;
use syn::spanned::Spanned;

use super::refuse;
use super::shape::{go_together, type_of};
use crate::kind::{Holds, Kind, holds};
use crate::model::Tuple;

/// Checks the values of a tuple struct or a tuple variant.
pub(super) fn check(tuple: &Tuple, errors: &mut Accumulator) {
    let Some((first, others)) = tuple.fields.split_first() else { return };
    let said = first.keywords.to_json();
    for field in others {
        if !go_together(type_of(first), type_of(field), false) {
            refuse(errors, field.ty.span(), different(type_of(first), type_of(field)));
        } else if field.keywords.to_json() != said {
            let message =
                "a list has one schema for all of its items: say the same of each value, or name the fields";
            refuse(errors, field.ty.span(), message);
        }
    }
    for default in tuple.fields.iter().filter_map(|field| field.keywords.default.as_ref()) {
        let message = "an item of a list has no default; use `#[serde(default)]` on the last values, or name the fields";
        refuse(errors, default.expr.span(), message);
    }
}

/// Checks the tuples in a type, as far as its spelling shows them.
pub(super) fn check_type(ty: &Type, errors: &mut Accumulator) {
    if let Type::Tuple(tuple) = ty {
        let mut kinds = tuple.elems.iter().map(|ty| (ty, Kind::of(ty)));
        let Some((_, first)) = kinds.next() else { return };
        for (ty, kind) in kinds {
            if !go_together(&first, &kind, false) {
                refuse(errors, ty.span(), different(&first, &kind));
            }
        }
        tuple.elems.iter().for_each(|ty| check_type(ty, errors));
        return;
    }
    match holds(ty) {
        Some(Holds::Items(inner) | Holds::Same(inner) | Holds::Entries(_, inner)) => {
            check_type(inner, errors);
        }
        None => {}
    }
}

fn different(first: &Kind, other: &Kind) -> String {
    format!(
        "a tuple is a list, which has one type for all of its items in Kubernetes, and here are {} and {}; use a struct with \
         named fields, or `#[schema(schemaless)]`",
        first.name(),
        other.name()
    )
}
