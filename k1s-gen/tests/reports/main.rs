//! What `k1s-gen validate` does with its findings: output formats, ignore comments, the baseline, and what stands on them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod baseline;
mod ci;
mod collect;
mod docs;
mod fixture;
mod flags;
mod formats;
mod ignore;
mod properties;
mod structure;
