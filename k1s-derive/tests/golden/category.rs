///A category of items.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct Category {
    /// Name, namespace, labels and what else every object has.
    pub metadata: ::k1s_runtime::api::ObjectMeta,
    /// What is wanted.
    pub spec: CategorySpec,
    /// What was last observed; written by controllers.
    pub status: ::core::option::Option<CategoryStatus>,
}
///A list of [`Category`].
pub type CategoryList = ::k1s_runtime::kube_core::ObjectList<Category>;
impl Category {
    ///A `Category` of that name, not stored yet.
    pub fn new(name: &str, spec: CategorySpec) -> Self {
        let metadata = ::k1s_runtime::api::ObjectMeta {
            name: ::core::option::Option::Some(::std::string::String::from(name)),
            ..::core::default::Default::default()
        };
        Self {
            metadata,
            spec,
            status: ::core::option::Option::None,
        }
    }
    /// The CustomResourceDefinition with this version alone.
    ///
    /// # Errors
    /// When the schema has something that Kubernetes cannot express.
    pub fn crd() -> ::core::result::Result<
        ::k1s_runtime::k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition,
        ::k1s_runtime::schema::Error,
    > {
        ::k1s_runtime::schema::crd::to_crd(
            &[<Self as ::k1s_runtime::api::Resource>::definition()],
        )
    }
}
const _: () = {
    #[automatically_derived]
    impl ::k1s_runtime::serde::Serialize for Category {
        fn serialize<__S: ::k1s_runtime::serde::Serializer>(
            &self,
            serializer: __S,
        ) -> ::core::result::Result<__S::Ok, __S::Error> {
            let mut map = serializer.serialize_map(::core::option::Option::None)?;
            ::k1s_runtime::__private::serialize_type::<Self, _>(&mut map)?;
            ::k1s_runtime::serde::ser::SerializeMap::serialize_entry(
                &mut map,
                "metadata",
                &self.metadata,
            )?;
            ::k1s_runtime::serde::ser::SerializeMap::serialize_entry(
                &mut map,
                "spec",
                &self.spec,
            )?;
            if let ::core::option::Option::Some(status) = &self.status {
                ::k1s_runtime::serde::ser::SerializeMap::serialize_entry(
                    &mut map,
                    "status",
                    status,
                )?;
            }
            ::k1s_runtime::serde::ser::SerializeMap::end(map)
        }
    }
    #[derive(::k1s_runtime::serde::Deserialize)]
    #[serde(
        crate = "::k1s_runtime::serde",
        rename = "Category",
        rename_all = "camelCase"
    )]
    struct __Fields<'a> {
        #[serde(default, borrow)]
        api_version: ::std::borrow::Cow<'a, str>,
        #[serde(default, borrow)]
        kind: ::std::borrow::Cow<'a, str>,
        #[serde(default)]
        metadata: ::k1s_runtime::api::ObjectMeta,
        spec: CategorySpec,
        #[serde(default)]
        status: ::core::option::Option<CategoryStatus>,
    }
    #[automatically_derived]
    impl<'de> ::k1s_runtime::serde::Deserialize<'de> for Category {
        fn deserialize<__D: ::k1s_runtime::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::core::result::Result<Self, __D::Error> {
            let fields = <__Fields<
                'de,
            > as ::k1s_runtime::serde::Deserialize<'de>>::deserialize(deserializer)?;
            ::k1s_runtime::__private::check_type::<
                Self,
                __D::Error,
            >(&fields.api_version, &fields.kind)?;
            ::core::result::Result::Ok(Self {
                metadata: fields.metadata,
                spec: fields.spec,
                status: fields.status,
            })
        }
    }
    #[automatically_derived]
    impl ::k1s_runtime::kube_core::Resource for Category {
        type DynamicType = ();
        type Scope = ::k1s_runtime::k8s_openapi::ClusterResourceScope;
        fn kind(_: &()) -> ::std::borrow::Cow<'_, str> {
            ::std::borrow::Cow::Borrowed("Category")
        }
        fn group(_: &()) -> ::std::borrow::Cow<'_, str> {
            ::std::borrow::Cow::Borrowed("inventory.example.com")
        }
        fn version(_: &()) -> ::std::borrow::Cow<'_, str> {
            ::std::borrow::Cow::Borrowed("v1")
        }
        fn api_version(_: &()) -> ::std::borrow::Cow<'_, str> {
            ::std::borrow::Cow::Borrowed("inventory.example.com/v1")
        }
        fn plural(_: &()) -> ::std::borrow::Cow<'_, str> {
            ::std::borrow::Cow::Borrowed("categories")
        }
        fn meta(&self) -> &::k1s_runtime::api::ObjectMeta {
            &self.metadata
        }
        fn meta_mut(&mut self) -> &mut ::k1s_runtime::api::ObjectMeta {
            &mut self.metadata
        }
    }
    #[automatically_derived]
    impl ::k1s_runtime::kube_core::object::HasSpec for Category {
        type Spec = CategorySpec;
        fn spec(&self) -> &CategorySpec {
            &self.spec
        }
        fn spec_mut(&mut self) -> &mut CategorySpec {
            &mut self.spec
        }
    }
    #[automatically_derived]
    impl ::k1s_runtime::kube_core::object::HasStatus for Category {
        type Status = CategoryStatus;
        fn status(&self) -> ::core::option::Option<&CategoryStatus> {
            self.status.as_ref()
        }
        fn status_mut(&mut self) -> &mut ::core::option::Option<CategoryStatus> {
            &mut self.status
        }
    }
    fn root_schema() -> ::k1s_runtime::schemars::Schema {
        ::k1s_runtime::__private::root_with_status::<
            CategorySpec,
            CategoryStatus,
        >(
            ::k1s_runtime::serde_json::json!({ "description" : "A category of items." }),
            true,
        )
    }
    #[automatically_derived]
    impl ::k1s_runtime::__private::Names for Category {
        const GROUP: &'static str = "inventory.example.com";
        const VERSION: &'static str = "v1";
        const KIND: &'static str = "Category";
        const STORED: bool = true;
    }
    #[automatically_derived]
    impl ::k1s_runtime::api::Resource for Category {
        fn definition() -> ::k1s_runtime::api::ResourceDefinition {
            let mut definition = ::k1s_runtime::api::ResourceDefinition::new(
                "inventory.example.com",
                "v1",
                "Category",
                "categories",
            );
            definition.scope = ::k1s_runtime::api::Scope::Cluster;
            definition.status = true;
            definition.rust_type = ::core::option::Option::Some(
                ::core::any::type_name::<Category>(),
            );
            definition.schema = ::k1s_runtime::api::definition::SchemaSource::Rust(::k1s_runtime::api::definition::RustSchema {
                root: root_schema,
            });
            definition
        }
    }
    const _: () = {
        #[::k1s_runtime::__private::linkme::distributed_slice(
            ::k1s_runtime::api::REGISTRATIONS
        )]
        #[linkme(crate = ::k1s_runtime::__private::linkme)]
        static REGISTRATION: ::k1s_runtime::api::Registration = ::k1s_runtime::api::Registration {
            definition: <Category as ::k1s_runtime::api::Resource>::definition,
        };
    };
    #[automatically_derived]
    impl ::k1s_runtime::schemars::JsonSchema for CategorySpec {
        fn schema_name() -> ::std::borrow::Cow<'static, str> {
            ::std::borrow::Cow::Borrowed("CategorySpec")
        }
        fn schema_id() -> ::std::borrow::Cow<'static, str> {
            ::std::borrow::Cow::Borrowed(
                ::core::concat!(::core::module_path!(), "::", "CategorySpec"),
            )
        }
        fn json_schema(
            generator: &mut ::k1s_runtime::schemars::SchemaGenerator,
        ) -> ::k1s_runtime::schemars::Schema {
            let _ = &generator;
            let mut schema = ::k1s_runtime::__private::object();
            ::k1s_runtime::__private::property(
                &mut schema,
                "title",
                true,
                {
                    let mut schema = generator.subschema_for::<String>();
                    ::k1s_runtime::__private::overlay(
                        &mut schema,
                        ::k1s_runtime::serde_json::json!(
                            { "description" : "Shown to people.", "minLength" : 1i64,
                            "x-kubernetes-validations" : [{ "message" :
                            "be more precise", "rule" : "self != 'misc'" }] }
                        ),
                    );
                    schema
                },
            );
            ::k1s_runtime::__private::property(
                &mut schema,
                "colour",
                false,
                {
                    let mut schema = generator.subschema_for::<Colour>();
                    {
                        fn value() -> Colour {
                            Colour::default()
                        }
                        ::k1s_runtime::__private::set(&mut schema, "default", &value());
                    }
                    schema
                },
            );
            ::k1s_runtime::__private::property(
                &mut schema,
                "parent",
                false,
                generator.subschema_for::<String>(),
            );
            ::k1s_runtime::__private::overlay(
                &mut schema,
                ::k1s_runtime::serde_json::json!(
                    { "description" : "A category of items." }
                ),
            );
            schema
        }
    }
};
