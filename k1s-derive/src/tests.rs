//! The generated code as a reader sees it.

use syn::DeriveInput;

use super::{expand_rbac, expand_resource, expand_schema};

/// Compares with a file in `tests/golden`; `K1S_BLESS=1` writes the file instead.
fn compare_with_golden(name: &str, actual: &str) {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("K1S_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(actual, expected, "{name} differs; K1S_BLESS=1 accepts the new text");
}

fn pretty(tokens: proc_macro2::TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}

#[test]
fn a_small_kind_expands_to_readable_code() {
    let input: DeriveInput = syn::parse_quote! {
        /// A category of items.
        #[resource(group = "inventory.example.com", version = "v1", kind = "Category", scope = "Cluster", status = "CategoryStatus")]
        pub struct CategorySpec {
            /// Shown to people.
            #[schema(min_length = 1, validation(rule = "self != 'misc'", message = "be more precise"))]
            title: String,
            #[schema(default = Colour::default())]
            colour: Colour,
            parent: Option<String>,
        }
    };
    compare_with_golden("category.rs", &pretty(expand_resource(&input).unwrap()));
}

#[test]
fn a_small_enum_expands_to_readable_code() {
    let input: DeriveInput = syn::parse_quote! {
        #[serde(rename_all = "lowercase")]
        enum Colour {
            Red,
            #[serde(rename = "grün")]
            Green,
        }
    };
    compare_with_golden("colour.rs", &pretty(expand_schema(&input).unwrap()));
}

#[test]
fn a_small_union_expands_to_readable_code() {
    let input: DeriveInput = syn::parse_quote! {
        #[serde(tag = "type", rename_all = "camelCase")]
        enum Source<T> {
            Git {
                url: String,
                #[serde(alias = "revision")]
                branch: Option<T>,
            },
            Local(Directory),
            Nothing,
        }
    };
    compare_with_golden("source.rs", &pretty(expand_schema(&input).unwrap()));
}

#[test]
fn a_rule_is_registered_beside_its_item() {
    let attribute = quote::quote!(groups = "core", resources("pods", "pods/log"), verbs = ["get", "list"]);
    let item = quote::quote!(
        struct Reconciler;
    );
    compare_with_golden("reconciler.rs", &pretty(expand_rbac(attribute, item).unwrap()));
}
