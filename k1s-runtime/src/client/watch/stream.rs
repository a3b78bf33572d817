//! The stream of a watch: what comes from the store, through the selection, in the version that was asked for.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use async_trait::async_trait;
use bytes::Bytes;
use futures_timer::Delay;

use crate::api::{RawObject, Status, status};
use crate::client::core::Kind;
use crate::client::select::Selection;
use crate::client::{Bookmark, Event, EventStream, EventType, Result, encode};
use crate::storage::{self, Change, ChangeKind};

use super::redefines;
use super::timing::{Due, Timing};

/// An open watch of a kind's objects.
pub(super) struct ObjectWatch {
    pub(super) kind: Arc<Kind>,
    pub(super) selection: Selection,
    pub(super) queue: VecDeque<Event>,
    /// The kind's objects; `None` when the stream is over.
    pub(super) changes: Option<Box<dyn storage::Watch>>,
    /// The CustomResourceDefinitions, for a kind that may have one: the stream ends when it changes.
    pub(super) definitions: Option<Box<dyn storage::Watch>>,
    /// The version that the watch starts after; changes up to it, where it is one of the future, are not told.
    pub(super) start: u64,
    /// The version of the last bookmark, or `start`.
    pub(super) marked: u64,
    pub(super) timing: Timing,
}

#[async_trait]
impl EventStream for ObjectWatch {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.queue.pop_front() {
                return Some(event);
            }
            let changes = self.changes.as_mut()?;
            match self.timing.due() {
                Some(Due::End) => self.end(),
                Some(Due::Bookmark) => self.bookmark(),
                None => match first_of(changes, self.definitions.as_mut(), self.timing.next()).await {
                    First::Objects(changes) => self.take(changes),
                    First::Definitions(changes) => self.take_definitions(changes),
                    First::Time => {}
                },
            }
        }
    }
}

/// What came first.
enum First {
    Objects(storage::Result<Vec<Change>>),
    Definitions(storage::Result<Vec<Change>>),
    Time,
}

/// Waits for a change of an object, of a definition, or a moment. What is not ready loses nothing: what it would have told, its
/// next call tells.
async fn first_of(
    objects: &mut Box<dyn storage::Watch>,
    definitions: Option<&mut Box<dyn storage::Watch>>,
    moment: Option<Instant>,
) -> First {
    let mut objects = pin!(objects.next());
    let mut definitions = pin!(async {
        match definitions {
            Some(definitions) => definitions.next().await,
            None => std::future::pending().await,
        }
    });
    // Only who must wait for a moment has a timer.
    let mut timer = None::<Delay>;
    poll_fn(|context| {
        if let Poll::Ready(changes) = objects.as_mut().poll(context) {
            return Poll::Ready(First::Objects(changes));
        }
        if let Poll::Ready(changes) = definitions.as_mut().poll(context) {
            return Poll::Ready(First::Definitions(changes));
        }
        let Some(moment) = moment else { return Poll::Pending };
        let timer = timer.get_or_insert_with(|| Delay::new(moment.saturating_duration_since(Instant::now())));
        pin!(timer).poll(context).map(|()| First::Time)
    })
    .await
}

impl ObjectWatch {
    /// Ends the stream, after what it still has to tell, with an error.
    pub(super) fn fail(&mut self, status: Box<Status>) {
        self.changes = None;
        self.queue.push_back(Event::Error(status));
    }

    /// Tells that everything up to a version was told.
    pub(super) fn mark(&mut self, version: u64, initial_events_end: bool) {
        self.marked = version;
        self.queue.push_back(Event::Bookmark(Bookmark {
            api_version: self.kind.api_version.clone(),
            kind: self.kind.definition.kind.clone(),
            resource_version: version.max(1).to_string(),
            initial_events_end,
        }));
    }

    fn take(&mut self, changes: storage::Result<Vec<Change>>) {
        let outcome = match changes {
            Ok(changes) => changes.into_iter().try_for_each(|change| self.translate(change)),
            Err(error @ storage::Error::Compacted { .. }) => {
                return self.fail(status::expired(error.to_string()));
            }
            Err(error) => Err(error.into()),
        };
        if let Err(error) = outcome {
            self.fail(status::internal(error));
        }
    }

    /// Takes what is there now, but no more than the store gives at once: a writer must not keep a watch from what is due.
    fn take_now(&mut self) {
        if let Some(changes) = self.changes.as_mut() {
            let changes = changes.try_next();
            self.take(changes);
        }
    }

    /// Ends the stream with what is there now.
    fn end(&mut self) {
        self.take_now();
        self.changes = None;
    }

    /// A bookmark, if the watch has come any further since the last one.
    fn bookmark(&mut self) {
        self.take_now();
        let progress = self.changes.as_ref().map_or(0, |changes| changes.progress());
        if progress > self.marked {
            self.mark(progress, false);
        }
    }

    /// Ends the stream, after what it still has to tell, when the kind's own definition has changed.
    fn take_definitions(&mut self, changes: storage::Result<Vec<Change>>) {
        let redefined = match changes {
            Ok(changes) => changes.iter().any(|change| redefines(&self.kind, change)),
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

    fn translate(&mut self, change: Change) -> Result<()> {
        if change.revision <= self.start {
            return Ok(());
        }
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
