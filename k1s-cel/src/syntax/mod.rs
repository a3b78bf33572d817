//! Text to tree: tokens, grammar, macros.

pub mod ast;
