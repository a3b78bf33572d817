//! The root type: `Item` of an `ItemSpec`, and what makes it a kind.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::{json_tokens, schema};
use crate::definition;
use crate::keywords::rules_json;
use crate::literal::JsonText;
use crate::model::ResourceModel;

/// Everything that `#[derive(Resource)]` expands to.
pub(crate) fn resource(model: &ResourceModel) -> TokenStream {
    let root = root_type(model);
    let serde = serde_impls(model);
    let kube = kube_impls(model);
    let accessors = accessor_impls(model);
    let resource = resource_impl(model);
    let schema = schema(&model.spec);
    quote! {
        #root
        const _: () = {
            #serde
            #kube
            #accessors
            #resource
            #schema
        };
    }
}

fn root_type(model: &ResourceModel) -> TokenStream {
    let ResourceModel { vis, kind, spec, args, .. } = model;
    let (krate, spec_type) = (&spec.krate, &spec.ident);
    let list = format_ident!("{kind}List", span = kind.span());
    let doc = spec.doc.clone().unwrap_or_else(|| format!("The kind `{kind}`."));
    let list_doc = format!("A list of [`{kind}`].");
    let new_doc = format!("A `{kind}` of that name, not stored yet.");
    let status = args.status.as_ref().map(|status| {
        let status = &status.0;
        quote! {
            /// What was last observed; written by controllers.
            pub status: ::core::option::Option<#status>,
        }
    });
    let no_status = args.status.as_ref().map(|_| quote!(status: ::core::option::Option::None,));
    let derives = args.derive.iter().flat_map(|list| list.iter());
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug, #(#derives),*)]
        #vis struct #kind {
            /// Name, namespace, labels and what else every object has.
            pub metadata: #krate::api::ObjectMeta,
            /// What is wanted.
            pub spec: #spec_type,
            #status
        }

        #[doc = #list_doc]
        #vis type #list = #krate::kube_core::ObjectList<#kind>;

        impl #kind {
            #[doc = #new_doc]
            pub fn new(name: &str, spec: #spec_type) -> Self {
                let metadata = #krate::api::ObjectMeta {
                    name: ::core::option::Option::Some(::std::string::String::from(name)),
                    ..::core::default::Default::default()
                };
                Self { metadata, spec, #no_status }
            }

            /// The CustomResourceDefinition with this version alone.
            ///
            /// # Errors
            /// When the schema has something that Kubernetes cannot express.
            pub fn crd() -> ::core::result::Result<
                #krate::k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
                #krate::schema::Error,
            > {
                #krate::schema::crd::to_crd(&[<Self as #krate::api::Resource>::definition()])
            }
        }
    }
}

