//! Validation of manifests with the verdict of an API server, for CI: every fault of every document, each with its place.
//!
//! [`finding`] is what comes out: a [`Report`] for each document, with [`Finding`]s.

pub mod finding;

pub use finding::{Finding, ObjectRef, Report, Severity, Span, Summary, Verdict};
