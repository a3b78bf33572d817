//! Modules as source text: items one by one through a formatter, with an empty line between them.

use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Body, Field, Item, Kind, Rust};
use super::{Error, Module, Options, doc, literal, names};
use crate::source::Definition;

/// What every type derives.
const DERIVES: &[&str] = &["Clone", "Debug", "PartialEq", "Serialize", "Deserialize"];

/// The source of a version.
///
/// # Errors
/// When an option names no derive.
pub(super) fn module(kind: Kind, definition: &Definition, options: &Options) -> Result<Module, Error> {
    let derives = options.derives.iter().map(|name| derive(name)).collect::<Result<Vec<_>, _>>()?;
    let Kind { module, title, resource, items, warnings } = kind;
    let mut source = header(&title, definition);
    source.push_str(&uses(&items, &resource));
    for (index, item) in items.iter().enumerate() {
        let resource = (index == 0).then_some(resource.as_slice());
        let tokens = tokens(item, resource, &derives);
        let parsed = syn::parse2::<syn::Item>(tokens)
            .map_err(|error| Error::Source { name: item.name.clone(), reason: error.to_string() })?;
        let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![parsed] };
        source.push('\n');
        source.push_str(&prettyplease::unparse(&file));
    }
    Ok(Module { name: module, source, warnings })
}

