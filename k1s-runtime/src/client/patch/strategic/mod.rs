//! Strategic merge patch: a merge patch that knows which lists are to be merged, and that may carry directives.
//!
//! Objects merge and null removes, as in a merge patch. A list is replaced unless the kind's shape says that it is merged, by
//! value or by a key. `$patch: replace` and `$patch: delete` replace or empty an object, and in a list of objects replace the
//! list or delete an item; `$retainKeys` names the fields of an object that stay, `$deleteFromPrimitiveList/<field>` the
//! values that leave a list, `$setElementOrder/<field>` the order of a list. As kube-apiserver does it, which answers with
//! 500 to much that is wrong with a patch; see `k8s.io/apimachinery/pkg/util/strategicpatch`.

mod element_order;
mod failure;
mod list;
mod map;
mod order;
mod rules;

pub(super) use failure::Failure;
pub(super) use map::apply;

/// Field that says what to do with the object it is in.
const PATCH: &str = "$patch";
/// Field with the names of the fields to keep.
const RETAIN_KEYS: &str = "$retainKeys";
/// With `/<field>`: values that leave that list.
const DELETE_FROM: &str = "$deleteFromPrimitiveList";
/// With `/<field>`: the order of that list.
const SET_ORDER: &str = "$setElementOrder";

#[cfg(test)]
mod tests;
