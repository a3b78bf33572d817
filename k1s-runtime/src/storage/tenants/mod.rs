//! Whole tenants: what they hold, and taking it out of a store, into one, or away.
//!
//! Everything that a store keeps is under a tenant, and nothing that is said within one tenant reaches another. These functions are
//! for whoever runs a store for several.
//!
//! ```
//! # use k1s_runtime::storage::{MemoryStorage, Storage, tenants};
//! # pollster::block_on(async {
//! let (here, there) = (MemoryStorage::new(), MemoryStorage::new());
//! let mut file = Vec::new();
//! tenants::export(&here, "team-a", &mut file).await?;
//! tenants::import(&there, "team-b", &mut file.as_slice(), tenants::Existing::Refuse).await?;
//! tenants::remove(&here, "team-a").await?;
//! assert!(here.tenants().await?.is_empty());
//! # Ok::<(), k1s_runtime::storage::Error>(()) }).unwrap();
//! ```

mod stream;

use std::ops::ControlFlow;

use super::{Expect, IndexEntry, Key, Mutation, Outcome, Result, Stamped, Storage, Transaction};

pub use stream::{Existing, MAX_LINE_BYTES, Transferred, export, import};

/// Most objects that [`remove`] and [`import`] write in one commit.
pub const BATCH_OBJECTS: usize = 500;
/// A batch is closed with the object with which its texts reach so many bytes.
pub const BATCH_BYTES: usize = 4 << 20;

/// A tenant and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its name.
    pub name: String,
    /// How many objects it has; at least one.
    pub objects: u64,
    /// Bytes of their texts.
    pub bytes: u64,
}

/// An object that [`Storage::visit`] shows.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Its key.
    pub key: Key<'a>,
    /// The revision of the write that made it so.
    pub revision: u64,
    /// The JSON text.
    pub text: &'a [u8],
    /// Its entries in secondary indexes.
    pub indexes: &'a [IndexEntry],
}

/// What [`Storage::visit`] calls with each object until it breaks. It runs while the store is locked for reading and must not
/// call the store.
pub type Visitor<'a> = dyn FnMut(Member<'_>) -> ControlFlow<()> + Send + 'a;

/// What became of a batch that was to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Objects that are gone.
    pub objects: u64,
    /// Whether there were more than fitted into the batch.
    pub more: bool,
}

/// Removes all that a tenant holds, in batches of [`BATCH_OBJECTS`], and answers how many objects there were.
///
/// Watchers are told of each object. What is interrupted has removed some batches whole, and the next call goes on with the
/// rest. Objects that are created meanwhile are removed too, so it ends when nobody writes faster. The watch log forgets the
/// tenant's past as it forgets all of the past.
///
/// # Errors
/// Those of the store.
pub async fn remove(store: &dyn Storage, tenant: &str) -> Result<u64> {
    let mut objects = 0;
    loop {
        let removed = remove_batch(store, tenant, BATCH_OBJECTS).await?;
        objects += removed.objects;
        if !removed.more {
            return Ok(objects);
        }
    }
}

/// Removes at most so many objects of a tenant, and at least one if there are any, in one commit.
///
/// # Errors
/// Those of the store.
pub async fn remove_batch(store: &dyn Storage, tenant: &str, limit: usize) -> Result<Removed> {
    let limit = limit.clamp(1, BATCH_OBJECTS);
    let (mut batch, mut bytes, mut more) = (Vec::new(), 0, false);
    let mut collect = |member: Member<'_>| {
        if batch.len() == limit || bytes >= BATCH_BYTES {
            more = true;
            return ControlFlow::Break(());
        }
        bytes += member.text.len();
        let delete = Mutation::Delete {
            key: member.key.to_buf(),
            expect: Expect::Revision(member.revision),
            value: Stamped::again(member.text, member.revision),
        };
        batch.push(Transaction { mutations: vec![delete] });
        ControlFlow::Continue(())
    };
    store.visit(tenant, &mut collect).await?;
    if batch.is_empty() {
        return Ok(Removed { objects: 0, more: false });
    }
    let outcomes = store.commit(batch).await?;
    let gone = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Committed { .. })).count();
    // Whatever was changed meanwhile is still there.
    Ok(Removed { objects: gone as u64, more: more || gone < outcomes.len() })
}
