//! The registration of a rule of a role.

use proc_macro2::TokenStream;
use quote::quote;

use crate::literal::Words;
use crate::model::{Bearer, RbacModel};
use crate::parse::Text;

/// The item with its rule.
pub(crate) fn rbac(model: &RbacModel) -> TokenStream {
    let rule = rule(model);
    match &model.bearer {
        Bearer::Item(item) => quote!(#item #rule),
        Bearer::Function(function) => {
            let mut function = function.as_ref().clone();
            function.block.stmts.insert(0, syn::parse_quote!(#rule));
            quote!(#function)
        }
    }
}

fn rule(model: &RbacModel) -> TokenStream {
    let RbacModel { args, krate, .. } = model;
    // So called in prose, and empty on the wire.
    let group = |word: &str| if word == "core" { String::new() } else { word.to_owned() };
    let groups = list(args.groups.as_ref(), group);
    let [resources, verbs, names, urls] = [&args.resources, &args.verbs, &args.resource_names, &args.urls]
        .map(|words| list(words.as_ref(), str::to_owned));
    let [namespace, role_name] = [&args.namespace, &args.role_name].map(|text| option(text.as_ref()));
    quote! {
        const _: () = {
            #[#krate::__private::linkme::distributed_slice(#krate::api::RBAC_RULES)]
            #[linkme(crate = #krate::__private::linkme)]
            static RULE: #krate::api::RbacRule = #krate::api::RbacRule {
                groups: #groups,
                resources: #resources,
                verbs: #verbs,
                resource_names: #names,
                urls: #urls,
                namespace: #namespace,
                role_name: #role_name,
            };
        };
    }
}

fn list(words: Option<&Words>, written: impl Fn(&str) -> String) -> TokenStream {
    let words = words.iter().flat_map(|words| &words.words).map(|word| written(word));
    quote!(&[#(#words),*])
}

fn option(text: Option<&Text>) -> TokenStream {
    match text.map(|text| text.as_str()) {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}
