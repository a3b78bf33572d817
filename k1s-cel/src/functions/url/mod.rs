//! URLs, as `kubernetes.urls` defines them.

mod escape;
mod parse;
mod query;
mod table;

pub(super) use parse::check_request_uri;
pub(super) use table::FUNCTIONS;
pub(super) use table::NAME;
