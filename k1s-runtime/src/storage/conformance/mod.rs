//! What every backend must do, as checks to be run against it: this crate's backends are, and others can be.
//!
//! Each check opens empty stores with the given function and panics, with an explanation, where a store does not keep what
//! [`crate::storage`] promises. [`storage_conformance!`](crate::storage_conformance) makes a test of each:
//!
//! ```
//! # use std::sync::Arc;
//! use k1s_runtime::storage::{LogLimits, MemoryStorage, Storage};
//!
//! fn open(limits: LogLimits) -> Arc<dyn Storage> {
//!     Arc::new(MemoryStorage::with_log(limits))
//! }
//!
//! k1s_runtime::storage_conformance!(open);
//! ```
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a check says what is wrong by panicking, as assertions do"
)]

mod commits;
mod hostile;
mod kit;
mod past;
mod reads;
mod tenants;
mod watches;
mod writes;

use std::sync::Arc;

use super::{LogLimits, Storage};

pub use commits::commits_are_noticed;
pub use hostile::{
    hostile_names_stay_apart, impossible_keys_are_refused, longest_names_fit, tenants_are_apart,
};
pub use past::{
    compaction_forgets_what_it_is_told, old_changes_are_forgotten, past_lists_are_those_of_then,
    past_pages_are_of_one_state, watches_tell_how_far_they_have_come,
};
pub use reads::{
    filters_see_the_text, gets_what_was_put, hints_spare_the_rest, indexes_are_followed,
    indexes_follow_updates, lists_in_key_order, long_index_values_are_told_apart,
    pages_cover_everything_once,
};
pub use tenants::{
    exports_are_imported_again, exports_that_are_cut_short_are_told, imports_meet_what_is_there,
    removing_a_tenant_takes_bounded_steps, tenants_are_counted,
};
pub use watches::{
    forgotten_changes_are_an_error, watches_see_only_what_they_ask_for, watches_start_anywhere,
    watches_tell_everything_once, watches_wake_up,
};
pub use writes::{
    concurrent_writers_lose_nothing, conflicts_tell_what_is_there, deletes_need_something_there,
    expectations_are_of_the_state_before, later_transactions_see_earlier_ones, revisions_count_mutations,
    transactions_are_whole_or_nothing,
};

/// Opens a new, empty store that remembers so much for watches.
pub type Open<'a> = &'a (dyn Fn(LogLimits) -> Arc<dyn Storage> + Sync);

/// A `#[test]` for every check of [`conformance`](crate::storage::conformance), against the stores that a function
/// `fn(LogLimits) -> Arc<dyn Storage>` opens.
#[macro_export]
macro_rules! storage_conformance {
    ($open:expr) => {
        $crate::storage_conformance! { $open =>
            gets_what_was_put lists_in_key_order pages_cover_everything_once filters_see_the_text
            indexes_are_followed hints_spare_the_rest indexes_follow_updates long_index_values_are_told_apart
            revisions_count_mutations conflicts_tell_what_is_there transactions_are_whole_or_nothing
            later_transactions_see_earlier_ones expectations_are_of_the_state_before
            deletes_need_something_there concurrent_writers_lose_nothing commits_are_noticed
            watches_tell_everything_once watches_start_anywhere watches_see_only_what_they_ask_for
            watches_wake_up forgotten_changes_are_an_error watches_tell_how_far_they_have_come
            past_lists_are_those_of_then past_pages_are_of_one_state compaction_forgets_what_it_is_told
            old_changes_are_forgotten
            tenants_are_counted exports_are_imported_again imports_meet_what_is_there
            exports_that_are_cut_short_are_told removing_a_tenant_takes_bounded_steps
            tenants_are_apart hostile_names_stay_apart longest_names_fit impossible_keys_are_refused
        }
    };
    ($open:expr => $($check:ident)*) => {
        $(
            #[test]
            fn $check() {
                $crate::storage::conformance::$check(&$open);
            }
        )*
    };
}
