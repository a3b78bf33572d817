//! What a change of CustomResourceDefinitions means for the objects that are stored and the clients that exist.
//!
//! [`compare`] puts two sets of definitions side by side and answers with every [`Change`], classified by the table of [`rules`];
//! [`report`] writes them down; [`input`] has the sides from files, directories, crates and git revisions.

mod change;
mod changes;
mod compare;
mod crates;
mod error;
pub mod input;
mod names;
pub mod report;
pub mod rules;
mod schema;
mod versions;
mod views;

pub use change::{Change, Comparison, KindChanges, Summary};
pub use compare::compare;
pub use error::Error;
pub use rules::{Class, Rule};
