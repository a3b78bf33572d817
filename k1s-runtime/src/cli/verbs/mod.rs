//! The verbs, a file each: its arguments, and what it does with them.

pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod options;
