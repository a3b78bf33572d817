//! Objects made from flags: what `create configmap`, `create secret` and their like send.
//!
//! `sources` reads `--from-literal`, `--from-file` and `--from-env-file`; `data` collects what they give under kubectl's rules
//! for keys; `hash` makes the suffix of `--append-hash`.

mod data;
mod hash;
mod sources;

pub(crate) use data::{Data, Holder};
pub(crate) use hash::append_hash;
pub(crate) use sources::Sources;
