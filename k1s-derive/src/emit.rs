//! The expansion: code that names nothing but the runtime crate's public face and the user's own types.

mod rbac;
mod root;
mod schema;
mod union;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

pub(crate) use rbac::rbac;
pub(crate) use root::resource;
pub(crate) use schema::schema;

/// A JSON value as the tokens that `serde_json::json!` takes.
fn json_tokens(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(null),
        Value::Bool(flag) => quote!(#flag),
        Value::Number(number) => number_tokens(number),
        Value::String(text) => quote!(#text),
        Value::Array(values) => {
            let values = values.iter().map(json_tokens);
            quote!([#(#values),*])
        }
        Value::Object(map) => {
            let keys = map.keys();
            let values = map.values().map(json_tokens);
            quote!({ #(#keys: #values),* })
        }
    }
}

fn number_tokens(number: &serde_json::Number) -> TokenStream {
    // Literals with a type: an untyped one would be taken for an i32.
    if let Some(number) = number.as_i64() {
        let literal = Literal::i64_suffixed(number);
        return quote!(#literal);
    }
    if let Some(number) = number.as_u64() {
        let literal = Literal::u64_suffixed(number);
        return quote!(#literal);
    }
    let literal = Literal::f64_suffixed(number.as_f64().unwrap_or_default());
    quote!(#literal)
}
