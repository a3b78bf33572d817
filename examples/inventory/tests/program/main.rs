//! The built program from outside: as a newcomer runs it, with bad input, and killed while it works.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod bad_input;
mod crash;
mod demo;
mod support;
