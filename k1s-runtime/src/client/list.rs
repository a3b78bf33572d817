//! LIST: pages of objects, selected by labels and fields, as of now or of a revision.

use crate::api::status;
use crate::storage::{self, ListQuery, Page, Stored};

use super::continuation::Token;
use super::core::{Inner, Kind};
use super::kinds::Builtin;
use super::query::{self, check_list};
use super::select::Selection;
use super::{Error, List, ListRequest, Result, Target, VersionMatch, encode};

const EXPIRED: &str = "The resourceVersion for the provided list is too old.";

/// Answers a list.
///
/// # Errors
/// 400 for a selector, a version or a token that is not one, 422 for options that do not go together, 410 for a past that is
/// forgotten, 504 for a version that is yet to come.
pub(crate) async fn list(core: &Inner, request: &ListRequest) -> Result<List> {
    let kind = core.kind(&request.target.gvk).await?;
    let selection = Selection::parse(&kind, &request.label_selector, &request.field_selector)?;
    check_list(request, false)?;
    let token = request.continue_token.as_deref().filter(|token| !token.is_empty());
    let token = token.map(|text| Token::decode(text, request)).transpose()?;
    let at = match &token {
        Some(token) => token.revision(),
        None => exact_version(core, request).await?,
    };
    let after = token.as_ref().map(|token| token.position(&kind));
    let page = page_at(core, &kind, &request.target, &selection, after, request.limit, at).await;
    let page = page.map_err(|error| refusal(error, token.as_ref()))?;
    let revision = page.revision;
    let items = page
        .items
        .into_iter()
        .map(|stored| encode::in_version(stored.bytes, &kind))
        .collect::<Result<Vec<_>>>()?;
    let continue_token = page.next.map(|last| Token::after(&kind, revision, &last).encode()).transpose()?;
    let remaining_item_count = page.remaining.filter(|_| continue_token.is_some());
    Ok(List { items, resource_version: shown(revision), continue_token, remaining_item_count })
}

/// A list's version is never 0, which would mean any version to a watch.
fn shown(revision: u64) -> String {
    revision.max(1).to_string()
}

/// The version that a list is to be as of, if it is not of now.
async fn exact_version(core: &Inner, request: &ListRequest) -> Result<Option<u64>> {
    let version = query::version(request.resource_version.as_deref())
        .map_err(|why| status::bad_request(format!("invalid resource version: {why}")))?;
    let Some(version) = version else { return Ok(None) };
    let exact = match &request.resource_version_match {
        None => request.limit > 0,
        matching => *matching == Some(VersionMatch::Exact),
    };
    if exact {
        return Ok(Some(version));
    }
    check_reached(core, version).await?;
    Ok(None)
}

/// Refuses a version that the store has not come to. A server waits a moment for one; what is embedded is never behind.
///
/// # Errors
/// 504.
pub(crate) async fn check_reached(core: &Inner, version: u64) -> Result<()> {
    let current = core.storage.revision().await?;
    // The version of the list of an empty store is 1.
    if version > current.max(1) {
        return Err(status::version_too_large(version, current).into());
    }
    Ok(())
}

/// What a server says when the store cannot go back, or not yet forward, to a version.
fn refusal(error: Error, token: Option<&Token>) -> Error {
    match error {
        Error::Storage(storage::Error::Compacted { .. }) => {
            token.map_or_else(|| status::expired(EXPIRED).into(), Token::expired)
        }
        Error::Storage(storage::Error::Future { requested, current }) => {
            status::version_too_large(requested, current).into()
        }
        other => other,
    }
}

/// One page of what is stored now.
pub(crate) async fn page(
    core: &Inner,
    kind: &Kind,
    target: &Target,
    selection: &Selection,
    after: Option<(&str, &str)>,
    limit: usize,
) -> Result<Page> {
    page_at(core, kind, target, selection, after, limit, None).await
}

async fn page_at(
    core: &Inner,
    kind: &Kind,
    target: &Target,
    selection: &Selection,
    after: Option<(&str, &str)>,
    limit: usize,
    at: Option<u64>,
) -> Result<Page> {
    // The version of the list of an empty store is 1.
    let at = match at {
        Some(1) if core.storage.revision().await? == 0 => None,
        at => at,
    };
    let filter = |bytes: &[u8]| selection.matches_in(kind, bytes);
    let query = ListQuery {
        tenant: &core.tenant,
        resource: &kind.resource,
        namespace: target.namespace.as_deref().filter(|_| kind.definition.is_namespaced()),
        index: None,
        hint: selection.hint(kind),
        filter: if selection.is_everything() { None } else { Some(&filter) },
        after,
        limit,
        at,
    };
    if kind.builtin == Some(Builtin::Namespace) && !namespaces_were_stored(core, query).await? {
        return virtual_page(core, selection, after, limit, at).await;
    }
    Ok(core.storage.list(query).await?)
}

/// Whether the namespaces that are always there were in the store at the query's version. They are stored together, before any
/// other.
async fn namespaces_were_stored(core: &Inner, query: ListQuery<'_>) -> Result<bool> {
    if !core.namespaces_are_stored().await? {
        return Ok(false);
    }
    if query.at.is_none() {
        return Ok(true);
    }
    let first = ListQuery { hint: None, filter: None, after: None, limit: 1, ..query };
    Ok(!core.storage.list(first).await?.items.is_empty())
}

/// A page of the namespaces of a store that has none yet.
async fn virtual_page(
    core: &Inner,
    selection: &Selection,
    after: Option<(&str, &str)>,
    limit: usize,
    at: Option<u64>,
) -> Result<Page> {
    let mut items: Vec<(&str, Stored)> =
        super::kinds::namespace::SYSTEM.into_iter().zip(core.virtual_namespaces()?).collect();
    items.retain(|(name, stored)| {
        after.is_none_or(|(_, last)| *name > last) && selection.matches(&stored.bytes)
    });
    let revision = match at {
        Some(at) => at,
        None => core.storage.revision().await?,
    };
    let mut page = Page { revision, ..Page::default() };
    if limit > 0 && items.len() > limit {
        page.remaining = selection.is_everything().then_some((items.len() - limit) as u64);
        items.truncate(limit);
        page.next = items.last().map(|(name, _)| (String::new(), (*name).to_owned()));
    }
    page.items = items.into_iter().map(|(_, stored)| stored).collect();
    Ok(page)
}
