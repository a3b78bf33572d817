//! `impl JsonSchema`: the type's own schema, with what the attributes say laid over it.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};
use syn::{GenericParam, Path, Type};

use super::json_tokens;
use crate::model::{Field, Parameter, Shape, Tuple, TypeModel};
use crate::parse::Keywords;

/// The `JsonSchema` implementation of a type.
pub(crate) fn schema(model: &TypeModel) -> TokenStream {
    let TypeModel { ident, krate, generics, .. } = model;
    let mut keywords = model.keywords.to_json();
    describe(&mut keywords, model.doc.as_deref());
    let base = base(model, &mut keywords);
    let overlay = overlay(krate, &keywords);
    let (head, arguments, clause) = generics.split_for_impl();
    let expressions = expressions(model, &syn::parse_quote!(#ident #arguments), &model.keywords);
    let names = names(model);
    quote! {
        #[automatically_derived]
        impl #head #krate::schemars::JsonSchema for #ident #arguments #clause {
            #names

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

/// The functions that name the schema: generic types have a name for each set of arguments.
fn names(model: &TypeModel) -> TokenStream {
    let TypeModel { ident, krate, parameters, .. } = model;
    let name = ident.to_string();
    if parameters.is_empty() {
        return quote! {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", #name))
            }
        };
    }
    let arguments = |function: TokenStream| {
        let arguments = parameters.iter().map(move |parameter| match parameter {
            Parameter::Type(ident) => quote!(<#ident as #krate::schemars::JsonSchema>::#function()),
            Parameter::Const(ident) => {
                quote!(::std::borrow::Cow::Owned(::std::string::ToString::to_string(&#ident)))
            }
        });
        quote!(&[#(#arguments),*])
    };
    let (short, full) = (arguments(quote!(schema_name)), arguments(quote!(schema_id)));
    quote! {
        fn schema_name() -> ::std::borrow::Cow<'static, str> {
            #krate::__private::generic_name(#name, #short)
        }

        fn schema_id() -> ::std::borrow::Cow<'static, str> {
            #krate::__private::generic_name(::core::concat!(::core::module_path!(), "::", #name), #full)
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
        Shape::Struct { fields, tag } => {
            let tag = tag.as_ref().map(|(tag, name)| {
                quote!(#krate::__private::property(&mut schema, #tag, false, #krate::__private::words(&[#name]));)
            });
            let members = members(model, fields);
            quote! {
                let mut schema = #krate::__private::object();
                #tag
                #members
            }
        }
        Shape::Newtype(field) => {
            let value = field_schema(model, field);
            quote!(let mut schema = #value;)
        }
        Shape::Tuple(tuple) => {
            let value = tuple_schema(model, tuple);
            quote!(let mut schema = #value;)
        }
        Shape::Enum(names) => {
            keywords.insert("type".into(), "string".into());
            keywords
                .entry("enum")
                .or_insert_with(|| names.iter().map(|name| Value::from(name.as_str())).collect());
            quote!(let mut schema = #krate::schemars::Schema::default();)
        }
        Shape::Union(union) => {
            if union.is_nullable() {
                keywords.insert("nullable".into(), true.into());
            }
            super::union::union(model, union)
        }
    }
}

/// An expression that yields the schema of a list of so many values.
pub(super) fn tuple_schema(model: &TypeModel, tuple: &Tuple) -> TokenStream {
    let krate = &model.krate;
    let (values, least) = (tuple.fields.iter().map(|field| field_schema(model, field)), tuple.least);
    quote!(#krate::__private::tuple(&[#(#values),*], #least))
}

/// Statements that add fields to the object `schema`.
pub(super) fn members(model: &TypeModel, fields: &[Field]) -> TokenStream {
    fields.iter().map(|field| member(model, field)).collect()
}

fn member(model: &TypeModel, field: &Field) -> TokenStream {
    let krate = &model.krate;
    let Field { name, required, aliases, optional, .. } = field;
    let value = field_schema(model, field);
    if field.flatten {
        return quote!(#krate::__private::flatten(&mut schema, #value, #optional););
    }
    if aliases.is_empty() {
        return quote!(#krate::__private::property(&mut schema, #name, #required, #value););
    }
    quote!(#krate::__private::aliased(&mut schema, &[#name, #(#aliases),*], #required, &#value);)
}

/// An expression that yields a field's schema.
pub(super) fn field_schema(model: &TypeModel, field: &Field) -> TokenStream {
    let (krate, ty) = (&model.krate, &field.ty);
    let mut keywords = field.keywords.to_json();
    if !field.flatten {
        describe(&mut keywords, field.doc.as_deref());
    }
    let base = if field.keywords.replaces_schema() {
        quote!(#krate::schemars::Schema::default())
    } else {
        quote!(generator.subschema_for::<#ty>())
    };
    let overlay = overlay(krate, &keywords);
    let expressions = expressions(model, ty, &field.keywords);
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

pub(super) fn describe(keywords: &mut Map<String, Value>, doc: Option<&str>) {
    if let Some(doc) = doc {
        keywords.insert("description".into(), doc.into());
    }
}

pub(super) fn overlay(krate: &Path, keywords: &Map<String, Value>) -> TokenStream {
    if keywords.is_empty() {
        return TokenStream::new();
    }
    let json = json_tokens(&Value::Object(keywords.clone()));
    quote!(#krate::__private::overlay(&mut schema, #krate::serde_json::json!(#json));)
}

/// Defaults and examples that are Rust expressions of the field's type.
fn expressions(model: &TypeModel, ty: &Type, keywords: &Keywords) -> TokenStream {
    let TypeModel { krate, generics, .. } = model;
    let (head, _, clause) = generics.split_for_impl();
    let arguments = generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) => Some(&parameter.ident),
        GenericParam::Const(parameter) => Some(&parameter.ident),
        GenericParam::Lifetime(_) => None,
    });
    let arguments: Vec<&syn::Ident> = arguments.collect();
    let call = if arguments.is_empty() { quote!(value()) } else { quote!(value::<#(#arguments),*>()) };
    let given = [("default", &keywords.default), ("example", &keywords.example)];
    let statements = given.into_iter().filter_map(|(keyword, given)| {
        let given = given.as_ref().filter(|given| given.literal.is_none())?;
        let expr = &given.expr;
        Some(quote! {
            {
                // A function of its own: the expression sees none of the variables here.
                fn value #head () -> #ty #clause {
                    #expr
                }
                #krate::__private::set(&mut schema, #keyword, &#call);
            }
        })
    });
    statements.collect()
}
