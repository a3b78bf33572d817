//! The functions of the Kubernetes environment, as data: names, overloads, costs and implementations in one table, which the
//! checker, the estimator, the evaluator and the documentation read.

mod arithmetic;
mod authorization;
mod comparison;
mod containers;
mod convert;
pub(crate) mod cost;
mod docs;
mod format;
pub(crate) mod format_string;
mod list_costs;
mod list_ext;
mod lists;
pub(crate) mod literal;
mod logic;
pub(crate) mod maps;
pub(crate) mod message;
mod net;
pub(crate) mod optional;
mod quantity;
mod quote;
pub mod regex;
mod semver;
mod sets;
mod shorthand;
mod strings;
mod table;
mod timestamps;
mod url;

pub(crate) use containers::element;
pub use docs::reference;
pub(crate) use table::{Overload, Style, Ty, function, functions};

/// The names of the types that these functions define and expressions may write: `type(x) == net.IP`.
pub(crate) const TYPE_NAMES: &[&str] =
    &[net::IP_NAME, net::CIDR_NAME, url::NAME, quantity::NAME, semver::NAME, format::NAME];
