#[automatically_derived]
impl ::k1s_runtime::schemars::JsonSchema for Colour {
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed("Colour")
    }
    fn schema_id() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed(
            ::core::concat!(::core::module_path!(), "::", "Colour"),
        )
    }
    fn json_schema(
        generator: &mut ::k1s_runtime::schemars::SchemaGenerator,
    ) -> ::k1s_runtime::schemars::Schema {
        let _ = &generator;
        let mut schema = ::k1s_runtime::schemars::Schema::default();
        ::k1s_runtime::__private::overlay(
            &mut schema,
            ::k1s_runtime::serde_json::json!(
                { "enum" : ["red", "grün"], "type" : "string" }
            ),
        );
        schema
    }
}
