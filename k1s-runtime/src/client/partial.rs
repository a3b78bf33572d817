//! `as=PartialObjectMetadata`: objects without anything but their metadata, as informers of metadata ask for them.

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::{RawObject, status};

use super::{Bookmark, Error, Event, EventStream, Result};

const API_VERSION: &str = "meta.k8s.io/v1";
const KIND: &str = "PartialObjectMetadata";

#[derive(Deserialize)]
struct Whole {
    metadata: Value,
}

#[derive(Serialize)]
struct Partial<'a> {
    kind: &'a str,
    #[serde(rename = "apiVersion")]
    api_version: &'a str,
    metadata: Value,
}

/// The metadata of an object, as an object of kind `PartialObjectMetadata`.
///
/// # Errors
/// [`Error::Decode`] when the object has no metadata.
pub fn partial_metadata(object: &RawObject) -> Result<RawObject> {
    let whole: Whole = serde_json::from_slice(object.as_bytes()).map_err(Error::Decode)?;
    let partial = Partial { kind: KIND, api_version: API_VERSION, metadata: whole.metadata };
    let text = serde_json::to_vec(&partial).map_err(Error::Encode)?;
    Ok(RawObject::new(Bytes::from(text)))
}

/// A watch of whole objects as one of their metadata alone.
///
/// ```
/// # use std::sync::Arc;
/// # use k1s_runtime::api::GroupVersionKind;
/// # use k1s_runtime::client::{Client, CoreClient, Event, Target, WatchRequest, metadata_only};
/// # let client = CoreClient::new(
/// #     Arc::new(k1s_runtime::storage::MemoryStorage::new()), Arc::new(k1s_runtime::scheme::Scheme::new()));
/// # pollster::block_on(async {
/// let target = Target { gvk: GroupVersionKind::gvk("", "v1", "Namespace"), namespace: None };
/// let mut watch = metadata_only(client.watch(&WatchRequest::all(target)).await?);
/// let Some(Event::Object(_, first)) = watch.next().await else { panic!("there are namespaces") };
/// assert!(String::from_utf8_lossy(first.as_bytes()).starts_with(r#"{"kind":"PartialObjectMetadata""#));
/// # Ok::<(), k1s_runtime::client::Error>(())
/// # }).unwrap();
/// ```
pub fn metadata_only(stream: Box<dyn EventStream>) -> Box<dyn EventStream> {
    Box::new(MetadataOnly { stream })
}

struct MetadataOnly {
    stream: Box<dyn EventStream>,
}

#[async_trait]
impl EventStream for MetadataOnly {
    async fn next(&mut self) -> Option<Event> {
        Some(match self.stream.next().await? {
            Event::Object(event_type, raw) => match partial_metadata(&raw) {
                Ok(partial) => Event::Object(event_type, partial),
                Err(error) => Event::Error(status::internal(error)),
            },
            Event::Bookmark(bookmark) => Event::Bookmark(Bookmark {
                api_version: API_VERSION.to_owned(),
                kind: KIND.to_owned(),
                ..bookmark
            }),
            error @ Event::Error(_) => error,
        })
    }
}
