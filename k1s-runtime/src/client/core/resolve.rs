//! Finding kinds: in the scheme, and in the CustomResourceDefinitions of the store when the scheme does not know one.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use kube_core::GroupVersionKind;
use serde_json::Value;

use crate::api::{Object, status};
use crate::client::{Error, Result};
use crate::schema::crd;
use crate::storage::ListQuery;

use super::{Effect, Inner, Kind};

/// The resource that CustomResourceDefinitions are stored under.
pub(crate) const DEFINITIONS: &str = "customresourcedefinitions.apiextensions.k8s.io";

impl Inner {
    /// A served version of a kind.
    ///
    /// # Errors
    /// 404 `no matches for kind "X" in version "g/v"`.
    pub(crate) async fn kind(&self, gvk: &GroupVersionKind) -> Result<Arc<Kind>> {
        let definition = match self.scheme.by_gvk(gvk) {
            Some(definition) => Some(definition),
            None => {
                // Another process may have added it since the definitions were read.
                let now = self.storage.revision().await?;
                if self.definitions_read.load(Ordering::Acquire) != now.saturating_add(1) {
                    self.read_definitions().await?;
                }
                self.scheme.by_gvk(gvk)
            }
        };
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

    /// Puts the kinds of the store's CustomResourceDefinitions into the scheme, once.
    pub(super) async fn load_definitions(&self) -> Result<()> {
        match self.definitions_read.load(Ordering::Acquire) {
            0 => self.read_definitions().await,
            _ => Ok(()),
        }
    }

    async fn read_definitions(&self) -> Result<()> {
        let page = self.storage.list(ListQuery::all(&self.tenant, DEFINITIONS)).await?;
        for stored in page.items {
            let object: Object = serde_json::from_slice(&stored.bytes).map_err(Error::Decode)?;
            // What was stored by a program that knew more, or clashes with a kind of this one, stays unknown here.
            if let Ok(effect) = registration(&object) {
                let _ = self.apply_effect(effect);
            }
        }
        self.definitions_read.store(page.revision.saturating_add(1), Ordering::Release);
        Ok(())
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
    let versions = crd::definitions(&Value::Object(object.0.clone()))
        .map_err(|error| Error::Api(status::internal(error)))?;
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
