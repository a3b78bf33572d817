//! WATCH: the changes of a selection.
//!
//! The store tells what each change made of an object and what it was before; whether that is an ADDED, MODIFIED or DELETED
//! depends on whether the object was and is selected (`stream`). `timing` knows when a watch ends and sends bookmarks.

mod stream;
mod timing;

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;

use crate::api::{Object, status};
use crate::storage::{self, Change, ChangeKind, WatchQuery};

use super::core::{DEFINITIONS, Inner, Kind};
use super::query::{self, check_watch};
use super::select::Selection;
use super::{Error, Event, EventStream, EventType, Result, WatchRequest, encode, list};

use stream::ObjectWatch;
use timing::Timing;

/// Opens a watch.
///
/// # Errors
/// 400 for a selector that is not one, 422 for options that do not go together, 500 for a resourceVersion that is not a number.
pub(crate) async fn watch(core: &Inner, request: &WatchRequest) -> Result<Box<dyn EventStream>> {
    let kind = core.kind(&request.target.gvk).await?;
    let selection = Selection::parse(&kind, &request.label_selector, &request.field_selector)?;
    check_watch(request, false)?;
    let version = query::version(request.resource_version.as_deref())
        .map_err(|why| Error::Api(status::other(500, "", why)))?;
    let timing = Timing::new(Instant::now(), request.timeout_seconds, request.allow_watch_bookmarks);
    let mut stream = ObjectWatch {
        kind,
        selection,
        queue: VecDeque::new(),
        changes: None,
        definitions: None,
        start: 0,
        marked: 0,
        timing,
    };
    if !begin(core, request, version, &mut stream).await? {
        return Ok(Box::new(stream));
    }
    if attach(core, request, &mut stream).await? && request.allow_watch_bookmarks && initial(request, version)
    {
        stream.mark(stream.start, true);
    }
    Ok(Box::new(stream))
}

/// Whether the watch begins with what is there. Who names no version asks for that, too.
fn initial(request: &WatchRequest, version: Option<u64>) -> bool {
    request.send_initial_events.unwrap_or(version.is_none())
}

/// Finds the version that the watch starts after, and queues what is there, if that is asked for. False if the stream is over.
async fn begin(
    core: &Inner,
    request: &WatchRequest,
    version: Option<u64>,
    stream: &mut ObjectWatch,
) -> Result<bool> {
    if !initial(request, version) {
        stream.start = match version {
            Some(version) => version,
            None => core.storage.revision().await?,
        };
        stream.marked = stream.start;
        return Ok(true);
    }
    if let Some(version) = version {
        match list::check_reached(core, version).await {
            Err(Error::Api(status)) => {
                stream.fail(status);
                return Ok(false);
            }
            reached => reached?,
        }
    }
    let page = list::page(core, &stream.kind, &request.target, &stream.selection, None, 0).await?;
    (stream.start, stream.marked) = (page.revision, page.revision);
    for stored in page.items {
        let raw = encode::in_version(stored.bytes, &stream.kind)?;
        stream.queue.push_back(Event::Object(EventType::Added, raw));
    }
    Ok(true)
}

/// Opens the store's watches of the objects and of their definition. False if the stream is over, since the past that it asks for is
/// forgotten, or is that of another definition.
async fn attach(core: &Inner, request: &WatchRequest, stream: &mut ObjectWatch) -> Result<bool> {
    let resource = stream.kind.resource.clone();
    let namespace = request.target.namespace.clone().filter(|_| stream.kind.definition.is_namespaced());
    let objects = match open(core, resource, namespace, stream.start).await {
        Err(error @ storage::Error::Compacted { .. }) => {
            stream.fail(status::expired(error.to_string()));
            return Ok(false);
        }
        opened => opened?,
    };
    if stream.kind.builtin.is_none() {
        let mut definitions = open(core, DEFINITIONS.to_owned(), None, stream.start).await?;
        if let Some(changed) = last_redefinition(&stream.kind, &mut *definitions)? {
            let error = storage::Error::Compacted { requested: stream.start, oldest: changed };
            stream.fail(status::expired(error.to_string()));
            return Ok(false);
        }
        stream.definitions = Some(definitions);
    }
    stream.changes = Some(objects);
    Ok(true)
}

/// A watch of the store after a version, or from now on if that version is yet to come.
async fn open(
    core: &Inner,
    resource: String,
    namespace: Option<String>,
    after: u64,
) -> storage::Result<Box<dyn storage::Watch>> {
    let query = WatchQuery { tenant: core.tenant.clone(), resource, namespace, after };
    match core.storage.watch(query.clone()).await {
        Err(storage::Error::Future { current, .. }) => {
            core.storage.watch(WatchQuery { after: current, ..query }).await
        }
        opened => opened,
    }
}

/// The version of the last change of a kind's definition that a watch of definitions has to tell now. What a server remembers of
/// a kind's objects begins anew with it.
fn last_redefinition(kind: &Kind, definitions: &mut dyn storage::Watch) -> Result<Option<u64>> {
    let mut last = None;
    loop {
        let changes = definitions.try_next()?;
        if changes.is_empty() {
            return Ok(last);
        }
        let of_kind = changes.iter().filter(|change| redefines(kind, change));
        last = of_kind.map(|change| change.revision).last().or(last);
    }
}

/// Whether a change of a CustomResourceDefinition is one of this kind's, and more than one of its metadata and status.
fn redefines(kind: &Kind, change: &Change) -> bool {
    let spec = |bytes: &Bytes| serde_json::from_slice::<Object>(bytes).ok()?.0.remove("spec");
    change.key.name == kind.resource
        && match &change.previous {
            Some(previous) if change.kind != ChangeKind::Deleted => spec(previous) != spec(&change.bytes),
            _ => true,
        }
}
