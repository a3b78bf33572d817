//! Kinds that are not looked at, and kinds that may not be there.

use std::collections::HashSet;

use k1s_runtime::Object;

/// Sets of kinds: `Secret` means those of any version, `v1/Secret` and `shop.example.com/v1/Item` those of one.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    skip: HashSet<String>,
    reject: HashSet<String>,
}

impl Filter {
    /// A filter that skips some kinds and rejects others. What is rejected cannot be skipped.
    pub fn new(skip: &[String], reject: &[String]) -> Self {
        let set = |kinds: &[String]| kinds.iter().map(|kind| kind.trim().to_owned()).collect();
        Self { skip: set(skip), reject: set(reject) }
    }

    pub(super) fn skips(&self, object: &Object) -> bool {
        has(&self.skip, object)
    }

    pub(super) fn rejects(&self, object: &Object) -> bool {
        has(&self.reject, object)
    }
}

fn has(kinds: &HashSet<String>, object: &Object) -> bool {
    !kinds.is_empty()
        && (kinds.contains(object.kind())
            || kinds.contains(&format!("{}/{}", object.api_version(), object.kind())))
}
