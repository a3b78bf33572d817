//! DELETE of a collection: what a list shows is deleted, object by object, and the list is the answer.

use crate::api::{Object, status};

use super::core::{Inner, delete_each};
use super::kinds::Builtin;
use super::{
    DeleteCollection, Error, ListRequest, Result, Target, WriteBody, WriteRequest, WriteVerb, Written, list,
    options, place,
};

/// Deletes what is selected.
///
/// # Errors
/// As those of a list; 404 and 405 where a collection cannot be deleted; the first error of a deletion, after which no more are
/// deleted.
pub(crate) async fn delete(
    core: &Inner,
    request: &WriteRequest,
    collection: &DeleteCollection,
) -> Result<Written> {
    let kind = core.kind(&request.target.gvk).await?;
    if let Some(subresource) = &request.subresource {
        return Err(options::unsupported(&kind, &request.name, subresource, "delete"));
    }
    place::check(&kind, request)?;
    if kind.builtin == Some(Builtin::Namespace) {
        return Err(Error::Api(status::verb_not_allowed()));
    }
    let selected = ListRequest {
        label_selector: collection.label_selector.clone(),
        field_selector: collection.field_selector.clone(),
        limit: collection.limit,
        continue_token: collection.continue_token.clone(),
        ..ListRequest::all(request.target.clone())
    };
    let warnings = options::deprecation(&core.scheme, &kind).into_iter().collect();
    let list = list::list(core, &selected).await?;
    let mut deletions = Vec::with_capacity(list.items.len());
    for raw in &list.items {
        let object: Object = raw.decode().map_err(Error::Decode)?;
        let namespace = object.namespace().map(str::to_owned);
        deletions.push(WriteRequest {
            target: Target { gvk: request.target.gvk.clone(), namespace },
            name: object.name().to_owned(),
            subresource: None,
            verb: WriteVerb::Delete(collection.options.clone()),
            options: request.options.clone(),
        });
    }
    let changed = delete_each(core, &deletions).await?;
    Ok(Written { code: 200, body: WriteBody::List(Box::new(list)), warnings, changed })
}
