//! Floor 6: the kubectl-shaped command line.
//!
//! [`App`] is the whole program: give it a name and kinds, and run it. Each verb has a file in `verbs`; the building blocks
//! below them say which objects are meant (`resources`, `files`) and show them (`print`). Output, error texts and exit codes
//! are kubectl's, with the program's name in kubectl's place.

mod app;
mod command;
mod context;
mod describe;
mod environment;
mod error;
mod explain;
mod files;
mod flags;
mod generate;
mod gone;
mod merge;
mod outcome;
mod pairs;
mod patience;
mod plugins;
mod print;
mod read;
mod resources;
mod store;
mod streams;
mod time;
mod usage;
mod verbs;
mod words;
mod write;

pub use app::App;
pub use environment::Environment;
pub use error::Error;
pub use streams::{Captured, Streams};
