//! Tables: the columns and cells that an API server answers with when asked for `as=Table`, and that `get` prints.
//!
//! Core kinds have columns of their own (`core`); all others show what their `additionalPrinterColumns` say, or the age.
//! Cells are JSON values: what a number or a missing value looks like is the printer's affair.

mod age;
mod core;
mod custom;
mod watch;

pub use age::{age_of, human_duration};
pub use watch::{TableEvent, TableWatch, bookmark_table};

use jiff::Timestamp;
use serde_json::Value;

use crate::api::ResourceDefinition;

/// A column of a table: a `TableColumnDefinition` without its description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Header as the server sends it; printers show it in upper case.
    pub name: String,
    /// `string`, `integer`, `number`, `boolean` or `date`.
    pub type_: String,
    /// `name` for the column that identifies the object; else the author's, usually empty.
    pub format: String,
    /// Columns other than 0 are shown with `-o wide` only.
    pub priority: i32,
}

/// How objects of one kind become rows.
///
/// ```
/// use k1s_runtime::api::ResourceDefinition;
/// use k1s_runtime::client::table::Table;
///
/// let table = Table::new(&ResourceDefinition::new("", "v1", "ConfigMap", "configmaps"));
/// let names: Vec<_> = table.columns().iter().map(|column| &column.name[..]).collect();
/// assert_eq!(names, ["Name", "Data", "Age"]);
/// let object = serde_json::json!({"kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": "v"}});
/// assert_eq!(table.row(&object, jiff::Timestamp::now()), ["a".into(), 1.into(), serde_json::json!("<unknown>")]);
/// ```
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Rows,
}

#[derive(Debug)]
enum Rows {
    Core(core::Cells),
    Custom(Vec<custom::Cell>),
}

impl Table {
    /// The table of a kind. Paths that do not parse end the columns, as they do on an API server.
    pub fn new(definition: &ResourceDefinition) -> Self {
        if let Some((columns, cells)) = core::table(&definition.group, &definition.kind) {
            return Self { columns, rows: Rows::Core(cells) };
        }
        let (columns, cells) = custom::table(definition.columns.as_deref());
        Self { columns, rows: Rows::Custom(cells) }
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The cells of an object, one a column. Ages are those at `now`.
    pub fn row(&self, object: &Value, now: Timestamp) -> Vec<Value> {
        match &self.rows {
            Rows::Core(cells) => cells(object, now),
            Rows::Custom(cells) => {
                let name = Value::from(core::name(object));
                std::iter::once(name).chain(cells.iter().map(|cell| cell.value(object, now))).collect()
            }
        }
    }
}

impl Column {
    fn new(name: &str, type_: &str) -> Self {
        Self { name: name.to_owned(), type_: type_.to_owned(), format: String::new(), priority: 0 }
    }

    /// The column that every table starts with, the one of events apart.
    fn identity() -> Self {
        Self { format: "name".to_owned(), ..Self::new("Name", "string") }
    }

    fn wide(self) -> Self {
        Self { priority: 1, ..self }
    }
}
