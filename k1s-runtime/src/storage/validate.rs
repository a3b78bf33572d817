//! Which keys and transactions every backend accepts, checked before anything is queued or written.

use super::{Error, Expect, Key, Mutation, Result, Transaction};

/// Longest tenant, resource or index name, in bytes. The longest legal `plural.group` of Kubernetes has 317.
pub const MAX_NAME_BYTES: usize = 400;
/// Longest namespace and name together, in bytes. The longest legal ones of Kubernetes have 316.
pub const MAX_PLACE_BYTES: usize = 380;

/// Refuses what could not be told apart, or not be found again, once it is written.
pub(super) fn batch(batch: &[Transaction]) -> Result<()> {
    batch.iter().try_for_each(transaction)
}

fn transaction(transaction: &Transaction) -> Result<()> {
    for mutation in &transaction.mutations {
        key(mutation.key())?;
        if let Mutation::Put { key, indexes, .. } = mutation {
            indexes.iter().try_for_each(|entry| name(key.as_key(), "index", &entry.index))?;
        }
    }
    if transaction.mutations.len() < 2 {
        return Ok(());
    }
    let mut keys: Vec<Key<'_>> = transaction.mutations.iter().map(Mutation::key).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(bad(pair[0], "it is named twice in one transaction".to_owned())),
        None => Ok(()),
    }
}

/// Whether a key can be stored.
pub(super) fn key(key: Key<'_>) -> Result<()> {
    name(key, "tenant", key.tenant)?;
    name(key, "resource", key.resource)?;
    if key.name.is_empty() {
        return Err(bad(key, "the name is empty".to_owned()));
    }
    if key.namespace.contains('\0') || key.name.contains('\0') {
        return Err(bad(key, "it has a NUL byte".to_owned()));
    }
    let length = key.namespace.len() + key.name.len();
    if length > MAX_PLACE_BYTES {
        let reason = format!("namespace and name have {length} bytes, of at most {MAX_PLACE_BYTES}");
        return Err(bad(key, reason));
    }
    Ok(())
}

fn name(key: Key<'_>, what: &str, name: &str) -> Result<()> {
    if name.is_empty() {
        return Err(bad(key, format!("the {what} is empty")));
    }
    if name.len() > MAX_NAME_BYTES {
        let reason = format!("the {what} has {} bytes, of at most {MAX_NAME_BYTES}", name.len());
        return Err(bad(key, reason));
    }
    Ok(())
}

fn bad(key: Key<'_>, reason: String) -> Error {
    let mut text = format!("{}/{}/{}/{}", key.tenant, key.resource, key.namespace, key.name);
    if text.len() > 200 {
        let end = (0..=200).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    Error::BadKey { key: text, reason }
}

impl Mutation {
    /// The object that is written, removed or checked.
    pub fn key(&self) -> Key<'_> {
        match self {
            Self::Put { key, .. } | Self::Delete { key, .. } | Self::Check { key, .. } => key.as_key(),
        }
    }

    /// What must be so before.
    pub fn expect(&self) -> Expect {
        match self {
            Self::Put { expect, .. } | Self::Delete { expect, .. } | Self::Check { expect, .. } => *expect,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Error, Key};

    #[test]
    fn keys_that_could_be_mistaken_for_others_are_refused() {
        let good = Key { tenant: "t", resource: "r", namespace: "", name: "n" };
        assert!(super::key(good).is_ok());
        let long = "x".repeat(400);
        for key in [
            Key { name: "", ..good },
            Key { tenant: "", ..good },
            Key { name: "a\0b", ..good },
            Key { namespace: "\0", ..good },
            Key { name: &long, ..good },
        ] {
            assert!(matches!(super::key(key), Err(Error::BadKey { .. })), "{key:?}");
        }
    }
}
