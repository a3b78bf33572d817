//! Regular expressions in Go's syntax, and the functions that take them.
//!
//! Patterns are read as Go 1.26 reads them, with its complaints, and written anew for the `regex` crate, which matches them in
//! linear time as Go does.

mod calls;
mod class;
mod escape;
mod fault;
mod pattern;
mod property;
mod repeat;
mod syntax;

pub(super) use calls::FUNCTIONS;
pub use pattern::compile;
pub(crate) use pattern::compile_literal;
