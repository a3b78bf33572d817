#![doc = include_str!("../README.md")]

mod check;
mod env;
pub mod estimate;
pub mod formats;
pub mod functions;
pub mod gofmt;
mod goparse;
mod issue;
pub mod limits;
pub mod names;
mod program;
mod reserved;
pub mod rules;
pub mod schema;
mod stack;
pub mod syntax;
mod time;
pub mod ty;
pub mod value;

pub use check::Checked;
pub use env::{Env, Variable};
pub use issue::{Issue, Issues, Location};
pub use program::{Binding, Evaluation, Program, ProgramError};
pub use value::{EvalError, EvalResult, Value};
