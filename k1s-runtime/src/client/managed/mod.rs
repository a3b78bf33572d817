//! Who owns which field: `metadata.managedFields`, and the server-side apply that works from it.
//!
//! The model is Kubernetes' structured merge and diff. An object is seen through its kind's [`types`]; a set of its fields is a
//! [`set::FieldSet`], a tree of [`element::PathElement`]s that `fieldsV1` writes down ([`codec`]). Walks over a value and its
//! type answer what is in it ([`fields`]), how two differ ([`compare`]), what both together are ([`merge`]), what is left without
//! some fields ([`remove`]), and whether a value is of its type at all ([`check`]). [`updater`] makes ownership of these,
//! [`entries`] is how it is stored, [`fresh`] is the short way for new objects, and [`manager`] is what requests call.

mod check;
mod codec;
mod compare;
mod conflict;
mod element;
mod entries;
mod error;
mod fields;
mod fresh;
mod items;
mod last_applied;
mod manager;
mod merge;
mod reconcile;
mod remove;
mod scale;
mod set;
mod shapes;
mod structural;
mod types;
mod updater;

#[cfg(test)]
mod tests;

pub(crate) use entries::changed as entries_changed;
pub(crate) use fresh::track_new;
pub(crate) use manager::{Author, apply, track};
pub(crate) use scale::{Replicas, apply as apply_scale, entries_of_scale, hand_over as hand_over_scale};
pub(crate) use types::Types;