fn derive(name: &str) -> Result<TokenStream, Error> {
    let path: syn::Path = syn::parse_str(name.trim()).map_err(|_| Error::Derive(name.to_owned()))?;
    Ok(quote!(#path))
}

fn header(title: &str, definition: &Definition) -> String {
    let name = definition.crd["metadata"]["name"].as_str().unwrap_or_default();
    let place = definition.place("");
    let file = place.trim_end().trim_end_matches(|letter: char| letter == ':' || letter.is_ascii_digit());
    let file = std::path::Path::new(file).file_name().map(|file| file.to_string_lossy().into_owned());
    let from = match file.filter(|file| !file.is_empty() && !file.chars().any(char::is_control)) {
        Some(file) => format!("the CustomResourceDefinition {name} in {file}"),
        None => format!("the CustomResourceDefinition {name}"),
    };
    format!(
        "//! {title}.\n//!\n//! Converted by k1s-gen from {from}; yours to edit.\n#![allow(\n    missing_docs,\n    rustdoc::all,\n    \
         clippy::doc_lazy_continuation,\n    clippy::doc_overindented_list_items,\n    clippy::duplicated_attributes,\n    \
         clippy::enum_variant_names,\n    clippy::tabs_in_doc_comments,\n    \
         reason = \"descriptions and names are those of the API\"\n)]\n\n"
    )
}

/// The imports that the items need.
fn uses(items: &[Item], resource: &[TokenStream]) -> String {
    let mut found = Uses::default();
    for item in items {
        if let Body::Struct(fields) = &item.body {
            fields.iter().for_each(|field| found.add(&field.ty));
        }
    }
    let status = resource.iter().map(ToString::to_string).find(|attribute| attribute.starts_with("status ="));
    found.value |= status.as_ref().is_some_and(|status| status.contains("Value"));
    found.int_or_string |= status.as_ref().is_some_and(|status| status.contains("IntOrString"));
    found.map |= status.is_some_and(|status| status.contains("BTreeMap"));
    let derives = if items.len() > 1 { "{Resource, Schema}" } else { "Resource" };
    let mut lines = String::new();
    if found.map {
        lines.push_str("use std::collections::BTreeMap;\n\n");
    }
    if found.int_or_string {
        lines.push_str("use k1s_runtime::k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;\n");
    }
    if found.value {
        lines.push_str("use k1s_runtime::serde_json::Value;\n");
    }
    lines.push_str(&format!("use k1s_runtime::{derives};\nuse serde::{{Deserialize, Serialize}};\n"));
    lines
}

#[derive(Default)]
struct Uses {
    map: bool,
    value: bool,
    int_or_string: bool,
}

impl Uses {
    fn add(&mut self, ty: &Rust) {
        match ty {
            Rust::Map(value) => {
                self.map = true;
                self.add(value);
            }
            Rust::List(item) => self.add(item),
            Rust::Value => self.value = true,
            Rust::IntOrString => self.int_or_string = true,
            _ => {}
        }
    }
}

fn tokens(item: &Item, resource: Option<&[TokenStream]>, derives: &[TokenStream]) -> TokenStream {
    let name = names::ident(&item.name);
    let doc = item.doc.as_deref().map(doc::comment);
    let derived = derived(item, resource.is_some(), derives);
    let resource = resource.map(|attributes| quote!(#[resource(#(#attributes),*)]));
    let schema = schema(&item.attributes);
    match &item.body {
        Body::Enum(variants) => {
            let variants = variants.iter().map(|(variant, word)| {
                let ident = names::ident(variant);
                let rename = (variant != word).then(|| {
                    let word = literal::text(word);
                    quote!(#[serde(rename = #word)])
                });
                quote!(#rename #ident)
            });
            quote!(#doc #derived #schema pub enum #name { #(#variants),* })
        }
        Body::Struct(fields) => {
            let renames = fields.iter().any(|field| {
                let json = field.json.as_deref();
                json.is_some_and(|json| field.name != json && names::camel(&field.name) == json)
            });
            let rename_all = renames.then(|| quote!(#[serde(rename_all = "camelCase")]));
            let fields = fields.iter().map(|field| member(field, renames));
            quote!(#doc #derived #resource #schema #rename_all pub struct #name { #(#fields),* })
        }
    }
}

fn derived(item: &Item, is_resource: bool, derives: &[TokenStream]) -> TokenStream {
    let own = if is_resource { quote!(Resource) } else { quote!(Schema) };
    let standing: &[&str] = if matches!(item.body, Body::Enum(_)) { &["Copy", "Eq"] } else { &[] };
    let known: Vec<&str> = DERIVES.iter().chain(standing).copied().collect();
    let more = derives.iter().filter(|path| !known.contains(&path.to_string().as_str()));
    let known = known.iter().map(|name| names::ident(name));
    quote!(#[derive(#own, #(#known),* #(, #more)*)])
}

fn member(field: &Field, renames: bool) -> TokenStream {
    let doc = field.doc.as_deref().map(doc::comment);
    let ident = names::ident(&field.name);
    let mut serde: Vec<TokenStream> = Vec::new();
    match field.json.as_deref() {
        None => serde.push(quote!(flatten)),
        Some(json) => {
            let read = if renames { names::camel(&field.name) } else { field.name.clone() };
            if read != json {
                let json = literal::text(json);
                serde.push(quote!(rename = #json));
            }
        }
    }
    if field.optional && !field.written {
        serde.push(quote!(skip_serializing_if = "Option::is_none"));
    }
    let serde = (!serde.is_empty()).then(|| quote!(#[serde(#(#serde),*)]));
    let schema = schema(&field.attributes);
    let ty = rust(&field.ty);
    let ty = if field.optional { quote!(Option<#ty>) } else { ty };
    quote!(#doc #serde #schema pub #ident: #ty)
}

fn schema(attributes: &[TokenStream]) -> Option<TokenStream> {
    (!attributes.is_empty()).then(|| quote!(#[schema(#(#attributes),*)]))
}

/// A type's tokens.
pub(super) fn rust(ty: &Rust) -> TokenStream {
    match ty {
        Rust::String => quote!(String),
        Rust::Bool => quote!(bool),
        Rust::I32 => quote!(i32),
        Rust::I64 => quote!(i64),
        Rust::F32 => quote!(f32),
        Rust::F64 => quote!(f64),
        Rust::IntOrString => quote!(IntOrString),
        Rust::Value => quote!(Value),
        Rust::List(item) => {
            let item = rust(item);
            quote!(Vec<#item>)
        }
        Rust::Map(value) => {
            let value = rust(value);
            quote!(BTreeMap<String, #value>)
        }
        Rust::Named(name) => {
            let name = names::ident(name);
            quote!(#name)
        }
    }
}
