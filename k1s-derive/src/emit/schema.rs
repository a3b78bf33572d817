//! `impl JsonSchema`: the type's own schema, with what the attributes say laid over it.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};
use syn::{Path, Type};

use super::json_tokens;
use crate::model::{Field, Shape, TypeModel};
use crate::parse::Keywords;

/// The `JsonSchema` implementation of a type.
pub(crate) fn schema(model: &TypeModel) -> TokenStream {
    let TypeModel { ident, krate, .. } = model;
    let name = ident.to_string();
    let mut keywords = model.keywords.to_json();
    describe(&mut keywords, model.doc.as_deref());
    let base = base(model, &mut keywords);
    let overlay = overlay(krate, &keywords);
    let expressions = expressions(krate, &syn::parse_quote!(#ident), &model.keywords);
    quote! {
        #[automatically_derived]
        impl #krate::schemars::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", #name))
            }

            fn json_schema(generator: &mut #krate::schemars::SchemaGenerator) -> #krate::schemars::Schema {
                let _ = &generator;
                #base
                #overlay
                #expressions
                schema
            }
        }
    }
}

/// `let mut schema = ...` before the type's keywords.
fn base(model: &TypeModel, keywords: &mut Map<String, Value>) -> TokenStream {
    let krate = &model.krate;
    if model.keywords.replaces_schema() {
        return quote!(let mut schema = #krate::schemars::Schema::default(););
    }
    match &model.shape {
        Shape::Struct(fields) => {
            let properties = fields.iter().map(|field| property(krate, field));
            quote! {
                let mut schema = #krate::__private::object();
                #(#properties)*
            }
        }
        Shape::Newtype(field) => {
            let value = field_schema(krate, field);
            quote!(let mut schema = #value;)
        }
        Shape::Enum(names) => {
            keywords.insert("type".into(), "string".into());
            keywords
                .entry("enum")
                .or_insert_with(|| names.iter().map(|name| Value::from(name.as_str())).collect());
            quote!(let mut schema = #krate::schemars::Schema::default();)
        }
    }
}

fn property(krate: &Path, field: &Field) -> TokenStream {
    let Field { name, required, .. } = field;
    let value = field_schema(krate, field);
    quote!(#krate::__private::property(&mut schema, #name, #required, #value);)
}

/// An expression that yields a field's schema.
fn field_schema(krate: &Path, field: &Field) -> TokenStream {
    let ty = &field.ty;
    let mut keywords = field.keywords.to_json();
    describe(&mut keywords, field.doc.as_deref());
    let base = if field.keywords.replaces_schema() {
        quote!(#krate::schemars::Schema::default())
    } else {
        quote!(generator.subschema_for::<#ty>())
    };
    let overlay = overlay(krate, &keywords);
    let expressions = expressions(krate, ty, &field.keywords);
    if overlay.is_empty() && expressions.is_empty() {
        return base;
    }
    quote! {{
        let mut schema = #base;
        #overlay
        #expressions
        schema
    }}
}

fn describe(keywords: &mut Map<String, Value>, doc: Option<&str>) {
    if let Some(doc) = doc {
        keywords.insert("description".into(), doc.into());
    }
}

fn overlay(krate: &Path, keywords: &Map<String, Value>) -> TokenStream {
    if keywords.is_empty() {
        return TokenStream::new();
    }
    let json = json_tokens(&Value::Object(keywords.clone()));
    quote!(#krate::__private::overlay(&mut schema, #krate::serde_json::json!(#json));)
}

/// Defaults and examples that are Rust expressions of the field's type.
fn expressions(krate: &Path, ty: &Type, keywords: &Keywords) -> TokenStream {
    let given = [("default", &keywords.default), ("example", &keywords.example)];
    let statements = given.into_iter().filter_map(|(keyword, given)| {
        let given = given.as_ref().filter(|given| given.literal.is_none())?;
        let expr = &given.expr;
        Some(quote! {
            {
                // A function of its own: the expression sees none of the variables here.
                fn value() -> #ty {
                    #expr
                }
                #krate::__private::set(&mut schema, #keyword, &value());
            }
        })
    });
    statements.collect()
}
