//! Tables for people: the server's columns and cells, with what `get`'s flags add to them.

use serde_json::Value;

use super::layout::{Layout, escape};
use crate::api::ResourceDefinition;
use crate::api::jsonpath::go_text;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::client::table::Table;

/// What `get`'s flags say about tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableOptions {
    /// Leave out the line of headers.
    pub no_headers: bool,
    /// Show the columns of low priority, too.
    pub wide: bool,
    /// Start with the namespace.
    pub namespace: bool,
    /// Show the kind before the name.
    pub kind: bool,
    /// End with all labels.
    pub show_labels: bool,
    /// Labels to show in columns of their own.
    pub label_columns: Vec<String>,
}

/// What is needed of an object to print its row, whatever the options turn out to be.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    cells: Vec<Value>,
    namespace: String,
    /// The values of the label columns.
    labels: Vec<String>,
    /// All labels, if they are to be shown.
    all_labels: String,
}

impl TableOptions {
    /// The row of an object.
    pub(crate) fn row(&self, table: &Table, object: &Value, now: jiff::Timestamp) -> Row {
        let metadata = object.get("metadata");
        let labels = metadata.and_then(|metadata| metadata.get("labels")).and_then(Value::as_object);
        let value = |key: &String| text(labels.and_then(|labels| labels.get(key)));
        let mut all_labels = String::new();
        if self.show_labels {
            let pairs =
                labels.into_iter().flatten().map(|(key, value)| format!("{key}={}", text(Some(value))));
            let pairs: Vec<_> = pairs.collect();
            all_labels = if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") };
        }
        Row {
            cells: table.row(object, now),
            namespace: text(metadata.and_then(|metadata| metadata.get("namespace"))),
            labels: self.label_columns.iter().map(value).collect(),
            all_labels,
        }
    }
}

/// Prints the rows of one kind.
pub(crate) struct TablePrinter<'a> {
    table: &'a Table,
    options: TableOptions,
    /// `item.inventory.example.com`, for names with a kind.
    kind: String,
    layout: Layout,
    headers_due: bool,
}

impl<'a> TablePrinter<'a> {
    /// A printer that has printed nothing.
    pub(crate) fn new(table: &'a Table, definition: &ResourceDefinition, options: TableOptions) -> Self {
        let headers_due = !options.no_headers;
        Self { table, kind: definition.qualified_singular(), options, layout: Layout::default(), headers_due }
    }

    /// Adds a row; before the first one, the headers. `event` is what a watch says happened, if that is to be shown.
    pub(crate) fn row(&mut self, row: &Row, event: Option<&str>) {
        if std::mem::take(&mut self.headers_due) {
            self.layout.row(self.headers(event.is_some()));
        }
        let shown = self.table.columns().iter().zip(&row.cells);
        let cells =
            shown.filter(|(column, _)| self.options.wide || column.priority == 0).map(|(column, cell)| {
                if self.options.kind && column.format == "name" && column.type_ == "string" {
                    format!("{}/{}", self.kind, cell_text(cell))
                } else {
                    cell_text(cell)
                }
            });
        let before =
            event.map(event_word).into_iter().chain(self.options.namespace.then(|| row.namespace.clone()));
        let after =
            row.labels.iter().cloned().chain(self.options.show_labels.then(|| row.all_labels.clone()));
        self.layout.row(before.chain(cells).chain(after).collect());
    }

    /// Writes the rows since the last time.
    pub(crate) fn flush(&mut self, context: &mut Context<'_>) -> Result<(), Error> {
        Ok(self.layout.flush(context.out())?)
    }

    fn headers(&self, event: bool) -> Vec<String> {
        let columns = self.table.columns().iter().filter(|column| self.options.wide || column.priority == 0);
        let before =
            event.then_some("EVENT").into_iter().chain(self.options.namespace.then_some("NAMESPACE"));
        let labels =
            self.options.label_columns.iter().map(|key| key.rsplit('/').next().unwrap_or(key).to_uppercase());
        before
            .map(str::to_owned)
            .chain(columns.map(|column| column.name.to_uppercase()))
            .chain(labels)
            .chain(self.options.show_labels.then(|| "LABELS".to_owned()))
            .collect()
    }
}

/// The name of a watch event, at the width of the longest.
fn event_word(event: &str) -> String {
    format!("{event:<8}")
}

/// A cell on one line.
fn cell_text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => match text.find(['\u{c}', '\n', '\r']) {
            Some(end) => format!("{}...", escape(&text[..end])),
            None => escape(text),
        },
        other => escape(&go_text(other)),
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}
