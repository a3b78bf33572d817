//! Several versions of a kind, side by side, from one stored object: conversions of Rust types, requests in every version,
//! the store in memory and on disk.
#![cfg(all(feature = "derive", feature = "lmdb", feature = "cli"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    missing_docs,
    reason = "a test fails by panicking, and json! makes values"
)]

mod cli;
mod conversion;
mod kinds;
mod registration;
mod requests;
mod round_trip;
mod store;
