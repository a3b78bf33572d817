//! Room on a full disk: nothing can be removed from a store without writing to it, so deletions that find no space make the
//! watch log forget its oldest changes, and try again.
//!
//! LMDB writes changed pages to free ones, and frees the old ones for the commits after. So there always are a few free
//! pages, enough to forget some changes, which frees more.

use super::compact::forget_first;
use super::env::Shared;
use super::layout::State;
use super::{layout, migrate};
use crate::storage::{Error, Mutation, Result, Transaction};

/// How many changes are forgotten at once: many while that succeeds, few where it would need too many pages.
const STEPS: [u64; 3] = [64, 8, 1];
/// Commits after which the pages that one has freed can be used again.
const SETTLING: usize = 3;

impl Shared {
    /// Whether all that the batches want is to remove objects.
    pub(super) fn only_removes(batches: &[&[Transaction]]) -> bool {
        let mut mutations = batches.iter().copied().flatten().flat_map(|transaction| &transaction.mutations);
        !mutations.any(|mutation| matches!(mutation, Mutation::Put { .. }))
    }

    /// Forgets some of the oldest changes. Answers `false` when there is nothing more to forget, or no space even for that.
    pub(super) fn make_space(&self, limit: u64) -> Result<bool> {
        let mut forgotten = false;
        for _ in 0..SETTLING {
            match self.forget_some(limit)? {
                true => forgotten = true,
                false => break,
            }
        }
        Ok(forgotten)
    }

    fn forget_some(&self, limit: u64) -> Result<bool> {
        for step in STEPS {
            match self.forget(step, limit) {
                Err(Error::Full { .. }) => {}
                other => return other,
            }
        }
        Ok(false)
    }

    fn forget(&self, count: u64, limit: u64) -> Result<bool> {
        let databases = &self.databases;
        self.write(limit, |txn| {
            migrate::accept(&self.path, layout::format(databases.meta, txn)?, true)?;
            let mut state = State::read(databases, txn)?;
            // The newest change stays.
            let last = state.oldest.saturating_add(count).min(state.revision.saturating_sub(1));
            let before = state.oldest;
            while state.oldest < last {
                forget_first(databases, txn, &mut state)?;
            }
            let changed = state.oldest != before;
            if changed {
                state.write(databases, txn)?;
            }
            Ok((changed, changed))
        })
    }
}
