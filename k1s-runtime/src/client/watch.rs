//! WATCH: the changes of a selection.
//!
//! The store tells what each change made of an object and what it was before; whether that is an ADDED, MODIFIED or DELETED
//! depends on whether the object was and is selected.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use bytes::Bytes;

use crate::api::{Object, RawObject, status};
use crate::storage::{self, Change, ChangeKind, WatchQuery};

use super::core::{DEFINITIONS, Inner, Kind};
use super::select::Selection;
use super::{Error, Event, EventStream, EventType, Result, WatchRequest, encode, list, options};

/// Opens a watch.
///
/// # Errors
/// 400 for a selector that is not one, 500 for a resourceVersion that is not a number.
pub(crate) async fn watch(core: &Inner, request: &WatchRequest) -> Result<Box<dyn EventStream>> {
    let kind = core.kind(&request.target.gvk).await?;
    let selection = Selection::parse(&kind, &request.label_selector, &request.field_selector)?;
    let text = request.resource_version.as_deref().unwrap_or_default();
    let after = if text.is_empty() { 0 } else { parse_version(text)? };
    let mut stream =
        ObjectWatch { kind, selection, queue: VecDeque::new(), changes: None, definitions: None };
    let mut start = after;
    if after == 0 {
        let page = list::page(core, &stream.kind, &request.target, &stream.selection, None, 0).await?;
        start = page.revision;
        for stored in page.items {
            let raw = encode::in_version(stored.bytes, &stream.kind)?;
            stream.queue.push_back(Event::Object(EventType::Added, raw));
        }
    }
    let query = WatchQuery {
        tenant: core.tenant.clone(),
        resource: stream.kind.resource.clone(),
        namespace: request.target.namespace.clone().filter(|_| stream.kind.definition.is_namespaced()),
        after: start,
    };
    match core.storage.watch(query).await {
        Ok(changes) => stream.changes = Some(changes),
        Err(error) => stream.fail(error)?,
    }
    if stream.changes.is_some() && stream.kind.builtin.is_none() {
        let query = WatchQuery {
            tenant: core.tenant.clone(),
            resource: DEFINITIONS.to_owned(),
            namespace: None,
            after: core.storage.revision().await?,
        };
        stream.definitions = Some(core.storage.watch(query).await?);
    }
    Ok(Box::new(stream))
}

/// Whether a change of a CustomResourceDefinition is more than one of its metadata and status.
fn changes_spec(change: &Change) -> bool {
    let spec = |bytes: &Bytes| serde_json::from_slice::<Object>(bytes).ok()?.0.remove("spec");
    match &change.previous {
        Some(previous) if change.kind != ChangeKind::Deleted => spec(previous) != spec(&change.bytes),
        _ => change.kind == ChangeKind::Deleted,
    }
}

fn parse_version(text: &str) -> Result<u64> {
    options::parse_uint(text).map_err(|why| {
        Error::Api(status::other(500, "", format!("resourceVersion: Invalid value: {text:?}: {why}")))
    })
}

struct ObjectWatch {
    kind: Arc<Kind>,
    selection: Selection,
    queue: VecDeque<Event>,
    /// The kind's objects; `None` when the stream is over.
    changes: Option<Box<dyn storage::Watch>>,
    /// The CustomResourceDefinitions, for a kind that may have one: the stream ends when it changes.
    definitions: Option<Box<dyn storage::Watch>>,
}

#[async_trait]
impl EventStream for ObjectWatch {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.queue.pop_front() {
                return Some(event);
            }
            match first_of(self.changes.as_mut()?, self.definitions.as_mut()).await {
                First::Objects(changes) => self.take(changes),
                First::Definitions(changes) => self.take_definitions(changes),
            }
        }
    }
}

/// Which of two watches had something first.
enum First {
    Objects(storage::Result<Vec<Change>>),
    Definitions(storage::Result<Vec<Change>>),
}

/// Waits for either. The one that is not ready loses nothing: what it would have told, its next call tells.
async fn first_of(
    objects: &mut Box<dyn storage::Watch>,
    definitions: Option<&mut Box<dyn storage::Watch>>,
) -> First {
    let Some(definitions) = definitions else { return First::Objects(objects.next().await) };
    let mut objects = pin!(objects.next());
    let mut definitions = pin!(definitions.next());
    poll_fn(|context| match objects.as_mut().poll(context) {
        Poll::Ready(changes) => Poll::Ready(First::Objects(changes)),
        Poll::Pending => definitions.as_mut().poll(context).map(First::Definitions),
    })
    .await
}

impl ObjectWatch {
    fn take(&mut self, changes: storage::Result<Vec<Change>>) {
        let outcome = match changes {
            Ok(changes) => changes.into_iter().try_for_each(|change| self.translate(change)),
            Err(error) => self.fail(error),
        };
        if let Err(error) = outcome {
            self.changes = None;
            self.queue.push_back(Event::Error(status::internal(error)));
        }
    }

    /// Ends the stream, after what it still has to tell, when the kind's own definition has changed.
    fn take_definitions(&mut self, changes: storage::Result<Vec<Change>>) {
        let redefined = match changes {
            Ok(changes) => {
                changes.iter().any(|change| change.key.name == self.kind.resource && changes_spec(change))
            }
            // What it cannot be told it need not wait for.
            Err(_) => {
                self.definitions = None;
                false
            }
        };
        if !redefined {
            return;
        }
        while let Some(changes) = self.changes.as_mut().map(|changes| changes.try_next()) {
            if matches!(&changes, Ok(changes) if changes.is_empty()) {
                break;
            }
            self.take(changes);
        }
        self.changes = None;
    }

    /// Ends the stream with what the store could not do; what is expired is an event, not an error of the request.
    fn fail(&mut self, error: storage::Error) -> Result<()> {
        self.changes = None;
        match error {
            storage::Error::Compacted { .. } => {
                self.queue.push_back(Event::Error(status::expired(error.to_string())));
                Ok(())
            }
            other => Err(other.into()),
        }
    }

    fn translate(&mut self, change: Change) -> Result<()> {
        let was = change.previous.as_ref().is_some_and(|bytes| self.selection.matches_in(&self.kind, bytes));
        let is = change.kind != ChangeKind::Deleted && self.selection.matches_in(&self.kind, &change.bytes);
        let (event_type, raw) = match (was, is) {
            (false, false) => return Ok(()),
            (false, true) => (EventType::Added, self.in_version(change.bytes)?),
            (true, true) => (EventType::Modified, self.in_version(change.bytes)?),
            (true, false) if change.kind == ChangeKind::Deleted => {
                (EventType::Deleted, self.in_version(change.bytes)?)
            }
            (true, false) => {
                let previous = change.previous.unwrap_or_default();
                (EventType::Deleted, self.restamped(&previous, change.revision)?)
            }
        };
        self.queue.push_back(Event::Object(event_type, raw));
        Ok(())
    }

    fn in_version(&self, bytes: Bytes) -> Result<RawObject> {
        encode::in_version(bytes, &self.kind)
    }

    /// What an object was, under the version of the write that took it out of the selection.
    fn restamped(&self, previous: &Bytes, revision: u64) -> Result<RawObject> {
        let object = encode::object_in_version(previous, &self.kind)?;
        encode::raw(&object, &self.kind.api_version, Some(&revision.to_string()))
    }
}
