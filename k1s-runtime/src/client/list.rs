//! LIST: pages of objects, selected by labels and fields.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};

use crate::api::status;
use crate::storage::{ListQuery, Page, Stored};

use super::core::{Inner, Kind};
use super::kinds::Builtin;
use super::select::Selection;
use super::{Error, List, ListRequest, Result, Target, encode};

/// A `continue` token, as kube-apiserver makes them.
#[derive(Serialize, Deserialize)]
struct Token {
    #[serde(rename = "v")]
    version: String,
    #[serde(rename = "rv")]
    revision: u64,
    start: String,
}

/// Base64 as Go reads it without padding: spare bits are not looked at.
const GO_RAW_BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

const TOKEN_VERSION: &str = "meta.k8s.io/v1";

/// Answers a list.
///
/// # Errors
/// 400 for a selector or a token that is not one.
pub(crate) async fn list(core: &Inner, request: &ListRequest) -> Result<List> {
    let kind = core.kind(&request.target.gvk).await?;
    let selection = Selection::parse(&kind, &request.label_selector, &request.field_selector)?;
    let token =
        request.continue_token.as_deref().filter(|token| !token.is_empty()).map(decode_token).transpose()?;
    let after = token.as_ref().map(|token| split_start(&kind, &token.start));
    let page = page(core, &kind, &request.target, &selection, after, request.limit).await?;
    let revision = token.map_or(page.revision, |token| token.revision);
    let items = page
        .items
        .into_iter()
        .map(|stored| encode::in_version(stored.bytes, &kind))
        .collect::<Result<Vec<_>>>()?;
    let continue_token = page.next.map(|last| encode_token(&kind, revision, &last)).transpose()?;
    let remaining_item_count = page.remaining.filter(|_| continue_token.is_some());
    Ok(List { items, resource_version: shown(revision), continue_token, remaining_item_count })
}

/// A list's version is never 0, which would mean any version to a watch.
fn shown(revision: u64) -> String {
    revision.max(1).to_string()
}

/// One page of what is stored.
pub(crate) async fn page(
    core: &Inner,
    kind: &Kind,
    target: &Target,
    selection: &Selection,
    after: Option<(&str, &str)>,
    limit: usize,
) -> Result<Page> {
    if kind.builtin == Some(Builtin::Namespace) && !core.namespaces_are_stored().await? {
        return virtual_page(core, selection, after, limit).await;
    }
    let filter = |bytes: &[u8]| selection.matches_in(kind, bytes);
    let query = ListQuery {
        tenant: &core.tenant,
        resource: &kind.resource,
        namespace: target.namespace.as_deref().filter(|_| kind.definition.is_namespaced()),
        index: None,
        filter: if selection.is_everything() { None } else { Some(&filter) },
        after,
        limit,
        at: None,
    };
    Ok(core.storage.list(query).await?)
}

/// A page of the namespaces of a store that has none yet.
async fn virtual_page(
    core: &Inner,
    selection: &Selection,
    after: Option<(&str, &str)>,
    limit: usize,
) -> Result<Page> {
    let mut items: Vec<(&str, Stored)> =
        super::kinds::namespace::SYSTEM.into_iter().zip(core.virtual_namespaces()?).collect();
    items.retain(|(name, stored)| {
        after.is_none_or(|(_, last)| *name > last) && selection.matches(&stored.bytes)
    });
    let mut page = Page { revision: core.storage.revision().await?, ..Page::default() };
    if limit > 0 && items.len() > limit {
        page.remaining = selection.is_everything().then_some((items.len() - limit) as u64);
        items.truncate(limit);
        page.next = items.last().map(|(name, _)| (String::new(), (*name).to_owned()));
    }
    page.items = items.into_iter().map(|(_, stored)| stored).collect();
    Ok(page)
}

fn encode_token(kind: &Kind, revision: u64, (namespace, name): &(String, String)) -> Result<String> {
    let start =
        if kind.definition.is_namespaced() { format!("{namespace}/{name}\0") } else { format!("{name}\0") };
    let token = Token { version: TOKEN_VERSION.to_owned(), revision, start };
    let text = serde_json::to_vec(&token).map_err(Error::Encode)?;
    Ok(URL_SAFE_NO_PAD.encode(text))
}

fn decode_token(text: &str) -> Result<Token> {
    let invalid = |why: String| {
        let message = format!("invalid continue token: continue key is not valid: {why}");
        Error::Api(status::bad_request(message))
    };
    let bytes = GO_RAW_BASE64
        .decode(text.trim_end_matches('='))
        .map_err(|_| invalid("illegal base64 data at input byte 0".to_owned()))?;
    if let Some(&first) = bytes.first()
        && first != b'{'
    {
        let shown = if first.is_ascii_graphic() {
            char::from(first).to_string()
        } else {
            format!("\\u{:04x}", u32::from(first))
        };
        return Err(invalid(format!("invalid character '{shown}' looking for beginning of value")));
    }
    let token: Token = serde_json::from_slice(&bytes).map_err(|error| invalid(error.to_string()))?;
    if token.version != TOKEN_VERSION {
        return Err(invalid(format!("server does not recognize this encoded version {:?}", token.version)));
    }
    Ok(token)
}

fn split_start<'a>(kind: &Kind, start: &'a str) -> (&'a str, &'a str) {
    let start = start.trim_end_matches('\0');
    if kind.definition.is_namespaced() { start.split_once('/').unwrap_or(("", start)) } else { ("", start) }
}
