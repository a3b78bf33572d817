//! Objects between the version that they are stored in and the version of a request.
//!
//! As in kube-apiserver, what comes out of the store is first pruned and defaulted by the version that it is stored in, then
//! converted, then pruned by the version that is asked for; what goes into the store has been pruned, defaulted and validated by
//! the request's version, and is converted and pruned by the stored one.

use crate::api::{Object, ResourceDefinition, status};
use crate::scheme;
use crate::storage::{Expect, IndexEntry, KeyBuf, Mutation, Stamped, Stored};

use super::core::Kind;
use super::{Error, Result, encode, index, limits};

/// A stored object in the version of a request.
///
/// # Errors
/// 500 with the kind, the versions and the object when it cannot be converted.
pub(crate) fn from_stored(kind: &Kind, mut object: Object) -> Result<Object> {
    if object.api_version() == kind.api_version {
        return Ok(object);
    }
    if let Some(stored) = kind.family.version(object.api_version()) {
        let schema = stored.schema()?;
        schema.prune(&mut object.0);
        schema.default(&mut object.0);
    }
    let mut object = convert(kind, &object, &kind.definition)?;
    let schema = kind.schema()?;
    schema.prune(&mut object.0);
    if scheme::has_conversions(&kind.family.definitions) {
        // Rust's conversions write nulls for what is not there.
        schema.drop_nulls(&mut object.0);
    }
    Ok(object)
}

/// An object of a request in the version that its kind is stored in.
///
/// # Errors
/// As [`from_stored`], and 400 when the conversion made it too deep.
fn to_stored(kind: &Kind, object: &Object) -> Result<Object> {
    let storage = kind.family.storage();
    let mut object = convert(kind, object, &storage.definition)?;
    limits::check_depth(&object)?;
    let schema = storage.schema()?;
    schema.prune(&mut object.0);
    // The server does this when it reads the object again.
    schema.default(&mut object.0);
    Ok(object)
}

/// An object in another version of its kind.
///
/// # Errors
/// 500 with the kind, the versions and the object when it cannot be converted.
pub(crate) fn convert(kind: &Kind, object: &Object, to: &ResourceDefinition) -> Result<Object> {
    scheme::convert(&kind.family.definitions, object, &to.version)
        .map_err(|error| Error::Api(status::other(500, "", error.to_string())))
}

/// What a request's object would be after it is stored and read again: the answer of a dry run.
///
/// # Errors
/// As [`from_stored`].
pub(crate) fn as_if_stored(kind: &Kind, object: Object) -> Result<Object> {
    if kind.is_stored() {
        return Ok(object);
    }
    from_stored(kind, to_stored(kind, &object)?)
}

/// What the store keeps of an object.
pub(crate) struct StoredForm {
    /// Its text, in the version that its kind is stored in.
    value: Stamped,
    indexes: Vec<IndexEntry>,
}

impl StoredForm {
    /// Whether this is what is stored already, under this revision.
    pub(crate) fn is(&self, stored: &Stored) -> bool {
        self.value.stamp(stored.revision) == stored.bytes
    }

    /// Encodes an object of a request.
    ///
    /// # Errors
    /// As [`from_stored`].
    pub(crate) fn of(kind: &Kind, object: &Object) -> Result<Self> {
        let storage = kind.family.storage();
        let converted;
        let object = if kind.is_stored() {
            object
        } else {
            converted = to_stored(kind, object)?;
            &converted
        };
        Ok(Self {
            value: encode::stamped(object, &storage.api_version)?,
            indexes: index::entries(&storage.definition, object),
        })
    }

    /// Encodes a new object. `owners` is its `managedFields` as text, if it does not have them itself; then its kind is stored in
    /// the request's version.
    ///
    /// # Errors
    /// As [`from_stored`].
    pub(crate) fn of_new(kind: &Kind, object: &Object, owners: Option<&[u8]>) -> Result<Self> {
        if owners.is_none() {
            return Self::of(kind, object);
        }
        Ok(Self {
            value: encode::stamped_with_owners(object, &kind.api_version, owners)?,
            indexes: index::entries(&kind.definition, object),
        })
    }

    /// Refuses what is too long to be stored.
    ///
    /// # Errors
    /// 413.
    pub(crate) fn check_size(&self) -> Result<()> {
        limits::check_size(self.value.text_len())
    }

    /// The mutation that stores it.
    pub(crate) fn put(self, key: KeyBuf, expect: Expect) -> Mutation {
        Mutation::Put { key, expect, value: self.value, indexes: self.indexes }
    }
}

/// The last state of an object that goes, as it is stored: what its watchers are told.
///
/// # Errors
/// [`Error::Decode`] when the text is not an object's.
pub(crate) fn last_state(bytes: &[u8]) -> Result<Stamped> {
    let object: Object = serde_json::from_slice(bytes).map_err(Error::Decode)?;
    encode::stamped(&object, object.api_version())
}
