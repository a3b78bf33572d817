//! Quantities such as `1.5Gi`, as `kubernetes.quantity` defines them.

mod amount;
mod decimal;
mod parse;
mod table;

pub(super) use table::FUNCTIONS;
pub(super) use table::NAME;
