//! `get`: shows objects.

mod args;
mod generic;
mod run;
mod tables;
mod watch;

pub(crate) use args::GetArgs;
pub(crate) use run::run;
