//! Garbage collection: what happens to dependents when their owner goes.
//!
//! A cluster has a controller that follows deletions around. Here the deletion itself does it, in its own transaction: a plan that
//! removes an object, or marks one with the finalizers `orphan` or `foregroundDeletion`, is extended by what the controller would do
//! next, until there is nothing left to do. The rules are the controller's:
//!
//! - An object whose owners are all gone goes. One that has an owner left stays, and loses its references to the others.
//! - *Orphan*: the dependents lose the reference, then the owner goes.
//! - *Foreground*: the dependents go first. Those that finalizers keep, and whose reference says `blockOwnerDeletion`, keep the owner;
//!   the deletion of the last of them lets it go.
//! - *Background*: the owner goes, then its dependents do. Those that finalizers keep are marked as deleted; their own dependents stay
//!   until they are really gone.
//!
//! An owner is known by its uid. Owners of unknown kinds, and namespaced owners of cluster-scoped objects, are taken to be there. A
//! reference to an owner that never was, made before or after, is left alone: only a deletion looks for dependents.
//! CustomResourceDefinitions are not taken along by an owner.
//!
//! `owners` reads references, `ground` is the store with what the sweep has changed so far, `sweep` has the rules.

mod ground;
mod owners;
mod sweep;

pub(crate) use owners::{INDEX, entries};
pub(crate) use sweep::follow;
