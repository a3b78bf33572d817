//! Many objects as one `List`, printed as they come: a large store is never held in memory to be shown as JSON or YAML.

use serde_json::Value;

use super::object::{drop_managed_fields, list_of};
use super::{Format, ObjectPrinter, PrintFlags};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::manifest;

/// Prints the items of a list and, at the end, what is around them.
#[derive(Debug)]
pub(crate) struct ListPrinter {
    printer: ObjectPrinter,
    managed_fields: bool,
    /// Items so far.
    count: usize,
    /// Items that the format needs all at once.
    held: Vec<Value>,
}

impl ListPrinter {
    /// A printer of a format other than the human one.
    pub(crate) fn new(printer: ObjectPrinter, flags: &PrintFlags) -> Self {
        Self { printer, managed_fields: flags.show_managed_fields, count: 0, held: Vec::new() }
    }

    /// Prints one more item.
    pub(crate) fn item(&mut self, mut item: Value, context: &mut Context<'_>) -> Result<(), Error> {
        if !self.managed_fields {
            drop_managed_fields(&mut item);
        }
        let first = self.count == 0;
        self.count += 1;
        match self.printer.format() {
            Format::Json => {
                let head = if first { "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n" } else { ",\n" };
                let text = indent(manifest::to_json_pretty(&item).trim_end(), "        ", "        ");
                context.out().write_all(head.as_bytes())?;
                context.out().write_all(text.as_bytes())?;
            }
            Format::Yaml => {
                if first {
                    context.out().write_all(b"apiVersion: v1\nitems:\n")?;
                }
                let text = indent(&manifest::to_yaml(&item), "- ", "  ");
                context.out().write_all(text.as_bytes())?;
            }
            Format::Name => self.printer.print(item, context)?,
            Format::JsonPath(_) | Format::CustomColumns(_) | Format::Human => self.held.push(item),
        }
        Ok(())
    }

    /// Prints what follows the items.
    pub(crate) fn end(mut self, context: &mut Context<'_>) -> Result<(), Error> {
        let tail = match self.printer.format() {
            Format::Json if self.count > 0 => {
                "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n"
            }
            Format::Yaml if self.count > 0 => "kind: List\nmetadata:\n  resourceVersion: \"\"\n",
            _ => return self.printer.print(list_of(self.held), context),
        };
        Ok(context.out().write_all(tail.as_bytes())?)
    }
}

/// Indents a text; empty lines stay empty.
fn indent(text: &str, first: &str, others: &str) -> String {
    let mut indented = String::with_capacity(text.len() + text.len() / 4);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if line != "\n" {
            indented.push_str(if number == 0 { first } else { others });
        }
        indented.push_str(line);
    }
    indented
}
