//! Finding kinds: in the scheme, which follows the CustomResourceDefinitions of the store.

use std::sync::Arc;

use kube_core::GroupVersionKind;

use crate::api::{Object, status};
use crate::client::kinds::Builtin;
use crate::client::{Error, Result};
use crate::schema::crd;

use super::{Effect, Inner, Kind};

/// The resource that CustomResourceDefinitions are stored under.
pub(crate) const DEFINITIONS: &str = "customresourcedefinitions.apiextensions.k8s.io";

impl Inner {
    /// A served version of a kind.
    ///
    /// # Errors
    /// 404 `no matches for kind "X" in version "g/v"`.
    pub(crate) async fn kind(&self, gvk: &GroupVersionKind) -> Result<Arc<Kind>> {
        if Builtin::of(&gvk.group, &gvk.kind).is_none() {
            self.refresh_definitions().await?;
        }
        let definition = self.scheme.by_gvk(gvk);
        let kind = match definition {
            Some(definition) => self.kinds.prepare(&self.scheme, &definition)?,
            None => None,
        };
        kind.filter(|kind| kind.definition.served)
            .ok_or_else(|| Error::Api(status::other(404, "NotFound", no_match(gvk))))
    }

    /// A version of a kind, served or not, if it is in the scheme.
    pub(crate) fn known_kind(&self, gvk: &GroupVersionKind) -> Option<Arc<Kind>> {
        let definition = self.scheme.by_gvk(gvk)?;
        self.kinds.prepare(&self.scheme, &definition).ok().flatten()
    }

    /// Changes the scheme after a CustomResourceDefinition has changed.
    pub(super) fn apply_effect(&self, effect: Effect) -> Result<()> {
        self.kinds.forget(&effect.group, &effect.kind);
        if effect.versions.is_empty() {
            self.scheme.unregister(&effect.group, &effect.kind);
            return Ok(());
        }
        self.scheme
            .replace_kind(&effect.group, &effect.kind, effect.versions)
            .map_err(|error| Error::Api(status::internal(error)))
    }
}

/// What a CustomResourceDefinition means for the scheme.
///
/// # Errors
/// 500 when it is not one; admission has refused those.
pub(crate) fn registration(object: &Object) -> Result<Effect> {
    let versions = crd::definitions(object).map_err(|error| Error::Api(status::internal(error)))?;
    let (group, kind) = versions
        .first()
        .map(|first| (first.group.clone(), first.kind.clone()))
        .ok_or_else(|| Error::Api(status::internal("a CustomResourceDefinition without versions")))?;
    Ok(Effect { group, kind, versions })
}

fn no_match(gvk: &GroupVersionKind) -> String {
    let version =
        if gvk.group.is_empty() { gvk.version.clone() } else { format!("{}/{}", gvk.group, gvk.version) };
    format!("no matches for kind {:?} in version {version:?}", gvk.kind)
}
