#[automatically_derived]
impl<T> ::k1s_runtime::schemars::JsonSchema for Source<T>
where
    T: ::k1s_runtime::schemars::JsonSchema,
{
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::k1s_runtime::__private::generic_name(
            "Source",
            &[<T as ::k1s_runtime::schemars::JsonSchema>::schema_name()],
        )
    }
    fn schema_id() -> ::std::borrow::Cow<'static, str> {
        ::k1s_runtime::__private::generic_name(
            ::core::concat!(::core::module_path!(), "::", "Source"),
            &[<T as ::k1s_runtime::schemars::JsonSchema>::schema_id()],
        )
    }
    fn json_schema(
        generator: &mut ::k1s_runtime::schemars::SchemaGenerator,
    ) -> ::k1s_runtime::schemars::Schema {
        let _ = &generator;
        let mut schema = {
            let mut variants = ::std::vec::Vec::new();
            variants
                .push({
                    let mut schema = ::k1s_runtime::__private::object();
                    ::k1s_runtime::__private::property(
                        &mut schema,
                        "type",
                        true,
                        ::k1s_runtime::__private::words(&["git"]),
                    );
                    ::k1s_runtime::__private::property(
                        &mut schema,
                        "url",
                        true,
                        generator.subschema_for::<String>(),
                    );
                    ::k1s_runtime::__private::aliased(
                        &mut schema,
                        &["branch", "revision"],
                        false,
                        &generator.subschema_for::<T>(),
                    );
                    schema
                });
            variants
                .push({
                    let mut schema = ::k1s_runtime::__private::object();
                    ::k1s_runtime::__private::property(
                        &mut schema,
                        "type",
                        true,
                        ::k1s_runtime::__private::words(&["local"]),
                    );
                    ::k1s_runtime::__private::flatten(
                        &mut schema,
                        generator.subschema_for::<Directory>(),
                        false,
                    );
                    schema
                });
            variants
                .push({
                    let mut schema = ::k1s_runtime::__private::object();
                    ::k1s_runtime::__private::property(
                        &mut schema,
                        "type",
                        true,
                        ::k1s_runtime::__private::words(&["nothing"]),
                    );
                    schema
                });
            ::k1s_runtime::__private::union(variants, true)
        };
        schema
    }
}
