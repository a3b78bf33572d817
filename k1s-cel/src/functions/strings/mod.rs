//! Strings: the standard functions on them, and cel-go's string extensions as kube-apiserver has them (version 2). Indexes and
//! sizes count code points.

mod built;
mod calls;
mod costs;
mod search;
mod table;

pub(in crate::functions) use built::Built;
pub(in crate::functions) use search::part;
pub(super) use table::FUNCTIONS;