fn serde_impls(model: &ResourceModel) -> TokenStream {
    let ResourceModel { kind, spec, args, .. } = model;
    let (krate, spec_type) = (&spec.krate, &spec.ident);
    let kind_text = kind.to_string();
    let serde_path = quote!(#krate::serde).to_string().replace(' ', "");
    let status = args.status.as_ref().map(|status| &status.0).into_iter();
    let write_status = args.status.as_ref().map(|_| {
        quote! {
            if let ::core::option::Option::Some(status) = &self.status {
                #krate::serde::ser::SerializeMap::serialize_entry(&mut map, "status", status)?;
            }
        }
    });
    let (spec_field, read_spec) = if args.optional_spec.is_present() {
        let absent = quote!(#krate::__private::absent_spec::<#spec_type, __D::Error>);
        let read = quote!(fields.spec.map_or_else(#absent, ::core::result::Result::Ok)?);
        (quote!(#[serde(default)] spec: ::core::option::Option<#spec_type>,), read)
    } else {
        (quote!(spec: #spec_type,), quote!(fields.spec))
    };
    let read_status = args.status.as_ref().map(|_| quote!(status: fields.status,));
    quote! {
        #[automatically_derived]
        impl #krate::serde::Serialize for #kind {
            fn serialize<__S: #krate::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                let mut map = serializer.serialize_map(::core::option::Option::None)?;
                #krate::__private::serialize_type::<Self, _>(&mut map)?;
                #krate::serde::ser::SerializeMap::serialize_entry(&mut map, "metadata", &self.metadata)?;
                #krate::serde::ser::SerializeMap::serialize_entry(&mut map, "spec", &self.spec)?;
                #write_status
                #krate::serde::ser::SerializeMap::end(map)
            }
        }

        #[derive(#krate::serde::Deserialize)]
        #[serde(crate = #serde_path, rename = #kind_text, rename_all = "camelCase")]
        struct __Fields<'a> {
            #[serde(default, borrow)]
            api_version: ::std::borrow::Cow<'a, str>,
            #[serde(default, borrow)]
            kind: ::std::borrow::Cow<'a, str>,
            #[serde(default)]
            metadata: #krate::api::ObjectMeta,
            #spec_field
            #(#[serde(default)] status: ::core::option::Option<#status>,)*
        }

        #[automatically_derived]
        impl<'de> #krate::serde::Deserialize<'de> for #kind {
            fn deserialize<__D: #krate::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                let fields = <__Fields<'de> as #krate::serde::Deserialize<'de>>::deserialize(deserializer)?;
                #krate::__private::check_type::<Self, __D::Error>(&fields.api_version, &fields.kind)?;
                ::core::result::Result::Ok(Self { metadata: fields.metadata, spec: #read_spec, #read_status })
            }
        }
    }
}

fn kube_impls(model: &ResourceModel) -> TokenStream {
    let ResourceModel { kind, spec, args, plural, .. } = model;
    let krate = &spec.krate;
    let scope = if definition::is_cluster_scoped(args) {
        quote!(ClusterResourceScope)
    } else {
        quote!(NamespaceResourceScope)
    };
    let kind_text = kind.to_string();
    let group = args.group.as_ref().map_or("", |group| group.as_str());
    let version = args.version.as_ref().map_or("", |version| version.as_str());
    let api_version = format!("{group}/{version}");
    let names = [
        ("kind", quote!(#kind_text)),
        ("group", quote!(#group)),
        ("version", quote!(#version)),
        ("api_version", quote!(#api_version)),
        ("plural", quote!(#plural)),
    ];
    let names = names.into_iter().map(|(function, text)| {
        let function = format_ident!("{function}");
        quote! {
            fn #function(_: &()) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(#text)
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #krate::kube_core::Resource for #kind {
            type DynamicType = ();
            type Scope = #krate::k8s_openapi::#scope;

            #(#names)*

            fn meta(&self) -> &#krate::api::ObjectMeta {
                &self.metadata
            }

            fn meta_mut(&mut self) -> &mut #krate::api::ObjectMeta {
                &mut self.metadata
            }
        }
    }
}

/// kube's accessors of spec and status.
fn accessor_impls(model: &ResourceModel) -> TokenStream {
    let ResourceModel { kind, spec, args, .. } = model;
    let (krate, spec_type) = (&spec.krate, &spec.ident);
    let has_status = args.status.as_ref().map(|status| {
        let status = &status.0;
        quote! {
            #[automatically_derived]
            impl #krate::kube_core::object::HasStatus for #kind {
                type Status = #status;

                fn status(&self) -> ::core::option::Option<&#status> {
                    self.status.as_ref()
                }

                fn status_mut(&mut self) -> &mut ::core::option::Option<#status> {
                    &mut self.status
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #krate::kube_core::object::HasSpec for #kind {
            type Spec = #spec_type;

            fn spec(&self) -> &#spec_type {
                &self.spec
            }

            fn spec_mut(&mut self) -> &mut #spec_type {
                &mut self.spec
            }
        }

        #has_status
    }
}

fn resource_impl(model: &ResourceModel) -> TokenStream {
    let ResourceModel { kind, spec, args, .. } = model;
    let (krate, spec_type) = (&spec.krate, &spec.ident);
    let definition = definition::expression(model);
    let hub_checks = definition::hub_checks(model);
    let stored = definition::is_stored(args);
    let kind_text = kind.to_string();
    let group = args.group.as_ref().map_or("", |group| group.as_str());
    let version = args.version.as_ref().map_or("", |version| version.as_str());
    let status = args.status.as_ref().map_or_else(
        || quote!(()),
        |status| {
            let status = &status.0;
            quote!(#status)
        },
    );
    let mut keywords = serde_json::Map::new();
    if let Some(doc) = &spec.doc {
        keywords.insert("description".into(), doc.as_str().into());
    }
    if !args.validation.is_empty() {
        keywords.insert("x-kubernetes-validations".into(), Value::Array(rules_json(&args.validation)));
    }
    keywords.extend(args.openapi.as_ref().map(JsonText::layer));
    let keywords = json_tokens(&Value::Object(keywords));
    let required = !args.optional_spec.is_present();
    let function = if args.status.is_some() {
        quote!(root_with_status::<#spec_type, #status>)
    } else {
        quote!(root::<#spec_type>)
    };
    let register = (!args.skip.is_present()).then(|| {
        quote! {
            const _: () = {
                #[#krate::__private::linkme::distributed_slice(#krate::api::REGISTRATIONS)]
                #[linkme(crate = #krate::__private::linkme)]
                static REGISTRATION: #krate::api::Registration =
                    #krate::api::Registration { definition: <#kind as #krate::api::Resource>::definition };
            };
        }
    });
    quote! {
        fn root_schema() -> #krate::schemars::Schema {
            #krate::__private::#function(#krate::serde_json::json!(#keywords), #required)
        }

        #[automatically_derived]
        impl #krate::__private::Names for #kind {
            const GROUP: &'static str = #group;
            const VERSION: &'static str = #version;
            const KIND: &'static str = #kind_text;
            const STORED: bool = #stored;
        }

        #hub_checks

        #[automatically_derived]
        impl #krate::api::Resource for #kind {
            fn definition() -> #krate::api::ResourceDefinition {
                #definition
            }
        }

        #register
    }
}
