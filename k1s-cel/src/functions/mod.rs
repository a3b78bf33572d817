//! The functions of the Kubernetes environment, as data: names, overloads, costs and implementations in one table, which the
//! checker, the estimator, the evaluator and the documentation read.

pub(crate) mod cost;
pub(crate) mod literal;
mod logic;
mod table;

pub(crate) use table::{Function, Overload, Style, Ty, function, functions};

/// The names of the functions' own types, as expressions may write them.
pub(crate) const TYPE_NAMES: &[&str] = &[];
