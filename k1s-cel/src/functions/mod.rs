//! The functions of the Kubernetes environment, as data: names, overloads, costs and implementations in one table, which the
//! checker, the estimator, the evaluator and the documentation read.

pub(crate) mod cost;
mod format;
mod logic;
mod net;
mod quantity;
mod quote;
mod semver;
mod shorthand;
mod table;
mod url;

pub(crate) use table::{Function, Overload, Style, Ty, function, functions};

/// The names of the types that these functions define and expressions may write: `type(x) == net.IP`.
pub(crate) const TYPE_NAMES: &[&str] =
    &[net::IP_NAME, net::CIDR_NAME, url::NAME, quantity::NAME, semver::NAME, format::NAME];
