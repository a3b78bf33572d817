//! Workspaces that start as k1s programs: `k1s-gen new`, `k1s-gen add` and `k1s-gen upgrade`.
//!
//! [`Answers`] is all that was asked; [`render()`] makes every file of them, and nothing else decides what is written. A [`Project`]
//! is a directory with the answers and the texts that were generated last beside the user's files; its [`Plan`] is a three-way
//! merge of what was generated, what the files are now, and what is generated now. A plan is made in memory and carried out as a
//! whole or, when a file cannot be merged, not at all.
//!
//! Floors, the lowest first: `error`, `names`, `field`; `answers`, `hub`, `merge`; `render`; `project`.

mod answers;
mod error;
mod field;
mod hub;
mod merge;
mod names;
mod project;
mod render;

pub use answers::{Answers, Kind, Source};
pub use error::Error;
pub use field::{FLAGS, Field, FieldError, Flag, TYPES, TypeName};
pub use merge::{Action, Change, Conflict, Plan, merge};
pub use names::{check_group, check_kind, check_package, check_version};
pub use project::{Project, State};
pub use render::render;
