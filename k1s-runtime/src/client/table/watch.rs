//! A watch as a table: the rows of what changes, as a server sends them to `as=Table`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Column, Table};
use crate::api::{RawObject, Status};
use crate::client::{Bookmark, Client, Error, Event, EventStream, EventType, Result, WatchRequest};

/// One event of a [`TableWatch`].
#[derive(Clone, Debug)]
pub enum TableEvent {
    /// The row of an object that changed.
    Row {
        /// What happened to it.
        event_type: EventType,
        /// The columns; with the first row only.
        columns: Option<Vec<Column>>,
        /// The cells. Ages are those of now.
        cells: Vec<Value>,
        /// The object.
        object: RawObject,
    },
    /// How far the watch has come.
    Bookmark(Bookmark),
    /// The watch failed; it ends after this.
    Error(Box<Status>),
}

/// A stream of rows.
///
/// ```
/// # use std::sync::Arc;
/// # use k1s_runtime::api::GroupVersionKind;
/// # use k1s_runtime::client::{CoreClient, Target, WatchRequest};
/// # use k1s_runtime::client::table::{TableEvent, TableWatch};
/// # let client = CoreClient::new(
/// #     Arc::new(k1s_runtime::storage::MemoryStorage::new()), Arc::new(k1s_runtime::scheme::Scheme::new()));
/// # pollster::block_on(async {
/// let target = Target { gvk: GroupVersionKind::gvk("", "v1", "Namespace"), namespace: None };
/// let mut watch = TableWatch::open(&client, &WatchRequest::all(target)).await?;
/// let Some(Ok(TableEvent::Row { cells, columns, .. })) = watch.next().await else { panic!("no row") };
/// assert_eq!((&cells[0], &cells[1]), (&"default".into(), &"Active".into()));
/// assert_eq!(columns.map(|columns| columns.len()), Some(3));
/// # Ok::<(), k1s_runtime::client::Error>(())
/// # }).unwrap();
/// ```
pub struct TableWatch {
    stream: Box<dyn EventStream>,
    table: Table,
    headed: bool,
}

impl TableWatch {
    /// Opens a watch.
    ///
    /// # Errors
    /// As [`Client::watch`].
    pub async fn open(client: &dyn Client, request: &WatchRequest) -> Result<Self> {
        let definition = client.resolve(&request.target.gvk).await?;
        Ok(Self::over(client.watch(request).await?, Table::new(&definition)))
    }

    /// A stream of objects as one of rows.
    pub fn over(stream: Box<dyn EventStream>, table: Table) -> Self {
        Self { stream, table, headed: false }
    }

    /// Waits for the next event; `None` is the end.
    ///
    /// # Errors
    /// [`Error::Decode`] when an object is not JSON.
    pub async fn next(&mut self) -> Option<Result<TableEvent>> {
        Some(match self.stream.next().await? {
            Event::Object(event_type, object) => self.row(event_type, object),
            Event::Bookmark(bookmark) => Ok(TableEvent::Bookmark(bookmark)),
            Event::Error(status) => Ok(TableEvent::Error(status)),
        })
    }

    fn row(&mut self, event_type: EventType, object: RawObject) -> Result<TableEvent> {
        let value: Value = object.decode().map_err(Error::Decode)?;
        let cells = self.table.row(&value, Timestamp::now());
        let columns = (!std::mem::replace(&mut self.headed, true)).then(|| self.table.columns().to_vec());
        Ok(TableEvent::Row { event_type, columns, cells, object })
    }
}

/// The object of a bookmark in a watch of tables: a table with one row, whose object has the bookmark's metadata.
pub fn bookmark_table(bookmark: &Bookmark) -> Value {
    let of_metadata = Bookmark {
        api_version: "meta.k8s.io/v1".to_owned(),
        kind: "PartialObjectMetadata".to_owned(),
        ..bookmark.clone()
    };
    json!({
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": bookmark.resource_version},
        "columnDefinitions": [],
        "rows": [{"cells": [], "object": of_metadata.object()}],
    })
}
