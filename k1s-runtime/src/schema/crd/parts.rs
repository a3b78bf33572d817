//! The parts of a CustomResourceDefinition, wherever they lie.

use serde_json::{Map, Value};

use crate::api::Object;

/// A CustomResourceDefinition by its parts, which are not copied. Made of a JSON value, of the members of one, or of an [`Object`];
/// a part that is not there is `null`.
#[derive(Clone, Copy, Debug)]
pub struct CrdParts<'v> {
    pub(super) metadata: &'v Value,
    pub(super) spec: &'v Value,
    pub(super) status: &'v Value,
}

impl<'v> From<&'v Value> for CrdParts<'v> {
    fn from(crd: &'v Value) -> Self {
        Self { metadata: &crd["metadata"], spec: &crd["spec"], status: &crd["status"] }
    }
}

impl<'v> From<&'v Map<String, Value>> for CrdParts<'v> {
    fn from(crd: &'v Map<String, Value>) -> Self {
        let part = |name: &str| crd.get(name).unwrap_or(&Value::Null);
        Self { metadata: part("metadata"), spec: part("spec"), status: part("status") }
    }
}

impl<'v> From<&'v Object> for CrdParts<'v> {
    fn from(crd: &'v Object) -> Self {
        Self::from(&crd.0)
    }
}
