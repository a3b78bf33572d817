//! Enums with data: one schema for each variant, put together by the runtime.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};
use syn::Path;

use super::schema::{describe, field_schema, members, overlay, tuple_schema};
use crate::model::{Body, Tagging, TypeModel, Union, Variant};

/// `let mut schema = ...` of an enum with data.
pub(super) fn union(model: &TypeModel, union: &Union) -> TokenStream {
    let krate = &model.krate;
    let is_plain = |variant: &&Variant| variant.is_word() && !variant.other;
    let plain: Vec<&String> =
        union.variants.iter().filter(is_plain).flat_map(|variant| &variant.names).collect();
    let plain = (!plain.is_empty()).then(|| quote!(variants.push(#krate::__private::words(&[#(#plain),*]));));
    let variants = union.variants.iter().filter(|variant| !variant.is_null() && !is_plain(variant));
    let statements = variants.map(|variant| statement(model, union, variant));
    // Without tags, several may fit.
    let exclusive = union.variants.iter().all(|variant| variant.tagging != Tagging::Untagged);
    quote! {
        let mut schema = {
            let mut variants = ::std::vec::Vec::new();
            #plain
            #(#statements)*
            #krate::__private::union(variants, #exclusive)
        };
    }
}

/// Adds a variant to `variants`.
fn statement(model: &TypeModel, union: &Union, variant: &Variant) -> TokenStream {
    let krate = &model.krate;
    let names = &variant.names;
    match &variant.tagging {
        Tagging::External if variant.is_word() => {
            let words = words(krate, union, variant);
            quote!(variants.push(#words);)
        }
        Tagging::External => {
            let content = content(model, variant);
            quote!(#krate::__private::external(&mut variants, &[#(#names),*], &#content);)
        }
        Tagging::Internal(tag) => {
            let (words, body) = (words(krate, union, variant), internal_body(model, variant));
            quote! {
                variants.push({
                    let mut schema = #krate::__private::object();
                    #krate::__private::property(&mut schema, #tag, true, #words);
                    #body
                    schema
                });
            }
        }
        Tagging::Adjacent { tag, content: name } => {
            let words = words(krate, union, variant);
            let body = match &variant.body {
                Body::Unit => TokenStream::new(),
                body => {
                    let required = !matches!(body, Body::Newtype(field) if field.optional);
                    let content = content(model, variant);
                    quote!(#krate::__private::property(&mut schema, #name, #required, #content);)
                }
            };
            quote! {
                variants.push({
                    let mut schema = #krate::__private::object();
                    #krate::__private::property(&mut schema, #tag, true, #words);
                    #body
                    schema
                });
            }
        }
        Tagging::Untagged => {
            let content = content(model, variant);
            quote!(variants.push(#content);)
        }
    }
}

/// The schema of a variant's names, or of all that no variant has.
fn words(krate: &Path, union: &Union, variant: &Variant) -> TokenStream {
    let names = &variant.names;
    if !variant.other {
        return quote!(#krate::__private::words(&[#(#names),*]));
    }
    if union.variants.iter().all(Variant::is_word) {
        return quote!(#krate::__private::words(&[]));
    }
    let known = union.variants.iter().filter(|variant| !variant.other).flat_map(|variant| &variant.names);
    quote!(#krate::__private::other_words(&[#(#known),*]))
}

/// What a variant among its siblings' fields adds to `schema`.
fn internal_body(model: &TypeModel, variant: &Variant) -> TokenStream {
    let krate = &model.krate;
    match &variant.body {
        Body::Unit => TokenStream::new(),
        Body::Struct(fields) => members(model, fields),
        // There is no place for a tag in it, and the check has said so.
        Body::Tuple(_) => TokenStream::new(),
        Body::Newtype(field) => {
            let (value, optional) = (field_schema(model, field), field.optional);
            quote!(#krate::__private::flatten(&mut schema, #value, #optional);)
        }
    }
}

/// An expression that yields the schema of what a variant holds.
fn content(model: &TypeModel, variant: &Variant) -> TokenStream {
    let krate = &model.krate;
    let base = match &variant.body {
        Body::Unit => quote!(#krate::__private::object()),
        Body::Newtype(field) => field_schema(model, field),
        Body::Tuple(tuple) => tuple_schema(model, tuple),
        Body::Struct(fields) => {
            let members = members(model, fields);
            quote!({
                let mut schema = #krate::__private::object();
                #members
                schema
            })
        }
    };
    let mut keywords: Map<String, Value> = Map::new();
    describe(&mut keywords, variant.doc.as_deref());
    if keywords.is_empty() {
        return base;
    }
    let overlay = overlay(krate, &keywords);
    quote!({
        let mut schema = #base;
        #overlay
        schema
    })
}
