//! Validation of manifests with the verdict of an API server, for CI: every fault of every document, each with its place.
//!
//! [`Schemas`] is what manifests are validated against, [`Judge`] says what is to be said of documents, [`Run`] finds files and spreads the
//! work over threads. [`finding`] is what comes out: a [`Report`] for each document, with [`Finding`]s, each of one of the [`rules`].
//! [`objects`] finds objects that stand there twice; [`ignore`] and [`baseline`] take away what is meant to be or known; [`report`] writes the
//! rest down; [`collect`] does all of that in order.

pub mod baseline;
mod cache;
pub mod collect;
mod error;
mod fault;
mod filter;
pub mod finding;
mod hint;
mod identity;
pub mod ignore;
mod input;
mod json_schema;
mod judge;
mod locate;
mod location;
pub mod objects;
mod old;
mod pool;
pub mod report;
pub mod rules;
mod run;
mod schemas;

pub use error::Error;
pub use filter::Filter;
pub use finding::{Finding, ObjectRef, Report, Severity, Span, Summary, Verdict};
pub use input::{Ignored, STDIN};
pub use judge::{Judge, Judged, JudgedDocument, Strictness};
pub use old::Old;
pub use run::{Event, Run};
pub use schemas::Schemas;
