//! The expression that builds a kind's `ResourceDefinition`: only what differs from the conventions is written out.

use darling::util::{Override, SpannedValue};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::model::ResourceModel;
use crate::parse::{ColumnArgs, HubArgs, PairArgs, ResourceArgs, ScaleArgs, Text};

/// The annotation that `isolation` leaves on the CustomResourceDefinition.
const ISOLATION: &str = "k1s.dev/tenant-isolation";

/// Whether `scope = "Cluster"` was given.
pub(crate) fn is_cluster_scoped(args: &ResourceArgs) -> bool {
    args.scope.as_ref().is_some_and(|scope| scope.as_str() == "Cluster")
}

/// Whether objects are stored in this version: unless it says otherwise, or has a hub and does not.
pub(crate) fn is_stored(args: &ResourceArgs) -> bool {
    args.storage.as_ref().map_or(args.hub.is_none(), |storage| **storage)
}

/// Sets the conversion. The types are asked for what it needs where the attribute stands, so that errors point there.
fn hub(hub: &SpannedValue<HubArgs>, model: &ResourceModel) -> TokenStream {
    let (krate, kind) = (&model.spec.krate, &model.kind);
    let to = &hub.type_.0;
    let span = hub.span();
    let way = match (hub.root, &model.args.status) {
        (true, _) => quote_spanned!(span=> of_roots),
        (false, Some(_)) => quote_spanned!(span=> of_specs_and_statuses),
        (false, None) => quote_spanned!(span=> of_specs),
    };
    quote_spanned! {span=>
        definition.conversion = #krate::api::Conversion::Hub(#krate::api::Hub::#way::<#kind, #to>());
    }
}

