//! Validation of manifests with the verdict of an API server, for CI: every fault of every document, each with its place.
//!
//! [`finding`] is what comes out: a [`Report`] for each document, with [`Finding`]s, each of one of the [`rules`]. [`objects`] finds objects
//! that stand there twice; [`ignore`] and [`baseline`] take away what is meant to be or known; [`report`] writes the rest down. [`collect`] does all
//! of that in order.

pub mod baseline;
pub mod collect;
pub mod finding;
mod identity;
pub mod ignore;
pub mod objects;
pub mod report;
pub mod rules;

pub use finding::{Finding, ObjectRef, Report, Severity, Span, Summary, Verdict};
