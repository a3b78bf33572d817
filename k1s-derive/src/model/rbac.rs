//! A rule of a role, and what it stands on.

use darling::ast::NestedMeta;
use darling::{Error, FromMeta};
use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{Item, ItemFn, Path, TraitItemFn};

use crate::parse::RbacArgs;

/// A rule and its item.
pub(crate) struct RbacModel {
    pub(crate) args: RbacArgs,
    pub(crate) krate: Path,
    pub(crate) bearer: Bearer,
}

/// What a rule stands on.
pub(crate) enum Bearer {
    /// A function, also one within an `impl`, beside which nothing else can be put: the rule goes into its body.
    Function(Box<ItemFn>),
    /// Any other item; the rule goes beside it.
    Item(TokenStream),
}

impl RbacModel {
    /// Reads `#[rbac(attribute)] item`.
    pub(crate) fn read(attribute: TokenStream, item: TokenStream) -> darling::Result<Self> {
        let list = NestedMeta::parse_meta_list(attribute)?;
        let args = RbacArgs::from_list(&list)?;
        let krate = args.crate_.clone().unwrap_or_else(|| syn::parse_quote!(::k1s_runtime));
        Ok(Self { args, krate, bearer: bearer(item)? })
    }
}

fn bearer(item: TokenStream) -> darling::Result<Bearer> {
    if let Ok(function) = syn::parse2::<ItemFn>(item.clone()) {
        return Ok(Bearer::Function(Box::new(function)));
    }
    let wrong =
        "`#[rbac]` stands on a struct, an enum, an `impl`, a trait, a module or a function with a body";
    if let Ok(function) = syn::parse2::<TraitItemFn>(item.clone()) {
        return Err(Error::custom(wrong).with_span(&function.sig));
    }
    match syn::parse2::<Item>(item.clone())? {
        Item::Struct(_) | Item::Enum(_) | Item::Union(_) | Item::Impl(_) | Item::Trait(_) | Item::Mod(_) => {
            Ok(Bearer::Item(item))
        }
        // A constant or a type may be one of an `impl`.
        other => Err(Error::custom(wrong).with_span(&other.span())),
    }
}
