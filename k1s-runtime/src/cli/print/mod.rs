//! Showing objects: kubectl's output formats.
//!
//! `-o` is parsed into a [`Format`]; [`ObjectPrinter`] shows whole objects in the formats that scripts read, [`table`] the
//! tables that people read.

mod custom_columns;
mod format;
mod jsonpath;
mod list;
mod name;
mod object;

pub(crate) mod layout;
pub(crate) mod sort;
pub(crate) mod table;

pub(crate) use format::{Format, PrintFlags, Purpose};
pub(crate) use list::ListPrinter;
pub(crate) use name::name_of;
pub(crate) use object::{ObjectPrinter, drop_managed_fields};
