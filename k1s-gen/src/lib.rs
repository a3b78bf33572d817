//! The generator of k1s: writes what follows from the kinds that a crate derives, and checks them.
//!
//! [`extract`] reads the kinds of a crate by building and running a small program that links it, [`source`] has them from there, from files
//! or from a git revision. [`crd`] renders CustomResourceDefinitions, [`docs`] describes them, and [`generate`] has the rest: JSON Schemas, type
//! manifests, roles; [`output`] writes files or compares them. [`check`] says what an API server would refuse, [`costs`] what rules cost, and
//! [`conversions`] what versions lose; [`diff`] compares definitions, and [`validate`] judges manifests by them. [`scaffold`] makes workspaces,
//! [`convert`] Rust of definitions. [`cli`] is the command line, and the binary calls nothing else.
#![forbid(unsafe_code)]

pub mod check;
pub mod cli;
pub mod conversions;
pub mod convert;
pub mod costs;
pub mod crd;
pub mod diff;
pub mod docs;
mod error;
pub mod extract;
pub mod generate;
pub mod output;
pub mod scaffold;
pub mod source;
pub mod validate;

pub use error::Error;
