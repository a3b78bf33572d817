//! An object as the store keeps it: JSON text, shared and immutable, decoded only as far as somebody asks.

use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::Object;

/// The complete JSON text of one object, `metadata.resourceVersion` included.
#[derive(Clone, PartialEq, Eq)]
pub struct RawObject(Bytes);

impl RawObject {
    /// Wraps JSON text. Whether it is an object's is found out by decoding it.
    pub fn new(json: impl Into<Bytes>) -> Self {
        Self(json.into())
    }

    /// The JSON text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Decodes into a typed object.
    ///
    /// # Errors
    /// When the text is not JSON or does not fit `K`.
    pub fn decode<K: DeserializeOwned>(&self) -> Result<K, serde_json::Error> {
        serde_json::from_slice(&self.0)
    }

    /// Decodes into a dynamic object.
    ///
    /// # Errors
    /// When the text is not a JSON object.
    pub fn to_object(&self) -> Result<Object, serde_json::Error> {
        serde_json::from_slice(&self.0)
    }
}

impl fmt::Debug for RawObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawObject({})", String::from_utf8_lossy(&self.0))
    }
}
