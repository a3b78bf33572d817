//! Type parameters: which of them a schema depends on, and the bounds that this takes.

use quote::format_ident;
use syn::{GenericArgument, GenericParam, Generics, Ident, Path, PathArguments, Type, TypePath, parse_quote};

/// A parameter that makes the schema another one.
pub(crate) enum Parameter {
    Type(Ident),
    Const(Ident),
}

/// The generics of the `impl`, and the parameters that the schemas of `types` depend on.
///
/// As in serde's derives, a parameter is bounded if a field holds it, and so is a type associated with it.
pub(super) fn bounded(generics: &Generics, types: &[&Type], krate: &Path) -> (Generics, Vec<Parameter>) {
    let mut out = generics.clone();
    let mut parameters = Vec::new();
    let mut bounds: Vec<Type> = Vec::new();
    for parameter in &generics.params {
        match parameter {
            GenericParam::Lifetime(_) => {}
            GenericParam::Const(parameter) => parameters.push(Parameter::Const(parameter.ident.clone())),
            GenericParam::Type(parameter) => {
                let ident = &parameter.ident;
                let mut found = Vec::new();
                types.iter().for_each(|ty| uses(ty, ident, &mut found));
                if found.iter().any(|ty| *ty == parse_quote!(#ident)) {
                    parameters.push(Parameter::Type(ident.clone()));
                }
                for ty in found.into_iter().filter(|ty| !bounds.contains(ty)).collect::<Vec<_>>() {
                    bounds.push(ty);
                }
            }
        }
    }
    bounds.dedup();
    if !bounds.is_empty() {
        let clause = out.make_where_clause();
        for ty in bounds {
            clause.predicates.push(parse_quote!(#ty: #krate::schemars::JsonSchema));
        }
    }
    (out, parameters)
}

/// Whether a type names `own`, or `Self`, in whatever place.
pub(crate) fn mentions(ty: &Type, own: &Ident) -> bool {
    let mut found = Vec::new();
    uses(ty, own, &mut found);
    uses(ty, &format_ident!("Self"), &mut found);
    !found.is_empty()
}

/// Collects the uses of a name in a type: the name itself, and what is associated with it.
fn uses(ty: &Type, name: &Ident, found: &mut Vec<Type>) {
    match ty {
        Type::Array(array) => uses(&array.elem, name, found),
        Type::Slice(slice) => uses(&slice.elem, name, found),
        Type::Reference(reference) => uses(&reference.elem, name, found),
        Type::Paren(paren) => uses(&paren.elem, name, found),
        Type::Group(group) => uses(&group.elem, name, found),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| uses(ty, name, found)),
        Type::Path(path) => uses_in_path(path, name, found),
        _ => {}
    }
}

fn uses_in_path(path: &TypePath, name: &Ident, found: &mut Vec<Type>) {
    if let Some(own) = &path.qself {
        let mut inner = Vec::new();
        uses(&own.ty, name, &mut inner);
        if !inner.is_empty() {
            found.push(Type::Path(path.clone()));
        }
        return;
    }
    if path.path.leading_colon.is_none()
        && path.path.segments.first().is_some_and(|first| first.ident == *name)
    {
        found.push(match path.path.segments.len() {
            1 => parse_quote!(#name),
            _ => Type::Path(path.clone()),
        });
    }
    let Some(last) = path.path.segments.last() else { return };
    if last.ident == "PhantomData" {
        return;
    }
    let PathArguments::AngleBracketed(list) = &last.arguments else { return };
    for argument in &list.args {
        if let GenericArgument::Type(ty) = argument {
            uses(ty, name, found);
        }
    }
}