/// Refuses, where the attribute stands, a hub that is not another version of the kind, and two stored versions.
pub(crate) fn hub_checks(model: &ResourceModel) -> Option<TokenStream> {
    let hub = model.args.hub.as_ref()?;
    let (krate, kind, to) = (&model.spec.krate, &model.kind, &hub.type_.0);
    let of = |ty: TokenStream| quote!(<#ty as #krate::__private::Names>);
    let (own, other) = (of(quote!(#kind)), of(quote!(#to)));
    let kind_text = kind.to_string();
    let checks = [
        (
            quote!(#krate::__private::same(#own::GROUP, #other::GROUP)
                && #krate::__private::same(#own::KIND, #other::KIND)),
            format!("the hub must be another version of `{kind_text}`, with the same group and kind"),
        ),
        (
            quote!(!#krate::__private::same(#own::VERSION, #other::VERSION)),
            format!("the hub has the version that this `{kind_text}` has; it must be another"),
        ),
        (
            quote!(!(#own::STORED && #other::STORED)),
            format!(
                "`{kind_text}` is stored in this version and in its hub: exactly one may be, say `storage = false` on the other"
            ),
        ),
    ];
    let checks = checks.map(
        |(holds, message)| quote_spanned!(hub.span()=> const _: () = ::core::assert!(#holds, #message);),
    );
    Some(quote!(#(#checks)*))
}

/// A block that yields the definition; it calls a function `root_schema` that must be in scope.
pub(crate) fn expression(model: &ResourceModel) -> TokenStream {
    let ResourceModel { args, spec, kind, plural, singular, .. } = model;
    let krate = &spec.krate;
    let (kind_type, kind) = (kind, kind.to_string());
    let text = |given: &Option<Text>| given.as_ref().map(|text| text.to_string()).unwrap_or_default();
    let (group, version) = (text(&args.group), text(&args.version));
    let mut sets: Vec<TokenStream> = Vec::new();
    if *singular != kind.to_lowercase() {
        sets.push(quote!(definition.singular = ::std::string::String::from(#singular);));
    }
    if let Some(list_kind) = args.list_kind.as_ref().map(|name| name.as_str()) {
        sets.push(quote!(definition.list_kind = ::std::string::String::from(#list_kind);));
    }
    if is_cluster_scoped(args) {
        sets.push(quote!(definition.scope = #krate::api::Scope::Cluster;));
    }
    if args.status.is_some() && args.status_subresource.as_ref().is_none_or(|enabled| **enabled) {
        sets.push(quote!(definition.status = true;));
    }
    if let Some(served) = args.served.as_ref().map(|served| **served) {
        sets.push(quote!(definition.served = #served;));
    }
    if !is_stored(args) {
        sets.push(quote!(definition.storage = false;));
    }
    sets.extend(args.hub.as_ref().map(|given| hub(given, model)));
    if let Some(deprecated) = &args.deprecated {
        let warning = match deprecated.as_ref() {
            Override::Explicit(warning) => warning.as_str(),
            Override::Inherit => "",
        };
        sets.push(quote! {
            definition.deprecated = ::core::option::Option::Some(::std::string::String::from(#warning));
        });
    }
    sets.extend(args.scale.as_ref().map(|scale| scale.tokens(krate)));
    if !args.print_column.is_empty() {
        let columns = args.print_column.iter().map(|column| column.tokens(krate));
        sets.push(quote!(definition.columns = ::core::option::Option::Some(::std::vec![#(#columns),*]);));
    }
    sets.extend(texts(&args.short_name, &quote!(short_names)));
    sets.extend(texts(&args.category, &quote!(categories)));
    sets.extend(texts(&args.selectable_field, &quote!(selectable_fields)));
    sets.extend(texts(&args.index, &quote!(indexes)));
    sets.extend(args.annotation.iter().map(|pair| pair.tokens(&quote!(annotations))));
    sets.extend(args.label.iter().map(|pair| pair.tokens(&quote!(labels))));
    if args.isolation.is_present() {
        sets.push(insert(&quote!(annotations), ISOLATION, "true"));
    }
    quote! {
        let mut definition = #krate::api::ResourceDefinition::new(#group, #version, #kind, #plural);
        #(#sets)*
        definition.rust_type = ::core::option::Option::Some(::core::any::type_name::<#kind_type>());
        definition.schema = #krate::api::definition::SchemaSource::Rust(
            #krate::api::definition::RustSchema { root: root_schema },
        );
        definition
    }
}

fn texts(given: &[Text], field: &TokenStream) -> Option<TokenStream> {
    let texts: Vec<&str> = given.iter().map(|text| text.as_str()).collect();
    let value = quote!(::std::vec![#(::std::string::String::from(#texts)),*]);
    (!texts.is_empty()).then(|| quote!(definition.#field = #value;))
}

fn insert(field: &TokenStream, key: &str, value: &str) -> TokenStream {
    quote!(definition.#field.insert(::std::string::String::from(#key), ::std::string::String::from(#value));)
}

impl PairArgs {
    fn tokens(&self, field: &TokenStream) -> TokenStream {
        insert(field, &self.key, &self.value)
    }
}

impl ScaleArgs {
    fn tokens(&self, krate: &syn::Path) -> TokenStream {
        let (spec, status) = (self.spec_replicas_path.as_str(), self.status_replicas_path.as_str());
        let selector = match self.label_selector_path.as_ref().map(|path| path.as_str()) {
            Some(path) => quote!(::core::option::Option::Some(::std::string::String::from(#path))),
            None => quote!(::core::option::Option::None),
        };
        quote! {
            definition.scale = ::core::option::Option::Some(#krate::api::Scale {
                spec_replicas_path: ::std::string::String::from(#spec),
                status_replicas_path: ::std::string::String::from(#status),
                label_selector_path: #selector,
            });
        }
    }
}

impl ColumnArgs {
    fn tokens(&self, krate: &syn::Path) -> TokenStream {
        let (name, type_, path) = (self.name.as_str(), self.type_.as_str(), self.json_path.as_str());
        let description = self.description.as_deref().unwrap_or_default();
        let format = self.format.as_deref().unwrap_or_default();
        let priority = self.priority.unwrap_or_default();
        quote! {
            #krate::api::PrintColumn {
                name: ::std::string::String::from(#name),
                type_: ::std::string::String::from(#type_),
                format: ::std::string::String::from(#format),
                description: ::std::string::String::from(#description),
                priority: #priority,
                json_path: ::std::string::String::from(#path),
            }
        }
    }
}
