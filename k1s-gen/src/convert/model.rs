//! Rust items to be: what is written of a kind.

use proc_macro2::TokenStream;

use super::Warning;

/// A version of a kind.
pub(super) struct Kind {
    /// The module's name.
    pub(super) module: String,
    /// `group/version, Kind=...`, for the header.
    pub(super) title: String,
    /// What stands in `#[resource(...)]`, on the first item.
    pub(super) resource: Vec<TokenStream>,
    /// The spec first.
    pub(super) items: Vec<Item>,
    pub(super) warnings: Vec<Warning>,
}

/// A type.
pub(super) struct Item {
    pub(super) name: String,
    pub(super) doc: Option<String>,
    /// What stands in `#[schema(...)]`.
    pub(super) attributes: Vec<TokenStream>,
    pub(super) body: Body,
}

pub(super) enum Body {
    Struct(Vec<Field>),
    /// Variants and the words that they stand for.
    Enum(Vec<(String, String)>),
}

/// A field of a struct.
pub(super) struct Field {
    pub(super) name: String,
    /// Its name in JSON; `None` if what it holds are fields of the struct.
    pub(super) json: Option<String>,
    pub(super) doc: Option<String>,
    pub(super) ty: Rust,
    /// Whether the type is in an `Option`.
    pub(super) optional: bool,
    /// Whether `null` is written, and not left out.
    pub(super) written: bool,
    /// What stands in `#[schema(...)]`.
    pub(super) attributes: Vec<TokenStream>,
}

/// A type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rust {
    String,
    Bool,
    I32,
    I64,
    F32,
    F64,
    IntOrString,
    /// Any JSON.
    Value,
    List(Box<Rust>),
    Map(Box<Rust>),
    Named(String),
}
