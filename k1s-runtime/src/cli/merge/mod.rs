//! What changed between JSON documents, and how to say it as a merge patch: pure functions, no client.
//!
//! `diff` compares two documents (`label`, `annotate`, `edit`); `three_way` also knows what was applied the time before
//! (`apply`); `last_applied` is the annotation in which that is kept; `ownership` hands fields over to server-side apply.

mod diff;
mod last_applied;
mod ownership;
mod three_way;

pub(crate) use diff::diff;
pub(crate) use last_applied::{LAST_APPLIED, set_configuration};
pub(crate) use ownership::{hand_over, owners_of_annotation};
pub(crate) use three_way::three_way;
