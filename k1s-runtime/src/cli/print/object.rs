//! Whole objects in the formats that scripts read.

use serde_json::{Map, Value};

use super::layout::Layout;
use super::name::type_and_name;
use super::{Format, PrintFlags};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::manifest;

/// Prints objects one after another in one format.
#[derive(Debug)]
pub(crate) struct ObjectPrinter {
    format: Format,
    managed_fields: bool,
    no_headers: bool,
    printed: usize,
    layout: Layout,
}

impl ObjectPrinter {
    /// A printer of a format other than the human one, which prints nothing here.
    pub(crate) fn new(format: Format, flags: &PrintFlags) -> Self {
        let managed_fields = flags.show_managed_fields;
        Self { format, managed_fields, no_headers: false, printed: 0, layout: Layout::default() }
    }

    /// Leaves out the headers of custom columns.
    #[must_use]
    pub(crate) fn no_headers(mut self, no_headers: bool) -> Self {
        self.no_headers = no_headers;
        self
    }

    /// The format.
    pub(crate) fn format(&self) -> &Format {
        &self.format
    }

    /// Prints an object, or a `List`.
    pub(crate) fn print(&mut self, mut object: Value, context: &mut Context<'_>) -> Result<(), Error> {
        if !self.managed_fields {
            drop_managed_fields(&mut object);
        }
        let out = context.out();
        match &self.format {
            Format::Human => {}
            Format::Json => out.write_all(manifest::to_json_pretty(&object).as_bytes())?,
            Format::Yaml => {
                if self.printed > 0 {
                    out.write_all(b"---\n")?;
                }
                out.write_all(manifest::to_yaml(&object).as_bytes())?;
            }
            Format::Name => {
                for object in items(&object) {
                    writeln!(out, "{}", type_and_name(object))?;
                }
            }
            Format::JsonPath(template) => out.write_all(template.execute(&object)?.as_bytes())?,
            Format::CustomColumns(columns) => {
                if self.printed == 0 && !self.no_headers {
                    self.layout.row(columns.headers());
                }
                for object in items(&object) {
                    self.layout.row(columns.row(object)?);
                }
                self.layout.flush(out)?;
            }
        }
        self.printed += 1;
        Ok(())
    }
}

/// The items of a list, or the object itself.
fn items(object: &Value) -> impl Iterator<Item = &Value> {
    let items = object.get("items").and_then(Value::as_array);
    let alone = items.is_none().then_some(object);
    items.into_iter().flatten().chain(alone)
}

/// Removes `metadata.managedFields` of an object and, in a list, of its items.
pub(crate) fn drop_managed_fields(object: &mut Value) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
    let items = object.get_mut("items").and_then(Value::as_array_mut);
    items.into_iter().flatten().for_each(drop_managed_fields);
}

/// The `List` that kubectl makes of several objects.
pub(super) fn list_of(items: Vec<Value>) -> Value {
    let mut list = Map::new();
    list.insert("apiVersion".into(), "v1".into());
    list.insert("items".into(), items.into());
    list.insert("kind".into(), "List".into());
    list.insert("metadata".into(), serde_json::json!({"resourceVersion": ""}));
    Value::Object(list)
}
