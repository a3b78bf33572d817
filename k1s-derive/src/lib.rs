#![doc = include_str!("../ATTRIBUTES.md")]
#![forbid(unsafe_code)]

mod check;
mod definition;
mod emit;
mod hint;
mod keywords;
mod kind;
mod literal;
mod model;
mod parse;
#[cfg(test)]
mod reference;
mod rename;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a kind of a spec struct: the root type, its traits, its schema and its registration. The crate's front page lists the
/// attributes.
#[proc_macro_derive(Resource, attributes(resource, schema))]
pub fn derive_resource(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand_resource(&input).unwrap_or_else(darling::Error::write_errors).into()
}

/// Gives a struct, a newtype or an enum the schema that its attributes describe. The crate's front page lists
/// the attributes.
#[proc_macro_derive(Schema, attributes(schema))]
pub fn derive_schema(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand_schema(&input).unwrap_or_else(darling::Error::write_errors).into()
}

/// Says what a reconciler may do, for the roles that `k1s-gen rbac` writes. The crate's front page lists the keys.
#[proc_macro_attribute]
pub fn rbac(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    expand_rbac(attribute.into(), item.clone())
        .unwrap_or_else(|errors| {
            let errors = errors.write_errors();
            // The item stays, so that nothing else is complained about.
            quote::quote!(#item #errors)
        })
        .into()
}

fn expand_resource(input: &DeriveInput) -> darling::Result<proc_macro2::TokenStream> {
    let model = model::ResourceModel::read(input)?;
    check::resource(&model)?;
    Ok(emit::resource(&model))
}

fn expand_rbac(
    attribute: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> darling::Result<proc_macro2::TokenStream> {
    let model = model::RbacModel::read(attribute, item)?;
    check::rbac(&model)?;
    Ok(emit::rbac(&model))
}

fn expand_schema(input: &DeriveInput) -> darling::Result<proc_macro2::TokenStream> {
    let model = model::TypeModel::read(input)?;
    check::schema(&model)?;
    Ok(emit::schema(&model))
}
