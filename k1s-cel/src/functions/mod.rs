//! The functions of the Kubernetes environment, as data: names, overloads, costs and implementations in one table, which the
//! checker, the estimator, the evaluator and the documentation read.

pub(crate) mod cost;
pub(crate) mod format_string;
mod logic;
pub mod regex;
mod strings;
mod table;

pub(crate) use table::{Function, Overload, Style, Ty, function, functions};
