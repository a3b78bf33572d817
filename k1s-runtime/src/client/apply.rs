//! Server-side apply: PATCH with what a manager wants an object to be.
//!
//! <https://kubernetes.io/docs/reference/using-api/server-side-apply/>

use std::sync::Arc;

use serde_json::Value;

use crate::api::{Object, gotext, status};

use super::core::{Inner, Kind, Plan};
use super::create::{self, Look};
use super::managed::{self, Author};
use super::update::{Change, check_name};
use super::{Result, WriteRequest, body, encode, limits};

/// Who owns an object's fields after a write.
pub(crate) enum Owners {
    /// To be found out by comparing.
    Compare,
    /// This, as `metadata.managedFields` has it.
    Known(Option<Value>),
}

/// Plans an apply: of an object that is there, or of a new one.
///
/// # Errors
/// As kube-apiserver: 400 for a document that is not of the request, 409 for conflicts, 500 for one that does not fit the schema, and
/// those of a create or update.
pub(crate) async fn plan(
    core: &Inner,
    kind: Arc<Kind>,
    request: &WriteRequest,
    document: &Value,
    force: bool,
) -> Result<Plan> {
    let document = read(document)?;
    limits::check_depth(&document)?;
    let stored = core.read(&kind, &request.target, &request.name).await?;
    if stored.is_none() && request.subresource.is_some() {
        return Err(status::not_found(kind.subject(), &request.name).into());
    }
    let live = stored.as_ref().map(|stored| encode::object_in_version(&stored.bytes, &kind)).transpose()?;
    let seen = live.clone().map(|live| as_decoded(&kind, live)).transpose()?;
    let mut object = managed::apply(&kind, seen.as_ref(), &document, Author::of(request), force)?;
    let owners = Owners::Known(object.metadata_mut().remove("managedFields"));
    body::settle_applied(&kind, &mut object)?;
    match (live, stored) {
        (Some(old), Some(stored)) => {
            check_name(&object, &request.name)?;
            Change { core, kind, request, old, stored, owners }.plan(object, Vec::new())
        }
        _ => {
            if let Some(uid) = object.uid() {
                let why = format!(
                    "uid mismatch: the provided object specified uid {uid}, and no existing object was found"
                );
                return Err(status::conflict(kind.subject(), &request.name, &why).into());
            }
            check_name(&object, &request.name)?;
            object.metadata_mut().remove("resourceVersion");
            create::admit(core, kind, request, object, Vec::new(), Look::AtCommit, owners).await
        }
    }
}

/// The document as an object.
///
/// # Errors
/// 400 when it is none.
pub(crate) fn read(document: &Value) -> Result<Object> {
    Object::try_from(document.clone()).map_err(|_| {
        status::bad_request(format!(
            "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value \
             of type map[string]interface {{}}",
            gotext::json_type(document)
        ))
        .into()
    })
}

/// An object as the server decodes it from its store: without what its schema does not know any more, and with the defaults that it
/// has by now. What has been converted has been through this.
fn as_decoded(kind: &Kind, mut object: Object) -> Result<Object> {
    if kind.builtin.is_none() && kind.is_stored() {
        let schema = kind.schema()?;
        schema.prune(&mut object.0);
        schema.default(&mut object.0);
    }
    Ok(object)
}
