//! What the writing verbs share: the flags that say how a write is meant, requests, and batches of them.

mod batch;
mod flags;
mod request;

pub(crate) use batch::{Answer, Batch, defines_a_kind, write_each};
pub(crate) use flags::{DryRunFlag, Strategy, ValidateFlag, deprecated, failed_command};
pub(crate) use request::{create, delete, merge_patch, patch, send, update};
