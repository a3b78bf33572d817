//! The steps about watches: opening one, and reading what has come since the last time.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use k1s_runtime::client::table::{Table, TableEvent, TableWatch, bookmark_table};
use k1s_runtime::client::{Bookmark, Client, Event, EventStream, EventType, WatchRequest, metadata_only};
use serde_json::{Value, json};

use super::compare::Answer;
use super::driver::{Driver, borrow, failed};
use super::request::Inexpressible;
use super::scenario::Step;
use super::table;

/// How long the end of a stream is waited for; no recorded one takes half as long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A watch that stays open until the scenario's end.
pub(super) struct OpenWatch {
    stream: Stream,
    /// The highest resourceVersion that has come.
    highest: u64,
    ended: bool,
}

enum Stream {
    Objects(Box<dyn EventStream>),
    Rows(TableWatch),
}

enum Told {
    Object(Event),
    Row(TableEvent),
    Failed(String),
}

impl Driver {
    pub(super) async fn open_watch(&mut self, step: &Step) -> Result<Answer, Inexpressible> {
        let target = self.memory.target(step)?;
        let request = WatchRequest::from_query(target, &borrow(&self.memory.parameters(step)));
        let request = match request {
            Ok(request) => request,
            Err(error) => return Ok(failed(error)),
        };
        let warnings = self.reading_warnings(&request.target).await;
        let stream = match self.client.watch(&request).await {
            Ok(stream) => stream,
            Err(error) => return Ok(failed(error)),
        };
        let stream = match step.form.as_deref() {
            Some("Table") => match self.client.resolve(&request.target.gvk).await {
                Ok(definition) => Stream::Rows(TableWatch::over(stream, Table::new(&definition))),
                Err(error) => return Ok(failed(error)),
            },
            Some("PartialObjectMetadata") => Stream::Objects(metadata_only(stream)),
            // A server answers with the objects when it does not know the form.
            _ => Stream::Objects(stream),
        };
        let id = step.id.clone().unwrap_or_default();
        self.watches.insert(id, OpenWatch { stream, highest: 0, ended: false });
        Ok(Answer { code: 200, warnings, ..Answer::default() })
    }

    pub(super) fn read_watch(&mut self, step: &Step) -> Result<Answer, Inexpressible> {
        let id = step.id.clone().unwrap_or_default();
        let mut watch =
            self.watches.remove(&id).ok_or_else(|| Inexpressible(format!("watch {id} is not open")))?;
        let until_end = step.until.as_deref() == Some("end");
        let started = Instant::now();
        let (mut events, mut ordered) = (Vec::new(), true);
        while !watch.ended {
            match watch.ready() {
                Some(Some(told)) => {
                    if let Some(version) = told.version() {
                        ordered &= version >= watch.highest;
                        watch.highest = watch.highest.max(version);
                    }
                    let wanted = step.bookmarks || !told.is_plain_bookmark();
                    events.extend(wanted.then(|| self.shown(told)).transpose()?);
                }
                Some(None) => watch.ended = true,
                None if until_end && started.elapsed() < PATIENCE => {}
                None => break,
            }
        }
        let ordered = (!events.is_empty()).then_some(ordered);
        let answer = Answer { ended: Some(watch.ended), ordered, events: Some(events), ..Answer::default() };
        self.watches.insert(id, watch);
        Ok(answer)
    }

    /// An event as the recordings have it.
    fn shown(&self, told: Told) -> Result<Value, Inexpressible> {
        Ok(match told {
            Told::Object(Event::Object(event_type, raw)) => {
                let object = raw.decode::<Value>().unwrap_or_default();
                let relation = self.relation(&object);
                json!({"type": word(event_type), "object": object, "resourceVersion": relation})
            }
            Told::Object(Event::Bookmark(bookmark)) => bookmark_event(&bookmark.object()),
            Told::Row(TableEvent::Bookmark(bookmark)) => bookmark_event(&bookmark_table(&bookmark)),
            Told::Row(TableEvent::Row { event_type, columns, cells, .. }) => {
                let cells: Value = cells.into_iter().map(|cell| table::normal(cell, &self.memory)).collect();
                let mut event = json!({"type": word(event_type), "rows": [cells]});
                if let Some(columns) = columns {
                    event["columns"] = columns.iter().map(table::column).collect();
                }
                event
            }
            Told::Object(Event::Error(status)) | Told::Row(TableEvent::Error(status)) => json!({
                "type": "ERROR",
                "object": {"code": status.code, "reason": status.reason, "message": status.message},
            }),
            Told::Failed(why) => return Err(Inexpressible(why)),
        })
    }

    /// How an object's version relates to the one that was last answered.
    fn relation(&self, object: &Value) -> &'static str {
        let known = self.memory.versions.get(text(object, "/metadata/name"));
        match known.map(|(_, latest)| number(latest).cmp(&version(object))) {
            Some(std::cmp::Ordering::Equal) => "same",
            Some(std::cmp::Ordering::Greater) => "older",
            _ => "newer",
        }
    }
}

impl OpenWatch {
    /// The next event, if there is one without waiting long.
    fn ready(&mut self) -> Option<Option<Told>> {
        let stream = &mut self.stream;
        let mut next = pin!(async {
            match stream {
                Stream::Objects(stream) => stream.next().await.map(Told::Object),
                Stream::Rows(stream) => stream.next().await.map(|row| match row {
                    Ok(event) => Told::Row(event),
                    Err(error) => Told::Failed(error.to_string()),
                }),
            }
        });
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..2 {
            if let Poll::Ready(event) = next.as_mut().poll(&mut context) {
                return Some(event);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        None
    }
}

impl Told {
    /// The resourceVersion that it comes with.
    fn version(&self) -> Option<u64> {
        match self {
            Told::Object(Event::Object(_, raw)) | Told::Row(TableEvent::Row { object: raw, .. }) => {
                Some(version(&raw.decode::<Value>().unwrap_or_default()))
            }
            Told::Object(Event::Bookmark(bookmark)) | Told::Row(TableEvent::Bookmark(bookmark)) => {
                Some(number(&bookmark.resource_version))
            }
            _ => None,
        }
    }

    fn is_plain_bookmark(&self) -> bool {
        let plain = |bookmark: &Bookmark| !bookmark.initial_events_end;
        match self {
            Told::Object(Event::Bookmark(bookmark)) | Told::Row(TableEvent::Bookmark(bookmark)) => {
                plain(bookmark)
            }
            _ => false,
        }
    }
}

/// A bookmark with what the recordings have of it: kind and annotations, also of a table's rows.
fn bookmark_event(object: &Value) -> Value {
    let brief = |object: &Value| {
        let mut metadata = json!({});
        if let Some(annotations) = object.pointer("/metadata/annotations") {
            metadata["annotations"] = annotations.clone();
        }
        json!({"kind": object["kind"], "metadata": metadata})
    };
    let shown = match object.get("rows").and_then(Value::as_array) {
        Some(rows) => {
            let rows: Vec<Value> = rows.iter().map(|row| json!({"object": brief(&row["object"])})).collect();
            json!({"kind": object["kind"], "rows": rows})
        }
        None => brief(object),
    };
    json!({"type": "BOOKMARK", "object": shown})
}

fn word(event_type: EventType) -> &'static str {
    match event_type {
        EventType::Added => "ADDED",
        EventType::Modified => "MODIFIED",
        EventType::Deleted => "DELETED",
    }
}

fn text<'a>(object: &'a Value, path: &str) -> &'a str {
    object.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(0)
}

fn version(object: &Value) -> u64 {
    number(text(object, "/metadata/resourceVersion"))
}
