//! Text to tree: tokens, grammar, macros.

mod aggregate;
pub mod ast;
mod build;
mod hint;
mod lexer;
mod literal;
mod macros;
mod parser;
mod primary;
mod recover;
mod token;

pub use ast::Ast;
pub use parser::parse;
