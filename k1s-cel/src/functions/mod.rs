//! The functions of the Kubernetes environment, as data: names, overloads, costs and implementations in one table, which the
//! checker, the estimator, the evaluator and the documentation read.

mod arithmetic;
mod comparison;
mod containers;
mod convert;
pub(crate) mod cost;
mod docs;
mod list_costs;
mod list_ext;
mod lists;
pub(crate) mod literal;
mod logic;
pub(crate) mod maps;
pub(crate) mod optional;
mod sets;
mod table;
mod timestamps;

pub use docs::reference;
pub(crate) use containers::element;
pub(crate) use table::{Function, Overload, Style, Ty, function, functions};

/// The names of the functions' own types, as expressions may write them.
pub(crate) const TYPE_NAMES: &[&str] = &[];
